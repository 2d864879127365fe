"""Weights files: GAL (who is whose neighbour) and GWT or KWT (with a number for each link).

GeoDa, R's spdep and libpysal write them a little differently, and all of it is read: a header of
the number of regions alone or of ``0 n layer variable``, fields with any space between them,
isolates with an empty second line or none, regions in any order. Ids are text; they are matched to
labels by what they say, never by their place.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from .._align import require_one_of, require_unique, some
from .._graph import graph_from_matrix
from ..errors import AlignmentError, InputError, IsolateWarning
from ._atomic import replacing
from ._encoding import decode

if TYPE_CHECKING:
    from libpysal.graph import Graph

_SUFFIXES = (".gal", ".gwt", ".kwt")
_Links = tuple[list[str], list[str], list[float]]


def read_weights(
    path: str | os.PathLike[str],
    ids: Iterable[Hashable] | Mapping[Hashable, Hashable] | None = None,
    *,
    values: Literal["weights", "distances"] | None = None,
) -> Graph:
    r"""Read a graph from a GAL, GWT or KWT file.

    Parameters
    ----------
    path : str or path
        The ending says the format.
    ids : iterable of labels, or mapping, optional
        The labels of the graph, in its order, for example a frame's index; those of the file are
        matched to them as text. A mapping goes from the file's ids to labels, where a file counts
        rows instead of naming regions. None takes the file's ids, as text in the order of the file.
    values : {"weights", "distances"}, optional
        What the third column of a GWT file holds. GeoDa and spdep write distances there, of which
        only the neighbours count, each with weight one; libpysal and :func:`write_weights` write
        weights. May be left out where it makes no difference (all values are one) or where the
        values of each region sum to one (weights).

    Returns
    -------
    libpysal.graph.Graph
        Weights as they stand in the file, one where it has none. ``graph.transform("r")``
        standardises them.

    Raises
    ------
    InputError
        The file is none of these formats, breaks off, contradicts itself, or is ambiguous.
    AlignmentError
        The ids of the file and `ids` do not fit together.

    Warns
    -----
    IsolateWarning
        A GWT file, which names no isolates, counts more regions than it names, and `ids` is None:
        the rest is missing from the graph.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import spatialreg as sr
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "three.gal"
    >>> _ = path.write_text("0 3 map code\n01 1\n02\n02 1\n01\n03 0\n\n")
    >>> graph = sr.io.read_weights(path)
    >>> graph["01"].to_dict(), list(graph.isolates)
    ({'02': 1.0}, ['03'])
    """
    kind = _kind(path)
    require_one_of(values, (None, "weights", "distances"), "values")
    if values is not None and kind == ".gal":
        raise InputError("a GAL file has no third column: leave values= out")
    lines = _Lines(path)
    n = lines.header()
    if kind == ".gal":
        named, links = _read_gal(lines, n)
    else:
        named, links = _read_gwt(lines)
    labels, position = _positions(named, n, ids, lines.name, kind)
    focal = np.array([position[i] for i in links[0]], dtype=np.int64)
    neighbor = np.array([position[j] for j in links[1]], dtype=np.int64)
    weight = np.array(links[2], dtype=float)
    _require_once(focal, neighbor, labels, lines.name)
    matrix = sparse.csr_array((weight, (focal, neighbor)), shape=(len(labels), len(labels)))
    letter = "O"
    if kind != ".gal":
        matrix, letter = _as_weights(matrix, values, kind, lines.name)
    return graph_from_matrix(matrix, labels, letter)


def write_weights(
    graph: Graph, path: str | os.PathLike[str], *, id_name: str = "code", layer: str | None = None
) -> None:
    """Write a graph to a GAL, GWT or KWT file, as GeoDa, spdep and libpysal read it.

    Parameters
    ----------
    graph : libpysal.graph.Graph
    path : str or path
        ``.gal`` keeps only who is whose neighbour; ``.gwt`` and ``.kwt`` keep the weights, to the
        last digit, but name no isolates (reading with ``ids=`` restores them).
    id_name : str
        The variable that holds the ids, for the header: GeoDa looks for it in its table.
    layer : str, optional
        The layer that the ids belong to, for the header; the name of the file if not given.

    Raises
    ------
    InputError
        The ending is none of these; a label is empty, holds a space (also before or behind) or
        starts with ``#``, or two are the same as text; ``.gal`` is asked for weights that differ
        within a region.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import spatialreg as sr
    >>> graph = sr.build_weights(sr.datasets.us_states())
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "states.gal"
    >>> sr.io.write_weights(graph, path)
    >>> path.read_text().splitlines()[:3]
    ['0 48 states code', '01 4', '12 13 28 47']
    """
    kind = _kind(path)
    links = sparse.csr_array(graph.sparse)
    links.eliminate_zeros()
    links.sort_indices()
    names = _names(graph.unique_ids)
    heading = [_word(layer or Path(path).stem), _word(id_name)]
    text = [" ".join(["0", str(graph.n), *heading])]
    if kind == ".gal":
        _require_equal(links, graph.unique_ids)
    for i, name in enumerate(names):
        of_region = slice(links.indptr[i], links.indptr[i + 1])
        neighbors = [names[j] for j in links.indices[of_region]]
        if kind == ".gal":
            text += [f"{name} {len(neighbors)}", " ".join(neighbors)]
        else:
            weights = links.data[of_region].tolist()
            text += [f"{name} {b} {w!r}" for b, w in zip(neighbors, weights, strict=True)]
    with replacing(path) as fresh:
        fresh.write_text("\n".join(text) + "\n", encoding="utf-8", newline="\n")


class _Lines:
    """The lines of a file that say something, with their numbers for messages."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = Path(path).name
        text, _ = decode(Path(path).read_bytes(), None, self.name)
        self._rest = self._read(text)

    @staticmethod
    def _read(text: str) -> Iterator[tuple[int, list[str]]]:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                yield number, line.split()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self._rest

    def header(self) -> int:
        """Give the number of regions: alone, or after a first number that means nothing."""
        number, words = next(self._rest, (1, [""]))
        said = words[0] if len(words) == 1 else words[1]
        if not said.isdecimal() or int(said) < 1:
            raise self.wrong(number, "must say the number of regions, alone or as 0 n layer id")
        return int(said)

    def wrong(self, number: int, words: str) -> InputError:
        return InputError(f"{self.name}, line {number}: it {words}")


def _read_gal(lines: _Lines, n: int) -> tuple[list[str], _Links]:
    named: list[str] = []
    focal: list[str] = []
    neighbor: list[str] = []
    for number, words in lines:
        if len(words) != 2 or not words[1].isdecimal():
            raise lines.wrong(number, "must hold an id and a number of neighbours, without spaces")
        name, count = words[0], int(words[1])
        found: list[str] = []
        while len(found) < count:  # a long list may go over several lines
            number, more = next(iter(lines), (number, None))
            if more is None:
                raise lines.wrong(number, f"ends the file before the {count} neighbours of {name}")
            found += more
        if len(found) > count:
            raise lines.wrong(number, f"gives {len(found)} neighbours of {name} instead of {count}")
        named.append(name)
        focal += [name] * count
        neighbor += found
    if len(named) != n or len(set(named)) != n:
        raise InputError(
            f"{lines.name} announces {n} regions and holds {len(named)}, "
            f"{len(set(named))} of them different: it is cut off or was edited"
        )
    strangers = sorted(set(neighbor) - set(named))
    if strangers:
        raise InputError(
            f"{lines.name} names {len(strangers)} neighbours that are no region of it "
            f"({some(strangers)}): take them out, or add their own lines"
        )
    return named, (focal, neighbor, [1.0] * len(focal))


def _read_gwt(lines: _Lines) -> tuple[list[str], _Links]:
    focal: list[str] = []
    neighbor: list[str] = []
    weight: list[float] = []
    for number, words in lines:
        try:
            one, other, value = words
            weight.append(float(value))
        except ValueError:
            raise lines.wrong(number, "must hold two ids and a number") from None
        if not np.isfinite(weight[-1]):
            raise lines.wrong(number, f"holds {value}, which is no weight")
        focal.append(one)
        neighbor.append(other)
    named = list(dict.fromkeys([*focal, *neighbor]))
    return named, (focal, neighbor, weight)


def _positions(
    named: list[str],
    n: int,
    ids: Iterable[Hashable] | Mapping[Hashable, Hashable] | None,
    name: str,
    kind: str,
) -> tuple[pd.Index, dict[str, int]]:
    """Give the labels of the graph, and the position of each id of the file among them."""
    if ids is None:
        if len(named) > n:
            raise InputError(f"{name} announces {n} regions and names {len(named)}")
        if len(named) < n:
            warnings.warn(
                f"{name} announces {n} regions and names {len(named)}: those without links are "
                "not in the graph. ids= names them",
                IsolateWarning,
                stacklevel=3,
            )
        return pd.Index(named), {word: i for i, word in enumerate(named)}
    if isinstance(ids, Mapping):
        labels, words = pd.Index(list(ids.values())), [str(word) for word in ids]
    else:
        labels = ids if isinstance(ids, pd.Index) else pd.Index(list(ids))
        words = [str(label) for label in labels]
    require_unique(labels, "ids")
    require_unique(pd.Index(words), "as text, ids")
    position = {word: i for i, word in enumerate(words)}
    strange = [word for word in named if word not in position]
    if strange:
        raise AlignmentError(
            f"{len(strange)} of the {len(named)} regions of {name} are not in ids "
            f"({some(strange)}); ids are {some(words, 3)}: pass those that the file was written "
            "with, or a mapping from its ids to yours"
        )
    if n != len(labels) or (kind == ".gal" and len(named) != len(labels)):
        there = set(named)
        missing = [word for word in words if word not in there]
        raise AlignmentError(
            f"{name} is for {n} regions, but ids has {len(labels)}; it does not name "
            f"{some(missing)}: pass the ids of its regions only"
        )
    return labels, position


def _as_weights(
    matrix: sparse.csr_array, values: str | None, kind: str, name: str
) -> tuple[sparse.csr_array, str]:
    """Give the third column's matrix as weights, and libpysal's letter for them."""
    given = matrix.data[matrix.data != 0]
    sums = matrix.sum(axis=1)
    one, other = _stored(matrix)
    real = one != other  # those linked to themselves mark isolates
    if values is None and kind == ".gwt" and real.any() and not len(given):
        raise InputError(
            f"the third column of {name} holds nothing but zeros: as weights they link no region, "
            "as distances all regions that it names: pass values='weights' or values='distances'"
        )
    standardised = bool(np.allclose(sums[sums != 0], 1, rtol=0, atol=1e-6))
    if values is None and kind == ".gwt" and not standardised and not (given == 1).all():
        raise InputError(
            f"the third column of {name} goes from {given.min():g} to {given.max():g}, which may "
            "be distances or weights: pass values='distances' (GeoDa and spdep write them; every "
            "neighbour then counts alike) or values='weights'"
        )
    if values == "distances":
        # two regions at one point are neighbours, too
        ones = np.ones(int(real.sum()))
        return sparse.csr_array((ones, (one[real], other[real])), shape=matrix.shape), "O"
    return matrix, "R" if standardised and len(given) else "O"


def _stored(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices


def _require_once(focal: np.ndarray, neighbor: np.ndarray, labels: pd.Index, name: str) -> None:
    pairs = pd.MultiIndex.from_arrays([focal, neighbor])
    twice = pairs[pairs.duplicated()]
    if len(twice):
        links = some(f"{labels[i]} to {labels[j]}" for i, j in twice)
        raise InputError(f"{name} holds {len(twice)} links more than once ({links}): keep one each")


def _require_equal(links: sparse.csr_array, labels: pd.Index) -> None:
    linked = np.flatnonzero(np.diff(links.indptr))
    if not len(linked):
        return
    low = np.minimum.reduceat(links.data, links.indptr[linked])
    high = np.maximum.reduceat(links.data, links.indptr[linked])
    uneven = labels[linked[~np.isclose(low, high)]]
    if len(uneven):
        raise InputError(
            f"a GAL file keeps no weights, and those of {len(uneven)} regions differ "
            f"({some(uneven)}): write a .gwt file, or graph.transform('b')"
        )


def _names(labels: pd.Index) -> list[str]:
    names = [str(label) for label in labels]
    # a name that splits into itself has no space within, before or behind
    bad = [name for name in names if name.split() != [name] or name.startswith("#")]
    if bad:
        raise InputError(
            f"{len(bad)} labels cannot stand in a weights file ({some(map(repr, bad))}): spaces "
            "part its fields and # starts a remark; write with codes as labels"
        )
    require_unique(pd.Index(names), "as text, the graph")
    return names


def _word(text: str) -> str:
    return "_".join(text.split()) or "unknown"


def _kind(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    require_one_of(suffix, _SUFFIXES, "the ending of a weights file")
    return suffix

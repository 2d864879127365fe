"""Graphs from tables: of travel times between regions, and of the groups that they belong to."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import require_one_of, require_unique, some
from ..errors import AlignmentError, InputError, IsolateWarning
from ._build import Transform, transformed
from ._matrices import link_matrix

Decay = Literal["inverse", "exponential", "gaussian"]
_DECAYS = {
    "inverse": lambda t, _: 1 / t,
    "exponential": lambda t, scale: np.exp(-t / scale),
    "gaussian": lambda t, scale: np.exp(-((t / scale) ** 2) / 2),
}


def weights_from_times(
    times: pd.DataFrame | pd.Series,
    *,
    cutoff: float | None = None,
    k: int | None = None,
    decay: Decay | None = None,
    scale: float | None = None,
    isolates: Literal["keep", "raise"] = "keep",
    transform: Transform = "r",
) -> Graph:
    """Build a graph of regions that are quickly reached from one another.

    Parameters
    ----------
    times : DataFrame or Series
        A square frame of travel times, a row an origin and a column a destination; or a Series
        with both in its index, for pairs that are within reach. Missing and infinite times are
        out of reach; a region's time to itself does not count.
    cutoff : float
        Neighbours are reached in at most this time, in the unit of `times`.
    k : int
        Neighbours are the `k` that are reached first; of equal times, those first by label. With
        `cutoff`, those of them that are within it.
    decay : {"inverse", "exponential", "gaussian"}
        How weights fall with time `t`: ``1 / t``, ``exp(-t / scale)`` or
        ``exp(-(t / scale)**2 / 2)``. None gives every neighbour the same weight. Without `cutoff`
        and `k`, all that are within reach are neighbours.
    scale : float
        The time in "exponential" and "gaussian".
    isolates : {"keep", "raise"}
        What to do with regions that reach no other.
    transform : {"r", "b", "d", "v", "o"}
        As in :func:`build_weights`.

    Returns
    -------
    libpysal.graph.Graph
        In the order of the origins. A region's neighbours are those that it reaches; the way back
        may take longer, so links need not go both ways. Its ``build_notes`` say how it was built.

    Raises
    ------
    InputError
        None of `cutoff`, `k` and `decay` is given; an argument is out of range or not used; times
        are negative, not numeric, or zero where they are divided by; ``isolates="raise"`` and there
        are some.
    AlignmentError
        Origins and destinations are not the same regions, or a pair stands twice.

    Warns
    -----
    IsolateWarning
        Regions reach no other.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> minutes = pd.DataFrame([[0, 30, 90], [30, 0, 60], [90, 60, 0]], list("abc"), list("abc"))
    >>> sr.weights.weights_from_times(minutes, cutoff=60)["b"].to_dict()
    {'a': 0.5, 'c': 0.5}
    """
    _check(cutoff=cutoff, k=k, decay=decay, scale=scale)
    require_one_of(isolates, ("keep", "raise"), "isolates")
    require_one_of(str(transform).lower(), ("r", "b", "d", "v", "o"), "transform")
    labels, one, other, time = _links(times)
    keep = np.ones(len(time), dtype=bool) if cutoff is None else time <= cutoff
    if k is not None:
        keep &= _among_first(labels, one, other, time, k)
    one, other, time = one[keep], other[keep], time[keep]
    if decay == "inverse" and (time == 0).any():
        at = np.flatnonzero(time == 0)
        raise InputError(
            f"{len(at)} times are zero ({_pairs(labels, one[at], other[at])}), and decay='inverse' "
            "divides by them: use another decay, or add the time within regions"
        )
    weight = np.ones(len(time)) if decay is None else _DECAYS[decay](time, scale)
    matrix = link_matrix(one, other, len(labels), weight)
    words = "reach no other" + ("" if cutoff is None else f" within {cutoff:g}")
    _tell_isolates(matrix, labels, isolates, words)
    graph = transformed(matrix, labels, transform)
    graph.build_notes = {
        "method": "times", "cutoff": cutoff, "k": k, "decay": decay, "scale": scale,
    }  # fmt: skip
    return graph


def weights_from_groups(
    groups: pd.Series,
    *,
    isolates: Literal["keep", "raise"] = "keep",
    transform: Transform = "r",
) -> Graph:
    """Build a graph in which regions of the same group are neighbours (block weights).

    Parameters
    ----------
    groups : Series
        The group of each region, for example its province, labelled by region. A region without
        one belongs to none.
    isolates : {"keep", "raise"}
        What to do with regions that are alone in their group or in none.
    transform : {"r", "b", "d", "v", "o"}
        As in :func:`build_weights`.

    Returns
    -------
    libpysal.graph.Graph
        In the order of `groups`.

    Raises
    ------
    InputError
        `groups` is no Series, or ``isolates="raise"`` and there are some.
    AlignmentError
        A code stands in the index twice.

    Warns
    -----
    IsolateWarning
        Regions are alone.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> graph = sr.weights.weights_from_groups(pd.Series({"a": "east", "b": "east", "c": "west",
    ...                                                   "d": "west", "e": "west"}))
    >>> graph["c"].to_dict()
    {'d': 0.5, 'e': 0.5}
    """
    if not isinstance(groups, pd.Series):
        raise InputError(
            f"groups must be a pandas Series labelled by region, not {type(groups).__name__}"
        )
    require_unique(groups.index, "groups")
    require_one_of(isolates, ("keep", "raise"), "isolates")
    require_one_of(str(transform).lower(), ("r", "b", "d", "v", "o"), "transform")
    number, found = pd.factorize(groups)
    inside = number >= 0
    ones = np.ones(int(inside.sum()))
    member = sparse.csr_array(
        (ones, (np.flatnonzero(inside), number[inside])), shape=(len(groups), max(len(found), 1))
    )
    matrix = sparse.csr_array(member @ member.T)
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    _tell_isolates(matrix, groups.index, isolates, "are alone in their group or in none")
    graph = transformed(matrix, groups.index, transform)
    graph.build_notes = {"method": "groups"}
    return graph


def _check(*, cutoff: float | None, k: int | None, decay: str | None, scale: float | None) -> None:
    if cutoff is None and k is None and decay is None:
        raise InputError("say who is a neighbour: cutoff=, k= or decay= (or several of them)")
    require_one_of(decay, (None, *_DECAYS), "decay")
    if k is not None and (isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1):
        raise InputError(f"k must be a whole number of at least 1, not {k!r}")
    for name, value in (("cutoff", cutoff), ("scale", scale)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be above zero and finite, not {value!r}")
    if (scale is not None) != (decay in ("exponential", "gaussian")):
        raise InputError(
            f"scale={scale!r} does not go with decay={decay!r}: 'exponential' and 'gaussian' need "
            "it, nothing else uses it"
        )


def _links(times: Any) -> tuple[pd.Index, np.ndarray, np.ndarray, np.ndarray]:
    """Give the regions, and positions of origin and destination and the time of all in reach."""
    if isinstance(times, pd.DataFrame):
        labels = times.index
        require_unique(labels, "times")
        require_unique(times.columns, "times, in its columns,")
        _require_same(labels, times.columns)
        table = _numbers(times)[labels].to_numpy()
        one, other = (a.ravel() for a in np.indices(table.shape))
        time = table.ravel()
    elif isinstance(times, pd.Series) and times.index.nlevels == 2:
        require_unique(times.index, "times")
        origins, destinations = (times.index.get_level_values(i) for i in (0, 1))
        labels = origins.unique().rename(None)
        _require_same(labels, destinations.unique())
        one, other = labels.get_indexer(origins), labels.get_indexer(destinations)
        time = _numbers(times).to_numpy()
    else:
        raise InputError(
            "times must be a square DataFrame (origins by destinations) or a Series with the two "
            f"index levels origin and destination, not {type(times).__name__}"
        )
    if (time < 0).any():
        at = np.flatnonzero(time < 0)
        raise InputError(f"{len(at)} times are negative ({_pairs(labels, one[at], other[at])})")
    reached = np.isfinite(time) & (one != other)
    return labels, one[reached], other[reached], time[reached]


def _numbers(times: Any) -> Any:
    try:
        return times.astype(float)
    except (TypeError, ValueError) as error:
        raise InputError(f"times must be numeric: {error}") from error


def _require_same(origins: pd.Index, destinations: pd.Index) -> None:
    for these, those, words in (
        (origins, destinations, "origins are no destinations"),
        (destinations, origins, "destinations are no origins"),
    ):
        lacking = these.difference(those)
        if len(lacking):
            raise AlignmentError(
                f"{len(lacking)} {words} ({some(lacking)}): a graph needs times between the same "
                "regions; give every region a row and a column (or a time to itself)"
            )


def _among_first(
    labels: pd.Index, one: np.ndarray, other: np.ndarray, time: np.ndarray, k: int
) -> np.ndarray:
    rank = labels.argsort().argsort()
    order = np.lexsort((rank[other], time, one))
    place = np.arange(len(one)) - np.searchsorted(one[order], one[order])
    first = np.empty(len(one), dtype=bool)
    first[order] = place < k
    return first


def _tell_isolates(matrix: sparse.csr_array, labels: pd.Index, isolates: str, words: str) -> None:
    alone = labels[matrix.sum(axis=1) == 0]
    if not len(alone):
        return
    message = f"{len(alone)} of {len(labels)} regions {words} ({some(alone)})"
    if isolates == "raise":
        raise InputError(f"{message}: isolates='keep' leaves them alone")
    warnings.warn(f"{message}; they get NaN from local statistics", IsolateWarning, stacklevel=3)


def _pairs(labels: pd.Index, one: np.ndarray, other: np.ndarray) -> str:
    return some(f"{labels[i]} to {labels[j]}" for i, j in zip(one, other, strict=True))

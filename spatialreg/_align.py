"""Label alignment and validation, shared by every measure.

Takes what a user passes (Series, columns, graphs, seeds) and gives back cleaned inputs on one
index, or raises and names the labels at fault. Position never decides anything here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .errors import AlignmentError, InputError

if TYPE_CHECKING:
    from libpysal.graph import Graph


def some(labels: Iterable[Any], limit: int = 5) -> str:
    """Write at most `limit` labels and count the rest: ``a, b, c, d, e and 12 more``."""
    labels = list(labels)
    shown = ", ".join(str(label) for label in labels[:limit])
    rest = len(labels) - limit
    return f"{shown} and {rest} more" if rest > 0 else shown


def require_unique(index: pd.Index, what: str) -> None:
    """Raise if `index` holds a label twice."""
    if not index.is_unique:
        twice = index[index.duplicated()].unique()
        raise AlignmentError(
            f"{what} has {len(twice)} labels more than once ({some(twice)}): "
            "keep one row a label, for example by grouping before the call"
        )


def require_columns(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise if `frame` lacks one of `columns`; the message lists those that it has."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise InputError(
            f"{what} has no column {some(map(repr, missing))}; "
            f"its columns are {some(map(repr, frame.columns), 12)}"
        )


def require_one_of(value: Any, allowed: Sequence[Any], what: str) -> None:
    """Raise if `value` is none of `allowed`."""
    if value not in allowed:
        raise InputError(f"{what} must be one of {some(map(repr, allowed), 20)}, not {value!r}")


def numeric_series(y: Any, what: str = "y") -> pd.Series:
    """Give `y` as a float Series with a unique index; infinite values raise, NaN stays.

    Parameters
    ----------
    y : Series
        One value per region, labelled by region code.
    what : str
        The name used in messages.

    Raises
    ------
    InputError
        `y` is no Series, is not numeric, or holds infinite values.
    AlignmentError
        A label stands in the index twice.
    """
    if not isinstance(y, pd.Series):
        raise InputError(
            f"{what} must be a pandas Series labelled by region, not {type(y).__name__}: "
            "pass a column of the frame, frame['column']"
        )
    require_unique(y.index, what)
    try:
        values = y.astype(float)
    except (TypeError, ValueError) as error:
        bad = y[pd.to_numeric(y, errors="coerce").isna() & y.notna()]
        raise InputError(
            f"{what} must be numeric; {len(bad)} values are not, at {some(bad.index)}"
        ) from error
    infinite = values.index[np.isinf(values.to_numpy())]
    if len(infinite):
        raise InputError(
            f"{what} has {len(infinite)} infinite values, at {some(infinite)}: "
            "replace them by NaN or leave those regions out"
        )
    return values


def align_to_graph(y: pd.Series, graph: Graph, *, subset: bool = False) -> tuple[pd.Series, Graph]:
    """Bring `y` and `graph` to the same labels, leaving out regions with missing y.

    The graph is restricted to the regions that have a value and, where its rows were
    standardised, they are standardised again.

    Parameters
    ----------
    y : Series
        Numeric, labelled by region; NaN marks a region without data.
    graph : libpysal.graph.Graph
        Relations between regions.
    subset : bool
        Allow a graph wider than `y`; regions that `y` lacks are then dropped from it.

    Returns
    -------
    (Series, Graph)
        Values in sorted-label order without NaN, and the graph on exactly these labels, in this
        order.

    Raises
    ------
    AlignmentError
        The graph lacks a region of `y`, or is wider than `y` and `subset` is False.
    """
    require_unique(y.index, "y")
    ids = graph.unique_ids
    lacking = y.index.difference(ids)
    if len(lacking):
        raise AlignmentError(
            f"the graph lacks {len(lacking)} of the {len(y)} regions of y ({some(lacking)}): "
            "build it from the same regions, with the same index"
        )
    beyond = ids.difference(y.index)
    if len(beyond) and not subset:
        raise AlignmentError(
            f"the graph has {len(beyond)} regions that y lacks ({some(beyond)}): "
            "reindex y to all regions (NaN where there is no value) or pass subset=True"
        )
    valid = y.dropna().sort_index()
    return valid, restrict_graph(graph, valid.index)


def restrict_graph(graph: Graph, labels: pd.Index) -> Graph:
    """Give the graph on `labels` only, in their order, with row standardisation restored."""
    from libpysal.graph import Graph

    adjacency = graph.adjacency
    focal = adjacency.index.get_level_values("focal")
    neighbor = adjacency.index.get_level_values("neighbor")
    if len(labels) == graph.n and graph.unique_ids.equals(labels):
        return graph
    standardised = graph.transformation == "R"
    keep = focal.isin(labels) & neighbor.isin(labels)
    kept = adjacency[keep]
    real = kept[kept.index.get_level_values(0) != kept.index.get_level_values(1)]
    loops = kept[
        (kept.index.get_level_values(0) == kept.index.get_level_values(1)) & (kept.to_numpy() != 0)
    ]
    edges = pd.concat([real, loops])
    lonely = labels.difference(edges.index.get_level_values(0))
    isolated = pd.Series(
        np.zeros(len(lonely)),
        index=pd.MultiIndex.from_arrays([lonely, lonely], names=["focal", "neighbor"]),
        name="weight",
    )
    edges = pd.concat([edges.astype(float), isolated]) if len(lonely) else edges.astype(float)
    places = [labels.get_indexer(edges.index.get_level_values(k)) for k in (0, 1)]
    order = np.lexsort((places[1], places[0]))
    edges = edges.iloc[order]
    # the labels are the levels: where these stand in another order, Graph.sparse follows them, and
    # not the order of the rows
    levels: Any = [labels, labels]
    codes: Any = [place[order] for place in places]
    edges.index = pd.MultiIndex(levels=levels, codes=codes, names=["focal", "neighbor"])
    restricted = Graph(edges.rename("weight"), is_sorted=True)
    return restricted.transform("R") if standardised else restricted


def generator(rng: int | np.random.Generator | None) -> np.random.Generator:
    """Give a Generator from a seed, a Generator, or (for None) fresh entropy."""
    if isinstance(rng, np.random.RandomState) or (rng is not None and isinstance(rng, bool)):
        raise InputError("rng must be an int or a numpy.random.Generator")
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"rng must be a whole number from 0 on or a numpy.random.Generator, not {rng!r}"
        ) from error


def require_panel(panel: pd.DataFrame | pd.Series, what: str = "the panel") -> None:
    """Raise unless `panel` has the index (`code`, `year`), whole years, each pair once."""
    index = panel.index
    if index.nlevels != 2 or index.names[1] != "year":
        raise InputError(
            f"{what} must have the index levels code and year, not {list(index.names)}: "
            "make it with spatialreg.to_panel(df, code=..., year=...)"
        )
    if not pd.api.types.is_integer_dtype(index.get_level_values(1)):
        raise InputError(
            f"{what} must have whole years in its index, not "
            f"{index.get_level_values(1).dtype}: make it with spatialreg.to_panel"
        )
    require_unique(index, what)


def to_panel(df: pd.DataFrame, *, code: str = "code", year: str = "year") -> pd.DataFrame:
    """Give a long frame the panel index (`code`, `year`), checked and sorted.

    Parameters
    ----------
    df : DataFrame
        One row a region and year, with a column of codes and one of years.
    code, year : str
        The names of these columns.

    Returns
    -------
    DataFrame
        The other columns on a MultiIndex (`code`, `year`): codes as text, years as int.

    Raises
    ------
    InputError
        A column is missing, a year is no whole number, or a pair stands twice.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> sr.to_panel(pd.DataFrame({"id": ["a", "a"], "t": [2001, 2000], "x": [2.0, 1.0]}),
    ...             code="id", year="t")
                 x
    code year
    a    2000  1.0
         2001  2.0
    """
    require_columns(df, [code, year], "the frame")
    years = pd.to_numeric(df[year], errors="coerce")
    bad = df.index[years.isna() | (years % 1 != 0)]
    if len(bad):
        raise InputError(
            f"column {year!r} must hold whole years; {len(bad)} rows do not, at {some(bad)}"
        )
    index = pd.MultiIndex.from_arrays(
        [df[code].astype(str), years.astype(int)], names=["code", "year"]
    )
    if not index.is_unique:
        twice = index[index.duplicated()].unique()
        raise InputError(
            f"{len(twice)} pairs of code and year stand more than once ({some(twice)}): "
            "keep one row a pair"
        )
    panel = df.drop(columns=[code, year])
    panel.index = index
    return panel.sort_index()

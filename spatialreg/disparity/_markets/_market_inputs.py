"""The validator of market segmentation: prices, weights of commodities, and pairs of regions."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, require_panel, some
from ...errors import AlignmentError, InputError, IsolateWarning

if TYPE_CHECKING:
    from libpysal.graph import Graph


def price_table(
    prices: pd.DataFrame, commodities: Sequence[str] | None, min_commodities: int
) -> pd.DataFrame:
    """Give the columns of prices as numbers, sorted by name, so that their order is nothing."""
    if not isinstance(prices, pd.DataFrame):
        raise InputError(
            f"prices must be a DataFrame indexed by (code, year), not {type(prices).__name__}"
        )
    require_panel(prices, "prices")
    if isinstance(commodities, str):
        raise InputError(f"commodities must be a sequence of columns: pass [{commodities!r}]")
    names = list(prices.columns) if commodities is None else list(dict.fromkeys(commodities))
    require_columns(prices, names, "prices")
    if not prices.columns.is_unique:
        raise InputError("prices has columns of the same name: rename them")
    if commodities is None:
        text = [c for c in names if not pd.api.types.is_numeric_dtype(prices[c])]
        if text:
            raise InputError(
                f"prices has columns that hold no numbers ({some(map(repr, text))}): drop them, "
                "or name those of prices with commodities="
            )
    if len(names) < min_commodities:
        raise InputError(
            f"there are {len(names)} commodities and min_commodities is {min_commodities}: a "
            "variance over commodities needs more of them"
        )
    columns = {c: numeric_series(prices[c], f"column {c!r}") for c in sorted(names, key=str)}
    table = pd.DataFrame(columns)
    for name, column in columns.items():
        odd = column.index[column <= 0]
        if len(odd):
            raise InputError(
                f"column {name!r} must be above zero, since logarithms are taken; {len(odd)} "
                f"values are not, at {some(odd)}: make them NaN if they are blanks, and add 100 "
                "if they are growth in per cent"
            )
    return table


def basket(weights: pd.Series | None, names: pd.Index) -> np.ndarray:
    if weights is None:
        return np.ones(len(names))
    given = numeric_series(weights, "weights")
    lacking = names.difference(given.index)
    beyond = given.index.difference(names)
    if len(lacking) or len(beyond):
        raise AlignmentError(
            f"weights must have a weight for each commodity; it lacks {len(lacking)} "
            f"({some(lacking)}) and has {len(beyond)} others ({some(beyond)})"
        )
    aligned = given.reindex(names)
    odd = names[~(aligned > 0)]
    if len(odd):
        raise InputError(
            f"weights must be above zero; {len(odd)} are not, at {some(odd)}: leave those "
            "commodities out with commodities="
        )
    return aligned.to_numpy()


def compared_prices(table: pd.DataFrame, form: str) -> tuple[np.ndarray, pd.Index, np.ndarray]:
    """Give what is compared as years x regions x commodities, with sorted codes and years."""
    stamps = table.index.get_level_values(1).to_numpy()
    row, codes = pd.factorize(table.index.get_level_values(0), sort=True)
    span = np.arange(stamps.min(), stamps.max() + 1)
    cube = np.full((len(span), len(codes), table.shape[1]), np.nan)
    cube[stamps - span[0], row] = np.log(table.to_numpy())
    if form == "index":
        _check_index(table)
    elif form == "changes":
        cube = np.diff(cube, axis=0, prepend=np.full((1, *cube.shape[1:]), np.nan))
        span, cube = span[1:], cube[1:]
        if not len(span):
            raise InputError("prices has one year: changes need at least two")
    present = np.isin(span, stamps)
    return cube[present], pd.Index(codes, name="code"), span[present]


def _check_index(table: pd.DataFrame) -> None:
    """Raise where values can hardly be indices with previous year = 100 (or 1)."""
    given = "prices must hold indices with previous year = 100 in the form 'index'"
    middle = float(np.nanmedian(table.to_numpy())) if table.notna().any(axis=None) else np.nan
    if 2 < middle < 50:
        raise InputError(
            f"{given}; their median is {middle:.4g}, which looks like growth in per cent (add 100) "
            "or like prices (form='changes')"
        )
    years = table.index.get_level_values(1)
    if years.nunique() < 2:
        return
    base = ((table == 100) | table.isna()).all(axis=1).groupby(years).all()
    base &= table.notna().any(axis=1).groupby(years).any()
    if base.any():
        raise InputError(
            f"{given}; every price is 100 in {base.index[base][0]}, which looks like an index with "
            "a fixed base: pass form='changes'"
        )


def region_pairs(
    codes: pd.Index, graph: Graph | None, subset: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Give the positions of the regions of each pair, the smaller first, in order."""
    if graph is None:
        if subset:
            raise InputError("subset says what to do with a graph: pass one, or leave it out")
        first, second = np.triu_indices(len(codes), k=1)
    else:
        _require_regions(codes, graph.unique_ids, subset)
        links = graph.adjacency[graph.adjacency != 0]
        a = codes.get_indexer(links.index.get_level_values("focal"))
        b = codes.get_indexer(links.index.get_level_values("neighbor"))
        inside = (a >= 0) & (b >= 0)
        a, b = a[inside], b[inside]
        joined = np.unique(np.minimum(a, b) * len(codes) + np.maximum(a, b))
        first, second = np.divmod(joined, len(codes))
        first, second = first[first != second], second[first != second]
        alone = codes[~np.isin(np.arange(len(codes)), np.concatenate([first, second]))]
        if len(alone):
            warnings.warn(
                f"{len(alone)} regions have no neighbour in the graph and no value: {some(alone)}",
                IsolateWarning,
                stacklevel=3,
            )
    if not len(first):
        raise InputError("there is no pair of regions to compare")
    return first, second


def _require_regions(codes: pd.Index, ids: pd.Index, subset: bool) -> None:
    lacking = codes.difference(ids)
    if len(lacking):
        raise AlignmentError(
            f"the graph lacks {len(lacking)} of the {len(codes)} regions of prices "
            f"({some(lacking)}): build it from the same regions, with the same index"
        )
    beyond = ids.difference(codes)
    if len(beyond) and not subset:
        raise AlignmentError(
            f"the graph has {len(beyond)} regions that prices lacks ({some(beyond)}): pass "
            "subset=True to leave them out"
        )

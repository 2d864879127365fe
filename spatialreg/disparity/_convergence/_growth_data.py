"""From a panel to growth periods: who grew how fast from which level, in sorted order.

Takes a panel and the years asked for and gives arrays of growth per year, of ln initial value and
of controls at the start of each period, of the regions that have all of them, and the weights of
these regions.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from ..._align import align_to_graph, numeric_series, require_columns, require_panel, some
from ..._graph import matrix_from_graph
from ...errors import InputError, IsolateWarning, MissingDataWarning

INITIAL = "log_initial"
_RESERVED = ("constant", INITIAL, "rho", "lambda")


@dataclass(frozen=True)
class Growth:
    """Growth periods, ordered by year, then by region in sorted order.

    Attributes
    ----------
    codes : Index
        Regions that take part, sorted.
    years : ndarray of int
        First year of each period.
    period : int
        Years in a period.
    growth : ndarray, shape (periods x regions,)
        (ln last value - ln first value) / years [per year].
    x : ndarray, shape (periods x regions, 1 + controls)
        ln first value, and the controls in the first year.
    names : list of str
        The columns of `x`.
    left_out : Index
        Regions of the panel without all of these.
    """

    codes: pd.Index
    years: np.ndarray
    period: int
    growth: np.ndarray
    x: np.ndarray
    names: list[str]
    left_out: pd.Index

    @property
    def end(self) -> int:
        """Last year of the last period."""
        return int(self.years[-1]) + self.period


def growth_periods(
    panel: pd.DataFrame,
    value: str,
    controls: Sequence[str],
    start: int | None,
    end: int | None,
    step: int | None,
) -> Growth:
    """Check the panel and give its growth periods; regions that lack a number are left out."""
    require_panel(panel)
    _require_names(value, controls)
    require_columns(panel, [value, *controls], "the panel")
    bounds = _bounds(panel, start, end, step)
    codes = panel.index.get_level_values(0).unique().sort_values()
    logs = np.log(_positive(_wide(panel, value, codes, bounds), codes, bounds, value))
    firsts = [_wide(panel, control, codes, bounds[:-1]) for control in controls]
    complete = ~np.isnan(np.hstack([logs, *firsts])).any(axis=1)
    kept, left_out = codes[complete], codes[~complete]
    if len(left_out):
        columns = some(map(repr, (value, *controls)))
        warnings.warn(
            f"{len(left_out)} of {len(codes)} regions lack {columns} in a year that is needed "
            f"({some(bounds)}) and were left out: {some(left_out)}",
            MissingDataWarning,
            stacklevel=3,
        )
    table = logs[complete].T
    period = int(bounds[1] - bounds[0])
    first = [column[complete].T.ravel() for column in firsts]
    return Growth(
        kept,
        bounds[:-1],
        period,
        (np.diff(table, axis=0) / period).ravel(),
        np.column_stack([table[:-1].ravel(), *first]),
        [INITIAL, *controls],
        left_out,
    )


def matrix_of(graph: Any, growth: Growth, *, subset: bool) -> sparse.csr_matrix:
    """Give the weights of the regions of `growth`, in their order.

    Regions that were left out leave the graph too, and rows are standardised again.
    """
    if not isinstance(graph, Graph):
        raise InputError(
            f"graph must be a libpysal.graph.Graph, not {type(graph).__name__}: make one with "
            "spatialreg.build_weights, or with Graph.from_W from older weights"
        )
    everyone = growth.codes.append(growth.left_out)
    marks = pd.Series(1.0, index=growth.codes).reindex(everyone)
    _, restricted = align_to_graph(marks, graph, subset=subset)
    matrix = sparse.csr_matrix(matrix_from_graph(restricted, growth.codes))
    if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
        raise InputError("the graph has negative, missing or infinite weights: mend them first")
    if matrix.diagonal().any():
        raise InputError(
            "the graph has weights of regions on themselves, which a spatial model cannot have: "
            "build it without, or drop them from graph.adjacency"
        )
    if not matrix.nnz:
        raise InputError("no two of the regions that take part are neighbours: widen the weights")
    cut_off = growth.codes[np.diff(matrix.indptr) == 0].difference(graph.isolates)
    if len(cut_off):
        warnings.warn(
            f"{len(cut_off)} regions have no neighbour with data ({some(cut_off)}) and count as "
            "isolates: fill in their neighbours' values or leave them out too",
            IsolateWarning,
            stacklevel=3,
        )
    return matrix


def _require_names(value: str, controls: Sequence[str]) -> None:
    if isinstance(controls, str) or len({*controls}) < len(controls) or value in controls:
        raise InputError(
            f"controls must be a list of columns, each once, without {value!r}, whose logarithm "
            f"is in the equation already; not {controls!r}"
        )
    taken = [name for name in controls if name in _RESERVED or str(name).startswith("lag_")]
    if taken:
        raise InputError(
            f"controls {some(map(repr, taken))} bear names that the result gives to its own rows "
            f"({some(_RESERVED)}, lag_...): rename these columns"
        )


def _bounds(
    panel: pd.DataFrame, start: int | None, end: int | None, step: int | None
) -> np.ndarray:
    """Give the years at which periods begin and end."""
    years = np.unique(panel.index.get_level_values(1).to_numpy())
    if len(years) < 2:
        raise InputError(f"the panel has {len(years)} years: growth needs at least two")
    first = int(years[0]) if start is None else start
    last = int(years[-1]) if end is None else end
    if not last > first:
        raise InputError(f"end must be after start, but start is {first} and end is {last}")
    if step is None:
        bounds = np.array([first, last])
    else:
        if isinstance(step, bool) or not isinstance(step, int | np.integer) or step < 1:
            raise InputError(f"step must be a whole number of years from 1 on, not {step!r}")
        bounds = np.arange(first, last + 1, step)
        if len(bounds) < 2 or (end is not None and bounds[-1] != end):
            raise InputError(
                f"{first} to {last} does not hold whole periods of {step} years: end at "
                f"{bounds[-1] if len(bounds) > 1 else first + step}, or choose another step"
            )
    lacking = bounds[~np.isin(bounds, years)]
    if len(lacking):
        raise InputError(
            f"the panel lacks the years {some(lacking)} in which periods begin or end; it has "
            f"{some(years, 12)}: choose start, end and step among them"
        )
    return bounds


def _wide(panel: pd.DataFrame, column: str, codes: pd.Index, years: np.ndarray) -> np.ndarray:
    """Give one column as regions x years, NaN where there is none."""
    used = panel[column][panel.index.get_level_values(1).isin(years)]
    wide = numeric_series(used, f"column {column!r}").unstack()
    return wide.reindex(index=codes, columns=years).to_numpy()


def _positive(levels: np.ndarray, codes: pd.Index, years: np.ndarray, value: str) -> np.ndarray:
    rows, columns = np.nonzero(levels <= 0)
    if len(rows):
        pairs = list(zip(codes[rows], years[columns].tolist(), strict=True))
        raise InputError(
            f"growth takes the logarithm of column {value!r}, which must be above zero; "
            f"{len(pairs)} values are not, at {some(pairs)}: make them NaN if they are blanks"
        )
    return levels

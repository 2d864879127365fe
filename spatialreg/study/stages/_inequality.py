"""Did inequality between regions fall, since when, by how much surely, and in which groups.

The same indices stand side by side at constant and current prices, weighted by people and not, and
at two levels, because the answer can change its sign between them; where it does is told.
"""

from __future__ import annotations

import pandas as pd

from ..._results import AnswersComparison
from .._context import Context, StageResult
from ._defined import defined, stacked
from ._inequality_drawn import disparity_layer, inequality_figures
from ._inequality_grouped import Grouped
from ._inequality_measured import UNTIL_THE_END, YEAR_BY_YEAR, Measured, measure
from ._inequality_told import inequality_findings


def run(context: Context) -> StageResult:
    """Measure, test, compare and decompose inequality over the panel."""
    section = context.config.inequality
    if section is None:
        return StageResult()
    measured = measure(context, section)
    return StageResult(
        (disparity_layer(context),),
        _tables(measured),
        inequality_figures(context, section, measured),
        inequality_findings(context, section, measured),
    )


def _tables(measured: Measured) -> dict[str, pd.DataFrame]:
    tables = {
        "inequality": defined(measured.series.reset_index(), measured.intervals),
        "inequality_intervals": measured.intervals.reset_index(),
        "inequality_answers": measured.answers,
        "inequality_turning_points": measured.turns,
    }
    if measured.parts:
        tables["inequality_answers_part"] = stacked(
            measured.parts, ["spans"], frame="frame"
        ).reset_index("spans")
        kinds = (YEAR_BY_YEAR, UNTIL_THE_END)
        laid = pd.concat([_directions(kind, measured.parts[kind]) for kind in kinds])
        tables["inequality_directions"] = laid.sort_index(axis=1).reset_index()
    if measured.grouped is not None:
        grouped = measured.grouped
        tables["inequality_by_group"] = defined(
            _renamed(grouped.split.frame, grouped), grouped.split
        )
        tables["inequality_by_level"] = grouped.by_level.reset_index()
        changed = {
            (prices, *span): grouped.change_table(change)
            for (prices, span), change in grouped.changes.items()
        }
        table = stacked(changed, ["prices", "from", "to"]).reset_index()
        tables["inequality_change"] = defined(table, *grouped.changes.values())
    return tables


def _directions(kind: str, result: AnswersComparison) -> pd.DataFrame:
    """Lay the relative changes out: a row a variant, a column a year, which `kind` refers to."""
    year = "to" if kind == YEAR_BY_YEAR else "from"
    laid = result.changes.pivot_table(
        index=list(result.by), columns=year, values="relative_change", sort=False, dropna=False
    )
    return pd.concat({kind: laid}, names=["spans"])


def _renamed(frame: pd.DataFrame, grouped: Grouped) -> pd.DataFrame:
    words = {**grouped.names, grouped.split.by[0]: grouped.words}
    return frame.assign(level=frame["level"].replace(words), group=frame["group"].replace(words))

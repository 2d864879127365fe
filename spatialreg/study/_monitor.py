"""Monitor a study: judge its targets anew without running all of it.

Takes the study file; writes tables, figures and a report into ``monitor/`` in the study's output
folder, and gives the statuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .._palettes import STATUS_COLOURS
from .._results import MonitoringResult, PlanEvaluation, _Printed
from ..errors import ConfigError
from ._config import read_config
from ._context import Context, Finding
from ._manifest import manifest, write_manifest
from ._outputs import (
    MANIFEST,
    MONITOR,
    replacing_folder,
    require_own_folder,
    write_figures,
    write_html,
    write_tables,
)
from .stages import _monitor


@dataclass(frozen=True, repr=False)
class Monitoring(_Printed):
    """The targets of a study, judged.

    Attributes
    ----------
    title : str
    year : int
        As of which the targets are judged.
    all_on_track : bool
        Whether no target is missed or off track in any region.
    warnings : int
        Measures of watched gaps that warn in their last year.
    folder : Path
        Where tables, figures and report stand.
    result : MonitoringResult
    plan : PlanEvaluation or None
    findings : tuple of Finding
    tables : dict of str to DataFrame
    frame : DataFrame
        What needs attention: the rows that are missed, off track or at risk, worst first.
    """

    title: str
    year: int
    all_on_track: bool
    warnings: int
    folder: Path
    result: MonitoringResult = field(repr=False)
    plan: PlanEvaluation | None = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    tables: dict[str, pd.DataFrame] = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

    @property
    def attention(self) -> dict[str, pd.DataFrame]:
        """The rows of ``frame`` as text: a table a target, under the target in words."""
        return _printed(self.frame)


def monitor(
    study: str | Path, *, year: int | None = None, output: str | Path | None = None
) -> Monitoring:
    """Judge the targets of a study, and write tables, figures and a report.

    Parameters
    ----------
    study : str or Path
        A study file with a section ``[monitor]``.
    year : int
        The year as of which to judge, instead of the one that the study names.
    output : str or Path
        The study's output folder, instead of the one that it names. What is written stands in
        ``monitor/`` in it, and is replaced when all of it is complete; a later run of the study
        leaves it there.

    Returns
    -------
    Monitoring

    Raises
    ------
    ConfigError
        The study has no ``[monitor]``, or says something that it cannot say.
    InputError
        An input is not what the study takes it for; or the folder holds something else.
    """
    path = Path(study)
    config = read_config(path)
    if config.monitor is None:
        raise ConfigError(
            f"{path} has no section [monitor]: write its targets there, each as a "
            "[[monitor.target]] (see docs/monitoring.md)"
        )
    section = config.monitor if year is None else config.monitor.model_copy(update={"year": year})
    target = Path(output).absolute() if output is not None else path.parent / config.study.output
    require_own_folder(target)
    title = f"{config.study.title}: targets"
    named = config.study.model_copy(update={"title": title})
    config = config.model_copy(update={"study": named, "monitor": section})
    context = Context(config, path.resolve().parent)
    monitored = _monitor.evaluate(context, section)
    shown = _monitor.shown(context, section, monitored)
    tables = {
        **shown.tables,
        "findings": pd.DataFrame(
            [{"key": f.key, "sentence": f.sentence} for f in shown.findings]
        ).set_index("key"),
    }
    with replacing_folder(target / MONITOR) as folder:
        write_tables(tables, folder / "tables")
        write_figures(shown.figures, folder / "figures")
        findings = list(shown.findings)
        write_html(config, list(shown.layers), tables, findings, context.sources.account, folder)
        write_manifest(manifest(context, ["monitor"], folder, {}), folder / MANIFEST)
    result = monitored.result
    return Monitoring(
        title,
        result.year,
        result.all_on_track,
        sum(_warns(frame) for frame in monitored.gaps.values()),
        target / MONITOR,
        result,
        monitored.plan,
        shown.findings,
        tables,
        _attention(tables["monitor_status"]),
    )


def _attention(status: pd.DataFrame) -> pd.DataFrame:
    """Give the rows that are not as they should be, worst first, targets in their order."""
    worst = {name: place for place, name in enumerate(reversed(STATUS_COLOURS))}
    rows = status[status["status"].isin(["missed", "off track", "at risk"])]
    order = rows["status"].map(worst)
    rows = rows.loc[order.sort_values(kind="stable").index]
    return rows.reset_index(drop=True)


def _printed(attention: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Lay out what needs attention for a narrow screen: a table a target, under its words."""
    tables = {}
    for _, rows in attention.groupby(["target", "direction", "threshold"], sort=False):
        one = rows.iloc[0]
        bound = f"{one['direction']} {_number(one['threshold'])} {one['unit']}".strip()
        table = pd.DataFrame(
            {
                "status": rows["status"],
                "region": rows["name"].where(rows["name"] != "", rows["region"].astype(str)),
                "level": rows["level"].map(_number) + " (" + rows["level_year"].astype(str) + ")",
                "needs a year": rows["required_pace"].map(_pace),
                "moves a year": rows["actual_pace"].map(_pace),
                "heads for": rows["projection"].map(_number),
            }
        )
        tables[f"{one['target']}: {bound} by {one['target_year']}"] = table
    return tables


def _number(value: float) -> str:
    if value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _pace(value: float) -> str:
    return f"+{_number(value)}" if value > 0 else _number(value)


def _warns(gap: pd.DataFrame) -> int:
    """Count the measures that warn in the last year."""
    return int(gap.loc[gap["year"] == gap["year"].max(), "warning"].sum())

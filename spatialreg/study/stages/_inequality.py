"""Did inequality between regions fall, since when, and between or within which groups.

The same indices stand side by side at constant and current prices, weighted by people and not,
because the answer can change its sign between them.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from ... import disparity, plot
from ..._align import some
from ..._results import Decomposition
from ...layers import Graduated, Layer
from ...regions import assign_scheme, read_scheme
from .._context import Context, Finding, StageResult
from .._sections import InequalitySection

MEASURE_WORDS = {
    "gini": "Gini",
    "theil": "Theil T",
    "mld": "Theil L",
    "cv": "coefficient of variation",
}


def run(context: Context) -> StageResult:
    """Measure, compare and decompose inequality over the panel."""
    section = context.config.inequality
    if section is None:
        return StageResult()
    years = sorted(section.compare) or [context.years[0], context.years[-1]]
    series = _all_series(context, section)
    answers = _answers(series, years)
    split, grouped = _decompose(context, section)
    lorenz = _lorenz(context, years)
    findings = _findings(answers, split, years, section, context)
    frame = series.reset_index()
    return StageResult(
        (_layer(context),),
        {"inequality": frame, "inequality_answers": answers, "inequality_by_group": split.frame},
        {**_figures(context, series, split, lorenz, years, grouped)},
        findings,
    )


def _all_series(context: Context, section: InequalitySection) -> pd.DataFrame:
    """Give a row a (measure, prices, weighting) and a column a year."""
    people = context.config.panel.population if context.config.panel else None
    parts = []
    for prices, column in context.price_variants().items():
        for weighting in ("weighted by people", "unweighted"):
            if weighting.startswith("weighted") and people is None:
                continue
            frame = disparity.inequality(
                context.panel,
                per_head=column,
                population=people if weighting.startswith("weighted") else None,
                measures=tuple(section.measures),
            )[list(section.measures)].T
            frame.index = pd.MultiIndex.from_product(
                [frame.index, [prices], [weighting]], names=["measure", "prices", "weighting"]
            )
            parts.append(frame)
    return pd.concat(parts).loc[section.measures]


def _answers(series: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Tell each series' values, its peak, and the direction of each change."""
    table = series[years].copy()
    table.columns = [str(year) for year in years]
    table["peak_year"] = series.idxmax(axis=1).astype(int)
    for start, end in _spans(years):
        change = series[end] / series[start] - 1
        table[f"change_{start}_{end}"] = change
        table[f"direction_{start}_{end}"] = change.map(lambda c: "fell" if c < 0 else "rose")
    return table.reset_index()


def _spans(years: list[int]) -> list[tuple[int, int]]:
    """Give the first to the last year, and each step between."""
    steps = list(pairwise(years))
    whole = (years[0], years[-1])
    return [whole, *(step for step in steps if step != whole)]


def _decompose(context: Context, section: InequalitySection) -> tuple[Decomposition, str]:
    people = context.config.panel.population if context.config.panel else None
    column = next(iter(context.price_variants().values()))
    scheme = read_scheme(section.scheme)
    panel = assign_scheme(context.panel, section.scheme)
    panel = panel[panel[scheme.name].notna()]
    if people is None:
        panel = panel.assign(_equal=1.0)
    split = disparity.decompose_theil(
        panel, per_head=column, population=people or "_equal", by=scheme.name
    )
    return split, scheme.title_en


def _lorenz(context: Context, years: list[int]) -> dict[str, pd.DataFrame]:
    section = context.config.panel
    column = next(iter(context.price_variants().values()))
    curves = {}
    for year in (years[0], years[-1]):
        frame = context.panel.xs(year, level="year")
        people = frame[section.population] if section and section.population else None
        curves[str(year)] = disparity.lorenz(frame[column], population=people)
    return curves


def _layer(context: Context) -> Layer:
    section = context.config.panel
    year = context.years[-1]
    unit = section.unit if section else ""
    words = section.label if section else "value per head"
    latest = context.panel.xs(year, level="year")
    columns = list(context.price_variants().values())
    frame = context.regions[[c for c in ("name", "name_en", "geometry") if c in context.regions]]
    frame = frame.join(latest[columns])
    frame["relative"] = frame["per_head"] / frame["per_head"].mean()
    label = {v: f"{words}, {k} [{unit}]" for k, v in context.price_variants().items()}
    return Layer(
        name="disparity",
        title=f"{words[:1].upper()}{words[1:]}, {year}",
        group="Disparity",
        frame=frame,
        style=Graduated("per_head", k=5, scheme="quantiles", palette="YlOrRd", unit=unit),
        aliases={
            **context.named(frame),
            **label,
            "relative": "Relative to the mean of regions [1]",
        },
        abstract=f"{words} in {year}, {unit}.",
    )


def _figures(
    context: Context,
    series: pd.DataFrame,
    split: Decomposition,
    lorenz: dict[str, pd.DataFrame],
    years: list[int],
    grouped: str,
) -> dict[str, object]:
    words = context.config.panel.label if context.config.panel else "value per head"
    unit = context.config.panel.unit if context.config.panel else ""
    figures: dict[str, object] = {}
    marks = {year: str(year) for year in years[1:-1]}
    for measure in series.index.unique("measure"):
        lines = {f"{p}, {w}": row for (p, w), row in series.loc[measure].iterrows()}
        figures[f"inequality_{measure}"] = plot.inequality_lines(
            lines,
            ylabel=MEASURE_WORDS.get(measure, measure),
            title=f"{MEASURE_WORDS.get(measure, measure)} of {words}",
            marks=marks,
            ax=plot.figure(),
        )
    figures["theil_decomposition"] = plot.decomposition(
        split, title=f"Theil T of {words}, by {grouped}", ax=plot.figure()
    )
    figures["lorenz"] = plot.lorenz(
        lorenz, title=f"Lorenz curve of {words}", ax=plot.figure(figsize=(5.2, 5.0))
    )
    year = context.years[-1]
    drawn = context.regions.join(context.panel.xs(year, level="year")["per_head"])
    figures["per_head_map"] = plot.choropleth(
        drawn,
        "per_head",
        label=context.label(drawn),
        outline=context.outline,
        title=f"{words[:1].upper()}{words[1:]}, {year}",
        legend=f"{unit}, quintiles",
        ax=plot.figure(figsize=(8.6, 6.6)),
    )
    return figures


def _findings(
    answers: pd.DataFrame,
    split: Decomposition,
    years: list[int],
    section: InequalitySection,
    context: Context,
) -> tuple[Finding, ...]:
    words = context.config.panel.label if context.config.panel else "value per head"
    head = answers[answers["measure"].isin(["theil", "gini"])]
    sentences = []
    for start, end in _spans(years):
        told = []
        for measure, rows in head.groupby("measure", sort=False):
            fell = rows[rows[f"direction_{start}_{end}"] == "fell"]
            if len(fell) in (0, len(rows)):
                low, high = rows[f"change_{start}_{end}"].agg(["min", "max"])
                word = "fell" if len(fell) else "rose"
                told.append(
                    f"{MEASURE_WORDS[str(measure)]} {word} in all {len(rows)} series "
                    f"({_percent(low)} to {_percent(high)})"
                )
            else:
                rose = rows.drop(fell.index)
                told.append(
                    f"{MEASURE_WORDS[str(measure)]} fell {_which(fell, start, end)}, "
                    f"but rose {_which(rose, start, end)}"
                )
        sentences.append(f"{start}-{end}: " + "; ".join(told))
    peaks = head[head["measure"] == "theil"]["peak_year"]
    peak = f"Theil T peaked in {some(sorted(set(peaks)))}"
    findings = [
        Finding(
            "inequality",
            f"Inequality of {words} between regions. " + ". ".join(sentences) + f". {peak}.",
            section.claim,
            "inequality_answers",
            "inequality_theil",
            _headline(head, years),
        )
    ]
    frame = split.frame
    every = frame[frame["group"] == "all"].set_index("year")
    between = every[every["component"] == "between"]
    share, value = between["share"], between["value"]
    within = every.loc[every["component"] == "within", "value"]
    inside = frame[(frame["component"] == "within") & (frame["group"] != "all")]
    inside = inside.set_index(["year", "group"])["value"].unstack("group")
    first, last = years[0], years[-1]
    parts = ", ".join(
        f"{group} {inside.loc[first, group]:.4f} to {inside.loc[last, group]:.4f}"
        for group in inside.T[last].sort_values(ascending=False).index
    )
    prices = next(iter(context.price_variants()))
    findings.append(
        Finding(
            "inequality_between",
            f"Between groups ({split.by[0]}) stood {share[first]:.0%} of Theil T in {first} and "
            f"{share[last]:.0%} in {last} ({prices}): the between part went from "
            f"{value[first]:.4f} to {value[last]:.4f}, the within part from "
            f"{within[first]:.4f} to {within[last]:.4f} (inside {parts}).",
            section.claim,
            "inequality_by_group",
            "theil_decomposition",
            {
                f"Theil T between {split.by[0]}, share in {first} and {last}": (
                    f"{share[first]:.0%} and {share[last]:.0%}"
                )
            },
        )
    )
    return tuple(findings)


def _headline(head: pd.DataFrame, years: list[int]) -> dict[str, str]:
    columns = [str(year) for year in years]
    return {
        f"{MEASURE_WORDS[row['measure']]} in {', '.join(columns)} "
        f"({row['prices']}, {row['weighting']})": (
            ", ".join(f"{row[column]:.4f}" for column in columns)
        )
        for _, row in head.iterrows()
    }


def _percent(change: float) -> str:
    return f"{change:+.1%}"


def _which(rows: pd.DataFrame, start: int, end: int) -> str:
    column = f"change_{start}_{end}"
    return some(
        f"at {row.prices} {row.weighting} ({_percent(getattr(row, column))})"
        for row in rows.itertuples()
    )

"""Inequality of a panel in all its variants: series, tests, turning points, groups, comparisons.

Takes a study's context; gives a :class:`Measured`, which is then tabled, drawn and told.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ... import disparity
from ..._align import some
from ..._results import AnswersComparison
from ...errors import ConfigError, InputError, MissingDataWarning
from .._context import Context
from .._sections import InequalitySection
from ._defined import defined
from ._inequality_grouped import Grouped, Span, group_by_scheme

YEAR_BY_YEAR, UNTIL_THE_END, AS_COMPARED = "year by year", "until the end", "as compared"
_MANY_YEARS = 40  # in more the search for three turning points takes many seconds a series

Key = tuple[str, str, str]  # measure, prices, weighting


@dataclass(frozen=True)
class Measured:
    """All that the stage measures.

    Attributes
    ----------
    spans : list of (int, int)
        The years between which change is told: the first to the last, then each step.
    series : DataFrame
        A row a (measure, prices, weighting), a column a year.
    intervals : DataFrame
        The same by year with low, high and the number of regions.
    answers : DataFrame
        A row a series and span: change, interval, p-value.
    turns : DataFrame
        A row a stretch between the turning points of each series.
    grouped : Grouped or None
    parts : dict of str to AnswersComparison
        By kind of spans; empty where there is one variant only.
    notes : tuple of str
        What was left out.
    """

    spans: list[Span]
    series: pd.DataFrame
    intervals: pd.DataFrame
    answers: pd.DataFrame
    turns: pd.DataFrame
    grouped: Grouped | None
    parts: dict[str, AnswersComparison]
    notes: tuple[str, ...]

    @property
    def keys(self) -> list[Key]:
        """The (measure, prices, weighting) of the series, in order."""
        return list(self.series.index)

    def bounds(self, key: Key) -> pd.DataFrame:
        """Give value, low and high by year of one series."""
        return pd.DataFrame(self.intervals.xs(key, level=[0, 1, 2]))

    def turning_years(self, key: Key) -> list[int]:
        """Give the turning points of one series."""
        mine = (self.turns[["measure", "prices", "weighting"]] == list(key)).all(axis=1)
        return [int(year) for year in self.turns.loc[mine, "to"].iloc[:-1]]


@dataclass(frozen=True)
class _Variant:
    """One way to count: the column of values, and of people where regions are weighted."""

    prices: str
    weighting: str
    column: str
    people: str | None


def measure(context: Context, section: InequalitySection) -> Measured:
    """Measure, test, compare and decompose inequality over the panel."""
    with warnings.catch_warnings():
        # each measure warns of what is missing; it is told once, below
        warnings.simplefilter("ignore", MissingDataWarning)
        return _measure(context, section)


def _measure(context: Context, section: InequalitySection) -> Measured:
    spans = spans_of(_compared(context, section))
    variants = list(_variants(context))
    order = [(m, v.prices, v.weighting) for m in section.measures for v in variants]
    by_variant = [_with_intervals(context, section, v) for v in variants]
    intervals = defined(pd.concat(by_variant).sort_index(), *by_variant)
    series = intervals["value"].unstack("year").loc[order]
    grouped = group_by_scheme(context, section, spans)
    return Measured(
        spans=spans,
        series=series,
        intervals=intervals,
        answers=_answers(context, section, variants, series, spans),
        turns=_turns(context, series),
        grouped=grouped,
        parts=_parts(section, series, grouped, spans),
        notes=(*_missing(context), *(grouped.notes if grouped else ())),
    )


def _missing(context: Context) -> list[str]:
    """Tell which regions lack a value in which years, once for all the measures that warn of it."""
    people = context.config.panel.population if context.config.panel else None
    notes = []
    for prices, column in context.price_variants().items():
        known = context.panel[column].notna()
        if people is not None:
            known &= context.panel[people].notna()
        every = pd.MultiIndex.from_product(
            [known.index.unique(name).sort_values() for name in ("code", "year")]
        )
        pairs = [f"{code} {year}" for code, year in every[~every.isin(known.index[known])]]
        if pairs:
            at = "" if prices == "as given" else f" at {prices}"
            notes.append(
                f"{len(pairs)} of {len(every)} pairs of region and year have no value{at} "
                f"({some(pairs)})"
            )
    return notes


def _compared(context: Context, section: InequalitySection) -> list[int]:
    """Give the years between which change is told, all in the panel."""
    known = context.years
    if len(known) < 2:
        raise ConfigError(f"[inequality] needs two years or more; the panel has {some(known)}")
    unknown = [year for year in section.compare if year not in known]
    if unknown:
        raise ConfigError(
            f"[inequality] compare: {some(unknown)} is no year of the panel; its years are "
            f"{some(known, 40)}"
        )
    return sorted(set(section.compare)) or [known[0], known[-1]]


def spans_of(years: list[int]) -> list[Span]:
    """Give the first to the last year, and each step between."""
    whole = (years[0], years[-1])
    return [whole, *(step for step in pairwise(years) if step != whole)]


def _variants(context: Context) -> Iterator[_Variant]:
    people = context.config.panel.population if context.config.panel else None
    for prices, column in context.price_variants().items():
        if people is not None:
            yield _Variant(prices, "weighted by people", column, people)
        yield _Variant(prices, "unweighted", column, None)


def _seed(context: Context, purpose: str, variant: _Variant) -> np.random.Generator:
    return context.seed(f"inequality {purpose}, {variant.prices}, {variant.weighting}")


def _with_intervals(
    context: Context, section: InequalitySection, variant: _Variant
) -> pd.DataFrame:
    """Give value, low, high and number of regions by measure, prices, weighting and year."""
    frame = disparity.inequality(
        context.panel,
        per_head=variant.column,
        population=variant.people,
        measures=tuple(section.measures),
        ci=section.ci,
        rng=_seed(context, "intervals", variant),
    )
    parts = {
        (measure, variant.prices, variant.weighting): pd.DataFrame(
            {
                "value": frame[measure],
                "low": frame[f"{measure}_low"],
                "high": frame[f"{measure}_high"],
                "regions": pd.Series(frame.attrs["regions"]),
            }
        )
        for measure in section.measures
    }
    return defined(pd.concat(parts, names=["measure", "prices", "weighting", "year"]), frame)


def _answers(
    context: Context,
    section: InequalitySection,
    variants: list[_Variant],
    series: pd.DataFrame,
    spans: list[Span],
) -> pd.DataFrame:
    """Tell by series and span the change, its interval and its p-value."""
    rows = []
    for measure in section.measures:
        for variant in variants:
            keys = {
                "measure": measure, "prices": variant.prices, "weighting": variant.weighting,
            }  # fmt: skip
            known = series.T[measure, variant.prices, variant.weighting]
            for start, end in spans:
                change = _tested(context, section, variant, measure, known, (start, end))
                rows.append({**keys, "from": start, "to": end, **change})
    table = pd.DataFrame(rows)
    return defined(table, *table.pop("definition"))


def _tested(
    context: Context,
    section: InequalitySection,
    variant: _Variant,
    measure: str,
    known: pd.Series,
    span: Span,
) -> dict[str, Any]:
    """Test a change of the same regions; where it cannot be tested, say why, and what it is."""
    start, end = span
    try:
        test = disparity.trend_test(
            context.panel,
            per_head=variant.column,
            population=variant.people,
            start=start,
            end=end,
            measures=[measure],
            permutations=section.permutations,
            ci=section.ci,
            rng=_seed(context, f"change {start} {end}", variant),
        )
    except InputError as error:  # too few regions, or a measure without a standard error
        before, after = float(known[start]), float(known[end])
        return {
            "start": before,
            "end": after,
            "change": after - before,
            "relative_change": after / before - 1 if before > 0 else np.nan,
            "low": np.nan,
            "high": np.nan,
            "p_value": np.nan,
            "regions": np.nan,
            "not_tested_because": str(error),
            "definition": "",
        }
    frame = test.frame.drop(columns="statistic").assign(
        regions=test.n, not_tested_because="", definition=test.definition
    )
    return dict(zip(frame.columns, frame.loc[measure], strict=True))


def _turns(context: Context, series: pd.DataFrame) -> pd.DataFrame:
    """Give a row a stretch between the turning points of every series."""
    rows: list[dict[Any, Any]] = []
    searches = []
    most = None if series.shape[1] <= _MANY_YEARS else 2
    names = [str(name) for name in series.index.names]
    for keys, values in series.T.items():
        told: Any = keys  # the labels of a row, which the stubs take for one label
        named = dict(zip(names, told, strict=True))
        purpose = "inequality turns, " + ", ".join(told)
        try:
            found = disparity.trend_breaks(values, max_breaks=most, rng=context.seed(purpose))
        except InputError as error:  # too few years, or years without a value
            rows.append({**named, "turning_points": "", "not_searched_because": str(error)})
            continue
        searches.append(found)
        stretches = found.frame.rename(columns={"start": "from", "end": "to"})
        stretches["percent_a_year"] = 100 * np.expm1(stretches.pop("slope"))
        stretches["turning_points"] = ", ".join(map(str, found.years))
        stretches["not_searched_because"] = ""
        rows += stretches.assign(**named).to_dict("records")
    columns = ["from", "to", "percent_a_year", "turning_points", "not_searched_because"]
    table = pd.DataFrame(rows, columns=[*names, *columns])
    return defined(table.astype({"from": "Int64", "to": "Int64"}), *searches)


def _parts(
    section: InequalitySection,
    series: pd.DataFrame,
    grouped: Grouped | None,
    spans: list[Span],
) -> dict[str, AnswersComparison]:
    """Compare the answers of all variants: by year, until the last year, and as asked."""
    variants = series.T
    if grouped is not None:
        variants = grouped.beside(variants)
    if variants.shape[1] < 2:
        return {}
    years = variants.index.tolist()
    asked = {
        YEAR_BY_YEAR: list(pairwise(years)),
        UNTIL_THE_END: [(year, years[-1]) for year in years[:-1]],
        AS_COMPARED: spans,
    }
    return {
        kind: disparity.compare_answers(variants, spans=pairs, tolerance=section.tolerance)
        for kind, pairs in asked.items()
    }

"""Access in sentences: how far apart people are, how many are in reach, and how unequally."""

from __future__ import annotations

import pandas as pd

from ... import disparity
from ..._align import some
from .._context import Context, Finding
from ._access_measured import DAILY, MEAN_TIME, Accessed, names_of
from ._access_units import units_of
from ._words import and_words

_LIMITS = (30, 60, 120)  # minutes to the nearest facility
_NAMED = 3


def findings_of(context: Context, found: Accessed) -> tuple[Finding, ...]:
    """Give a sentence for each question, with the numbers in it."""
    findings = [_reach(found), _spread(found)]
    if "nearest" in found.panel:
        findings.append(_nearest(found))
    if len(found.section.years) > 1:
        findings.append(_gained(found))
    findings += [_lines(found, name) for name in found.attributed]
    if found.clusters:
        findings.append(_where(context, found))
    return tuple(findings)


def _mean(found: Accessed, column: str) -> pd.Series:
    """Give the mean over people by year."""
    wide = found.panel[column].unstack("year")
    return wide.mul(found.people, axis=0).sum() / found.people[wide.index].sum()


def _series(values: pd.Series, digits: str, unit: str) -> str:
    return ", ".join(f"{value:{digits}} {unit} in {year}" for year, value in values.items())


def _ends(series: pd.Series) -> pd.Series:
    """Give the first and the last year, or the only one."""
    return series.iloc[[0, -1] if len(series) > 1 else [0]]


def _listed(series: pd.Series, digits: str) -> str:
    return and_words([f"{value:{digits}}" for value in _ends(series)])


def _reach(found: Accessed) -> Finding:
    section, units = found.section, units_of(found)
    minutes, reach = _mean(found, MEAN_TIME), _mean(found, DAILY)
    digits = ".0f" if units.count else ",.0f"
    sentence = (
        f"{section.title}: from the place of one resident to that of another it takes on average "
        f"{_series(minutes / units.time, '.1f', units.times)}; within {units.within} lie "
        f"{_series(reach / units.people, digits, units.counted)} ({len(found.people)} places with "
        f"{found.people.sum() / units.people:,.0f} {units.counted}; {found.definition})."
    )
    years = " and ".join(str(year) for year in _ends(minutes).index)
    headline = {
        f"{section.title}: mean travel time, {years}": (
            f"{_listed(minutes / units.time, '.1f')} {units.times}"
        ),
        f"{section.title}: people within {units.within_short}": (
            f"{_listed(reach / units.people, digits)} {units.count}".strip()
        ),
    }
    numbers = {f"{section.name}.hours_{y}": float(v / 60) for y, v in minutes.items()}
    numbers |= {f"{section.name}.reach_{y}": float(v / 1e6) for y, v in reach.items()}
    return Finding(
        f"{section.name}_reach", sentence, section.claim, f"{section.name}_by_year",
        f"{section.name}_{DAILY}", headline, numbers,
    )  # fmt: skip


def _spread(found: Accessed) -> Finding:
    section, units = found.section, units_of(found)
    parts = []
    headline: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for name, words in (
        (DAILY, f"people within {units.within}"),
        (MEAN_TIME, "mean travel time"),
    ):
        table = found.inequality.loc[name]
        gini = table["gini"]
        text = f"of {words} " + ", ".join(f"{v:.3f} in {y}" for y, v in gini.items())
        if "between_share" in table:
            share = table["between_share"]
            text += (
                f" (between the groups of {section.scheme} "
                f"{' to '.join(f'{value:.0%}' for value in _ends(share))} of Theil's T)"
            )
        parts.append(text)
        headline[f"{section.title}: Gini of {words}"] = _listed(gini, ".3f")
        numbers |= {f"{section.name}.gini_{name}_{y}": float(v) for y, v in gini.items()}
    sentence = f"{section.title}: Gini coefficients over people, {'; '.join(parts)}."
    if len(section.years) > 1:
        highest = found.inequality.loc[DAILY]["gini"].idxmax()
        sentence += f" What is in reach was spread most unequally in {highest}."
    return Finding(
        f"{section.name}_inequality", sentence, section.claim, f"{section.name}_inequality",
        f"{section.name}_{'inequality' if len(section.years) > 1 else 'lorenz'}", headline, numbers,
    )  # fmt: skip


def _nearest(found: Accessed) -> Finding:
    section = found.section
    nearest = found.panel["nearest"].unstack("year")
    shares = {
        limit: nearest.le(limit).mul(found.people, axis=0).sum() / found.people.sum()
        for limit in _LIMITS
    }
    told = [
        f"{limit} minutes {', '.join(f'{v:.0%} in {y}' for y, v in share.items())}"
        for limit, share in shares.items()
    ]
    sentence = (
        f"{section.title}: of people, by the seat of their place, within so many minutes of the "
        f"nearest facility: {'; '.join(told)}. Roads are the straight distance at the speed of the "
        "connectors."
    )
    numbers = {
        f"{section.name}.within_{limit}_{year}": float(value)
        for limit, share in shares.items()
        for year, value in share.items()
    }
    return Finding(
        f"{section.name}_nearest", sentence, None, f"{section.name}_regions",
        f"{section.name}_nearest", {}, numbers,
    )  # fmt: skip


def _gained(found: Accessed) -> Finding:
    section, units = found.section, units_of(found)
    first, last = section.years[0], section.years[-1]
    frame = found.compared[DAILY].frame
    names = names_of(found.regions)
    gain = frame["change"].dropna().sort_values(ascending=False) / units.people
    top = [f"{names[code]} ({gain[code]:+,.0f})" for code in gain.index[:_NAMED]]
    none = int((gain.abs() < 0.01).sum())
    counted = f", in {units.count}s," if units.count else ""
    minutes = found.compared[MEAN_TIME].frame["change"].dropna()
    sentence = (
        f"{section.title}, {first} to {last}: people within {units.within} rose most{counted} for "
        f"{and_words(top)}; for {none} of {len(gain)} places nothing changed. Mean travel time "
        f"fell for {int((minutes < 0).sum())} places, at the median by "
        f"{-minutes.median() / units.time:.1f} {units.times}."
    )
    return Finding(
        f"{section.name}_change", sentence, None, f"{section.name}_regions",
        f"{section.name}_change", {}, {f"{section.name}.unchanged": float(none)},
    )  # fmt: skip


def _lines(found: Accessed, indicator: str) -> Finding:
    """Tell what each line changes when it alone is taken from the network of the last year."""
    section, result, units = found.section, found.attributed[indicator], units_of(found)
    timed = indicator == MEAN_TIME
    scale, unit = (units.time, units.times) if timed else (units.people, units.counted)
    words = "mean travel time" if timed else f"people within {units.within_short}"
    names = names_of(found.regions)
    after = result.changes["after"]
    parts = []
    numbers: dict[str, float] = {}
    for line in result.lines:
        change = result.by_region.loc[line]["leave_one_out"]
        mean = float((change * found.people).sum() / found.people[change.index].sum())
        order = change.sort_values(ascending=timed)
        most = [f"{names[code]} ({order[code] / scale:+.1f})" for code in order.index[:_NAMED]]
        gini = disparity.gini(after, population=found.people)
        without = disparity.gini(after - change, population=found.people)
        parts.append(
            f"{line} {mean / scale:+.2f} {unit} for the average resident, most in "
            f"{and_words(most)}; the Gini coefficient is {gini:.3f} with it and {without:.3f} "
            "without"
        )
        numbers[f"{section.name}.{indicator}.{line}"] = mean / (60.0 if timed else 1e6)
    sentence = (
        f"{section.title}, what single lines change of {words} in the network of "
        f"{section.years[-1]}, all others as they are: {'. '.join(parts)}. Without a line "
        "travellers take its other lines or the road; slower trains, which it does not have, are "
        "not counted, so that where it has no other line this is too much. Nor are lines opened at "
        "random: this is what the network does with and without them, not what they brought about."
    )
    return Finding(
        f"{section.name}_{indicator}_lines", sentence, None, f"{section.name}_{indicator}_lines",
        f"{section.name}_{indicator}_lines", {}, numbers,
    )  # fmt: skip


def _where(context: Context, found: Accessed) -> Finding:
    section = found.section
    names = context.regions[context.english(context.regions)]
    parts = []
    for words, local in found.clusters.items():
        cluster = local.frame["cluster"]
        counts = cluster[cluster.isin(["High-High", "Low-Low", "High-Low", "Low-High"])]
        told = ", ".join(f"{label} {n}" for label, n in counts.value_counts().items())
        where = ""
        if "province" in found.regions.columns:
            low = found.regions["province"].reindex(cluster.index[cluster == "Low-Low"])
            most = low.value_counts().head(_NAMED)
            where = "; Low-Low most in " + some(
                f"{names.get(code, code)} ({n})" for code, n in most.items()
            ) if len(most) else ""  # fmt: skip
        parts.append(f"{words}: {told or 'none'}{where}")
    correction = f", {section.correction}" if section.correction else ""
    sentence = (
        f"{section.title}: clusters of mean travel time among the {section.nearest_neighbours} "
        f"places that are reached first (p ≤ {section.alpha:g}{correction}): {'. '.join(parts)}."
    )
    last = list(found.clusters)[-1].replace("-", "_")
    return Finding(
        f"{section.name}_clusters", sentence, None, f"{section.name}_clusters",
        f"{section.name}_clusters_{last}",
    )  # fmt: skip

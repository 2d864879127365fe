"""The sentences of gaps: what changed, by how much, how surely, and on which region it hangs."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from ..._align import some
from .._context import Finding
from .._sections import GapSection
from ._words import measure_words, p_words

ALPHA = 0.05  # above it a change is called not clear; the p-value stands beside


def digits(value: float) -> str:
    """Write a value with as many digits as help."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"


def how_clear(p: float) -> str:
    """Write a p-value, and say so where it tells nothing apart."""
    return p_words(p) + ("" if p <= ALPHA else ", not clear")


def verb(before: float, after: float) -> str:
    """Say in a word which way a value went."""
    return "fell" if after < before else "rose" if after > before else "stayed"


def step_words(
    name: str, values: pd.Series, years: list[int], tested: pd.DataFrame, form: str = ".3f"
) -> str:
    """Tell a measure from year to year, each step with its p-value, and the whole with an interval.

    `values` is by year, `tested` has a row a span, or none where nothing was tested.
    """
    rows = {(r["from_year"], r["to_year"]): r for r in tested.to_dict("records")}
    text, last_verb = "", ""
    for first, last in pairwise(years):
        one, two = float(values[first]), float(values[last])
        went = verb(one, two)
        notes = [f"{two / one - 1:+.1%}"] if one else []
        notes += [how_clear(rows[first, last]["p_value"])] if (first, last) in rows else []
        note = f" ({', '.join(notes)})" if notes else ""
        if not text:
            text = f"{name} {went} from {one:{form}} in {first}"
        else:
            text += " and on" if went == last_verb else f", then {went}"
        text += f" to {two:{form}} in {last}{note}"
        last_verb = went
    whole = rows.get((years[0], years[-1]))
    if whole is None:
        return text
    interval = f"interval of the change {whole['low']:+{form}} to {whole['high']:+{form}}"
    if len(years) == 2:
        return f"{text[:-1]}, {interval})"
    clear = how_clear(whole["p_value"])
    return f"{text}; in all {whole['relative_change']:+.1%} ({clear}, {interval})"


def told(
    section: GapSection,
    table: pd.DataFrame,
    changes: pd.DataFrame,
    without: pd.DataFrame,
    breaks: list[int],
) -> list[Finding]:
    """Tell a gap: what changed as it is counted first, then on what that hangs."""
    first, last = section.compare[0], section.compare[-1]
    measure, leading = section.measures[0], str(table["weighting"].iloc[0])
    crossed = [year for year in breaks if first < year <= last]
    sentences: list[str] = []
    hanging: list[str] = []
    headline: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for (series, weighting), rows in table.groupby(["series", "weighting"], sort=False):
        known = rows.set_index("year")
        tested = _of(changes, str(series), str(weighting), measure)
        if weighting == leading:
            sentences.append(_leading(section, str(series), known, tested, crossed))
            centre = _centre(str(weighting))
            headline |= _headline(section, str(series), known)
            numbers |= {
                f"{section.name}.{series}.{centre}.first": float(known[centre][first]),
                f"{section.name}.{series}.{centre}": float(known[centre][last]),
                f"{section.name}.{series}.{measure}": float(known[measure][last]),
            }
            label, steps = f"{series}", ""
        else:
            label = f"{series}, {weighting}"
            steps = step_words(measure_words(measure), known[measure], [first, last], tested)
        moved = _hanging(without, str(series), str(weighting), first, last)
        if steps or moved:
            hanging.append(f"{label}: {'; '.join(part for part in (steps, moved) if part)}")
    text = f"{section.title}, {leading}. {'. '.join(sentences)}."
    if "measure" in changes.columns:
        text += " p-values are from exchanging the two years of regions, taken as independent."
    if crossed:
        text += f" The definition changes in {some(crossed)}: years across are not comparable."
    name = section.name
    findings = [Finding(name, text, section.claim, name, name, headline, numbers)]
    if hanging:
        text = f"{section.title}, what it hangs on. {'. '.join(hanging)}."
        findings.append(Finding(f"{name}_hangs_on", text, section.claim, f"{name}_without", name))
    return findings


def _of(changes: pd.DataFrame, series: str, weighting: str, measure: str) -> pd.DataFrame:
    if "measure" not in changes.columns:
        return pd.DataFrame()
    mine = (changes["series"] == series) & (changes["weighting"] == weighting)
    return changes[mine & (changes["measure"] == measure)]


def _centre(weighting: str) -> str:
    return "median" if weighting == "each region once" else "mean"


def _leading(
    section: GapSection,
    series: str,
    known: pd.DataFrame,
    tested: pd.DataFrame,
    crossed: list[int],
) -> str:
    measure, years = section.measures[0], section.compare
    text = f"{series}: {step_words(measure_words(measure), known[measure], years, tested)}"
    span = known[measure].loc[years[0] : years[-1]]
    peak = int(span.index[int(span.argmax())])
    # across a change of definition a peak may be of the definition's making
    if peak not in years and not crossed:
        text += f", highest in {peak} ({span[peak]:.3f})"
    centre = _centre(str(known["weighting"].iloc[0]))
    before, after = (float(known[centre][year]) for year in (years[0], years[-1]))
    unit = f" {section.unit}" if section.unit else ""
    return f"{text}, {centre} {digits(before)} to {digits(after)}{unit}"


def _headline(section: GapSection, series: str, known: pd.DataFrame) -> dict[str, str]:
    first, last = section.compare[0], section.compare[-1]
    if section.tell == "median":
        what, shown = "median", (
            f"{digits(known['median'][first])} and {digits(known['median'][last])} "
            f"{section.unit}"
        )  # fmt: skip
    else:
        measure = section.measures[0]
        what = measure_words(measure)
        shown = f"{known[measure][first]:.3f} and {known[measure][last]:.3f}"
    return {f"{section.title}, {series}: {what} in {first} and {last}": shown.strip()}


def _hanging(without: pd.DataFrame, series: str, weighting: str, first: int, last: int) -> str:
    """Name the region that moves the last year's measure most."""
    mine = without[(without["series"] == series) & (without["weighting"] == weighting)]
    moved = mine[f"change_{last}"].abs()
    if len(mine) < 3 or not moved.max() > 0:
        return ""
    row = mine.iloc[int(moved.argmax())]
    one, two = row[f"y{first}"], row[f"y{last}"]
    return (
        f"{row['name']} moves it most, without which it {verb(one, two)} from {one:.3f} in {first} "
        f"to {two:.3f} in {last}"
    )

"""What a composite index says, in sentences: who is first and how sure, how unequal the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..._align import some
from ..._results import CompositeResult, SensitivityResult
from .._context import Context, Finding
from .._sections import CompositeSection
from ._composite_items import Items
from ._words import MEASURE_WORDS, and_words, p_words

_METHODS = {
    "equal": "equal at each level",
    "entropy": "by entropy",
    "critic": "by CRITIC",
    "pca": "by the first principal component",
    "given": "as given",
}


@dataclass(frozen=True)
class Composite:
    """What was computed of a composite index."""

    items: Items
    result: CompositeResult
    sensitivity: SensitivityResult
    weights: pd.DataFrame  # by item, the weights of each method
    correlation: pd.DataFrame  # of ranks in the last year, between methods
    inequality: pd.DataFrame  # score, weighting, year: measures with intervals
    change: pd.DataFrame  # score, weighting, measure: the paired test
    convergence: pd.DataFrame  # by score
    systems: list[str]
    coupling: pd.DataFrame | None  # by region and year
    grouped: pd.DataFrame | None  # year x group: mean coordination
    group: pd.Series | None  # by region
    standard: pd.DataFrame | None  # the levels of a standard
    names: pd.Series
    compare: list[int]
    notes: list[str]  # what was left out, in words

    @property
    def first(self) -> int:
        """The first year that is compared."""
        return self.compare[0]

    @property
    def last(self) -> int:
        """The last year that is compared."""
        return self.compare[-1]

    @property
    def scores(self) -> list[str]:
        """The scores that are asked: the index, then the aspects."""
        return ["index", *self.items.aspects]


def at_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Give the rows of one year, by region."""
    return frame[frame.index.get_level_values("year") == year].droplevel("year")


def findings_of(
    context: Context, section: CompositeSection, found: Composite
) -> tuple[Finding, ...]:
    """Tell ranks, weights, inequality, convergence, coordination, and what to mind."""
    findings = [_ranks(section, found), _weights(section, found), _inequality(section, found)]
    if len(found.convergence):
        findings.append(_convergence(section, found))
    if found.coupling is not None and found.grouped is not None:
        findings.append(_coupling(section, found, found.coupling, found.grouped))
    if found.standard is not None:
        findings.append(_standard(context, section, found.standard))
    if found.notes:
        findings.append(Finding("composite_notes", f"{section.title}: {'; '.join(found.notes)}."))
    return tuple(findings)


def _ranks(section: CompositeSection, found: Composite) -> Finding:
    """Say who is first and last, and who is above or below the middle by nearly any weights."""
    frame = at_year(found.sensitivity.frame, found.last).dropna(subset="rank")
    frame = frame.sort_values("rank", kind="stable")
    n, draws = len(frame), found.sensitivity.replicates
    first, last = frame.iloc[0], frame.iloc[-1]
    upper = frame.index[frame["high"] <= n / 2]
    lower = frame.index[frame["low"] > (n + 1) / 2]
    width = (frame["high"] - frame["low"]).median()
    aspects = found.items.aspects
    sentence = (
        f"{section.title} from {len(found.items.rows)} items in {len(aspects)} "
        f"{'aspect' if len(aspects) == 1 else 'aspects'} ({listed(aspects)}), "
        f"{found.items.years[0]}-{found.items.years[-1]}, weights {_METHODS[section.weights]}. In "
        f"{found.last} {_name(found, first.name)} is first ({first['index']:.3f}) and "
        f"{_name(found, last.name)} last ({last['index']:.3f}). How sure: under {draws:,} random "
        f"weightings {_name(found, first.name)} ranks {_span(first)} and "
        f"{_name(found, last.name)} {_span(last)} (5-95 %), and the interval of the median region "
        f"is {width:.0f} ranks wide. In at least 95 % of the weightings "
        f"{_half(found, upper, 'upper')} and {_half(found, lower, 'lower')}; "
        f"where the other {n - len(upper) - len(lower)} of {n} stand is a matter of the weights."
    )
    headline = {
        f"{section.title}, first and last in {found.last}": (
            f"{_name(found, first.name)} {first['index']:.3f} (rank {_span(first)}), "
            f"{_name(found, last.name)} {last['index']:.3f} (rank {_span(last)})"
        )
    }
    return Finding("composite", sentence, None, "composite_ranks", "composite_ranks", headline)


def _half(found: Composite, regions: pd.Index, half: str) -> str:
    names = [_name(found, region) for region in regions]
    verb = "is" if len(names) == 1 else "are"
    return f"{some(names, 8) if names else 'none'} {verb} in the {half} half"


def _weights(section: CompositeSection, found: Composite) -> Finding:
    """Say how alike the orders under other weights are, and which item they hang on most."""
    own = found.correlation[section.weights].drop(section.weights)
    told = ", ".join(f"{_METHODS[str(m)].removeprefix('by ')} {r:.2f}" for m, r in own.items())
    sentence = (
        f"{section.title} by other weights: rank correlations (Spearman) in {found.last} with the "
        f"order of the index ({_METHODS[section.weights]}) are {told or 'not to be had'}."
    )
    items = found.sensitivity.scenarios.query("kind == 'item'").dropna(subset="mean_shift")
    if len(items):
        shifts = items["mean_shift"].astype(float)
        most, shift = shifts.idxmax(), shifts.max()
        sentence += (
            f" Of single items the order hangs most on {str(most).removeprefix('without ')}: "
            f"without it regions move by {shift:.1f} places on average over the years."
        )
    return Finding(
        "composite_weights", sentence, None, "composite_rank_correlation", "composite_ranks"
    )


def _inequality(section: CompositeSection, found: Composite) -> Finding:
    """Say of each score how unequal it was and is, and whether that changed."""
    measure = section.measures[0]
    words = MEASURE_WORDS.get(measure, measure)
    told = _changes(section, found, "unweighted")
    sentence = (
        f"Differences between regions, {found.first} and {found.last} ({words}, each region "
        f"counting once): {'; '.join(told.values())}."
    )
    here = found.inequality[found.inequality["year"] == found.last]
    here = here[(here["weighting"] == "unweighted") & (here["score"] != "index")]
    if len(here) > 1:
        one, two, *_ = here.sort_values(measure, ascending=False).to_dict("records")
        sentence += (
            f" Most unequal in {found.last} is {one['score']} ({_interval(one, measure)}), then "
            f"{two['score']} ({_interval(two, measure)}; {section.ci:.0%} intervals)."
        )
    if section.population is not None:
        people = _changes(section, found, "weighted by people")
        sentence += f" Weighted by people: {'; '.join(people.values())}."
    bare = len(found.items.without_zero)
    if section.standardise == "rank":
        bare = len(found.items.rows)
    if section.standardise != "target" and bare:
        sentence += (
            f" The score 0 of {bare} items is the worst value seen and no natural zero, and such "
            "figures hang on it."
        )
    headline = {
        f"{section.title}: {words} between regions, {found.first} and {found.last}": (
            told["index"].removeprefix("the index ")
        )
    }
    return Finding(
        "composite_inequality", sentence, None, "composite_change", "composite_inequality", headline
    )


def _changes(section: CompositeSection, found: Composite, weighting: str) -> dict[str, str]:
    """Say the change of each score by the first measure."""
    table = found.change
    mine = table[(table["weighting"] == weighting) & (table["measure"] == section.measures[0])]
    return {
        row["score"]: f"{_score(row['score'])} {_moved(row, section.alpha)}"
        for row in mine.to_dict("records")
    }


def _moved(row: dict[Any, Any], alpha: float) -> str:
    """Say a change with its p-value; a change that chance could have made is called unclear."""
    start, end, p = row["start"], row["end"], row["p_value"]
    if p > alpha:
        word = "no clear change"
    else:
        word = "narrowed" if end < start else "widened"
    return f"{start:.3f} to {end:.3f} ({word}, {p_words(p)})"


def _convergence(section: CompositeSection, found: Composite) -> Finding:
    """Say which scores the regions behind caught up in."""
    parts = []
    for score, row in found.convergence.iterrows():
        p = p_words(row["p_value"])
        if row["p_value"] > section.alpha:
            parts.append(f"{_score(score)}: no clear catching up ({p})")
        elif row["estimate"] > 0:
            parts.append(f"{_score(score)}: those ahead drew further away ({p})")
        else:
            half = row["half_life"]
            gap = (
                f"at that pace half of the gap closes in {half:.0f} years, " if half == half else ""
            )
            parts.append(f"{_score(score)}: those behind gained faster ({gap}{p})")
    return Finding(
        "composite_convergence",
        f"Did regions that were behind in {found.first} catch up by {found.last}? "
        f"{'; '.join(parts)}.",
        None,
        "composite_convergence",
    )


def _coupling(
    section: CompositeSection, found: Composite, coupling: pd.DataFrame, grouped: pd.DataFrame
) -> Finding:
    """Say how coordinated the systems were and are, and where they are least and most so."""
    degree = coupling["coordination"].unstack("year")
    first, last = degree[found.first], degree[found.last].dropna().sort_values()
    both = degree[[found.first, found.last]].dropna()
    rose = int((both[found.last] > both[found.first]).sum())
    grade = at_year(coupling, found.last)["grade"]
    before = _classes(at_year(coupling, found.first)["grade"])
    low, high = last.index[0], last.index[-1]
    means = grouped["all regions"].to_dict()
    sentence = (
        f"Coordination of {listed(found.systems)} (D from 0 to 1, mean of regions): "
        f"{means[found.first]:.3f} in {found.first} and {means[found.last]:.3f} in {found.last}, "
        f"higher in {rose} of {len(both)} regions; the distance from lowest to highest went from "
        f"{first.max() - first.min():.3f} to {last.max() - last.min():.3f}. In {found.last} "
        f"{_name(found, high)} is highest ({last[high]:.3f}, {str(grade[high]).lower()}), "
        f"{_name(found, low)} lowest ({last[low]:.3f}, {str(grade[low]).lower()}). Classes in "
        f"{found.first}: {before}; in {found.last}: {_classes(grade)}."
    )
    if found.group is not None:
        groups = grouped.drop(columns=["all regions", "lowest", "highest"])
        told = ", ".join(
            f"{name} {degrees[found.first]:.3f} to {degrees[found.last]:.3f}"
            for name, degrees in groups.to_dict().items()
        )
        sentence += f" By group: {told}."
    if section.reference_years == "each":
        sentence += " Each year has a scale of its own: levels of two years do not compare."
    sentence += (
        " D hangs on the items, their scales and weights, and does not say that one acts on "
        "another."
    )
    headline = {
        f"Coordination of {listed(found.systems)}, mean in {found.first} and {found.last}": (
            f"{means[found.first]:.3f} and {means[found.last]:.3f}"
        )
    }
    numbers = {
        "composite_coupling.systems": float(len(found.systems)),
        "composite_coupling.first": float(means[found.first]),
        "composite_coupling.last": float(means[found.last]),
    }
    return Finding(
        "composite_coupling",
        sentence,
        section.claim,
        "composite_coordination",
        "composite_coordination",
        headline,
        numbers,
    )


def _classes(grade: pd.Series) -> str:
    counts = grade.value_counts(sort=False)
    return ", ".join(f"{count} {str(name).lower()}" for name, count in counts.items() if count)


def _standard(context: Context, section: CompositeSection, levels: pd.DataFrame) -> Finding:
    """Count the levels of the standard."""
    count = levels.set_index("level")["count"]
    title = context.sources.table(str(section.standard)).attrs.get("title", section.standard)
    items = f" and {count['items']} items" if count["items"] else " (its items are not listed here)"
    return Finding(
        "composite_standard",
        f"{title}, as counted: {count['aspects']} aspects, {count['categories']} categories"
        f"{items}.",
        section.standard_claim,
        "composite_standard",
        None,
        {},
        {f"composite_standard.{level}": float(n) for level, n in count.items()},
    )


def _name(found: Composite, region: object) -> str:
    return str(found.names.get(region, region))


def _score(score: object) -> str:
    return "the index" if score == "index" else str(score)


def _span(row: pd.Series) -> str:
    low, high = int(row["low"]), int(row["high"])
    return str(low) if low == high else f"{low}-{high}"


def _interval(row: dict[Any, Any], measure: str) -> str:
    return f"{row[measure]:.3f}, {row[f'{measure}_low']:.3f} to {row[f'{measure}_high']:.3f}"


def listed(words: list[str]) -> str:
    """Write names one after the other, as they stand inside a sentence."""
    words = [w[:1].lower() + w[1:] if w[1:2].islower() else w for w in words]
    return and_words(words)

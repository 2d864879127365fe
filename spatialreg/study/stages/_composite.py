"""Who is well served, and in what: a composite index, its spread, and how sure its ranks are.

``evaluate`` computes by the public measures, ``run`` tables, draws and tells it. Each score, that
of the whole and of each aspect, is asked the same: how unequal between regions, whether that
changed, and whether the regions behind caught up.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd

from ... import disparity
from ..._align import require_columns, some
from ..._results import CompositeResult
from ...errors import ConfigError, InputError, MissingDataWarning
from ...regions import assign_scheme, read_scheme
from .._context import Context, StageResult
from .._sections import CompositeSection
from ._composite_drawn import drawn
from ._composite_items import Items, items_of
from ._composite_told import Composite, at_year, findings_of
from ._defined import defined, stacked

WEIGHTINGS = ("equal", "entropy", "critic", "pca")


def run(context: Context) -> StageResult:
    """Compute the index and show it."""
    section = context.config.composite
    if section is None:
        return StageResult()
    try:
        found = evaluate(context, section)
    except InputError as error:
        if isinstance(error, ConfigError):
            raise
        raise InputError(f"[composite] {error}") from error
    layers, figures = drawn(context, section, found)
    return StageResult(layers, _tables(found), figures, findings_of(context, section, found))


def evaluate(context: Context, section: CompositeSection) -> Composite:
    """Compute the index, its sensitivity, inequality and convergence, and the coupling."""
    items = items_of(context, section)
    options: dict[str, Any] = {
        "standardise": section.standardise,
        "aggregate": section.aggregate,
        "missing": section.missing,
        "min_share": section.min_share,
        "reference_years": section.reference_years,
        "floor": section.floor,
    }

    def index(method: str) -> CompositeResult:
        return disparity.composite_index(items.table, items.hierarchy, weights=method, **options)

    # one account of what is missing, that of the index; the measures after it lack the same
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MissingDataWarning)
        result = index(section.weights)
    missing = [w for w in caught if issubclass(w.category, MissingDataWarning)]
    notes = [*dict.fromkeys(str(w.message) for w in missing)]
    notes += [f"the definition changes: {some(items.breaks)}"] if items.breaks else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingDataWarning)
        return _evaluated(context, section, items, result, index, notes)


def _evaluated(
    context: Context,
    section: CompositeSection,
    items: Items,
    result: CompositeResult,
    index: Callable[[str], CompositeResult],
    notes: list[str],
) -> Composite:
    """Ask the index everything that is asked of it."""
    compare = sorted(section.compare) or [items.years[0], items.years[-1]]
    sensitivity = disparity.rank_sensitivity(
        result, replicates=section.replicates, rng=context.seed("composite ranks")
    )
    methods = {m: result if m == section.weights else _other(index, m) for m in WEIGHTINGS}
    methods = {"given": result, **methods} if section.weights == "given" else methods
    known = {m: found for m, found in methods.items() if found is not None}
    # the method of the study stands first
    order = [section.weights, *(m for m in known if m != section.weights)]
    last = {m: at_year(known[m].frame, compare[-1])["index"] for m in order}
    scores = ["index", *items.aspects]
    frame, weightings = _weighed(context, section, result.frame[scores])
    systems = _systems(section, items, result)
    coupled = None
    if systems:
        coupled = disparity.coupling(result.frame, systems=systems, form=section.form)
    group = _groups(section, items)
    regions = context.regions
    return Composite(
        items,
        result,
        sensitivity,
        pd.DataFrame({m: known[m].weights["weight"] for m in order}),
        pd.DataFrame(last).corr(method="spearman"),
        _inequality(context, section, frame, scores, weightings),
        _change(context, section, frame, scores, weightings, compare),
        _convergence(frame, scores, compare, section.ci),
        systems,
        coupled,
        _grouped(coupled, group),
        group,
        None if section.standard is None else _levels(context, section.standard),
        regions[context.english(regions)],
        compare,
        notes,
    )


def _other(index: Callable[[str], CompositeResult], method: str) -> CompositeResult | None:
    """Weigh by another method, where the data allow it."""
    try:
        return index(method)
    except InputError:
        return None


def _weighed(
    context: Context, section: CompositeSection, scores: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, str | None]]:
    """Put people beside the scores, and say in which ways regions are weighed."""
    weightings: dict[str, str | None] = {"unweighted": None}
    if section.population is None:
        return scores, weightings
    require_columns(context.panel, [section.population], "the panel, for [composite] population,")
    people = context.panel[section.population].reindex(scores.index)
    return scores.assign(_people=people), {**weightings, "weighted by people": "_people"}


def _inequality(
    context: Context,
    section: CompositeSection,
    frame: pd.DataFrame,
    scores: list[str],
    weightings: dict[str, str | None],
) -> pd.DataFrame:
    parts = {
        (score, words): disparity.inequality(
            frame,
            per_head=score,
            population=people,
            measures=section.measures,
            ci=section.ci,
            rng=context.seed("composite inequality"),
        )
        for words, people in weightings.items()
        for score in scores
    }
    return stacked(parts, ["score", "weighting"]).reset_index()


def _change(
    context: Context,
    section: CompositeSection,
    frame: pd.DataFrame,
    scores: list[str],
    weightings: dict[str, str | None],
    compare: list[int],
) -> pd.DataFrame:
    parts = {
        (score, words): disparity.trend_test(
            frame,
            per_head=score,
            population=people,
            start=compare[0],
            end=compare[-1],
            measures=section.measures,
            permutations=section.permutations,
            ci=section.ci,
            rng=context.seed("composite change"),
        )
        for words, people in weightings.items()
        for score in scores
    }
    return stacked(parts, ["score", "weighting"], frame="frame").reset_index()


def _convergence(
    frame: pd.DataFrame, scores: list[str], compare: list[int], ci: float
) -> pd.DataFrame:
    """Ask of each score whether the regions that were behind grew faster; zeros have no growth."""
    rows = {}
    for score in scores:
        if (frame[score] <= 0).any():
            continue
        found = disparity.beta_convergence(
            frame, value=score, start=compare[0], end=compare[-1], ci=ci
        )
        slope = found.frame.loc["log_initial"]
        rows[score] = {
            "start": found.start,
            "end": found.end,
            "regions": found.regions,
            **slope[["estimate", "std_error", "p_value", "low", "high"]].to_dict(),
            "speed": found.speed,
            "half_life": found.half_life,
            "note": found.note,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("score")


def _systems(section: CompositeSection, items: Items, result: CompositeResult) -> list[str]:
    """Give the scores to couple; none where there is but one aspect and none is named."""
    if section.systems is None:
        return items.aspects if len(items.aspects) > 1 else []
    known = [c for c in result.frame.columns if c != "index"]
    unknown = [name for name in section.systems if name not in known]
    if unknown:
        raise ConfigError(
            f"[composite] systems: {some(map(repr, unknown))} is neither an aspect nor a category; "
            f"those are {some(known, 20)}"
        )
    return list(section.systems)


def _groups(section: CompositeSection, items: Items) -> pd.Series | None:
    """Give the group of each region."""
    if section.scheme is None:
        return None
    scheme = read_scheme(section.scheme)
    if scheme.kind == "overlapping":
        raise ConfigError(
            f"[composite] scheme: {section.scheme!r} puts regions into several groups; give one "
            "that puts each into one"
        )
    codes = items.table.index.get_level_values("code").unique()
    group = assign_scheme(pd.DataFrame(index=codes), section.scheme)[scheme.name]
    return group.map(scheme.names_en).astype(pd.CategoricalDtype(list(scheme.names_en.values())))


def _grouped(coupled: pd.DataFrame | None, group: pd.Series | None) -> pd.DataFrame | None:
    """Give the mean coordination by year and group, each region counting once; else quartiles."""
    if coupled is None:
        return None
    degree = coupled["coordination"].unstack("year")
    table = pd.DataFrame({"all regions": degree.mean()})
    if group is None:
        parts = degree.quantile([0.25, 0.75]).set_axis(["lower quartile", "upper quartile"])
    else:
        parts = degree.groupby(group, observed=True).mean()
        parts = parts.set_axis(list(parts.index))
    return table.join(parts.T).assign(lowest=degree.min(), highest=degree.max())


def _levels(context: Context, source: str) -> pd.DataFrame:
    """Count the levels of a standard: aspects, categories and, where it lists them, items."""
    table = context.sources.table(source)
    require_columns(table, ["aspect", "category"], f"the standard {source}")
    return pd.DataFrame(
        {
            "level": ["aspects", "categories", "items"],
            "count": [
                table["aspect"].nunique(),
                table["category"].nunique(),
                table["item"].nunique() if "item" in table.columns else 0,
            ],
        }
    )


def _tables(found: Composite) -> dict[str, pd.DataFrame]:
    """Give every table, with the names of regions beside their codes."""
    items, result = found.items, found.result
    rank = found.sensitivity.frame["rank"]
    scores = result.frame.copy()
    scores.insert(1, "rank", rank)
    if found.coupling is not None:
        scores = scores.join(found.coupling)
    about = pd.DataFrame(
        {
            "aspect": [row.aspect for row in items.rows],
            "category": [row.category or row.aspect for row in items.rows],
            "computed": [items.formula(row) for row in items.rows],
            "unit": [row.unit for row in items.rows],
            "direction": [row.direction for row in items.rows],
        },
        index=pd.Index([row.item for row in items.rows], name="item"),
    )
    ranks = at_year(found.sensitivity.frame, found.last)[
        ["index", "rank", "median", "low", "high", "mean_shift"]
    ].join(at_year(found.sensitivity.ranks, found.last)[
        [c for c in found.weights.columns if c in found.sensitivity.ranks]
    ].add_prefix("rank_"))  # fmt: skip
    tables = {
        "composite_scores": defined(_named(scores.reset_index(), found.names), result),
        "composite_items": about.join(found.weights.add_prefix("weight_")),
        "composite_values": _named(items.table.reset_index(), found.names),
        "composite_ranks": defined(
            _named(ranks.reset_index(), found.names).sort_values("rank"), found.sensitivity
        ),
        "composite_rank_correlation": found.correlation.rename_axis("weights"),
        "composite_scenarios": _scenarios(found),
        "composite_inequality": found.inequality,
        "composite_change": found.change,
        "composite_convergence": found.convergence,
    }
    if found.coupling is not None and found.grouped is not None:
        counts = found.coupling.groupby("year")["grade"].value_counts().unstack("grade")
        seen = counts.loc[:, counts.sum() > 0]
        table = found.grouped.join(seen.rename(columns=lambda grade: f"regions: {grade}"))
        tables["composite_coordination"] = defined(table, found.coupling)
    if found.standard is not None:
        tables["composite_standard"] = found.standard
    return tables


def _scenarios(found: Composite) -> pd.DataFrame:
    """Give the shifts of ranks; the region that moves most by its name and year."""
    table = found.sensitivity.scenarios.copy()
    table["largest_at"] = [
        None if at is None or at != at else f"{found.names.get(at[0], at[0])} {at[1]}"
        for at in table["largest_at"]
    ]
    return table


def _named(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    table.insert(1, "name", table["code"].map(names))
    return table

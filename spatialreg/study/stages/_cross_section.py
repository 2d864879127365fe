"""How unequal one column of one year is, and where its high and low values cluster."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ... import autocorrelation, disparity, plot
from ..._align import require_columns, some
from ..._crs import equal_area_crs
from ..._palettes import CLUSTER_COLOURS
from ..._results import GlobalResult, LocalResult
from ...errors import IsolateWarning
from ...layers import Categorised, Graduated, Layer
from ...weights import build_weights
from .._context import Context, Finding, StageResult
from .._sections import CrossSection

_LABELS = ("High-High", "Low-Low", "High-Low", "Low-High")


@dataclass(frozen=True)
class Values:
    """A column on its regions: the value, and what weights it (people or km2)."""

    regions: gpd.GeoDataFrame
    y: pd.Series
    weight: pd.Series | None


def values_of(context: Context, section: CrossSection) -> Values:
    """Read the column of a section on the regions that are counted."""
    everywhere = context.sources.regions(section.regions)
    counted = everywhere[~everywhere.index.str.startswith(tuple(section.leave_out) or ("\0",))]
    table = context.sources.by_code(section.table, counted.index)
    require_columns(
        table, [c for c in (section.column, section.weight) if c], f"the table {section.table}"
    )
    column = table[section.column].astype(float)
    if section.per_area:
        area = counted.to_crs(equal_area_crs(counted)).area / 1e6
        return Values(counted, column / area, area)
    weight = None if section.weight is None else table[section.weight].astype(float)
    return Values(counted, column, weight)


def run(context: Context) -> StageResult:
    """Run every cross section of the study."""
    return StageResult.of(_run_one(context, section) for section in context.config.cross_section)


def graph_of(context: Context, section: CrossSection, regions: gpd.GeoDataFrame) -> Any:
    """Build the weights of a section; those of the same regions are built once."""
    options = section.weights.model_dump(exclude_none=True)
    if options["method"] not in {"queen", "rook"}:
        options.pop("order")
    names = hashlib.sha256("\0".join(map(str, regions.index)).encode()).hexdigest()
    key = f"graph {section.regions} {section.leave_out} {options} {names}"

    def build() -> Any:
        with warnings.catch_warnings():
            # who was joined to whom stands in the graph's notes, and in the finding
            warnings.simplefilter("ignore", IsolateWarning)
            return build_weights(regions, **options)

    return context.once(key, build)


def _run_one(context: Context, section: CrossSection) -> StageResult:
    values = values_of(context, section)
    graph = graph_of(context, section, values.regions)
    options: dict[str, Any] = {"permutations": section.permutations}
    seed = f"{section.name} cross section"
    moran = {"as it is": autocorrelation.moran(values.y, graph, rng=context.seed(seed), **options)}
    if section.log:
        logged = np.log(values.y.where(values.y > 0))
        moran["its logarithm"] = autocorrelation.moran(
            logged, graph, rng=context.seed(f"{seed} log"), **options
        )
    local = autocorrelation.lisa(
        values.y,
        graph,
        alpha=section.alpha,
        correction=section.correction,
        rng=context.seed(f"{seed} local"),
        **options,
    )
    indices = inequality_of(values)
    names = values.regions["name"] if "name" in values.regions else pd.Series(values.regions.index)
    return StageResult(
        _layers(context, section, values, local),
        {
            f"{section.name}_local": local.frame.assign(name=names),
            f"{section.name}_moran": pd.DataFrame(
                {words: _row(result) for words, result in moran.items()}
            ).T.rename_axis("of"),
        },
        _figures(context, section, values, local),
        _findings(context, section, values, moran, local, indices),
    )


def inequality_of(values: Values) -> dict[str, float]:
    """Give Gini and Theil T of the column, weighted where it has a weight; NaN below zero."""
    known = values.y.notna()
    if (values.y < 0).any():
        return {"gini": np.nan, "theil": np.nan}
    weight = None
    if values.weight is not None:
        known &= values.weight > 0
        weight = values.weight[known]
    y = values.y[known]
    return {
        "gini": disparity.gini(y, population=weight),
        "theil": disparity.theil(y, population=weight),
    }


def _row(result: GlobalResult) -> dict[str, float]:
    keys = ("statistic", "expected", "variance", "z_score", "p_value", "p_analytic", "n", "missing")
    return {key: getattr(result, key) for key in keys}


def _layers(
    context: Context, section: CrossSection, values: Values, local: LocalResult
) -> tuple[Layer, ...]:
    everywhere = context.sources.regions(section.regions)
    frame = everywhere[[c for c in ("name", "geometry") if c in everywhere.columns]].copy()
    name = section.name
    frame[name] = values.y.reindex(frame.index)
    found = local.frame[["lag", "statistic", "p_value", "cluster"]].add_prefix(f"{name}_")
    frame = frame.join(found)
    frame[f"{name}_cluster"] = frame[f"{name}_cluster"].astype(object).fillna("No data")
    counts = frame[f"{name}_cluster"].value_counts()
    classes = [(c, f"{c} ({counts[c]})", rgb) for c, rgb in CLUSTER_COLOURS.items() if c in counts]
    unit = f" [{section.unit}]" if section.unit else ""
    when = f", {section.year}" if section.year is not None else ""
    shared: dict[str, Any] = {
        "group": "One year",
        "aliases": {
            **context.named(frame),
            name: f"{section.title}{unit}",
            f"{name}_lag": f"{section.title}, mean of the neighbours{unit}",
            f"{name}_statistic": f"{section.title}, local Moran's I [1]",
            f"{name}_p_value": f"{section.title}, p ({local.alternative})",
            f"{name}_cluster": f"{section.title}, cluster at p ≤ {local.alpha:g}",
        },
        "table": context.table(section.regions),
        "visible": False,
    }
    corrected = f", corrected by {local.correction}" if local.correction else ""
    return (
        Layer(
            name=f"{section.name}_clusters",
            title=f"{section.title}{when}: clusters",
            frame=frame,
            style=Categorised(f"{name}_cluster", classes=classes),
            abstract=f"{local.name}, {local.alternative}, {local.permutations} permutations"
            f"{corrected}.",
            **shared,
        ),
        Layer(
            name=section.name,
            title=f"{section.title}{when}",
            frame=frame,
            style=Graduated(name, k=5, scheme="quantiles", palette="YlGnBu", unit=section.unit),
            abstract=f"{section.title}{when}{unit}.",
            **shared,
        ),
    )


def _figures(
    context: Context, section: CrossSection, values: Values, local: LocalResult
) -> dict[str, Any]:
    everywhere = context.sources.regions(section.regions)
    when = f", {section.year}" if section.year is not None else ""
    drawn = everywhere[["geometry"]].assign(value=values.y.reindex(everywhere.index))
    return {
        section.name: plot.choropleth(
            drawn,
            "value",
            palette="YlGnBu",
            outline=context.outline,
            title=f"{section.title}{when}",
            legend=f"{section.unit}, quintiles".removeprefix(", "),
            ax=plot.figure(figsize=(8.6, 6.6)),
        ),
        f"{section.name}_clusters": plot.lisa_map(
            everywhere,
            local,
            outline=context.outline,
            title=f"Clusters of {section.title[:1].lower()}{section.title[1:]}{when}",
            ax=plot.figure(figsize=(8.6, 6.6)),
        ),
    }


def _findings(
    context: Context,
    section: CrossSection,
    values: Values,
    moran: dict[str, GlobalResult],
    local: LocalResult,
    indices: dict[str, float],
) -> tuple[Finding, ...]:
    first = moran["as it is"]
    when = f" in {section.year}" if section.year is not None else ""
    known = values.y.dropna()
    mean = known.mean()
    if values.weight is not None:
        weight = values.weight.reindex(known.index)
        mean = (known * weight).sum() / weight[known.notna()].sum()
    digits = ",.0f" if abs(mean) >= 100 else ".2f"
    unit = f" {section.unit}" if section.unit else ""
    sentence = (
        f"{section.title}{when} over {first.n:,} regions ({first.missing} without a value): mean "
        f"{mean:{digits}}{unit}, from {known.min():{digits}} to {known.max():{digits}}; "
    )
    if np.isnan(indices["gini"]):
        sentence += "no Gini or Theil T, as there are values below zero"
    else:
        sentence += f"Gini {indices['gini']:.3f}, Theil T {indices['theil']:.3f}"
    if values.weight is not None:
        sentence += f" (weighted by {'area' if section.per_area else section.weight})"
    told = [f"{result.statistic:.3f} (p = {result.p_value:.4f})" for result in moran.values()]
    sentence += f". Moran's I {told[0]}"
    if len(told) > 1:
        sentence += f", of the logarithm {told[1]}"
    sentence += "."
    headline = {
        f"Moran's I of {section.title[:1].lower()}{section.title[1:]}": f"{first.statistic:.3f}"
    }
    findings = [
        Finding(
            f"{section.name}_moran",
            sentence,
            section.claim,
            f"{section.name}_moran",
            section.name,
            headline,
        )
    ]
    cluster = local.frame["cluster"]
    raw = int((local.frame["p_value"] <= local.alpha).sum())
    count = cluster[cluster.isin(_LABELS)].value_counts()
    words = [f"{label} {count[label]:,}" for label in _LABELS if label in count.index]
    corrected = f" after {local.correction}" if local.correction else ""
    told_where = [
        f"{label} most in {places}"
        for label in ("High-High", "Low-Low")
        if (places := _where(context, values.regions, cluster.index[cluster == label]))
    ]
    findings.append(
        Finding(
            f"{section.name}_clusters",
            f"Clusters of {section.title[:1].lower()}{section.title[1:]}{when}: {raw:,} regions at "
            f"p ≤ {local.alpha:g} as they come, {int(count.sum()):,}{corrected} "
            f"({', '.join(words) or 'none'}). {'; '.join(told_where)}{'.' if told_where else ''}",
            None,
            f"{section.name}_local",
            f"{section.name}_clusters",
            {f"Clusters of {section.title[:1].lower()}{section.title[1:]}": ", ".join(words)},
        )
    )
    return tuple(findings)


def _where(context: Context, regions: gpd.GeoDataFrame, members: pd.Index) -> str:
    """Name the provinces that hold most of `members`, where the map says the province."""
    if "province" not in regions.columns or not len(members):
        return some(members) if len(members) else ""
    names = context.regions[context.english(context.regions)]
    count = regions.loc[members, "province"].value_counts().head(4)
    return ", ".join(f"{names.get(code, code)} ({number})" for code, number in count.items())

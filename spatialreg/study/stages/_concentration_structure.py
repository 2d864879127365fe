"""What regions live on, and how concentrated industries are: quotients and indices by year."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ... import disparity, plot
from ..._align import some
from ...layers import Graduated, Layer
from .._context import Context, Finding, StageResult
from .._sections import ConcentrationSection
from ._concentration_held import Held, grouping
from ._defined import defined

# ratios around 1, the neutral class in the middle, the same for every map
_BREAKS = (0.5, 0.8, 0.95, 1.05, 1.25, 2.0)
_TOP = 3.0


def structured(context: Context, section: ConcentrationSection, held: Held) -> StageResult:
    """Give location quotients, specialisation of regions and concentration of industries."""
    quotients = disparity.location_quotient(held.panel, reference=held.reference)
    special = disparity.krugman_index(held.panel, against="others")
    industries, by = _industries(section, held)
    last = section.compare[-1]
    latest = quotients[quotients.index.get_level_values("year") == last].droplevel("year")
    chosen = quotients[quotients.index.get_level_values("year").isin(section.compare)]
    tables = {
        "concentration_quotients": defined(_named(chosen, held), quotients),
        "concentration_specialisation": defined(_named(special.to_frame(), held), special),
        "concentration_industries": industries.reset_index(),
    }
    layer = _layer(context, latest, special.xs(last, level="year"),
                   held, last)  # fmt: skip
    return StageResult(
        (layer,),
        tables,
        _figures(context, section, held, layer, special, industries, by),
        (
            _of_quotients(latest[held.focus].dropna(), held, last),
            _of_regions(special, section, held),
            _of_industries(industries, by, section, held),
        ),
    )


def _named(table: pd.DataFrame, held: Held) -> pd.DataFrame:
    named = table.reset_index()
    named.insert(1, "name", named["code"].map(held.names))
    return named


def _industries(section: ConcentrationSection, held: Held) -> tuple[pd.DataFrame, str]:
    """Give by (industry, year) the indices of concentration, and the scheme that parts them."""
    group = grouping(section.schemes[0], held.panel.index.unique("code"), "[concentration] schemes")
    inside = held.panel[held.panel.index.get_level_values("code").isin(group.groups.index)]
    parts: list[Any] = [
        disparity.locational_gini(held.panel, reference=held.reference),
        disparity.theil_concentration(inside, reference=held.reference, by=group.groups),
        disparity.herfindahl(held.panel, of="industries"),
    ]
    return defined(pd.concat(parts, axis=1), *parts), group.title


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _breaks(values: pd.Series) -> list[float]:
    return [*_BREAKS, max(_TOP, float(values.max()))]


def _layer(
    context: Context, quotients: pd.DataFrame, special: pd.Series, held: Held, year: int
) -> Layer:
    regions = context.regions
    columns = {name: f"lq_{_slug(name)}" for name in quotients.columns}
    shape = [c for c in ("name", "name_en", "geometry") if c in regions.columns]
    frame = regions[shape].join(quotients.rename(columns=columns)).join(special.rename("krugman"))
    shown = columns[held.focus]
    return Layer(
        name="concentration_quotients",
        title=f"Location quotient of {held.focus}, {year}",
        group="Concentration",
        frame=frame,
        style=Graduated(shown, breaks=_breaks(frame[shown]), palette="RdBu_r", unit=""),
        aliases={
            **context.named(frame),
            **{column: f"Location quotient, {name} [1]" for name, column in columns.items()},
            "krugman": "Specialisation, Krugman's index against all others [0-2]",
        },
        abstract=(
            f"Share of each region in {held.focus} over its share in {held.reference_words}, "
            f"{year}{held.prices}; above 1 the region has more of it than elsewhere."
        ),
        visible=False,
    )


def _figures(
    context: Context,
    section: ConcentrationSection,
    held: Held,
    layer: Layer,
    special: pd.Series,
    industries: pd.DataFrame,
    by: str,
) -> dict[str, Any]:
    shown = f"lq_{_slug(held.focus)}"
    label = context.label(context.regions)
    drawn = layer.frame.assign(**{label: context.regions[label]})
    parts = industries[["between", "within"]].loc[
        [(i, year) for i in section.industries for year in section.compare]
    ]
    parts.columns = [f"between {by}", "within them"]
    return {
        "concentration_quotients": plot.choropleth(
            drawn,
            shown,
            breaks=_breaks(drawn[shown]),
            palette="RdBu_r",
            label=label,
            outline=context.outline,
            title=layer.title + held.prices,
            legend="location quotient",
            ax=plot.figure(figsize=(8.6, 6.6)),
        ),
        "concentration_specialisation": plot.spread_over_time(
            special,
            names=held.labels,
            ylabel="Krugman's index, 0 to 2",
            title=f"How unlike regions' structures are to those of all others{held.prices}",
            ax=plot.figure(figsize=(7.8, 4.6)),
        ),
        "concentration_industries": plot.inequality_lines(
            {name: industries.loc[name]["locational_gini"] for name in section.industries},
            ylabel="locational Gini",
            title=f"How far industries stand from {held.reference_words}{held.prices}",
            ax=plot.figure(),
        ),
        "concentration_theil": plot.part_bars(
            parts,
            shares=False,
            xlabel="Theil's index of concentration",
            title=f"Concentration against {held.reference_words}{held.prices}",
            ax=plot.figure(figsize=(8.0, 1.3 + 0.3 * len(parts))),
        ),
    }


def _of_quotients(values: pd.Series, held: Held, year: int) -> Finding:
    ordered = values.rename(index=held.names).sort_values(kind="stable")
    high = ", ".join(f"{name} ({q:.2f})" for name, q in ordered.iloc[:-5:-1].items())
    low = ", ".join(f"{name} ({q:.2f})" for name, q in ordered.iloc[:4].items())
    above = int((values > 1).sum())
    sentence = (
        f"Location quotients of {held.focus} in {year}{held.prices}, against "
        f"{held.reference_words}: highest in {high}; lowest in {low}; {above} of {len(values)} "
        "regions lie above 1."
    )
    headline = {
        f"Highest and lowest location quotient of {held.focus}, {year}": (
            f"{ordered.index[-1]} {ordered.iloc[-1]:.2f}, {ordered.index[0]} {ordered.iloc[0]:.2f}"
        )
    }
    table = "concentration_quotients"
    return Finding("concentration_quotients", sentence, None, table, table, headline)


def _of_regions(special: pd.Series, section: ConcentrationSection, held: Held) -> Finding:
    years = section.compare
    median = special.groupby(level="year").median()
    steps = ", ".join(f"{median[year]:.3f} in {year}" for year in years)
    first, last = years[0], years[-1]
    wide = special.unstack("year")
    both = wide[[first, last]].dropna()
    fell = int((both[last] < both[first]).sum())
    top = wide[last].dropna().rename(index=held.names).sort_values(ascending=False).head(3)
    word = "more alike" if median[last] < median[first] else "less alike"
    sentence = (
        f"Regions' structures became {word}: median specialisation (Krugman, against all others) "
        f"{steps}, lower in {last} than in {first} in {fell} of {len(both)} regions; in the median "
        f"region {median[last] / 2:.1%} of production would have to change its industry to match "
        f"the others. Most specialised in {last}: "
        f"{some(f'{name} ({value:.2f})' for name, value in top.items())}."
    )
    key = "concentration_specialisation"
    headline = {
        f"Median specialisation of regions in {first} and {last}": (
            f"{median[first]:.3f} and {median[last]:.3f}"
        )
    }
    return Finding(key, sentence, None, key, key, headline)


def _of_industries(
    table: pd.DataFrame, by: str, section: ConcentrationSection, held: Held
) -> Finding:
    first, last = section.compare[0], section.compare[-1]
    told, equal = [], []
    for name in section.industries:
        one: Any = table.loc[(name, first)]
        two: Any = table.loc[(name, last)]
        gini = (one["locational_gini"], two["locational_gini"])
        word = "up" if gini[1] > gini[0] else "down"
        told.append(
            f"{name} {word} from {gini[0]:.3f} to {gini[1]:.3f} ({one['between_share']:.0%} then "
            f"{two['between_share']:.0%})"
        )
        equal.append(f"{name} {1 / one['herfindahl']:.1f} then {1 / two['herfindahl']:.1f}")
    sentence = (
        f"Concentration of industries against {held.reference_words}{held.prices}, {first} to "
        f"{last}, by the locational Gini and in brackets the part of Theil's index between {by}: "
        f"{'; '.join(told)}. By the Herfindahl index, which knows no reference, industries are as "
        f"concentrated as in so many equal regions: {', '.join(equal)}."
    )
    key = "concentration_industries"
    return Finding(key, sentence, None, key, key)

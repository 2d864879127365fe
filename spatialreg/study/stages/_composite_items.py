"""The items of a composite index as the study tells them: values by region and year, on one table.

Takes the section and the panel; divides, deflates and cuts to the years in which every item has
values; gives the values and the hierarchy that :func:`spatialreg.disparity.composite_index` takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import ValidationError

from ... import prices
from ..._align import require_columns, some, to_panel
from ..._crs import equal_area_crs
from ...errors import ConfigError
from .._context import Context
from .._sections import CompositeItem, CompositeSection

_AREA = "area"
# columns of the tables that stand beside the scores
_TAKEN = ("code", "year", "name", "rank", "coupling", "development", "coordination", "grade")

# what a template says of its items, for readers only
_IGNORED = re.compile(r"_zh$|^item_source$")


@dataclass(frozen=True)
class Items:
    """The items, their values on (code, year), the hierarchy, the years, and the prices."""

    rows: list[CompositeItem]
    table: pd.DataFrame
    hierarchy: pd.DataFrame
    years: list[int]
    price_year: int | None
    breaks: list[str]  # changes of definition for all regions between the years, in words

    @property
    def aspects(self) -> list[str]:
        """The aspects, as they were told."""
        return list(dict.fromkeys(row.aspect for row in self.rows))

    @property
    def without_zero(self) -> list[str]:
        """Items whose score is 0 at the worst value seen, since no end of the scale was told."""
        return [r.item for r in self.rows if (r.low if r.direction == 1 else r.high) is None]

    def formula(self, row: CompositeItem) -> str:
        """Say how an item is computed from the columns."""
        words = row.column if row.over is None else f"{row.column} / {row.over}"
        words += "" if row.factor == 1 else f" x {row.factor:,.10g}"
        return f"{words}, at prices of {self.price_year}" if row.deflate else words


def items_of(context: Context, section: CompositeSection) -> Items:
    """Compute every item of the section."""
    rows = section.item or _from_table(context, section)
    names = {n for row in rows for n in (row.aspect, row.category, row.item)}
    if names & set(_TAKEN):
        raise ConfigError(
            f"[composite] aspects, categories and items must bear other names than "
            f"{some(map(repr, _TAKEN), 8)}, which are columns of the tables: rename "
            f"{some(map(repr, sorted(names & set(_TAKEN))))}"
        )
    panel = context.panel
    nominal = pd.DataFrame({row.item: _value(context, panel, row) for row in rows})
    years = _years(section, nominal)
    values = nominal[nominal.index.get_level_values("year").isin(years)]
    price_year = None
    if section.deflator is not None:
        price_year = years[-1] if section.price_year is None else section.price_year
        deflated = [row.item for row in rows if row.deflate]
        values = _deflated(context, section, values, deflated, years, price_year)
    levels = [
        {**row.model_dump(include={"aspect", "direction", "low", "high", "target", "weight"}),
         "category": row.category or row.aspect, "item": row.item, "column": row.item}
        for row in rows
    ]  # fmt: skip
    hierarchy = pd.DataFrame(levels).astype(
        dict.fromkeys(("low", "high", "target", "weight"), float)
    )
    return Items(rows, values, hierarchy, years, price_year, _breaks(context, rows, years))


def _from_table(context: Context, section: CompositeSection) -> list[CompositeItem]:
    """Read the items from a table: rows that name no column are a template's, not filled in."""
    source = str(section.items)
    table = context.sources.table(source)
    known = list(CompositeItem.model_fields)
    require_columns(table, ["aspect", "item", "column"], f"the items {source}")
    spare = [str(c) for c in table.columns if c not in known and not _IGNORED.search(str(c))]
    if spare:
        raise ConfigError(
            f"[composite] items: {source} has columns that mean nothing here: {some(spare)}; "
            f"known are {some(known, 20)}"
        )
    told = table[[c for c in known if c in table.columns]]
    told = told[told["column"].notna()]
    rows, faults = [], []
    for at, cells in told.iterrows():
        kept = {str(k): v for k, v in cells.items() if v == v and v is not None}
        try:
            rows.append(CompositeItem.model_validate(kept))
        except ValidationError as error:
            faults += [
                f"row {at}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                for fault in error.errors()
            ]
    if faults:
        raise ConfigError(f"[composite] items: {source}: {some(faults)}")
    if not rows:
        raise ConfigError(
            f"[composite] items: {source} names no column of the panel: fill its column column"
        )
    if any(row.deflate for row in rows) != (section.deflator is not None):
        raise ConfigError(
            "[composite] deflator brings the items with deflate = true to the prices of one year: "
            "give both or neither"
        )
    return rows


def _value(context: Context, panel: pd.DataFrame, row: CompositeItem) -> pd.Series:
    by_area = row.over == _AREA and _AREA not in panel.columns
    needed = [row.column, *([row.over] if row.over is not None and not by_area else [])]
    require_columns(panel, needed, f"the panel, for the item {row.item!r} of [composite],")
    value = panel[row.column].astype(float) * row.factor
    if by_area:
        area = context.once("area km2", lambda: _area(context))
        return value / area.reindex(panel.index.get_level_values("code")).to_numpy()
    if row.over is not None:
        value = value / panel[row.over].where(panel[row.over] != 0)
    return value


def _area(context: Context) -> pd.Series:
    regions = context.regions
    return regions.to_crs(equal_area_crs(regions)).area / 1e6


def _years(section: CompositeSection, values: pd.DataFrame) -> list[int]:
    """Give the years asked for, else those in which every item has values."""
    known = sorted(values.index.get_level_values("year").unique())
    if section.years is not None:
        first, last = section.years
        years = [year for year in known if first <= year <= last]
        if first not in years or last not in years:
            raise ConfigError(
                f"[composite] years: the panel's years are {known[0]} to {known[-1]}, and hold "
                f"not both of {first} and {last}"
            )
    else:
        count = values.groupby(level="year").count()
        need = values.index.get_level_values("code").nunique() if section.missing == "raise" else 1
        years = [int(year) for year in count.index[(count >= need).all(axis=1)]]
        if len(years) < 2:
            ever = {name: list(count.index[count[name] >= need]) for name in count}
            told = [f"{n}: {y[0]}-{y[-1]}" if y else f"{n}: never" for n, y in ever.items()]
            raise ConfigError(
                f"[composite] there are no two years in which every item has values"
                f"{' in all regions' if section.missing == 'raise' else ''} ({some(told, 30)}): "
                "leave items out, or give years and say what to do about missing values (missing)"
            )
    lacking = [year for year in section.compare if year not in years]
    if lacking:
        raise ConfigError(
            f"[composite] compare: {some(lacking)} are not among the years of the index, "
            f"{some(years, 40)}"
        )
    return [int(year) for year in years]


def _deflated(
    context: Context,
    section: CompositeSection,
    values: pd.DataFrame,
    items: list[str],
    years: list[int],
    price_year: int,
) -> pd.DataFrame:
    """Bring items to the prices of one year."""
    deflator, base = _deflator(context, section, years, price_year)
    frame = values
    if isinstance(deflator, str):
        # a chain needs the years between, and the year whose prices are taken
        frame = values.reindex(context.panel.index).assign(**{deflator: context.panel[deflator]})
    real = {
        item: prices.constant_prices(
            frame, value=item, deflator=deflator, deflator_base=base, base_year=price_year
        ).reindex(values.index)
        for item in items
    }
    return values.assign(**real)


def _deflator(
    context: Context, section: CompositeSection, years: list[int], price_year: int
) -> tuple[Any, str]:
    """Give a price index: of the national totals, a column of their table, or of the panel."""
    panel, name = context.config.panel, str(section.deflator)
    if name in context.panel.columns:
        return name, section.deflator_base
    if panel is None or panel.national is None:
        raise ConfigError(
            f"[composite] deflator: {name!r} is no column of the panel, and [panel] has no table "
            "of national totals (national) to take it from"
        )
    national = context.sources.by_year(panel.national)
    if name in national.columns:
        return national[name], section.deflator_base
    if name != "national":
        raise ConfigError(
            f"[composite] deflator: {name!r} is a column neither of the panel nor of "
            f"{panel.national}; 'national' takes what the national totals imply"
        )
    if panel.value is None or panel.growth_index is None:
        raise ConfigError(
            "[composite] deflator: 'national' is what nominal totals and their real growth imply: "
            "give value and growth_index in [panel], or name a column of prices"
        )
    require_columns(national, [panel.value, panel.growth_index], f"the table {panel.national}")
    needed = [*years, price_year]
    totals = national.loc[min(needed) : max(needed), [panel.value, panel.growth_index]]
    one = to_panel(totals.rename_axis("year").reset_index().assign(code="all"))
    implied = prices.implicit_deflator(
        one, value=panel.value, growth_index=panel.growth_index, base_year=price_year
    )
    return implied.droplevel("code"), "fixed"


def _breaks(context: Context, rows: list[CompositeItem], years: list[int]) -> list[str]:
    """List where the definition of a column changes for all regions between the years."""
    panel = context.config.panel
    if panel is None or panel.breaks is None:
        return []
    table = context.sources.table(panel.breaks)
    columns = {c for row in rows for c in (row.column, row.over) if c}
    inside = table["year"].between(years[0] + 1, years[-1])
    mine = table[table["column"].isin(columns) & table["code"].isna() & inside]
    return [f"{row['column']} in {int(row['year'])}" for _, row in mine.iterrows()]

"""What the stage of concentration measures: totals by industry, their reference, groups of regions.

Totals are read from the panel once, in the years in which all regions have them, with what a reader
must mind about them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..._align import require_columns, some
from ..._crs import equal_area_crs
from ...errors import ConfigError, InputError
from ...regions import Scheme, assign_scheme, require_partition
from .._context import Context
from .._sections import ConcentrationSection

ALL = "all industries"
_ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Held:
    """Totals by industry on (`code`, `year`), what they are held against, and names."""

    panel: pd.DataFrame
    reference: pd.Series | None  # None: the sum of the industries
    reference_words: str
    focus: str
    names: dict[Any, str]  # of regions, for sentences
    labels: pd.Series  # of regions, for figures
    prices: str  # of money, in brackets, or nothing
    notes: list[str] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        """The years that are measured."""
        return sorted(self.panel.index.get_level_values("year").unique())


@dataclass(frozen=True)
class Grouping:
    """The groups of a scheme in the words of readers, by region, and in the scheme's order."""

    scheme: Scheme
    groups: pd.Series  # on the codes that are in the scheme, group by group
    words: dict[str, str]  # id of a group to its name

    @property
    def title(self) -> str:
        """The scheme in words."""
        return self.scheme.words


def grouping(scheme: str, codes: pd.Index, where: str) -> Grouping:
    """Give the groups of the scheme on those of `codes` that are in it."""
    try:
        read = require_partition(scheme)
        column = assign_scheme(pd.DataFrame(index=codes), read)[read.name].astype(object)
    except InputError as error:
        raise ConfigError(f"{where}: {error}") from error
    if read.kind == "subset":  # the rest is a group too, or one group would have everything
        column = column.fillna(_ELSEWHERE)
    column = column.dropna()
    words = {group: read.names_en.get(group) or group for group in read.groups}
    words[_ELSEWHERE] = _ELSEWHERE
    words = {group: name for group, name in words.items() if (column == group).any()}
    ordered = column.iloc[column.map(list(words).index).argsort(kind="stable")]
    return Grouping(read, ordered.map(words).rename(read.name), words)


def require_years(compare: list[int], years: list[int], where: str, what: str) -> None:
    """Raise where a year that is to be told is not among those that are measured."""
    lacking = [year for year in compare if year not in years]
    if lacking:
        raise ConfigError(
            f"{where} compare: not all regions have {what} in {some(lacking)}; the years that "
            f"have them are {some(years, 30)}"
        )


def read_held(context: Context, section: ConcentrationSection) -> Held:
    """Read totals by industry and their reference; the years compared must be there."""
    panel = context.panel
    require_columns(panel, section.industries.values(), "[concentration] industries: the panel")
    table = panel[list(section.industries.values())].set_axis(list(section.industries), axis=1)
    reference, words = _reference(context, section)
    notes = []
    known = table.notna().all(axis=1)
    if reference is not None and reference.index.nlevels > 1:
        known &= reference.notna()
    count = known.groupby(level="year").transform("sum")
    table = table[known & (count == count.max())]
    if table.empty:
        raise ConfigError("[concentration] industries: no region has a value for all of them")
    dropped = [y for y in context.years if y not in table.index.get_level_values("year")]
    if dropped:
        notes.append(
            f"years in which fewer regions have all industries are left out: {some(dropped, 12)}"
        )
    held = Held(
        table,
        reference,
        words,
        section.focus or next(iter(section.industries)),
        context.regions[context.english(context.regions)].to_dict(),
        context.regions[context.label(context.regions)],
        f" ({section.prices} prices)" if section.prices else "",
        notes,
    )
    require_years(section.compare, held.years, "[concentration]", "a value for all industries")
    if section.prices == "current":
        notes.append(
            "at current prices, shares and growth mix volumes with prices: what became dearer "
            "counts for more"
        )
    notes.append(
        f"{len(section.industries)} industries are few: within each of them regions may be alike "
        "or not, and indices rise where industries are told apart more finely"
    )
    notes.append("these measures describe: they come without a test")
    return held


def _reference(context: Context, section: ConcentrationSection) -> tuple[pd.Series | None, str]:
    if section.reference == "total":
        return None, "all industries together"
    if section.reference == "area":
        regions = context.measured
        area = regions.to_crs(equal_area_crs(regions)).area / 1e6
        return area.rename("area"), "area"
    require_columns(context.panel, [section.reference], "[concentration] reference: the panel")
    return context.panel[section.reference], section.reference

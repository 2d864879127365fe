"""The groups of a scheme: their parts of inequality and of its changes, and their level.

Takes a study's panel and scheme; gives a :class:`Grouped`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from ... import disparity
from ..._align import some
from ..._results import ChangeDecomposition, Decomposition
from ...regions import assign_scheme, require_partition
from .._context import Context
from .._sections import InequalitySection
from ._defined import stacked
from ._levels import base_level

_EQUAL = "_equal"  # a column of ones, where the study has no people

Span = tuple[int, int]


@dataclass(frozen=True)
class Grouped:
    """What the groups of the scheme say: their parts of an index and of its changes, their level.

    Attributes
    ----------
    words : str
        The scheme.
    names : dict of str to str
        Of the groups, by id.
    split : Decomposition
        By year, at the first prices.
    changes : dict
        By prices and span.
    by_level : DataFrame
        The measures by prices, level and year, the groups first.
    notes : tuple of str
        Regions in no group.
    """

    words: str
    names: dict[str, str]
    split: Decomposition
    changes: dict[tuple[str, Span], ChangeDecomposition]
    by_level: pd.DataFrame
    notes: tuple[str, ...]

    def at_level(self, measure: str, prices: str, level: str) -> pd.Series:
        """Give a measure of one level by year."""
        return self.by_level[measure].xs(prices, level="prices").xs(level, level="level")

    def change_table(self, change: ChangeDecomposition) -> pd.DataFrame:
        """Give a row a group, and one for all: its parts between and within, and their causes."""
        laid = change.frame.pivot(index="group", columns="component", values="change")
        causes = ["change", "from_relative", "from_population", "share"]
        table = laid[["between", "within"]].join(change.frame.groupby("group")[causes].sum())
        order = [*(group for group in self.names if group in table.index), "all"]
        return table.loc[order].rename(index=self.names).rename_axis("group")

    def beside(self, variants: pd.DataFrame) -> pd.DataFrame:
        """Put the level of the groups beside variants of the regions, as one more choice."""
        above, finest = self.words, self.by_level.index.unique("level")[-1]
        measures, prices, weightings = (list(variants.columns.unique(i)) for i in range(3))
        columns = {}
        for name, at in product(measures, prices):
            for weighting in weightings:
                columns[name, at, weighting, finest] = variants[name, at, weighting]
            # units of a level are joined by people, and count as them
            columns[name, at, weightings[0], above] = self.at_level(name, at, above)
        beside = pd.DataFrame(columns)
        beside.columns = beside.columns.set_names([*variants.columns.names, "level"])
        return beside


def group_by_scheme(
    context: Context, section: InequalitySection, spans: list[Span]
) -> Grouped | None:
    """Decompose by the scheme, if the study names one: levels, changes, and what stands above."""
    if section.scheme is None:
        return None
    people = context.config.panel.population if context.config.panel else None
    scheme = require_partition(section.scheme)
    words = scheme.words
    panel = assign_scheme(context.panel, scheme)
    inside = panel[scheme.name].notna()
    outside = panel.index[~inside].get_level_values("code").unique()
    notes = (f"in no group of {words}: {some(outside)}",) if len(outside) else ()
    panel = panel[inside].assign(**{_EQUAL: 1.0})
    options: dict[str, Any] = {"population": people or _EQUAL, "by": scheme.name}
    prices = context.price_variants()
    split = disparity.decompose_theil(
        panel,
        per_head=next(iter(prices.values())),
        ci=section.ci,
        rng=context.seed("inequality decomposition"),
        **options,
    )
    changes = {
        (name, span): disparity.decompose_change(
            panel, per_head=column, start=span[0], end=span[1], **options
        )
        for name, column in prices.items()
        for span in spans
    }
    finest = base_level(context.regions)
    by_level = stacked(
        {
            name: disparity.inequality_by_level(
                panel, per_head=column, measures=tuple(section.measures), **options
            ).rename(index={scheme.name: words, "code": finest}, level="level")
            for name, column in prices.items()
        },
        ["prices"],
    )
    names = {group: scheme.names_en.get(group) or group for group in scheme.groups}
    return Grouped(words, names, split, changes, by_level, notes)

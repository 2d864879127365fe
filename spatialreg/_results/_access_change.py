"""What a comparison of access gives, and how a change is shared out among lines."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ..errors import InputError
from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class AccessComparison(_Printed):
    """Access before and after: by region, over all people, and how equally.

    Figures over regions are of the `compared` ones, which have finite access and people at both
    times; each counts as its people, or once where no people were given.

    Attributes
    ----------
    definition : str
        What was compared, in words.
    better : str
        ``"less"`` or ``"more"``: which way access improves.
    tolerance : float
        Changes up to this count as none, in the unit of the indicator.
    regions, compared : int
        Regions asked about, and those that figures over regions are of.
    winners, losers, newly_reached : int
        Regions.
    mean_before, mean_after, mean_change : float
        Means over people.
    worst_before, worst_after : float
        Mean access of the worst-off fifth of people, those of either time.
    worst_followed : float
        Access afterwards of those who were the worst-off fifth before.
    slope, slope_low, slope_high : float
        Change for each unit of access before, and its interval; below zero the worst-off gained
        most. NaN for fewer than four compared regions.
    rank_correlation : float
        Spearman's, of the change with access before.
    level : float
        Level of the intervals.
    frame : DataFrame
        On the index of `before`: before, after, change, percent, rank_before, rank_after (1 is the
        best), outcome.
    outcomes : DataFrame
        By outcome: regions, people, people_share, mean_change.
    inequality : DataFrame
        By measure: before, after, change, relative_change; with a test low, high, statistic and
        p_value.
    groups : DataFrame
        By group: regions, people, before, after, change (means over people), winners, losers,
        newly_reached. Empty without groups.
    decomposition : DataFrame
        The change of Theil's T between and within the groups: component, group, before, after,
        change, share of the whole change. Empty without groups.
    """

    definition: str
    better: str
    tolerance: float
    regions: int
    compared: int
    winners: int
    losers: int
    newly_reached: int
    mean_before: float
    mean_after: float
    mean_change: float
    worst_before: float
    worst_after: float
    worst_followed: float
    slope: float
    slope_low: float
    slope_high: float
    rank_correlation: float
    level: float
    frame: pd.DataFrame = field(repr=False)
    outcomes: pd.DataFrame = field(repr=False)
    inequality: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    decomposition: pd.DataFrame = field(repr=False)

    @property
    def summary(self) -> pd.Series:
        """The figures over all regions, by name."""
        names = (
            "regions", "compared", "winners", "losers", "newly_reached", "mean_before",
            "mean_after", "mean_change", "worst_before", "worst_after", "worst_followed", "slope",
            "slope_low", "slope_high", "rank_correlation",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        return pd.Series(values, name="value").rename_axis("figure")


@dataclass(frozen=True, repr=False)
class AttributionResult(_Printed):
    """A change of access shared out among the lines that changed between two networks.

    Attributes
    ----------
    definition : str
        What was computed, in words.
    method : str
        ``"shapley"``, ``"leave_one_out"`` or ``"both"``.
    lines : tuple of str
        What the change is shared among, sorted.
    exact : bool
        Whether Shapley values are exact, from all subsets of lines, or from sampled orders.
    orders : int
        Sampled orders; zero where they are exact or were not asked for.
    evaluated : int
        Networks for which the indicator was computed.
    total : float
        Change of the indicator, the mean over regions.
    left_over : float
        `total` less the sum over lines of what each changes when it alone is taken away: positive
        (of a positive change) for lines that stand in for one another, negative for lines that
        need one another. NaN where it was not asked for.
    words : str
        What that says.
    frame : DataFrame
        By line, of the mean over regions: shapley, standard_error, share (of `total`);
        leave_one_out, first_in, and role: ``"complement"`` of the others where it does more beside
        them than alone, ``"substitute"`` where less, ``"independent"``.
    by_region : DataFrame
        The same by (line, region), without share and role.
    changes : DataFrame
        By region: before, after, change.
    pairs : DataFrame
        By pair of lines, of the mean over regions: interaction; below zero (of a positive change)
        they stand in for one another. Empty where values are sampled or were not asked for.
    """

    definition: str
    method: str
    lines: tuple[str, ...] = field(repr=False)
    exact: bool
    orders: int
    evaluated: int
    total: float
    left_over: float
    words: str
    frame: pd.DataFrame = field(repr=False)
    by_region: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)

    def matrix(self, column: str = "shapley") -> pd.DataFrame:
        """Lay a column of ``by_region`` out with a row a region and a column a line.

        Parameters
        ----------
        column : str

        Returns
        -------
        DataFrame

        Raises
        ------
        InputError
            The result has no such column.
        """
        if column not in self.by_region.columns:
            raise InputError(
                f"column must be one of {', '.join(self.by_region.columns)}, not {column!r}"
            )
        table = self.by_region[column].unstack("line")
        return table.reindex(index=self.changes.index, columns=list(self.lines))

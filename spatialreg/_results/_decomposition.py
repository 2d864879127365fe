"""What the decompositions of inequality give."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..errors import InputError
from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class Decomposition(_Printed):
    """An inequality index taken apart.

    Attributes
    ----------
    measure : str
        The index, with its definition in words.
    by : tuple of str
        The grouping columns, outermost first.
    total : float or None
        The index itself (None for a panel: see the frame).
    frame : DataFrame
        level, group, component (``within`` or ``between``), value, share; for a panel a ``year``.
    units : DataFrame
        On the caller's index: population_share, value_share, relative, contribution, share, within.
    """

    measure: str
    by: tuple[str, ...]
    total: float | None
    frame: pd.DataFrame = field(repr=False)
    units: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)


@dataclass(frozen=True, repr=False)
class ChangeDecomposition(_Printed):
    """The change of an inequality index between two years, taken apart.

    Attributes
    ----------
    measure : str
        The index, with its definition in words.
    by : tuple of str
        The grouping columns, outermost first.
    start, end : int
        The years.
    start_value, end_value, change : float
        The index in both years, of the regions that have data in both, and its change.
    from_population, from_relative : float
        The parts of the change from shifts of people and from changes of relative values.
    frame : DataFrame
        level, group, component, start, end, change, from_population, from_relative, share, parent.
    units : DataFrame
        By region: start, end, change, from_population, from_relative, share.
    terms : DataFrame
        For L only: by innermost group, the four terms of Mookherjee and Shorrocks (1982).
    """

    measure: str
    by: tuple[str, ...]
    start: int
    end: int
    start_value: float
    end_value: float
    change: float
    from_population: float
    from_relative: float
    frame: pd.DataFrame = field(repr=False)
    units: pd.DataFrame = field(repr=False)
    terms: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class GiniDecomposition(_Printed):
    """Dagum's decomposition of the Gini coefficient by groups.

    Attributes
    ----------
    measure : str
        The index, with its definition in words.
    by : str
        The grouping column.
    total : float or None
        The Gini coefficient (None for a panel: see the frame).
    frame : DataFrame
        component (``within``, ``net between``, ``transvariation``), value, share; for a panel a
        ``year``.
    groups : DataFrame
        group, regions, population_share, value_share, relative, gini, within.
    pairs : DataFrame
        group (the one with the higher mean), other, gini, affluence, transvariation_moment,
        relative_affluence, net_between, transvariation.
    """

    measure: str
    by: str
    total: float | None
    frame: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)

    def matrix(self, column: str = "gini", *, year: int | None = None) -> pd.DataFrame:
        """Lay a column of ``pairs`` out as a symmetric matrix of groups.

        Parameters
        ----------
        column : str
            A numeric column of ``pairs``.
        year : int, optional
            The year; for a panel it must be given.

        Returns
        -------
        DataFrame
            Groups by groups. On the diagonal stand the groups' own coefficients where `column` is
            ``"gini"``, else NaN.

        Raises
        ------
        InputError
            There is no such column or year, or a year is given for one year's decomposition.
        """
        allowed = [c for c in self.pairs.columns if c not in ("year", "group", "other")]
        if column not in allowed:
            raise InputError(f"column must be one of {', '.join(allowed)}, not {column!r}")
        pairs, groups = self._of_year(self.pairs, year), self._of_year(self.groups, year)
        names = pd.Index(groups["group"])
        values = np.full((len(names), len(names)), np.nan)
        if column == "gini":
            np.fill_diagonal(values, groups["gini"])
        row, other = names.get_indexer(pairs["group"]), names.get_indexer(pairs["other"])
        values[row, other] = values[other, row] = pairs[column]
        return pd.DataFrame(values, index=names, columns=names.rename("other"))

    def _of_year(self, table: pd.DataFrame, year: int | None) -> pd.DataFrame:
        if "year" not in table.columns:
            if year is not None:
                raise InputError("the decomposition is of one year: leave year away")
            return table
        years = table["year"].unique().tolist()
        if year not in years:
            raise InputError(
                f"year must be one of those decomposed, {years[0]} to {years[-1]}, not {year!r}"
            )
        return table[table["year"] == year]


@dataclass(frozen=True, repr=False)
class ShapleyDecomposition(_Printed):
    """Inequality between groups, attributed to the schemes that make them.

    Attributes
    ----------
    measure : str
        The index, with its definition in words.
    schemes : tuple of str
    total, between : float or None
        The index, and its part between the cells of all schemes crossed (None for a panel: see
        ``totals``).
    frame : DataFrame
        scheme, groups, alone, marginal, value, share; for a panel a ``year``.
    totals : DataFrame
        cells, total, between, within; for a panel a ``year``.
    """

    measure: str
    schemes: tuple[str, ...]
    total: float | None
    between: float | None
    frame: pd.DataFrame = field(repr=False)
    totals: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class SourceDecomposition(_Printed):
    """An inequality index attributed to the sources that add up to the value.

    Attributes
    ----------
    measure : str
        The index and the method, in words.
    sources : tuple of str
    total : float or None
        The index of the sum of the sources (None for a panel: see ``totals``).
    frame : DataFrame
        source, source_share, own, value, share, covariance_share, and where the method has them
        correlation and elasticity; for a panel a ``year``.
    totals : Series
        The index of the sum, by year; for one year a single value.
    """

    measure: str
    sources: tuple[str, ...]
    total: float | None
    frame: pd.DataFrame = field(repr=False)
    totals: pd.Series = field(repr=False)

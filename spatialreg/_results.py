"""Frozen results: the same field names everywhere, a repr that reads well, one ``.frame``.

Results hold numbers and words only: no geometry, no graph, no figure. ``spatialreg.plot`` takes
them together with the regions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from .errors import InputError


def _format(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


class _Printed:
    """A repr of one line per scalar field and the head of the frame, in text and in HTML."""

    def _scalars(self) -> list[tuple[str, str]]:
        rows = []
        for item in fields(self):  # type: ignore[arg-type]  # only dataclasses derive from this
            value = getattr(self, item.name)
            if item.repr and not isinstance(value, pd.DataFrame | pd.Series | np.ndarray | dict):
                rows.append((item.name, _format(value)))
        return rows

    def __repr__(self) -> str:
        rows = self._scalars()
        width = max((len(name) for name, _ in rows), default=0)
        lines = [type(self).__name__, *(f"  {name:<{width}}  {text}" for name, text in rows)]
        frame = getattr(self, "frame", None)
        if isinstance(frame, pd.DataFrame):
            lines.append(f"  frame: {len(frame)} rows x {frame.shape[1]} columns")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in self._scalars()
        )
        frame = getattr(self, "frame", None)
        table = frame.head(10).to_html() if isinstance(frame, pd.DataFrame) else ""
        return f"<strong>{type(self).__name__}</strong><table>{body}</table>{table}"


@dataclass(frozen=True, repr=False)
class GlobalResult(_Printed):
    """A global statistic with its inference.

    Attributes
    ----------
    name : str
        The statistic, for example ``"Moran's I"``.
    statistic, expected, variance, z_score : float
        The value, and its moments under the stated assumption.
    p_value : float
        From permutations, in the stated alternative; ``0 < p <= 1``.
    p_analytic : float
        From the normal approximation with these moments, in the same alternative.
    alternative : str
    permutations : int
    n, isolates, missing : int
        Regions used, those of them without neighbours, and regions left out for missing values.
    null_distribution : ndarray, shape (permutations,)
    assumption : {"randomisation", "normality"}
        What the moments rest on: that the values at hand could stand in any order, or that they (or
        a model's errors) are normal.
    """

    name: str
    statistic: float
    expected: float
    variance: float
    z_score: float
    p_value: float
    p_analytic: float
    alternative: str
    permutations: int
    n: int
    isolates: int
    missing: int
    null_distribution: np.ndarray = field(repr=False)
    assumption: str = "randomisation"


@dataclass(frozen=True, repr=False)
class JoinCountsResult(_Printed):
    """Joins of neighbours by category, each with its inference.

    Attributes
    ----------
    alternative : str
    permutations : int
    n, isolates, missing : int
        Regions used, those of them without neighbours, and regions left out for missing values.
    frame : DataFrame
        A row for each pair of categories: first, second, statistic, expected, variance, z_score,
        p_value, p_analytic.
    results : dict
        Each row as a ``GlobalResult``, with its null distribution.
    """

    alternative: str
    permutations: int
    n: int
    isolates: int
    missing: int
    frame: pd.DataFrame = field(repr=False)
    results: dict[str, GlobalResult] = field(repr=False)

    @classmethod
    def from_results(
        cls, results: dict[str, GlobalResult], first: list[Any], second: list[Any]
    ) -> JoinCountsResult:
        """Put the results of the single joins into a frame."""
        some = next(iter(results.values()))
        columns = ("statistic", "expected", "variance", "z_score", "p_value", "p_analytic")
        numbers = {c: [getattr(result, c) for result in results.values()] for c in columns}
        index = pd.Index(list(results), name="joins")
        frame = pd.DataFrame({"first": first, "second": second, **numbers}, index=index)
        return cls(
            some.alternative,
            some.permutations,
            some.n,
            some.isolates,
            some.missing,
            frame,
            results,
        )

    def of(self, joins: str) -> GlobalResult:
        """Give the result of one row, for example ``of("BB")``."""
        if joins not in self.results:
            raise InputError(f"there are no joins {joins!r}: they are {', '.join(self.results)}")
        return self.results[joins]


@dataclass(frozen=True, repr=False)
class LocalResult(_Printed):
    """A local statistic with its inference; ``.frame`` has a row per region of the caller's index.

    Attributes
    ----------
    name : str
    alternative : str
    permutations : int
    alpha : float
        Level at which ``cluster`` labels are given.
    correction : str or None
        Multiple-testing correction behind ``p_adjusted``.
    cut_off : float
        Largest unadjusted p-value that is significant; NaN if none is.
    n, isolates, missing : int
    frame : DataFrame
        y, lag, statistic, z_score, p_value, p_adjusted, p_analytic, quadrant, cluster.
    """

    name: str
    alternative: str
    permutations: int
    alpha: float
    correction: str | None
    cut_off: float
    n: int
    isolates: int
    missing: int
    frame: pd.DataFrame = field(repr=False)

    @property
    def counts(self) -> pd.Series:
        """Number of regions per cluster label."""
        return self.frame["cluster"].value_counts().rename("regions")


@dataclass(frozen=True, repr=False)
class TransitionsResult(_Printed):
    """How regions move between the states of a local statistic, from year to year.

    Attributes
    ----------
    states : str
        What the states are: ``"cluster"`` or ``"quadrant"``.
    step : int
        Years between the beginning and the end of a move.
    regions, moves : int
        Regions with at least one move, and moves counted, those to the same state among them.
    mobility : float
        Shorrocks' index: 0 if no region ever changes, 1 if states were drawn anew every time.
    counts, probabilities : DataFrame
        A row for the state left, a column for the state reached; a state that was never left has
        NaN probabilities.
    tests : DataFrame
        A row a hypothesis: chi2, chi2_p, lr, lr_p, dof.
    distribution : DataFrame
        By state: the shares of regions ``first`` and ``last`` (in the first and last year that
        have any), the ``ergodic`` share, and ``mean_stay`` [years].
    frame : DataFrame
        On the panel's index: y, lag, statistic, p_value, p_adjusted, quadrant, cluster, ``next``
        (the state a step later) and ``move`` (who crossed the mean: "None", "Own", "Neighbours",
        "Both").
    """

    states: str
    step: int
    regions: int
    moves: int
    mobility: float
    counts: pd.DataFrame = field(repr=False)
    probabilities: pd.DataFrame = field(repr=False)
    tests: pd.DataFrame = field(repr=False)
    distribution: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

    @property
    def by_region(self) -> pd.DataFrame:
        """For each region: moves counted, how many changed its state, states seen, usual state."""
        state = self.frame[self.states].where(self.frame[self.states].isin(self.counts.index))
        follows = self.frame["next"]
        by = self.frame.index.get_level_values(0)
        order = {name: place for place, name in enumerate(self.counts.index)}

        def usual(values: pd.Series) -> object:
            seen = values.dropna().value_counts()
            often = seen.index[seen == seen.max()]
            return min(often, key=order.__getitem__, default=np.nan)

        groups = state.groupby(by, sort=False)
        return pd.DataFrame(
            {
                "moves": follows.notna().groupby(by, sort=False).sum(),
                "changes": (follows.notna() & (follows != state)).groupby(by, sort=False).sum(),
                "states": groups.nunique(),
                "usual": groups.agg(usual),
            }
        )


@dataclass(frozen=True, repr=False)
class RobustnessResult(_Printed):
    """How far local clusters depend on who counts as a neighbour.

    Attributes
    ----------
    name, alternative : str
    permutations : int
    alpha : float
    correction : str or None
    reference : str
        The specification whose labels are held against the others.
    n, missing : int
        Regions used, and regions left out for missing values.
    describe : DataFrame
        A row a specification: links, mean_neighbours, isolates, the number of regions with each
        label, and ``agreement``, the share of its labels that are the consensus.
    labels : DataFrame
        On the caller's index, a column a specification: the labels.
    frame : DataFrame
        On the caller's index: ``label`` under the reference, ``label_share`` of specifications
        under which it holds, ``consensus`` label and ``consensus_share``, ``cluster_share`` of
        specifications under which the region is in any cluster, and ``specifications``, the
        number of those that give it a label.
    """

    name: str
    alternative: str
    permutations: int
    alpha: float
    correction: str | None
    reference: str
    n: int
    missing: int
    describe: pd.DataFrame = field(repr=False)
    labels: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

    @property
    def counts(self) -> pd.Series:
        """Number of regions per consensus label."""
        return self.frame["consensus"].value_counts().rename("regions")


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
    """

    measure: str
    by: tuple[str, ...]
    total: float | None
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class JoinReport(_Printed):
    """What a join would match and what not.

    Attributes
    ----------
    matched : Index
        Codes on both sides.
    regions_only, table_only : Index
        Codes on one side only.
    duplicates : Index
        Codes that the table holds more than once.
    suggestions : DataFrame
        For each unmatched row of the table: code, name, suggestion, suggested_name, reason.
    normalised : DataFrame
        Codes that were changed on the way: given, code.
    """

    matched: pd.Index = field(repr=False)
    regions_only: pd.Index = field(repr=False)
    table_only: pd.Index = field(repr=False)
    duplicates: pd.Index = field(repr=False)
    suggestions: pd.DataFrame = field(repr=False)
    normalised: pd.DataFrame = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether every region has one row and every row one region."""
        return not (len(self.regions_only) or len(self.table_only) or len(self.duplicates))

    def _scalars(self) -> list[tuple[str, str]]:
        from ._align import some

        return [
            (
                name,
                f"{len(index)}" + (f" ({some(index)})" if len(index) and name != "matched" else ""),
            )
            for name, index in (
                ("matched", self.matched),
                ("regions_only", self.regions_only),
                ("table_only", self.table_only),
                ("duplicates", self.duplicates),
            )
        ] + [("suggestions", str(len(self.suggestions))), ("normalised", str(len(self.normalised)))]


@dataclass(frozen=True, repr=False)
class CoverageResult(_Printed):
    """Which regions a network or its facilities reach.

    Attributes
    ----------
    definition : str
        The definition's name.
    words : str
        The definition in words, with date, threshold, the nature of the lines and the precision of
        the points.
    date : str or None
    covered, total : int
        Regions covered, and regions asked about.
    share : float
        ``covered / total``; with `population`, the share of people in `population_share`.
    population_share : float
        NaN without population.
    by_scheme : DataFrame
        Counts by group of the scheme; empty without one.
    frame : DataFrame
        On the regions' index: covered (bool), count or distance_m, and since (the first date).
    """

    definition: str
    words: str
    date: str | None
    covered: int
    total: int
    share: float
    population_share: float
    by_scheme: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

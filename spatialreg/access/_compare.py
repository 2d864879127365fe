"""Access before and after: by region, who won and who lost, and whether it is more equal.

Takes an indicator at two times (two years, or with and without a line), or two networks and a
function that measures access on each; gives an
:class:`~spatialreg._results.AccessComparison`. What is reached only afterwards has no change in
numbers, and is counted apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pandas as pd

from .._align import require_one_of, some
from .._results import AccessComparison
from .._significance import require_test
from ..errors import InputError, MissingDataWarning
from ..regions import Scheme
from ..transport import Network
from ._change_figures import (
    WORST,
    change_between_groups,
    inequality_change,
    rank_correlation,
    slope_on_start,
    worst_off,
)
from ._change_inputs import read_access, same_labels
from ._network_change import NetworkChange
from ._outcomes import Better, by_group, by_outcome, by_region
from ._people import groups_of, named_groups, people_of

Access: TypeAlias = pd.Series | pd.DataFrame


def compare_access(
    before: Access,
    after: Access,
    *,
    better: Better,
    population: pd.Series | None = None,
    by: pd.Series | str | Scheme | None = None,
    tolerance: float = 0.0,
    measures: Sequence[str] = ("gini", "theil"),
    ci: float = 0.95,
    permutations: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> AccessComparison:
    """Compare access before and after, region by region and over all people.

    Parameters
    ----------
    before, after : Series or DataFrame
        Access by region at two times, on the same labels. Infinite where nothing is reached, NaN
        where it is not known. A DataFrame is a matrix of times, a row an origin: access is then the
        mean time to all other destinations [min].
    better : {"less", "more"}
        Which way access improves: ``"less"`` for minutes, ``"more"`` for a potential or for people
        within reach.
    population : Series, optional
        People by region; without it each region counts once.
    by : Series, str or Scheme, optional
        Groups by region, or a scheme of :func:`spatialreg.list_schemes` that is a partition. Only a
        region without access at both times (NaN) may be without a group: it is in no group's row.
    tolerance : float
        Changes up to this count as none, in the unit of the indicator.
    measures : sequence of str
        Of inequality, as for :func:`spatialreg.inequality`; empty for none.
    ci : float
        Level of the intervals of the slope, and of the changes of inequality where they are tested.
    permutations : int, optional
        Test the changes of inequality with so many permutations
        (:func:`spatialreg.disparity.trend_test`).
    rng : int or Generator, optional
        Seed of the test; only with `permutations`.

    Returns
    -------
    AccessComparison
        ``frame`` by region; ``summary``, ``outcomes``, ``inequality``, ``groups`` and
        ``decomposition`` over them.

    Raises
    ------
    InputError
        Access is not numeric, infinite where more is better, or negative where inequality is
        measured; an argument is out of range or not used; a region with access has no group.
    AlignmentError
        The two times have different regions; people or groups lack some.

    Warns
    -----
    MissingDataWarning
        Regions without access at one of the times, or without people, are in no figure over
        regions.

    See Also
    --------
    compare_networks : The same from two networks.
    times_change : Which pairs of places came closer.
    attribute_change : Which lines brought the change about.

    Notes
    -----
    Outcomes: a winner's access changed for the better by more than `tolerance`, a loser's for the
    worse; ``"newly reached"`` was infinite before, ``"lost"`` is so after, ``"never reached"`` both
    times. The slope is that of least squares of the change on access before, each region once,
    with an HC1 standard error. Below zero it says that the worst-off gained most, for minutes as
    for a potential. Errors of measurement in `before` and a floor under it (minutes cannot fall
    below zero) push it below zero by themselves.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import compare_access
    >>> before = pd.Series({"a": 60.0, "b": 90.0, "c": 240.0, "d": float("inf")})
    >>> after = pd.Series({"a": 60.0, "b": 95.0, "c": 120.0, "d": 300.0})
    >>> result = compare_access(before, after, better="less", measures=["gini"])
    >>> result.frame[["change", "rank_before", "rank_after", "outcome"]]
       change  rank_before  rank_after        outcome
    a     0.0          1.0         1.0      unchanged
    b     5.0          2.0         2.0          loser
    c  -120.0          3.0         3.0         winner
    d     NaN          4.0         4.0  newly reached
    >>> result.inequality.round(3)
             before  after  change  relative_change
    measure
    gini      0.308  0.145  -0.162           -0.527
    """
    require_one_of(better, ("less", "more"), "better")
    if not tolerance >= 0:
        raise InputError(f"tolerance must be zero or more, not {tolerance!r}")
    if not 0 < ci < 1:
        raise InputError(f"ci must lie between 0 and 1 (0.95 is usual), not {ci!r}")
    if permutations is None and rng is not None:
        raise InputError("rng is the seed of a test: give permutations too, or leave it out")
    if permutations is not None:
        require_test(permutations, "two-sided")
        if not len(measures):
            raise InputError("permutations test measures of inequality: name some, or leave it out")
    first, last = read_access(before, "before"), read_access(after, "after")
    same_labels(first.index, last.index)
    last = last.reindex(first.index)
    if better == "more":
        _require_finite(first, last)
    frame = by_region(first, last, better, tolerance)
    people = people_of(population, first.index)
    groups = None
    if by is not None:
        # of a region without access nothing is told by group, and a scheme may not have it
        told = first.notna() | last.notna()
        groups = named_groups(groups_of(by, first.index)[told])
    compared = frame.assign(people=people)[frame["change"].notna() & (people > 0)].sort_index()
    if compared.empty:
        raise InputError("no region has finite access at both times and people: nothing to compare")
    _tell_missing(frame, people)
    y0, y1, w = (compared[name].to_numpy() for name in ("before", "after", "people"))
    worst = [worst_off(y, w, better) for y in (y0, y1)]
    slope = slope_on_start(y0, y1 - y0, ci)
    outcomes = by_outcome(frame, people, population is not None)
    counts = outcomes["regions"].to_dict()
    return AccessComparison(
        definition=_words(last.name, better, tolerance, population is not None),
        better=better,
        tolerance=float(tolerance),
        regions=len(frame),
        compared=len(compared),
        winners=counts["winner"],
        losers=counts["loser"],
        newly_reached=counts["newly reached"],
        mean_before=float(np.average(y0, weights=w)),
        mean_after=float(np.average(y1, weights=w)),
        mean_change=float(np.average(y1 - y0, weights=w)),
        worst_before=float(np.average(y0, weights=worst[0])),
        worst_after=float(np.average(y1, weights=worst[1])),
        worst_followed=float(np.average(y1, weights=worst[0])),
        slope=slope[0],
        slope_low=slope[1],
        slope_high=slope[2],
        rank_correlation=rank_correlation(y0, y1 - y0),
        level=float(ci),
        frame=frame,
        outcomes=outcomes,
        inequality=inequality_change(compared, measures, permutations, ci, rng),
        groups=by_group(frame, people, groups),
        decomposition=pd.DataFrame()
        if groups is None
        else change_between_groups(compared, groups.loc[compared.index]),
    )


def compare_networks(
    before: Network,
    after: Network,
    indicator: Callable[[Network], Access],
    *,
    better: Better,
    population: pd.Series | None = None,
    by: pd.Series | str | Scheme | None = None,
    tolerance: float = 0.0,
    measures: Sequence[str] = ("gini", "theil"),
    ci: float = 0.95,
    permutations: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> AccessComparison:
    """Compare access on two networks: of two years, or with and without a line.

    Parameters
    ----------
    before, after : Network
        Such as ``network.at(2008)`` and ``network.at(2021)``, or ``network.without("A")`` and
        ``network``.
    indicator : callable
        Takes a network, gives access by region or a matrix of times.
    better, population, by, tolerance, measures, ci, permutations, rng
        As in :func:`compare_access`.

    Returns
    -------
    AccessComparison
        ``definition`` also names the lines that differ.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`compare_access`; or the networks have the same node at different places.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> from spatialreg.access import compare_networks
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b", "a"], "end": ["b", "c", "c"],
    ...     "minutes": [60.0, 60.0, 50.0], "line": ["old", "old", "new"]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> places = ["a", "b", "c"]
    >>> result = compare_networks(network.without("new"), network,
    ...     lambda network: sr.travel_times(places, places, network), better="less")
    >>> result.frame["change"].tolist()
    [-35.0, 0.0, -35.0]
    """
    change = NetworkChange(before, after)
    result = compare_access(
        indicator(before), indicator(after), better=better, population=population, by=by,
        tolerance=tolerance, measures=measures, ci=ci, permutations=permutations, rng=rng,
    )  # fmt: skip
    return replace(result, definition=f"{result.definition}; {change.words}")


def _require_finite(before: pd.Series, after: pd.Series) -> None:
    infinite = before.index[np.isinf(before) | np.isinf(after)]
    if len(infinite):
        raise InputError(
            f"access is infinite in {len(infinite)} regions ({some(infinite)}), and more is said "
            "to be better: give 0 where nothing is reached, or better='less' for times"
        )


def _tell_missing(frame: pd.DataFrame, people: pd.Series) -> None:
    lost = frame.index[(frame["outcome"] == "no data") | people.isna()]
    if len(lost):
        warnings.warn(
            f"{len(lost)} of {len(frame)} regions have no access at one of the times, or no "
            f"people, and are in no figure over regions: {some(lost)}",
            MissingDataWarning,
            stacklevel=3,
        )


def _words(name: object, better: str, tolerance: float, weighted: bool) -> str:
    words = [f"change of {name or 'access'}, of which {better} is better"]
    if tolerance:
        words.append(f"changes up to {tolerance:g} count as none")
    words.append("each region counted " + ("as its people" if weighted else "once"))
    words.append(
        "what is infinite at one of the times is in no mean; "
        f"worst-off: the {WORST:.0%} of people with the worst access"
    )
    return "; ".join(words)

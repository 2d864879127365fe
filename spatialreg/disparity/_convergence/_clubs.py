"""Which regions draw together, if not all do: convergence clubs after Phillips and Sul.

Takes a balanced panel of a value per head; gives the clubs with their log t tests, the regions that
join none, and how clubs were merged. The search itself is in ``_club_search``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ..._align import require_one_of
from ..._results import ClubResult
from ...errors import InputError
from ._club_search import Club, find_clubs, fit_group, merge_in_order, merge_strongest
from ._log_t import CRITICAL, Fits, Settings, one_sided, transition_values, trimmed, whole_test

_MERGERS = {
    "phillips-sul": (merge_in_order, "merged in order (Phillips and Sul 2009)"),
    "lyncker-thoennessen": (
        merge_strongest,
        "merged by the stronger of two neighbours (von Lyncker and Thoennessen 2017)",
    ),
}
_ORDERS = {
    "last": "the value in the last year",
    "last third": "the mean of the last third of the years",
}


def club_convergence(
    panel: pd.DataFrame,
    *,
    value: str,
    log: bool = True,
    filter: float | None = 400.0,
    trim: float = 1 / 3,
    critical: float = CRITICAL,
    order: Literal["last", "last third"] = "last",
    c_star: float = 0.0,
    increment: float = 0.05,
    merge: Literal["phillips-sul", "lyncker-thoennessen"] | None = "phillips-sul",
) -> ClubResult:
    """Find the groups of regions that converge among themselves (Phillips and Sul 2007, 2009).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`); years evenly spaced.
    value : str
        Column with the value per head, above zero, at constant prices.
    log, filter, trim, critical
        As in :func:`spatialreg.disparity.log_t_test`.
    order : {"last", "last third"}
        What regions are sorted by before the search: the (filtered) value of the last year, or its
        mean over the last third of the years where single years are noisy.
    c_star : float
        A region joins a core if their log t statistic is above it. 0 is what Phillips and Sul
        advise for short panels.
    increment : float
        By how much `c_star` is raised, as often as needed, where a club as a whole does not
        converge.
    merge : {"phillips-sul", "lyncker-thoennessen"} or None
        How neighbouring clubs that converge together are merged, or None to leave them.

    Returns
    -------
    ClubResult
        ``clubs``, ``frame`` (the club of each region), ``paths``, ``initial``, ``merging``,
        ``overall``.

    Raises
    ------
    InputError
        As in :func:`spatialreg.disparity.log_t_test`, or fewer than three regions have a value in
        every year.

    Warns
    -----
    MissingDataWarning
        Regions without a value in some year were left out; their club is missing.

    Notes
    -----
    The search: (1) If all regions converge they are one club. Else they are sorted, highest first.
    (2) The core is found: from the highest two neighbours in order whose statistic is above
    `critical`, regions are added in order while it stays above; the core is the group on this way
    with the largest statistic. (3) Each other region is tested with the core alone, and all whose
    statistic is above c* join; if the club then does not converge, c* is raised by `increment`
    until it does (0.05 is the step of Stata's ``psecta``). (4) The rest is
    tested; if it converges it is the last club, else the search goes on in it from (2); if no core
    is found, its regions are divergent.

    R's ``ConvergenceClubs`` takes as core the group with the largest absolute statistic, and by
    default leaves c* as it is, so that its clubs may fail their own test; both differ from ours in
    some data. Two regions with the same values in some year have no log t test of their own.

    A club says that a log t test did not reject convergence, not that it was shown. The search
    tests many groups on the same data and chooses by the result, so that p-values of clubs are
    descriptive. Regions are compared by value alone, neighbours or not.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> years = np.arange(1990, 2020)
    >>> paths = {  # towards 9.5 or towards 8.5, by half in eight years, from either side
    ...     code: goal + gap * 0.5 ** ((years - 1990) / 8)
    ...     for code, goal, gap in [("a", 9.5, 0.3), ("b", 9.5, 0.1), ("c", 9.5, -0.3),
    ...                             ("d", 8.5, 0.2), ("e", 8.5, -0.1), ("f", 8.5, -0.3)]}
    >>> wide = pd.DataFrame(paths, index=years)
    >>> long = wide.melt(var_name="code", value_name="log_gdp", ignore_index=False)
    >>> panel = sr.to_panel(long.reset_index(names="year"))
    >>> result = sr.club_convergence(panel, value="log_gdp", log=False, filter=None)
    >>> result.clubs["members"].tolist()
    [('a', 'b', 'c'), ('d', 'e', 'f')]
    """
    settings = Settings.checked(log=log, filter=filter, trim=trim, critical=critical)
    require_one_of(order, tuple(_ORDERS), "order")
    require_one_of(merge, (*_MERGERS, None), "merge")
    if not increment > 0:
        raise InputError(f"increment must be above 0 (0.05 is usual), not {increment!r}")
    if not np.isfinite(c_star) or c_star < critical:
        raise InputError(
            f"c_star must be a number not below critical, {critical:g} (0 is usual), not {c_star!r}"
        )
    paths, lost = transition_values(panel, value, settings, least=3)
    overall = whole_test(paths, value, settings)
    start = overall.trimmed
    ranked = paths.iloc[_descending(paths, order)]
    data = ranked.to_numpy()
    found, _ = find_clubs(data, start, critical, c_star, increment)
    merger = _MERGERS[merge][0] if merge is not None else None
    groups: list[list[int]] = [[k] for k in range(len(found))]
    tests: Sequence[tuple[list[int], list[int], Fits, bool]] = []
    if merger is not None and len(found) > 1:
        groups, tests = merger(data, found, start, critical)
    final = [_merged(data, found, group, start) for group in groups]
    clubs = _table(final, ranked.index)
    clubs["merged_from"] = [tuple(k + 1 for k in group) for group in groups]
    initial = _table(found, ranked.index)
    initial["core"] = [club.core for club in found]
    initial["c_star"] = [club.c_star for club in found]
    relative = paths / paths.mean(axis=0)
    frame = _frame(relative, ranked.index, final, lost)
    return ClubResult(
        regions=len(paths),
        divergent=int((frame["club"] == "divergent").sum()),
        missing=len(lost),
        definition=_words(value, settings, paths, order, c_star, increment, merge),
        parameters={
            "value": value,
            "log": settings.log,
            "filter": settings.filter,
            "trim": trim,
            "critical": critical,
            "order": order,
            "c_star": c_star,
            "increment": increment,
            "merge": merge,
        },
        overall=overall,
        clubs=clubs,
        initial=initial,
        merging=_merging(tests),
        frame=frame,
        paths=relative,
    )


def _descending(paths: pd.DataFrame, order: str) -> np.ndarray:
    years = paths.shape[1]
    last = paths.iloc[:, -1 if order == "last" else -int(np.ceil(years / 3)) :].mean(axis=1)
    # rows are sorted by code, and equal values stay in that order
    return np.argsort(-last.to_numpy(), kind="stable")


def _merged(values: np.ndarray, found: list[Club], group: list[int], start: int) -> Club:
    if len(group) == 1:
        return found[group[0]]
    members = np.sort(np.concatenate([found[k].members for k in group]))
    return Club(members, fit_group(values, members, start))


def _numbers(fits: Sequence[Fits]) -> dict[str, list[float]]:
    statistic = [float(f.statistic[0]) for f in fits]
    return {
        "b": [float(f.b[0]) for f in fits],
        "se": [float(f.se[0]) for f in fits],
        "statistic": statistic,
        "p_value": [one_sided(t) for t in statistic],
    }


def _table(clubs: list[Club], codes: pd.Index) -> pd.DataFrame:
    names = pd.Index(np.arange(1, len(clubs) + 1), name="club")
    return pd.DataFrame(
        {
            "n": [len(club.members) for club in clubs],
            **_numbers([club.fits for club in clubs]),
            "members": [tuple(codes[club.members]) for club in clubs],
        },
        index=names,
    )


def _merging(tests: Sequence[tuple[list[int], list[int], Fits, bool]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "first": [tuple(k + 1 for k in one) for one, _, _, _ in tests],
            "second": [tuple(k + 1 for k in other) for _, other, _, _ in tests],
            **_numbers([fits for _, _, fits, _ in tests]),
            "merged": [merged for _, _, _, merged in tests],
        }
    )


def _frame(
    relative: pd.DataFrame, ranked: pd.Index, clubs: list[Club], lost: pd.Index
) -> pd.DataFrame:
    label = pd.Series("divergent", index=relative.index, dtype=object)
    for number, club in enumerate(clubs, start=1):
        label[ranked[club.members]] = str(number)
    frame = pd.DataFrame(
        {"club": label, "first": relative.iloc[:, 0], "last": relative.iloc[:, -1]}
    )
    return frame.reindex(relative.index.union(lost).rename(relative.index.name))


def _words(
    value: str,
    settings: Settings,
    paths: pd.DataFrame,
    order: str,
    c_star: float,
    increment: float,
    merge: str | None,
) -> str:
    years = paths.columns
    start = trimmed(len(years), settings.trim)
    merged = "not merged" if merge is None else _MERGERS[merge][1]
    return (
        f"convergence clubs (Phillips and Sul 2007) of {settings.words(value)}, {len(paths)} "
        f"regions, each counting once, {years[0]} to {years[-1]}, sorted by {_ORDERS[order]}; log "
        f"t tests without the first {start} years, critical value {settings.critical:g}; c* from "
        f"{c_star:g} in steps of {increment:g}; clubs {merged}. Chosen by tests on the same data: "
        "p-values describe"
    )

"""Which regions converge with which: the search of Phillips and Sul, on an array.

Regions are rows, in descending order; groups are arrays of row numbers. Sums of squares around the
mean of a group are carried along as regions join it: they are sums of positive terms, so that no
digits are lost, and each of many groups costs one pass over the years.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ._log_t import Fits, fit, variation


@dataclass(frozen=True)
class Club:
    """A group that converges, how it was found, and its test."""

    members: np.ndarray
    fits: Fits
    core: int = 0
    c_star: float = np.nan


def find_clubs(
    values: np.ndarray, start: int, critical: float, c_star: float, increment: float
) -> tuple[list[Club], np.ndarray]:
    """Form clubs until the rest converges or has no two neighbours in order that do.

    Returns
    -------
    (list of Club, ndarray of int)
        The clubs, and the rows of no club.
    """
    rest = np.arange(len(values))
    clubs: list[Club] = []
    while len(rest) > 1:
        fits = fit(variation(values[rest]), start)
        if fits.statistic[0] > critical:
            clubs.append(Club(rest, fits, len(rest)))
            return clubs, rest[:0]
        core = _core(values[rest], start, critical)
        if not len(core):
            break
        club = _sieve(values[rest], core, start, critical, c_star, increment)
        clubs.append(Club(rest[club.members], club.fits, club.core, club.c_star))
        rest = np.delete(rest, club.members)
    return clubs, rest


def fit_group(values: np.ndarray, members: np.ndarray, start: int) -> Fits:
    """Test one group of rows."""
    return fit(variation(values[members]), start)


def _core(values: np.ndarray, start: int, critical: float) -> np.ndarray:
    """Give the core: of the groups from the first pair that converges on, the best one.

    The pair is the highest two neighbours in order that converge. Regions below join one by one as
    long as the group converges; the core is the group with the largest statistic.
    """
    upper, lower = values[:-1], values[1:]
    mean = (upper + lower) / 2.0
    pairs = fit((((upper - mean) ** 2 + (lower - mean) ** 2) / 2.0) / mean**2, start).statistic
    converge = np.flatnonzero(pairs > critical)
    if not len(converge):
        return converge
    first = int(converge[0])
    statistic = fit(_growing(values[first:])[1:], start).statistic
    fails = np.flatnonzero(~(statistic > critical))
    last = int(fails[0]) if len(fails) else len(statistic)
    best = int(np.argmax(statistic[:last]))
    return np.arange(first, first + best + 2)


def _growing(values: np.ndarray) -> np.ndarray:
    """Give H by year of the first row, the first two, the first three, ..."""
    count = np.arange(1, len(values) + 1)[:, None]
    mean = np.cumsum(values, axis=0) / count
    gained = (values[1:] - mean[:-1]) ** 2 * (count[:-1] / count[1:])
    squares = np.cumsum(np.vstack([np.zeros(values.shape[1]), gained]), axis=0)
    return squares / count / mean**2


def _sieve(
    values: np.ndarray,
    core: np.ndarray,
    start: int,
    critical: float,
    c_star: float,
    increment: float,
) -> Club:
    """Add to the core each region that converges with it clearly enough.

    That is with a statistic above c*, which starts at `c_star` and is raised by `increment` until
    the whole club converges; the core itself does.
    """
    others = np.setdiff1d(np.arange(len(values)), core)
    mean = values[core].mean(axis=0)
    squares = ((values[core] - mean) ** 2).sum(axis=0)
    count = len(core) + 1
    joint = mean + (values[others] - mean) / count
    h = (squares + len(core) * (mean - joint) ** 2 + (values[others] - joint) ** 2) / count
    statistic = fit(h / joint**2, start).statistic
    raised = c_star
    while True:
        chosen = statistic > raised
        members = np.sort(np.concatenate([core, others[chosen]]))
        fits = fit_group(values, members, start)
        if fits.statistic[0] > critical or not chosen.any():
            return Club(members, fits, len(core), raised)
        # no region is lost below the smallest statistic: go on to the step that passes it
        steps = max(1, int(np.ceil((statistic[chosen].min() - raised) / increment)))
        raised += steps * increment


def merge_in_order(
    values: np.ndarray, clubs: list[Club], start: int, critical: float
) -> tuple[list[list[int]], list[tuple[list[int], list[int], Fits, bool]]]:
    """Join each club to those before it as long as they converge together (Phillips and Sul 2009).

    Returns
    -------
    (list of list of int, list)
        The merged groups of clubs, and each test with its two sides and whether they were merged.
    """
    groups, tests = [[0]], []
    for k in range(1, len(clubs)):
        fits = _test_clubs(values, clubs, [*groups[-1], k], start)
        merged = bool(fits.statistic[0] > critical)
        tests.append((list(groups[-1]), [k], fits, merged))
        if merged:
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups, tests


def merge_strongest(
    values: np.ndarray, clubs: list[Club], start: int, critical: float
) -> tuple[list[list[int]], list[tuple[list[int], list[int], Fits, bool]]]:
    """Join neighbours that converge, and more so than the next two do, and begin again.

    This is the rule of von Lyncker and Thoennessen (2017). Returns as :func:`merge_in_order`.
    """
    groups: list[list[int]] = [[k] for k in range(len(clubs))]
    tests = []
    while True:
        fits = [
            _test_clubs(values, clubs, [*one, *other], start) for one, other in pairwise(groups)
        ]
        t = [float(f.statistic[0]) for f in fits] + [-np.inf]
        passes = [k for k in range(len(fits)) if t[k] > critical and t[k] > t[k + 1]]
        chosen = passes[0] if passes else None
        for k in range(len(fits) if chosen is None else chosen + 1):
            tests.append((list(groups[k]), list(groups[k + 1]), fits[k], k == chosen))
        if chosen is None:
            return groups, tests
        groups[chosen : chosen + 2] = [groups[chosen] + groups[chosen + 1]]


def _test_clubs(values: np.ndarray, clubs: list[Club], which: list[int], start: int) -> Fits:
    return fit_group(values, np.sort(np.concatenate([clubs[k].members for k in which])), start)

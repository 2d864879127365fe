"""Markov chains of a few states: from counted moves to probabilities, their long run, and tests.

Moves are counted in an array with a row for each state left and a column for each state reached.
The tests take moves as independent draws. Moves of neighbouring regions are not, so that their
p-values are smaller than they should be; they compare rather than decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.stats import chi2 as chi_squared

from ._align import some
from .errors import InputError


class ChainTest(NamedTuple):
    """Pearson's statistic and the likelihood ratio, of the same hypothesis."""

    chi2: float
    chi2_p: float
    lr: float
    lr_p: float
    dof: int


def require_step(step: int | None) -> None:
    """Raise unless `step` is a whole number of years, or left out."""
    whole = isinstance(step, int | np.integer) and not isinstance(step, bool)
    if step is not None and (not whole or step < 1):
        raise InputError(f"step must be a whole number of years of at least 1, not {step!r}")


def years_apart(years: np.ndarray, step: int | None) -> tuple[int, list[str]]:
    """Give the step, and the gaps between years that are wider than one left to us."""
    gaps = np.diff(years)
    if not len(gaps):
        raise InputError(f"moves need at least two years, but the panel has {len(years)}")
    chosen = int(gaps.min()) if step is None else int(step)
    if not np.isin(years + chosen, years).any():
        raise InputError(
            f"no two years of the panel ({some(years)}) are {chosen} apart: "
            f"choose another step, such as {gaps.min()}"
        )
    wide = np.flatnonzero(gaps > chosen) if step is None else np.array([], dtype=int)
    return chosen, [f"{years[k]} to {years[k + 1]}" for k in wide]


def periods(begins: np.ndarray, breaks: Sequence[int] | None) -> dict[int, int]:
    """Give the number of the period to which the moves of each beginning year belong."""
    if breaks is None:
        edges = begins[len(begins) // 2 : len(begins) // 2 + 1] if len(begins) > 1 else begins[:0]
    else:
        edges = np.asarray(breaks)
        whole = edges.ndim == 1 and len(edges) and np.issubdtype(edges.dtype, np.integer)
        if not whole or (np.diff(edges) <= 0).any():
            raise InputError(f"breaks must be whole years, rising, not {breaks!r}")
    number = np.searchsorted(edges, begins, side="right")
    empty = set(range(len(edges) + 1)) - set(number.tolist())
    if empty and breaks is not None:
        raise InputError(
            f"breaks={breaks!r} leave {len(empty)} periods without moves: they begin in "
            f"{begins[0]} to {begins[-1]}"
        )
    return {int(year): int(k) for year, k in zip(begins, number, strict=True)}


def probabilities(counts: np.ndarray) -> np.ndarray:
    """Share out each row; a state that was never left is a row of NaN."""
    counts = np.asarray(counts, dtype=float)
    left = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, left, out=np.full(counts.shape, np.nan), where=left > 0)


def ergodic(counts: np.ndarray) -> np.ndarray:
    """Give the shares that the chain tends to, from whatever beginning.

    They are NaN where there are none: where a state was reached and never left, so that nothing is
    known of what follows, or where the chain can end in more than one set of states. A state that
    was never seen has none of the regions.
    """
    seen = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    shares = np.full(len(counts), np.nan)
    inside = counts[np.ix_(seen, seen)]
    if not len(seen) or (inside.sum(axis=1) == 0).any():
        return shares
    _, part = sparse.csgraph.connected_components(
        sparse.csr_array(inside), directed=True, connection="strong"
    )
    leaves = {int(part[i]) for i, j in zip(*np.nonzero(inside), strict=True) if part[i] != part[j]}
    closed = set(part.tolist()) - leaves
    if len(closed) > 1:
        return shares
    last = np.flatnonzero(part == closed.pop())
    p = probabilities(inside[np.ix_(last, last)])
    # shares that one step does not change, and that add up to one
    system = np.vstack([p.T - np.eye(len(last)), np.ones(len(last))])
    shares[:] = 0.0
    shares[seen[last]] = np.linalg.lstsq(system, np.append(np.zeros(len(last)), 1.0))[0]
    return shares


def first_passage(counts: np.ndarray) -> np.ndarray:
    """Give the mean number of moves until a state is first reached; on the diagonal, reached again.

    It is infinite where the chain may never come there, and NaN where it may pass a state that was
    never left, of which nothing is known.
    """
    p = probabilities(counts)
    k = len(p)
    known = ~np.isnan(p).any(axis=1)
    p = np.nan_to_num(p)
    leads = np.linalg.matrix_power(np.eye(k) + (p > 0), k) > 0  # from the row to the column
    means = np.full((k, k), np.nan)
    for goal in range(k):
        # states on a way that may end elsewhere than in the goal
        stop = p.copy()
        stop[goal] = 0.0
        onward = np.linalg.matrix_power(np.eye(k) + (stop > 0), k) > 0
        blind = onward[:, ~known & (np.arange(k) != goal)].any(axis=1)
        lost = onward[:, ~leads[:, goal]].any(axis=1)
        sure = ~lost & ~blind & (np.arange(k) != goal)
        time = np.where(blind, np.nan, np.inf)
        inside = np.eye(sure.sum()) - p[np.ix_(sure, sure)]
        time[sure] = np.linalg.solve(inside, np.ones(sure.sum()))
        means[:, goal] = time
        if known[goal]:
            reached = (p[goal] > 0) & (np.arange(k) != goal)
            means[goal, goal] = 1.0 + p[goal, reached] @ time[reached]
        else:
            means[goal, goal] = np.nan
    return means


def mobility(counts: np.ndarray) -> float:
    """Give Shorrocks' index (1978): 0 if nothing moves, 1 if states were drawn anew.

    It is ``(k - trace) / (k - 1)`` over the ``k`` states that were left at least once.
    """
    stays = np.diag(probabilities(counts))
    known = stays[~np.isnan(stays)]
    k = len(known)
    return float((k - known.sum()) / (k - 1)) if k > 1 else np.nan


def mobility_indices(counts: np.ndarray) -> dict[str, float]:
    """Give indices of mobility, each 0 if nothing moves; NaN where a state was never left.

    Of the probabilities P of k states, with eigenvalues of which the second in absolute size is
    l2, and the ergodic shares s: ``shorrocks`` (k - trace P) / (k - 1); ``determinant``
    1 - |det P| (Shorrocks 1978); ``second_eigenvalue`` 1 - |l2| (Sommers and Conlisk 1979);
    ``unconditional`` k / (k - 1) times the share that changes state in the long run, and
    ``bartholomew`` the mean number of states crossed in the long run, over k - 1 (Bartholomew
    1973); ``half_life`` -ln 2 / ln |l2|, the moves after which half of what sets the distribution
    apart from the ergodic one is gone.
    """
    p = probabilities(counts)
    k = len(p)
    names = (
        "shorrocks",
        "determinant",
        "second_eigenvalue",
        "unconditional",
        "bartholomew",
        "half_life",
    )
    if np.isnan(p).any() or k < 2:
        return dict.fromkeys(names, np.nan)
    shares = ergodic(np.asarray(counts))
    second = float(np.sort(np.abs(np.linalg.eigvals(p)))[-2])
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    with np.errstate(divide="ignore"):
        half_life = float(-np.log(2.0) / np.log(min(second, 1.0))) if second > 0 else 0.0
    values = (
        (k - np.trace(p)) / (k - 1),
        1.0 - abs(np.linalg.det(p)),
        1.0 - second,
        (1.0 - shares @ np.diag(p)) * k / (k - 1),
        shares @ (p * apart).sum(axis=1) / (k - 1),
        half_life,
    )
    return {name: float(v) for name, v in zip(names, values, strict=True)}


def memory(counts: np.ndarray) -> ChainTest:
    """Test whether the state reached depends on the state left (independence in the table)."""
    counts = np.asarray(counts, dtype=float)
    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = np.outer(rows, columns) / max(table.sum(), 1.0)
    return _test(table, expected, (len(rows) - 1) * (len(columns) - 1))


def homogeneity(periods: np.ndarray) -> ChainTest:
    """Test whether probabilities are the same in each of several tables of moves.

    Degrees of freedom are those of Bickenbach and Bode (2003): a row counts in the tables that
    have moves from it, and with the columns that it reaches in any of them.
    """
    periods = np.asarray(periods, dtype=float)
    whole = periods.sum(axis=0)
    pooled = np.nan_to_num(probabilities(whole))
    expected = periods.sum(axis=2, keepdims=True) * pooled
    tables = (periods.sum(axis=2) > 0).sum(axis=0)
    reached = (whole > 0).sum(axis=1)
    used = tables > 0
    dof = int(((tables - 1) * (reached - 1))[used].sum())
    return _test(periods, expected, dof)


def separateness(counts: np.ndarray, first: np.ndarray, second: np.ndarray) -> ChainTest:
    """Test whether a state's two halves move independently of one another (Rey 2001).

    Parameters
    ----------
    counts : ndarray, shape (k, k)
    first, second : ndarray of int, shape (k,)
        What each state says of either half, counted from 0.

    Notes
    -----
    Expected moves are those of two chains of their own, with the probabilities that either shows.
    Of the cells that can be reached, each row fixes one, and each probability that was estimated
    for the two chains takes one more: for four states of two halves 12 - 2 - 2 = 8. (giddy's
    ``LISA_Markov`` has the same statistic with (4 - 1)**2 = 9, as for a table of independence.)
    """
    counts = np.asarray(counts, dtype=float)
    joint = np.ones(counts.shape)
    estimated = 0
    for half in (first, second):
        own = np.zeros((half.max() + 1,) * 2)
        np.add.at(own, (half[:, None], half[None, :]), counts)
        p = np.nan_to_num(probabilities(own))
        joint *= p[np.ix_(half, half)]
        estimated += int(np.maximum((p > 0).sum(axis=1) - 1, 0).sum())
    expected = counts.sum(axis=1, keepdims=True) * joint
    free = int(np.maximum((expected > 0).sum(axis=1) - 1, 0).sum())
    return _test(counts, expected, free - estimated)


def _test(observed: np.ndarray, expected: np.ndarray, dof: int) -> ChainTest:
    """Compare counts; where nothing is expected nothing is observed."""
    if dof < 1:
        return ChainTest(np.nan, np.nan, np.nan, np.nan, 0)
    cells = expected > 0
    seen, hoped = observed[cells], expected[cells]
    pearson = float(((seen - hoped) ** 2 / hoped).sum())
    positive = seen > 0
    ratio = max(0.0, float(2.0 * (seen[positive] * np.log(seen[positive] / hoped[positive])).sum()))
    return ChainTest(
        pearson,
        float(chi_squared.sf(pearson, dof)),
        ratio,
        float(chi_squared.sf(ratio, dof)),
        dof,
    )

"""The parts of a nested index for many samples of regions at once.

Every index of generalised entropy is a sum over regions of one function of people and value, less
the same function of their totals. Written for the groups of each level, the sums telescope: the
part between the groups of a level is its sum less that of the level above. So a sample needs the
totals of its innermost groups only, and 10,000 samples of all counties in all years take seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..._compiled import compiled, processors, sharing
from .._resampling import resampled_bounds, strata_of

_BLOCK = 512  # samples that are held at once
_BOUNDS = ["low", "high", "share_low", "share_high"]


def nested_bounds(
    years: pd.Index,
    codes: pd.Index,
    y: np.ndarray,
    people: np.ndarray,
    levels: pd.DataFrame,
    alpha: float,
    **resampling: Any,
) -> pd.DataFrame:
    """Give bounds of the parts of an index and of their shares, by year and depth.

    Parameters
    ----------
    years, codes : Index
    y, people : ndarray, shape (years, regions)
    levels : DataFrame
        Groups on the rows of the panel or frame, a column a level, outermost first. Regions are
        drawn within the outermost ones.
    alpha : float
        Order of generalised entropy.
    **resampling
        level, interval, draws, rng, as :func:`resampled_bounds` takes them.
    """
    by_region = pd.DataFrame(
        {name: strata_of(levels[name], levels, codes, f"by {name!r}") for name in levels.columns}
    )
    parts = NestedParts(people.T, (people * y).T, by_region, alpha)
    depths = len(levels.columns) + 1
    shape = (len(years), depths)

    def figures(counts: np.ndarray) -> np.ndarray:
        value = parts(counts)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = value / value.sum(axis=-1, keepdims=True)
        return np.concatenate([value, share], axis=-1).reshape(len(counts), -1)

    low, high = resampled_bounds(
        figures,
        strata=strata_of(levels.iloc[:, 0], levels, codes, "by"),
        block=_BLOCK,
        present=np.repeat((people > 0).T, 2 * depths, axis=1),
        **resampling,
    )
    value, share = ([b.reshape(len(years), 2, depths)[:, i] for b in (low, high)] for i in (0, 1))
    place = pd.MultiIndex.from_product([years, range(depths)], names=["year", "depth"])
    bounds = [bound.reshape(shape).ravel() for bound in (*value, *share)]
    return pd.DataFrame(dict(zip(_BOUNDS, bounds, strict=True)), index=place).reset_index()


class NestedParts:
    """The parts of an index, level by level, of the regions counted as often as is asked.

    Parameters
    ----------
    people, value : ndarray, shape (regions, years)
        People, and people times value per head; zero where a region takes no part.
    paths : DataFrame
        A row a region, a column a level, outermost first: its groups, inside the outer ones.
    alpha : float
        Order of generalised entropy: 1 is Theil's T, 0 is L.
    """

    def __init__(
        self, people: np.ndarray, value: np.ndarray, paths: pd.DataFrame, alpha: float
    ) -> None:
        self.alpha = float(alpha)
        names = [list(column) for column in paths.astype(str).to_numpy().T]
        rows = list(zip(*names, strict=True))
        groups = [sorted({row[:depth] for row in rows}) for depth in range(1, len(names) + 1)]
        place = [{group: i for i, group in enumerate(level)} for level in groups]
        self.inner = np.array([place[-1][row] for row in rows], dtype=np.intp)
        self.sizes = np.array([1] + [len(level) for level in groups], dtype=np.intp)
        # parents of the groups of each level, one level after the other, outermost first
        self.parents = np.array(
            [0] * len(groups[0])
            + [
                place[depth - 1][group[:-1]]
                for depth in range(1, len(groups))
                for group in groups[depth]
            ],
            dtype=np.intp,
        )
        mean = value.sum(axis=0) / np.where(people.sum(axis=0) > 0, people.sum(axis=0), 1.0)
        # values relative to their mean keep the logarithms, and so their rounding, small
        self.people = np.ascontiguousarray(people)
        self.value = np.ascontiguousarray(value / np.where(mean > 0, mean, 1.0))
        self.term = np.zeros_like(self.people)
        _terms(self.people, self.value, self.alpha, self.term)

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        """Give (samples, years, levels + 1): between the groups of each level, then within."""
        counts = np.ascontiguousarray(counts, dtype=np.int64)
        out = np.empty((len(counts), self.people.shape[1], len(self.sizes)))

        def loop(start: int, stop: int) -> None:
            _parts(
                counts[start:stop],
                self.people,
                self.value,
                self.term,
                self.inner,
                self.sizes,
                self.parents,
                self.alpha,
                out[start:stop],
            )

        with sharing(min(processors(), len(counts))) as share:
            share(loop, len(counts))
        return out


@compiled
def _entropy(people: float, value: float, alpha: float) -> float:
    """Give the term of a group, or a region, that enters the sums."""
    if people <= 0.0 or (value <= 0.0 and alpha == 1.0):
        return 0.0
    if alpha == 1.0:
        return value * np.log(value / people)
    if alpha == 0.0:
        return -people * np.log(value / people)
    return people * (value / people) ** alpha / (alpha * (alpha - 1.0))


@compiled
def _terms(people: np.ndarray, value: np.ndarray, alpha: float, out: np.ndarray) -> None:
    for i in range(people.shape[0]):
        for t in range(people.shape[1]):
            out[i, t] = _entropy(people[i, t], value[i, t], alpha)


@compiled
def _parts(
    counts: np.ndarray,
    people: np.ndarray,
    value: np.ndarray,
    term: np.ndarray,
    inner: np.ndarray,
    sizes: np.ndarray,
    parents: np.ndarray,
    alpha: float,
    out: np.ndarray,
) -> None:
    regions, years = people.shape
    depths = sizes.shape[0]
    p = np.empty((sizes[-1], years))
    v = np.empty((sizes[-1], years))
    total = np.empty(years)
    sums = np.empty((depths + 1, years))
    for sample in range(counts.shape[0]):
        p[:] = 0.0
        v[:] = 0.0
        total[:] = 0.0
        for i in range(regions):
            count = float(counts[sample, i])
            if count == 0.0:
                continue
            g = inner[i]
            for t in range(years):
                p[g, t] += count * people[i, t]
                v[g, t] += count * value[i, t]
                total[t] += count * term[i, t]
        sums[depths] = total
        end = parents.shape[0]
        for depth in range(depths - 1, -1, -1):
            for t in range(years):
                s = 0.0
                for g in range(sizes[depth]):
                    s += _entropy(p[g, t], v[g, t], alpha)
                sums[depth, t] = s
            if depth == 0:
                break
            start = end - sizes[depth]
            for t in range(years):
                # a parent never stands behind its first group, so its place is free by then
                last = -1
                for g in range(sizes[depth]):
                    q = parents[start + g]
                    if q == last:
                        p[q, t] += p[g, t]
                        v[q, t] += v[g, t]
                    else:
                        p[q, t] = p[g, t]
                        v[q, t] = v[g, t]
                        last = q
            end = start
        for t in range(years):
            if p[0, t] <= 0.0 or v[0, t] <= 0.0:
                out[sample, t, :] = np.nan
                continue
            whole = p[0, t]
            if alpha == 1.0:
                whole = v[0, t]
            elif alpha != 0.0:
                whole = p[0, t] * (v[0, t] / p[0, t]) ** alpha
            for depth in range(depths):
                out[sample, t, depth] = (sums[depth + 1, t] - sums[depth, t]) / whole

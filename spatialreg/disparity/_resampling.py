"""How far a figure hangs on the regions it was measured on: resampling of regions, and intervals.

A region is drawn with all its years, so that figures of different years belong together, and
counts as often as it was drawn: a measure of the sample is the measure with the weights times
these counts. Within strata the number of draws is fixed. With few regions such intervals come out
too narrow; and where the regions are all there are, they say how much a figure hangs on single
regions rather than how far it is from a truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from .._align import generator, require_columns, require_one_of, some
from ..errors import InputError

Interval = Literal["bca", "percentile", "jackknife"]
Figures = Callable[[np.ndarray], np.ndarray]
INTERVALS = ("bca", "percentile", "jackknife")
WORDS = {
    "bca": "bias-corrected and accelerated bootstrap (BCa)",
    "percentile": "percentile bootstrap",
    "jackknife": "jackknife, Student's t",
}
REPLICATES = 999


def require_interval(
    ci: float | None, interval: str, replicates: int | None, rng: object, strata: object = None
) -> int:
    """Check the arguments of an interval together; give the number of draws, 0 for none."""
    require_one_of(interval, INTERVALS, "interval")
    drawn = [("replicates", replicates), ("rng", rng)]
    if ci is None:
        unused = [name for name, value in [*drawn, ("strata", strata)] if value is not None]
        if unused:
            raise InputError(
                f"{' and '.join(unused)} is used for intervals only: pass ci too, for example "
                "ci=0.95"
            )
        return 0
    if not 0 < ci < 1:
        raise InputError(f"ci must be a level between 0 and 1, for example 0.95, not {ci!r}")
    if interval == "jackknife":
        unused = [name for name, value in drawn if value is not None]
        if unused:
            raise InputError(f"{' and '.join(unused)} is not used: the jackknife draws nothing")
        return 0
    draws = REPLICATES if replicates is None else replicates
    if draws < 1:
        raise InputError(f"replicates must be at least 1, not {replicates!r}")
    return int(draws)


def strata_of(
    strata: str | pd.Series | None, frame: pd.DataFrame, codes: pd.Index, name: str = "strata"
) -> np.ndarray:
    """Give the regions `codes` the number of their stratum, one for all their years."""
    if strata is None:
        return np.zeros(len(codes), dtype=np.intp)
    if isinstance(strata, str):
        require_columns(frame, [strata], "the frame")
        strata = frame[strata]
    pairs = pd.DataFrame(
        {"code": strata.index.get_level_values(0), "stratum": strata.astype("object").to_numpy()}
    )
    pairs = pairs[pairs["code"].isin(codes)].dropna().drop_duplicates()
    moving = pairs["code"][pairs["code"].duplicated()].unique()
    if len(moving):
        raise InputError(
            f"{name} must be the same for a region in all years, since it is drawn with all of "
            f"them; {len(moving)} regions change theirs: {some(moving)}"
        )
    known = pairs.set_index("code")["stratum"].reindex(codes)
    without = codes[known.isna()]
    if len(without):
        raise InputError(
            f"{name} is missing for {len(without)} regions ({some(without)}): give them one of "
            "their own with fillna"
        )
    return pd.factorize(known.astype(str), sort=True)[0]


def resampled_bounds(
    figures: Figures,
    strata: np.ndarray,
    *,
    level: float,
    interval: str,
    draws: int,
    block: int,
    rng: int | np.random.Generator | None,
    present: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Give lower and upper bounds of several figures that regions make.

    Parameters
    ----------
    figures : callable
        Takes how often each region counts, (samples, regions), and gives (samples, figures).
    strata : ndarray of int, shape (regions,)
        Draws are made within these.
    level, interval, draws
        As checked by :func:`require_interval`.
    block : int
        Samples that are held at once; it changes nothing.
    rng : int or Generator
    present : ndarray of bool, shape (regions, figures), optional
        Whether a region takes part in a figure (a year it has no value in takes it out).
    """
    regions = len(strata)
    point = figures(np.ones((1, regions), dtype=np.int64))[0]
    sampled = np.empty((0, len(point)))
    if interval != "jackknife":
        counts = draw_counts(strata, draws, block, generator(rng))
        sampled = np.concatenate([figures(count) for count in counts])
    left_out = np.empty((0, len(point)))
    if interval != "percentile":
        left_out = np.concatenate([figures(count) for count in _one_left_out(regions, block)])
        if present is not None:
            left_out = np.where(present, left_out, np.nan)
    return intervals(point, sampled, left_out, strata, level=level, interval=interval)


def draw_counts(
    strata: np.ndarray, draws: int, block: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Give how often each region was drawn, (samples, regions), a block of draws at a time.

    The blocks change nothing: a sample takes the same random numbers whatever their size.
    """
    regions = len(strata)
    members = np.argsort(strata, kind="stable")
    size = np.bincount(strata)[strata[members]]
    first = np.searchsorted(strata[members], strata[members])
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        drawn = members[(first + rng.random((rows, regions)) * size).astype(np.intp)]
        drawn += np.arange(rows)[:, np.newaxis] * regions
        yield np.bincount(drawn.ravel(), minlength=rows * regions).reshape(rows, regions)


def _one_left_out(regions: int, block: int) -> Iterator[np.ndarray]:
    for start in range(0, regions, block):
        rows = np.arange(min(block, regions - start))
        counts = np.ones((len(rows), regions), dtype=np.int64)
        counts[rows, start + rows] = 0
        yield counts


def intervals(
    point: np.ndarray,
    sampled: np.ndarray,
    left_out: np.ndarray,
    strata: np.ndarray,
    *,
    level: float,
    interval: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Give lower and upper bounds for each of several figures.

    Parameters
    ----------
    point : ndarray, shape (figures,)
    sampled : ndarray, shape (replicates, figures)
        The figures of the samples; NaN where a sample says nothing. Not used by the jackknife.
    left_out : ndarray, shape (regions, figures)
        The figures without one region each, NaN where a region takes no part in a figure. Not
        used by percentile intervals.
    strata : ndarray of int, shape (regions,)
    level : float
    interval : str
        One of ``INTERVALS``.
    """
    tail = (1 - level) / 2
    if interval == "jackknife":
        error, freedom = _jackknife(left_out, strata)
        half = student.ppf(1 - tail, np.maximum(freedom, 1)) * error
        return point - half, point + half
    tails = np.broadcast_to(np.array([tail, 1 - tail])[:, np.newaxis], (2, len(point)))
    if interval == "bca":
        tails = _accelerated(point, sampled, left_out, strata, tails)
    bounds = np.full((2, len(point)), np.nan)
    for i in np.flatnonzero(~np.isnan(sampled).all(axis=0) & ~np.isnan(point)):
        bounds[:, i] = np.nanquantile(sampled[:, i], tails[:, i])
    return bounds[0], bounds[1]


def _accelerated(
    point: np.ndarray,
    sampled: np.ndarray,
    left_out: np.ndarray,
    strata: np.ndarray,
    tails: np.ndarray,
) -> np.ndarray:
    """Move the tails for bias and acceleration (Efron 1987); a tail never leaves (0, 1)."""
    known = np.maximum((~np.isnan(sampled)).sum(axis=0), 1)
    below = (sampled < point).sum(axis=0) + (sampled == point).sum(axis=0) / 2
    bias = norm.ppf(np.clip(below / known, 0.5 / known, 1 - 0.5 / known))
    squares, cubes = np.zeros(len(point)), np.zeros(len(point))
    for stratum in np.unique(strata):
        influence, count = _influence(left_out[strata == stratum])
        # each stratum's influence weighs by its own number of regions
        influence = influence * ((count - 1) / np.maximum(count, 1))
        squares += (influence**2).sum(axis=0)
        cubes += (influence**3).sum(axis=0)
    flat = squares <= 0
    speed = np.where(flat, 0.0, cubes / (6 * np.where(flat, 1.0, squares) ** 1.5))
    z = bias + norm.ppf(tails)
    return norm.cdf(bias + z / (1 - speed * z))


def _jackknife(left_out: np.ndarray, strata: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the standard error and its degrees of freedom, summed over strata."""
    variance = np.zeros(left_out.shape[1])
    freedom = np.zeros(left_out.shape[1])
    for stratum in np.unique(strata):
        influence, count = _influence(left_out[strata == stratum])
        variance += (influence**2).sum(axis=0) * (count - 1) / np.maximum(count, 1)
        freedom += np.maximum(count - 1, 0)
    return np.sqrt(variance), freedom


def _influence(left_out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give mean less value of the regions of one stratum, 0 where one takes no part."""
    count = (~np.isnan(left_out)).sum(axis=0)
    mean = np.nansum(left_out, axis=0) / np.maximum(count, 1)
    return np.nan_to_num(mean - left_out, nan=0.0), count

"""Did inequality fall between two years? A paired test, and an interval of the change.

The regions of both years are the same ones, so that most of the noise is common to both and
cancels. Takes a panel with value per head and people; gives a :class:`TrendResult`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..._align import generator, require_panel, some
from ..._results import TrendResult
from ..._significance import Alternative, permutation_p, require_test
from ...errors import InputError, MissingDataWarning
from .._inputs import by_year
from .._measures import Kernel, Measure, chosen, relative
from .._resampling import WORDS, require_interval, resampled_bounds
from ._influence import influence, share_of, squares

_CELLS = 2_000_000  # permutations x regions that are held at once
_SAME = 1e-9  # statistics closer than this, relative to their size, differ by rounding only


def trend_test(
    panel: pd.DataFrame,
    *,
    per_head: str,
    population: str | None = None,
    start: int | None = None,
    end: int | None = None,
    measures: Sequence[str] = ("gini", "theil", "mld", "cv"),
    alternative: Alternative = "two-sided",
    permutations: int = 9999,
    ci: float = 0.95,
    replicates: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> TrendResult:
    """Test whether inequality changed between two years, region by region the same.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    per_head : str
        Column with the value per head, not negative; over time at constant prices.
    population : str, optional
        Column with people. With it a region counts as its people; without, each counts once.
    start, end : int, optional
        The years that are compared; the first and last of the panel unless told.
    measures : sequence of str
        As for :func:`inequality`, of those that are smooth: ``"gini"``, ``"theil"``, ``"mld"``,
        ``"cv"``, ``"hoover"``, ``"sd_log"``, ``"ge(alpha)"`` and ``"atkinson(epsilon)"``.
    alternative : {"two-sided", "greater", "less", "directed"}
        ``"less"`` asks whether inequality fell.
    permutations : int
        Number of permutations.
    ci : float
        Level of the bootstrap intervals (BCa) of the change.
    replicates : int, optional
        Number of bootstrap draws, 999 unless told.
    rng : int or Generator, optional
        Seed of the permutations and the draws.

    Returns
    -------
    TrendResult
        ``frame`` has a row a measure: start, end, change, relative_change, low, high, statistic,
        p_value.

    Raises
    ------
    InputError
        A column or year is missing; a value is negative, or zero where the measure is not defined
        there; fewer than five regions have both years; a measure is unknown or not smooth.

    Warns
    -----
    MissingDataWarning
        Regions without a value in one of the two years were left out.
    TotalsWarning
        The values rise with the people as totals do: they should be per head.

    Notes
    -----
    Each permutation exchanges, for each region with a chance of one half, its two years: the value
    over the mean of the year together with the share of people. The statistic is the change over
    its standard error (from influence functions), computed anew for each permutation. The p-value
    is exact where the two years of a region could stand in either order, and right for many
    regions where only the two indices are equal (studentised permutation: Janssen 1997; for
    inequality measures Dufour, Flachaire and Khalaf 2019, there of independent samples). Regions
    count as independent of one another, which neighbours rarely are.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import trend_test
    >>> first = np.array([1.0, 2, 4, 8, 16, 32, 3, 5])
    >>> panel = sr.to_panel(pd.DataFrame({
    ...     "code": list("abcdefgh") * 2, "year": [2000] * 8 + [2010] * 8,
    ...     "income": [*first, *(first**0.5)]}))
    >>> test = trend_test(panel, per_head="income", measures=["gini"], alternative="less", rng=1)
    >>> test.frame[["start", "end", "change", "p_value"]].round(3)
             start    end  change  p_value
    measure
    gini     0.533  0.294   -0.24    0.003
    """
    require_panel(panel)
    require_test(permutations, alternative)
    draws = require_interval(ci, "bca", replicates, rng)
    smooth = [(m, _smooth(m)) for m in chosen(measures)]
    years = np.unique(panel.index.get_level_values(1).to_numpy())
    if len(years) < 2:
        raise InputError("the panel has one year: a change needs two")
    first, last = _years(years, start, end)
    y, w, everyone = _paired(panel, per_head, population, (first, last), [m for m, _ in smooth])
    # each measure sees the same permutations and the same draws
    mixing, drawing = generator(rng).integers(2**62, size=2).tolist()
    z = np.stack([relative(y[i], w[i])[1] for i in (0, 1)])
    share = share_of(w)
    rows = {}
    for measure, curve in smooth:
        level = measure.kernel(y, w)
        observed = _statistic(z, share, measure.kernel, curve)
        p = _permuted(observed, z, share, measure.kernel, curve, permutations, alternative, mixing)
        low, high = _change_bounds(measure.kernel, y, w, ci, draws, drawing)
        rows[measure.name] = {
            "start": level[0],
            "end": level[1],
            "change": level[1] - level[0],
            "relative_change": level[1] / level[0] - 1 if level[0] > 0 else np.nan,
            "low": low,
            "high": high,
            "statistic": float(observed),
            "p_value": p,
        }
    counted = "once" if population is None else f"as its people ({population})"
    words = (
        f"change of inequality of {per_head} from {first} to {last}, each region counted "
        f"{counted}; {'; '.join(m.words for m, _ in smooth)}; p-values ({alternative}) from "
        f"{permutations} permutations that exchange the two years of a region, of the change "
        f"over its standard error; {ci:.4g} intervals: {WORDS['bca']}, {draws} draws of regions; "
        "regions taken as independent"
    )
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")
    n = y.shape[1]
    return TrendResult(
        words, first, last, alternative, permutations, draws, float(ci), n, everyone - n, frame
    )


def _smooth(measure: Measure) -> Kernel:
    curve = influence(measure)
    if curve is None:
        raise InputError(
            f"{measure.name!r} has no standard error without a density, and cannot be tested: use "
            "the intervals of spatialreg.inequality(..., ci=0.95), or a smooth measure such as "
            "'gini'"
        )
    return curve


def _years(years: np.ndarray, start: int | None, end: int | None) -> tuple[int, int]:
    first = int(years[0] if start is None else start)
    last = int(years[-1] if end is None else end)
    for name, year in (("start", first), ("end", last)):
        if year not in years:
            raise InputError(
                f"{name} {year} is not in the panel; its years run from {years[0]} to {years[-1]}"
            )
    if first >= last:
        raise InputError(f"start must come before end, not {first} and {last}")
    return first, last


def _paired(
    panel: pd.DataFrame,
    per_head: str,
    population: str | None,
    years: tuple[int, int],
    measures: list[Measure],
) -> tuple[np.ndarray, np.ndarray, int]:
    """Give values and weights, (2, regions), of the regions that have both years, and how many."""
    two = panel[panel.index.get_level_values(1).isin(years)]
    positive = next((repr(m.name) for m in measures if m.positive), None)
    with warnings.catch_warnings():
        # the warning below names the regions that are lost, not the single rows
        warnings.simplefilter("ignore", MissingDataWarning)
        values, weights = by_year(two, per_head, population, positive=positive, stacklevel=5)
    y, w = values.unstack("year"), weights.unstack("year")
    full = y.notna().all(axis=1) if y.shape[1] == 2 else pd.Series(False, index=y.index)
    everyone = two.index.get_level_values(0).unique()
    lost = everyone.difference(y.index[full])
    if full.sum() < 5:
        raise InputError(
            f"{int(full.sum())} regions have {per_head!r} and people in both {years[0]} and "
            f"{years[1]}; at least five are needed"
        )
    if len(lost):
        warnings.warn(
            f"{len(lost)} of {len(everyone)} regions lack {per_head!r} or people in "
            f"{years[0]} or {years[1]} and were left out: {some(lost)}",
            MissingDataWarning,
            stacklevel=3,
        )
    return y[full].to_numpy().T, w[full].to_numpy().T, len(everyone)


def _statistic(z: np.ndarray, share: np.ndarray, kernel: Kernel, curve: Kernel) -> np.ndarray:
    """Give the change over its standard error; `z` and `share` have the two years first."""
    change = kernel(z[1], share[1]) - kernel(z[0], share[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        # shares of a permuted year no longer add up to one
        terms = [curve(z[i], share[i]) * share_of(share[i]) for i in (0, 1)]
        error = np.sqrt(squares(terms[1] - terms[0], np.array(z.shape[-1])))
        return np.where(error > 1e-14, change / error, 0.0)


def _permuted(
    observed: np.ndarray,
    z: np.ndarray,
    share: np.ndarray,
    kernel: Kernel,
    curve: Kernel,
    permutations: int,
    alternative: str,
    rng: int,
) -> float:
    regions = z.shape[1]
    block = max(1, _CELLS // regions)
    slack = _SAME * max(abs(float(observed)), 1.0)
    at_least = at_most = 0
    random = np.random.default_rng(rng)
    for done in range(0, permutations, block):
        swap = random.random((min(block, permutations - done), regions)) < 0.5
        mixed = np.stack([np.where(swap, z[1 - i], z[i]) for i in (0, 1)])
        people = np.stack([np.where(swap, share[1 - i], share[i]) for i in (0, 1)])
        drawn = _statistic(mixed, people, kernel, curve)
        at_least += int((drawn >= observed - slack).sum())
        at_most += int((drawn <= observed + slack).sum())
    return float(permutation_p(at_least, at_most, permutations, alternative))


def _change_bounds(
    kernel: Kernel, y: np.ndarray, w: np.ndarray, level: float, draws: int, rng: int
) -> tuple[float, float]:
    regions = y.shape[1]

    def change(counts: np.ndarray) -> np.ndarray:
        both = kernel(y, counts[:, np.newaxis, :] * w)
        return both[:, 1:] - both[:, :1]

    low, high = resampled_bounds(
        change,
        np.zeros(regions, dtype=np.intp),
        level=level,
        interval="bca",
        draws=draws,
        block=max(1, _CELLS // (2 * regions)),
        rng=rng,
    )
    return float(low[0]), float(high[0])

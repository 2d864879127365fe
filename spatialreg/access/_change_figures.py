"""Figures of a change of access: how equally it is spread, and whether the worst-off caught up.

All take access before and after of the same regions, finite, with the people of each.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from scipy.stats import t as student

from ..disparity import decompose_change, inequality, trend_test
from ..errors import InputError, TotalsWarning

WORST = 0.2  # share of people that are called the worst-off
_NONE = 1e-12  # an inequality of no more than this is rounding
_FEWEST_TESTED = 5
_FEWEST_SLOPE = 4
_TIMES = {"start": "before", "end": "after"}


def inequality_change(
    frame: pd.DataFrame,
    measures: Sequence[str],
    permutations: int | None,
    ci: float,
    rng: int | np.random.Generator | None,
) -> pd.DataFrame:
    """Give measures of inequality before and after, with a paired test where asked for."""
    if not len(measures) or not len(frame):
        return pd.DataFrame(columns=["before", "after", "change", "relative_change"])
    panel = _panel(frame)
    with warnings.catch_warnings():
        # a potential rises with people, and is still what each of them has
        warnings.simplefilter("ignore", TotalsWarning)
        if permutations is not None:
            if len(frame) < _FEWEST_TESTED:
                raise InputError(
                    f"{len(frame)} regions have access and people at both times; a test of "
                    f"inequality needs at least {_FEWEST_TESTED}: leave permutations out"
                )
            test = trend_test(
                panel, per_head="access", population="people", measures=measures,
                permutations=permutations, ci=ci, rng=rng,
            )  # fmt: skip
            return test.frame.rename(columns=_TIMES)
        figures = inequality(panel, per_head="access", population="people", measures=measures)
    table = figures.T.set_axis(["before", "after"], axis=1).rename_axis("measure")
    table["change"] = table["after"] - table["before"]
    before = table["before"].where(table["before"] > _NONE)
    table["relative_change"] = table["change"] / before
    return table


def change_between_groups(frame: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Take the change of Theil's T apart between and within groups; all people stay where they are.

    Groups add up to their component, and both components (``"all"``) to the change of T.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TotalsWarning)
        parts = decompose_change(
            _panel(frame), per_head="access", population="people", by=groups, start=0, end=1
        )
    columns = ["component", "group", "before", "after", "change", "share"]
    return parts.frame.rename(columns=_TIMES)[columns].reset_index(drop=True)


def worst_off(access: np.ndarray, people: np.ndarray, better: str) -> np.ndarray:
    """Give the people of each region who are among the fifth with the worst access.

    Those of a region that straddles the border count in part; of regions with the same access, the
    earlier counts first.
    """
    order = np.argsort(-access if better == "less" else access, kind="stable")
    share = people[order] / people.sum()
    start = np.cumsum(share) - share
    part = np.empty(len(access))
    part[order] = np.clip(WORST - start, 0.0, share)
    return part


def slope_on_start(
    before: np.ndarray, change: np.ndarray, level: float
) -> tuple[float, float, float]:
    """Regress the change on the start, each region once: the slope and its interval.

    The standard error is HC1 (MacKinnon and White 1985), with Student's t of n - 2 degrees.
    """
    n = len(before)
    x = before - before.mean() if n else before
    square = float(x @ x)
    if n < _FEWEST_SLOPE or square <= 1e-18 * float(before @ before):
        return (np.nan, np.nan, np.nan)
    slope = float(x @ change) / square
    residual = change - change.mean() - slope * x
    error = np.sqrt(float((x * residual) @ (x * residual)) * n / (n - 2)) / square
    reach = float(student.ppf((1 + level) / 2, n - 2)) * error
    return (slope, slope - reach, slope + reach)


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Give Spearman's correlation; NaN where one of them does not vary."""
    if len(first) < _FEWEST_SLOPE or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])


def _panel(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay before and after out as the years 0 and 1 of a panel."""
    index = pd.MultiIndex.from_product([frame.index, [0, 1]], names=["code", "year"])
    access = frame[["before", "after"]].to_numpy().ravel()
    people = np.repeat(frame["people"].to_numpy(), 2)
    return pd.DataFrame({"access": access, "people": people}, index)

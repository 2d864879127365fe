"""Inequality: the Gini of many values, and intervals of a nested Theil.

    python benchmarks/disparity.py                both jobs (about a minute)
    python benchmarks/disparity.py gini           one of them

What each job measures stands in disparity.md.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import pandas as pd
from _compare import HEADER, machine, medians, peak_memory, ratios, table, written
from inequality.gini import Gini

import spatialreg as sr

OURS = "spatialreg"
BY = ["segment", "province", "prefecture"]


def gini() -> str:
    """Ten million values, beside the sort that any exact Gini needs."""
    values = np.random.default_rng(0).lognormal(0, 1, 10_000_000)
    y = pd.Series(values)
    people = pd.Series(np.random.default_rng(1).lognormal(0, 1, 10_000_000))
    times = medians(
        {
            "numpy.sort": lambda: np.sort(values),
            "inequality.Gini": lambda: Gini(values),
            OURS: lambda: sr.gini(y),
        },
        5,
    )
    weighted = medians(
        {
            "numpy.argsort": lambda: np.argsort(values),
            OURS: lambda: sr.gini(y, population=people),
        },
        3,
    )
    rows = [
        (job, other, written(seconds), written(mine[OURS]), f"{mine[OURS] / seconds:,.2f} x", limit)
        for job, mine in (("10,000,000 values", times), ("the same with weights", weighted))
        for other, seconds in mine.items()
        if other != OURS
        for limit in ["at most 1.5 x" if other == "numpy.sort" else ""]
    ]
    return table(rows, "Gini of", "beside", "its time", "ours", "ours over it", "to reach")


@cache
def counties() -> pd.DataFrame:
    """Give a panel of 2,900 regions and 20 years, in 340 prefectures, 31 provinces, 4 segments."""
    rng = np.random.default_rng(0)
    prefecture = np.sort(rng.integers(0, 340, 2_900))
    level = rng.lognormal(0, 0.5, 2_900)
    frames = [
        pd.DataFrame(
            {
                "code": [f"{i:04d}" for i in range(2_900)],
                "year": 2000 + t,
                "income": level * rng.lognormal(0.05 * t, 0.2, 2_900),
                "people": rng.lognormal(0, 1, 2_900),
                "prefecture": [f"c{i:03d}" for i in prefecture],
                "province": [f"p{i // 11:02d}" for i in prefecture],
                "segment": [f"s{i // 11 % 4}" for i in prefecture],
            }
        )
        for t in range(20)
    ]
    return sr.to_panel(pd.concat(frames))


def bootstrap() -> str:
    """Intervals of a Theil in three levels of groups, 2,900 regions, 20 years."""
    panel = counties()

    def ours(draws: int, interval: str = "percentile") -> pd.DataFrame:
        return sr.decompose_theil(
            panel, per_head="income", population="people", by=BY, ci=0.95, interval=interval,
            replicates=draws, rng=1,
        ).frame  # fmt: skip

    ours(10)
    rows = []
    for draws, interval in ((1_000, "percentile"), (10_000, "percentile"), (10_000, "bca")):
        seconds, grown = peak_memory(lambda d=draws, i=interval: ours(d, i))
        rows.append((f"{draws:,} draws, {interval}", written(seconds), f"{grown:,.0f} MB"))
    times = medians(
        {"numpy, written out": lambda: written_out(panel, 100), OURS: lambda: ours(10_000)}, 3
    )
    # the peer's draws cost the same each, and ten thousand of them would take half a minute
    times["numpy, written out"] *= 100
    return "\n\n".join(
        [
            table(ratios("10,000 draws, percentile", times, OURS, {}), *HEADER),
            table(rows, "job", "time", "memory above the input"),
        ]
    )


def written_out(panel: pd.DataFrame, draws: int) -> np.ndarray:
    """Do what a careful user would with numpy: sums by group with bincount, year by year."""
    rng = np.random.default_rng(1)
    wide = panel[["income", "people"]].unstack("year")
    people, income = wide["people"].to_numpy(), wide["income"].to_numpy()
    groups = [pd.factorize(panel[name].xs(2000, level="year").loc[wide.index])[0] for name in BY]
    members = [np.flatnonzero(groups[0] == g) for g in range(groups[0].max() + 1)]
    found = np.empty((draws, 20, 4))
    for draw in range(draws):
        rows = np.concatenate([rng.choice(m, len(m)) for m in members])
        for t in range(20):
            p, y = people[rows, t], income[rows, t]
            v = p * y
            sums = [v.sum() * np.log(v.sum() / p.sum())]
            for group in groups:
                gp, gv = (np.bincount(group[rows], x) for x in (p, v))
                kept = gp > 0
                sums.append((gv[kept] * np.log(gv[kept] / gp[kept])).sum())
            sums.append((v * np.log(y)).sum())
            found[draw, t] = np.diff(sums) / v.sum()
    return np.quantile(found, [0.025, 0.975], axis=0)


JOBS = {"gini": gini, "bootstrap": bootstrap}

if __name__ == "__main__":
    for name in sys.argv[1:] or JOBS:
        print(JOBS[name](), end="\n\n", flush=True)
    print(machine("numpy", "numba", "pandas", "inequality"))

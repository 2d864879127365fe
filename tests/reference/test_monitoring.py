"""Paces, intervals, breaks against other implementations; levels and statuses against history."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import spatialreg as sr
from spatialreg.disparity import evaluate_plan, evaluate_targets


@pytest.fixture(scope="module")
def panel():
    panel = sr.datasets.provincial_panel()
    panel["ratio"] = panel["income_urban_yuan"] / panel["income_rural_yuan"]
    panel["urban"] = panel["urban_population_10k"] / panel["population_10k"] * 100
    panel["beds"] = panel["beds_per_10k"] / 10
    return panel


def target(column, direction, threshold, year, **changes):
    return pd.DataFrame(
        [{"name": "t", "column": column, "direction": direction, "threshold": threshold,
          "target_year": year} | changes]
    )  # fmt: skip


def test_pace_and_interval_written_out(panel):
    """Median of pairwise slopes by hand; the interval from the changes as a sample of four."""
    frame = evaluate_targets(
        panel, target("ratio", "at most", 2.5, 2020), confidence=0.95
    ).frame.set_index("region")
    assert len(frame) == 31
    for code, row in frame.iterrows():
        y = panel.loc[code, "ratio"].loc[2015:2019].to_numpy()
        slopes = [(y[j] - y[i]) / (j - i) for i, j in combinations(range(5), 2)]
        assert row["actual_pace"] == pytest.approx(np.median(slopes), rel=1e-12)
        changes = np.diff(y)
        # the mean of four draws and one more: the interval of a new draw of Student
        error = stats.t.ppf(0.975, 3) * changes.std(ddof=1) * np.sqrt(1 + 1 / 4)
        assert row["high"] - row["projection"] == pytest.approx(error, rel=1e-9)
        assert row["projection"] == pytest.approx(y[-1] + np.median(slopes), rel=1e-12)


def test_the_national_mean_is_the_published_one(panel):
    """Beds per 1,000 people: 6.03 in 2018 and 6.30 in 2019.

    National Health Commission, statistical bulletin on health development of 2019. The mean of
    provinces is weighted by their resident population, which is not quite what the bulletin
    divides by: half a per cent is left.
    """
    wanted = target("beds", "at least", 6.0, 2020, scope="mean", baseline_year=2015)
    for year, published in ((2018, 6.03), (2019, 6.30)):
        frame = evaluate_targets(panel, wanted, year=year, population="population_10k").frame
        assert frame["level"].iloc[0] == pytest.approx(published, rel=0.005)
    assert frame["reached"].all() and frame["status"].tolist() == ["on track"]


def test_plan_of_the_panel_by_hand(panel):
    """Guizhou: beds 5.565 in 2015, 6.823 in 2018; the path to 6 has 5.826 there."""
    plan = evaluate_plan(panel, target("beds", "at least", 6.0, 2020), period="fyp_13")
    row = plan.mid_term.set_index("region").loc["520000"]
    assert row["value"] == pytest.approx(6.823)
    assert row["expected"] == pytest.approx(5.565 + 0.6 * 0.435)
    assert row["share"] == pytest.approx((6.823 - 5.565) / 0.435)


def test_statuses_against_what_came(panel):
    """Judged one to three years ahead, targets on track are met, and those off track are not.

    The shares are not those of a design but of this panel: an order that a planner relies on.
    """
    cases = [
        ("beds_per_10k", "at least", (50, 60)),
        ("health_technicians_per_10k", "at least", (55, 65)),
        ("urban", "at least", (50, 60)),
        ("ratio", "at most", (2.4, 2.6)),
    ]
    told = []
    for column, direction, bounds in cases:
        for bound in bounds:
            wanted = target(column, direction, bound, 2019)
            came = evaluate_targets(panel, wanted).frame
            for ahead in (1, 2, 3):
                if column == "ratio" and ahead == 3:  # a series of 2013 on has four values then
                    continue
                early = evaluate_targets(panel, wanted, year=2019 - ahead).frame
                told.append(
                    pd.DataFrame(
                        {
                            "status": early["status"],
                            "met": came["status"] == "met",
                            "inside": came["level"].between(early["low"], early["high"]),
                        }
                    )
                )
    told = pd.concat(told)
    met = told.groupby("status")["met"].mean()
    assert met["on track"] > 0.95 and met["off track"] < 0.15
    assert met["off track"] < met["at risk"] < met["on track"]
    # intervals at 0.8: a turn of the trend is not in them
    assert 0.6 < told["inside"].mean() < 0.9

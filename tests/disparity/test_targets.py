"""Targets: each status by hand, plans, early warnings, and each message."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import early_warning, evaluate_plan, evaluate_targets
from spatialreg.errors import InputError, MissingDataWarning

TARGET = {
    "name": "beds", "column": "beds", "direction": "at least", "threshold": 6.0,
    "target_year": 2020,
}  # fmt: skip


def panel_of(rows, first=2014, column="beds"):
    """Give a panel from values by region, from `first` on."""
    return sr.to_panel(
        pd.DataFrame(
            [
                {"code": code, "year": first + i, column: value}
                for code, values in rows.items()
                for i, value in enumerate(values)
            ]
        )
    )


def targets(**changes):
    return pd.DataFrame([{**TARGET, **changes}])


def judged(values, *, first=2014, year=None, options=None, **changes):
    """Judge one region; give its row."""
    panel = panel_of({"a": values}, first)
    result = evaluate_targets(panel, targets(**changes), year=year, **(options or {}))
    assert len(result.frame) == 1
    return result.frame.iloc[0]


def test_on_track_by_hand():
    """Slopes between the pairs of 4, 4.4, 4.8, 5.2, 5.6 are all 0.4, and nothing is uncertain."""
    row = judged([4.0, 4.4, 4.8, 5.2, 5.6])
    assert row["status"] == "on track"
    assert (row["level"], row["level_year"]) == (5.6, 2018)
    assert row["required_pace"] == pytest.approx(0.2)
    assert row["actual_pace"] == pytest.approx(0.4)
    assert row[["projection", "low", "high"]].tolist() == pytest.approx([6.4, 6.4, 6.4])
    assert row["words"] == (
        "5.6 in 2018: needs +0.2 a year; moves +0.4 a year and heads for 6.4 (6.4 to 6.4) in 2020"
    )


def test_interval_by_hand():
    """Changes 0.1, 0.3, 0.2, 0.6: s^2 = 0.14 / 3; the median of the ten slopes is 0.25."""
    values = [4.0, 4.1, 4.4, 4.6, 5.2]
    slopes = [0.1, 0.2, 0.2, 0.3, 0.3, 0.25, 1.1 / 3, 0.2, 0.4, 0.6]
    row = judged(values, options={"confidence": 0.9})
    assert row["actual_pace"] == pytest.approx(np.median(slopes))
    assert row["projection"] == pytest.approx(5.2 + 2 * 0.275)
    # t(0.95, 3) = 2.353363, from tables; h = 2, m = 4
    half = 2.353363 * np.sqrt(0.14 / 3 * (2 + 4 / 4))
    assert row["high"] - row["projection"] == pytest.approx(half, rel=1e-6)
    assert row["projection"] - row["low"] == pytest.approx(half, rel=1e-6)
    assert row["status"] == "off track"
    assert row["values"] == 5


def test_a_gap_in_the_years_counts_as_its_years():
    """Of 4.0, 4.1, (none), 4.7, 4.8: changes 0.1, 0.6 over two years, 0.1; drift 0.2 a year."""
    row = judged([4.0, 4.1, np.nan, 4.7, 4.8])
    variance = (0.1**2 + 0.2**2 / 2 + 0.1**2) / 2
    # t(0.9, 2) = 1.885618, from tables
    half = 1.885618 * np.sqrt(variance * (2 + 4 / 4))
    assert row["high"] - row["projection"] == pytest.approx(half, rel=1e-6)


@pytest.mark.parametrize(
    ("values", "changes", "status", "words"),
    [
        # +0.4 on average, but from 0.1 to 0.7: the projection reaches, its worse bound does not
        ([4.0, 4.1, 4.8, 4.9, 5.6], {}, "at risk", "does not exclude missing"),
        ([4.0, 4.1, 4.2, 4.3, 4.4], {}, "off track", "misses by 1.4"),
        ([4.0, 4.1, 4.2, 4.3, 4.4], {"tolerance": 1.4}, "at risk", "within the tolerance"),
        ([4.0, 4.1, 4.2, 4.3, 4.4], {"tolerance": 1.3}, "off track", "misses by 1.4"),
        ([7.0, 6.8, 6.6, 6.4, 6.2], {}, "at risk", "away from the threshold that is reached now"),
        ([6.0, 6.1, 6.2, 6.3, 6.4], {}, "on track", "the threshold is reached with 6.4 in 2018"),
        ([7.0, 6.8, 6.6, 6.4, 6.2], {"direction": "at most"}, "on track", "needs -0.1 a year"),
        ([7.0, 7.1, 7.2, 7.3, 7.4], {"direction": "at most"}, "off track", "misses by 1.6"),
        ([5.0, 5.1, 5.2, 5.3, 5.9], {"target_year": 2018}, "missed", "missed by 0.1"),
        (
            [5.0, 5.1, 5.2, 5.3, 5.9],
            {"target_year": 2018, "tolerance": 0.2},
            "missed",
            "missed by 0.1 (within the tolerance)",
        ),
        ([5.0, 5.1, 5.2, 5.3, 6.0], {"target_year": 2018}, "met", "6 in 2018, at least 6: met"),
        # judged by the value of its year, not by a later one
        ([5.0, 5.1, 5.2, 5.3, 7.0], {"target_year": 2017}, "missed", "5.3 in 2017"),
        ([5.0, 5.1, 5.2, 5.3, np.nan], {"target_year": 2018}, "no data", "there is no value; 5.3"),
        ([np.nan] * 5, {}, "no data", "no value up to 2018"),
        ([5.0, 5.1, np.nan, np.nan, np.nan], {}, "no data", "the last value, 5.1, is of 2015"),
        ([np.nan, np.nan, np.nan, 5.0, 5.1], {}, "no data", "2 values are too few for a pace"),
        ([np.nan, np.nan, np.nan, 6.0, 6.1], {}, "on track", "2 values are too few for a pace"),
    ],
)
def test_each_status(values, changes, status, words):
    row = judged(values, **changes)
    assert row["status"] == status
    assert words in row["words"]


def test_rounding_does_not_miss_a_target():
    """0.1 + 0.2 is a little more than 0.3 in binary."""
    values = [0.5, 0.4, 0.1 + 0.2]
    row = judged(values, first=2018, threshold=0.3, direction="at most")
    assert row["status"] == "met"


def test_nothing_after_the_year_is_looked_at():
    values = [4.0, 4.4, 4.8, 5.2, 5.6, 1.0, 1.0]
    now = judged(values, year=2018)
    pd.testing.assert_series_equal(now, judged(values[:5]), check_names=False)
    assert judged(values)["status"] == "missed"


def test_a_year_beyond_the_panel_asks_for_younger_values():
    values = [4.0, 4.4, 4.8, 5.2, 5.6]
    assert judged(values, year=2019, target_year=2022)["status"] == "on track"
    row = judged(values, year=2021, target_year=2022)
    assert row["status"] == "no data" and "is of 2018" in row["words"]
    late = judged(values, year=2021, target_year=2022, options={"max_age": 3})
    assert late["status"] == "on track"


def test_window_decides_which_pace():
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 5.1, 5.2, 5.3]
    assert judged(values, first=2011)["actual_pace"] == pytest.approx(0.1)
    assert judged(values, first=2011, options={"window": 8})["actual_pace"] > 0.4


def test_progress_is_the_share_of_the_planned_change():
    row = judged([4.0, 4.4, 4.8, 5.2, 5.6], baseline_year=2014)
    assert (row["baseline"], row["progress"]) == (4.0, pytest.approx(0.8))
    # where nothing had to change there is no share of it
    assert np.isnan(judged([6.5, 6.4, 6.3], first=2016, baseline_year=2016)["progress"])


def test_change_from_the_baseline_in_per_cent():
    row = judged(
        [4.0, 4.4, 4.8, 5.2, 5.6], relative_to="baseline", baseline_year=2014, threshold=50.0
    )
    # 5.6 is 40 % above 4.0; 0.4 a year is 10 % of 4.0
    assert row["level"] == pytest.approx(40.0)
    assert row["actual_pace"] == pytest.approx(10.0)
    assert row["required_pace"] == pytest.approx(5.0)
    assert row["progress"] == pytest.approx(0.8)


@pytest.fixture
def two():
    """Two regions of 1 and 3 million people."""
    panel = panel_of({"a": [2.0, 2.2, 2.4, 2.6], "b": [6.0, 6.2, 6.4, 6.6]}, first=2015)
    panel["people"] = [1.0] * 4 + [3.0] * 4
    return panel


def test_share_of_the_mean(two):
    wanted = targets(relative_to="mean", threshold=0.5)
    level = evaluate_targets(two, wanted).frame.set_index("region")["level"]
    assert level.to_dict() == {"a": pytest.approx(2.6 / 4.6), "b": pytest.approx(6.6 / 4.6)}
    level = evaluate_targets(two, wanted, population="people").frame.set_index("region")["level"]
    assert level["a"] == pytest.approx(2.6 / (0.25 * 2.6 + 0.75 * 6.6))


@pytest.mark.parametrize(
    ("scope", "population", "level"),
    [
        ("mean", None, 4.6),
        ("mean", "people", 5.6),
        ("sum", None, 9.2),
        ("sum", "people", 9.2),
        ("cv", None, 2.0 / 4.6),
        # weighted variance: 0.25 x 3^2 + 0.75 x 1^2 = 3
        ("cv", "people", np.sqrt(3) / 5.6),
    ],
)
def test_aggregates_by_hand(two, scope, population, level):
    frame = evaluate_targets(two, targets(scope=scope), population=population).frame
    assert frame["region"].tolist() == [scope] and frame["aggregate"].all()
    assert frame["level"].tolist() == [pytest.approx(level)]


def test_years_that_lack_regions_have_no_aggregate(two):
    holes = two.drop(index=[("a", 2018)])
    with pytest.warns(MissingDataWarning, match=r"1 years lack some of the 2 regions .*2018"):
        row = evaluate_targets(holes, targets(scope="sum")).frame.iloc[0]
    assert (row["level"], row["level_year"]) == (pytest.approx(8.8), 2017)
    with pytest.warns(MissingDataWarning, match="2018"):
        row = evaluate_targets(holes, targets(scope="theil")).frame.iloc[0]
    assert row["level_year"] == 2017


def test_a_region_with_a_row_of_its_own_leaves_the_row_for_all(two):
    wanted = pd.concat([targets(), targets(scope="a", threshold=2.0)], ignore_index=True)
    result = evaluate_targets(two, wanted)
    assert result.frame.set_index("region")["threshold"].to_dict() == {"a": 2.0, "b": 6.0}
    assert result.frame["region"].tolist() == ["a", "b"]
    listed = evaluate_targets(two, pd.DataFrame([{**TARGET, "scope": ["a", "b"]}]))
    assert listed.frame["region"].tolist() == ["a", "b"]


def test_codes_that_a_spreadsheet_read_as_numbers():
    panel = panel_of({"110000": [4.0, 4.4, 4.8]}, first=2016)
    assert evaluate_targets(panel, targets(scope=110000.0)).frame["region"].tolist() == ["110000"]


@pytest.mark.parametrize("when", [2020, 2020.0, "2020", "2020-12-31", dt.date(2020, 6, 30)])
def test_dates(when):
    assert judged([4.0, 4.4, 4.8], first=2016, target_year=when)["target_year"] == 2020


def test_counts_and_what_is_failing(two):
    wanted = pd.concat([targets(), targets(name="few", direction="at most", threshold=9.0)])
    result = evaluate_targets(two, wanted)
    assert result.summary.loc["beds", ["on track", "off track"]].tolist() == [1, 1]
    assert result.summary.loc["few", "on track"] == 2
    assert result.summary.columns.tolist() == [
        "met", "on track", "at risk", "off track", "missed", "no data",
    ]  # fmt: skip
    assert result.failing["region"].tolist() == ["a"] and not result.all_on_track
    for part in ("last 5 years", "0.8 interval", "each region counting once"):
        assert part in result.definition


def test_rows_in_any_order_and_nothing_mutated(two):
    wanted = pd.concat([targets(), targets(name="gap", scope="cv")], ignore_index=True)
    mixed, before = two.sample(frac=1, random_state=3), wanted.copy()
    kept = mixed.copy()
    pd.testing.assert_frame_equal(
        evaluate_targets(mixed, wanted).frame, evaluate_targets(two, wanted).frame
    )
    pd.testing.assert_frame_equal(mixed, kept)
    pd.testing.assert_frame_equal(wanted, before)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"direction": "above"}, "'beds': direction must be one of 'at least', 'at most'"),
        ({"threshold": "six"}, "'beds': threshold must be a number, not 'six'"),
        ({"threshold": np.nan}, "threshold must be a number"),
        ({"target_year": "soon"}, "target_year must be a year or a date, not 'soon'"),
        ({"target_year": np.nan}, "target_year must be a year or a date"),
        ({"name": ""}, "each target needs a name and a column"),
        ({"column": "bed"}, "the panel has no column 'bed'"),
        ({"scope": "north"}, r"scope must be 'regions', a code of the panel \(a, b\).*'north'"),
        ({"relative_to": "last year"}, "relative_to must be one of '', 'baseline', 'mean'"),
        ({"relative_to": "baseline"}, "needs a baseline_year"),
        ({"relative_to": "baseline", "baseline_year": 1990}, "no year 1990.*2015 to 2018"),
        ({"relative_to": "mean", "scope": "cv"}, "a share of the mean is of single regions"),
        ({"baseline_year": 2020}, "must lie before the target_year; it is 2020"),
        ({"tolerance": -1}, "tolerance must not be negative, but is -1"),
        ({"tolerence": 1}, "columns that mean nothing here: 'tolerence'; known are 'name'"),
    ],
)
def test_each_message_about_a_target(two, changes, message):
    with pytest.raises(InputError, match=message):
        evaluate_targets(two, targets(**changes))


def test_each_message_about_the_table(two):
    with pytest.raises(InputError, match="must be a DataFrame with a row a target, not dict"):
        evaluate_targets(two, TARGET)
    with pytest.raises(InputError, match="has no column 'threshold'"):
        evaluate_targets(two, targets().drop(columns="threshold"))
    with pytest.raises(InputError, match="has no row"):
        evaluate_targets(two, targets().iloc[:0])
    with pytest.raises(InputError, match=r"more than once for the same regions \(beds \(regions"):
        evaluate_targets(two, pd.concat([targets(), targets()]))
    with pytest.raises(InputError, match="about several columns"):
        evaluate_targets(two, pd.concat([targets(), targets(column="people", scope="a")]))
    with pytest.raises(InputError, match="levels code and year"):
        evaluate_targets(two.reset_index(), targets())
    with pytest.raises(InputError, match="'people' must not be negative"):
        evaluate_targets(two.assign(people=-1.0), targets(), population="people")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"year": 2014}, "a whole year from 2015 on, the first of the panel, not 2014"),
        ({"year": 2016.5}, "a whole year"),
        ({"window": 2}, "window must be a whole number of years from 3 on, not 2"),
        ({"confidence": 80}, "confidence must be a level between 0 and 1"),
        ({"max_age": -1}, "max_age must be a whole number"),
    ],
)
def test_each_message_about_an_option(two, options, message):
    with pytest.raises(InputError, match=message):
        evaluate_targets(two, targets(), **options)


# the plan


@pytest.fixture
def plan_panel():
    """Beds of two regions 2015 to 2020; the first is behind at mid-term and there in the end."""
    rows = {"a": [5.0, 5.1, 5.3, 5.4, 5.9, 6.1], "b": [5.0, 5.2, 5.5, 5.7, 5.8, 5.9]}
    return panel_of(rows, first=2015)


def test_plan_by_hand(plan_panel):
    plan = evaluate_plan(plan_panel, targets(), period="fyp_13")
    assert (plan.first, plan.last, plan.mid_year) == (2016, 2020, 2018)
    assert plan.period.startswith("13th Five-Year Plan")
    mid = plan.mid_term.set_index("region")
    # a straight path from 5 in 2015 to 6 in 2020 is at 5.6 in 2018
    assert mid["expected"].tolist() == pytest.approx([5.6, 5.6, 5.6])
    assert mid.loc["a", ["baseline", "value", "share", "ahead"]].tolist() == [
        5.0, 5.4, pytest.approx(0.4), False,
    ]  # fmt: skip
    assert mid.loc["b", ["value", "share", "ahead"]].tolist() == [5.7, pytest.approx(0.7), True]
    assert mid.loc["mean", "value"] == pytest.approx(5.55)
    # a heads for 5.4 + 2 x 0.142; b for 5.7 + 2 x 0.242 = 6.18, less 1.886 x 0.1054 = 5.98; the
    # mean for 5.55 + 2 x 0.192
    assert mid["status"].to_dict() == {"a": "off track", "b": "at risk", "mean": "off track"}
    final = plan.final.set_index("region")
    assert final["share"].tolist() == pytest.approx([1.1, 0.9, 1.0])
    assert final["status"].to_dict() == {"a": "met", "b": "missed", "mean": "met"}
    assert final["expected"].tolist() == pytest.approx([6.0, 6.0, 6.0])
    assert plan.summary.loc[("beds", "final"), ["met", "missed"]].tolist() == [2, 1]


def test_mid_term_status_looks_at_nothing_later(plan_panel):
    early = plan_panel[plan_panel.index.get_level_values("year") <= 2018]
    pd.testing.assert_frame_equal(
        evaluate_plan(early, targets(), period="fyp_13").mid_term,
        evaluate_plan(plan_panel, targets(), period="fyp_13").mid_term,
    )


def test_what_is_not_due(plan_panel):
    early = plan_panel[plan_panel.index.get_level_values("year") <= 2018]
    final = evaluate_plan(early, targets(), period=(2016, 2020)).final
    assert (final["status"] == "not due").all() and final["value"].isna().all()


@pytest.mark.parametrize(
    ("period", "mid"), [((2016, 2020), 2018), ((2016, 2019), 2017), ((2016, 2016), 2016)]
)
def test_the_middle_year(plan_panel, period, mid):
    plan = evaluate_plan(plan_panel, targets(), period=period)
    assert plan.mid_year == mid and plan.period == f"{period[0]}-{period[1]}"
    assert evaluate_plan(plan_panel, targets(), period=(2016, 2020), mid_year=2017).mid_year == 2017


def test_a_target_beyond_the_plan_is_held_against_its_path(plan_panel):
    plan = evaluate_plan(plan_panel, targets(target_year=2025), period="fyp_13")
    assert plan.final["expected"].tolist() == pytest.approx([5.5, 5.5, 5.5])
    assert "met" not in set(plan.final["status"])


def test_a_region_that_had_no_change_to_make(plan_panel):
    plan = evaluate_plan(plan_panel, targets(threshold=4.0), period="fyp_13")
    assert plan.mid_term["share"].isna().all()
    assert (plan.mid_term["expected"] == 4.0).all() and plan.mid_term["ahead"].all()


def test_no_baseline_no_path(plan_panel):
    with pytest.warns(MissingDataWarning, match="2015"):
        plan = evaluate_plan(plan_panel.drop(index=("a", 2015)), targets(), period="fyp_13")
    row = plan.mid_term.set_index("region").loc["a"]
    assert np.isnan(row["expected"]) and np.isnan(row["share"]) and row["ahead"] is pd.NA
    assert row["status"] == "off track"


def test_targets_due_before_the_plan_are_named(plan_panel):
    wanted = pd.concat([targets(), targets(name="old", target_year=2015)], ignore_index=True)
    plan = evaluate_plan(plan_panel, wanted, period="fyp_13")
    assert plan.frame["target"].unique().tolist() == ["beds"]
    assert plan.definition.endswith("no part of it: old")


def test_a_share_of_the_mean_has_no_nation(plan_panel):
    plan = evaluate_plan(plan_panel, targets(relative_to="mean"), period="fyp_13")
    assert plan.frame["region"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"period": "fyp_99"}, "there is no period 'fyp_99'; there are .*fyp_13"),
        ({"period": "paper_4"}, "'paper_4' has no end"),
        ({"period": (2020, 2016)}, r"for example \(2016, 2020\), not \(2020, 2016\)"),
        ({"period": 2016}, "first and last year"),
        ({"period": (2016, 2020), "mid_year": 2021}, "mid_year must be a year of the plan, 2016"),
        ({"period": (2021, 2025)}, "no target is due in 2021.*the last is due in 2020"),
        ({"period": "fyp_13", "window": 1}, "window"),
    ],
)
def test_each_message_about_a_plan(plan_panel, options, message):
    with pytest.raises(InputError, match=message):
        evaluate_plan(plan_panel, targets(), **options)


# the warning


def gap_of(spreads, first=2000):
    """Two regions whose coefficient of variation is `spreads`: 1 - s and 1 + s."""
    low, high = [1 - s for s in spreads], [1 + s for s in spreads]
    return panel_of({"a": low, "b": high}, first, "income")


def test_a_gap_that_widens_two_years_running():
    spreads = [0.3, 0.4, 0.5, 0.5, 0.6, 0.55]
    frame = early_warning(gap_of(spreads), value="income", measures=["cv"])
    assert frame["value"].tolist() == pytest.approx(spreads)
    assert frame["widening_years"].tolist() == [0, 1, 2, 0, 1, 0]
    assert frame["warning"].tolist() == [False, False, True, False, False, False]
    assert frame["reason"].tolist()[2] == "rose 2 years running"
    assert frame.attrs["breaks"] == {}  # six years are too few
    once = early_warning(gap_of(spreads), value="income", measures=["cv"], years=1)
    assert once["warning"].tolist() == [False, True, True, False, True, False]
    assert once["reason"].tolist()[1] == "rose 1 year"


def test_a_year_without_data_ends_a_run():
    panel = gap_of([0.3, 0.4, 0.5, 0.6]).drop(index=2001, level="year")
    frame = early_warning(panel, value="income", measures=["cv"])
    assert frame["widening_years"].tolist() == [0, 0, 1]


def test_a_broken_trend():
    rng = np.random.default_rng(5)
    falls = np.r_[0.5 - 0.03 * np.arange(10), 0.23 + 0.03 * np.arange(1, 9)]
    frame = early_warning(
        gap_of(falls + rng.normal(0, 0.002, 18)), value="income", measures=["cv"], rng=1
    )
    broken = frame[frame["trend_break"]]
    assert broken["year"].tolist() == [2009] and broken["warning"].all()
    assert "a gap wider than the old trend led to" in broken["reason"].iloc[0]
    assert frame.attrs["breaks"]["cv"]["years"] == [2009]
    assert frame.attrs["breaks"]["cv"]["tests"][0]["p_value"] < 0.02


def test_a_straight_line_has_no_break():
    frame = early_warning(gap_of(np.linspace(0.2, 0.4, 12)), value="income", measures=["cv"], rng=1)
    assert frame.attrs["breaks"]["cv"]["years"] == []
    assert not frame["trend_break"].any()


def test_between_groups_by_hand():
    """Means 1 and 3 of groups with equal people: T = 0.5 (0.5 ln 0.5 + 1.5 ln 1.5)."""
    panel = panel_of({"a": [0.5], "b": [1.5], "c": [3.0], "d": [3.0]}, 2000, "income")
    panel["zone"] = ["w", "w", "e", "e"]
    frame = early_warning(panel, value="income", by="zone", measures=["cv"])
    between = frame[frame["measure"] == "theil between zone"]["value"].iloc[0]
    assert between == pytest.approx(0.5 * (0.5 * np.log(0.5) + 1.5 * np.log(1.5)))


def test_the_same_regions_every_year():
    panel = gap_of([0.3, 0.4, 0.5])
    more = pd.concat([panel, panel_of({"c": [9.0]}, 2002, "income")])
    with pytest.warns(MissingDataWarning, match="1 of 3 regions lack 'income' in some year.*: c"):
        frame = early_warning(more, value="income", measures=["cv"])
    assert frame["value"].tolist() == pytest.approx([0.3, 0.4, 0.5])


def test_warnings_in_any_order_of_rows_and_measures():
    rng = np.random.default_rng(2)
    panel = gap_of(0.3 + rng.normal(0, 0.05, 14))
    one = early_warning(panel, value="income", rng=4)
    other = early_warning(
        panel.sample(frac=1, random_state=1), value="income", measures=["cv", "theil"], rng=4
    )
    again = other.sort_values(["measure", "year"], ascending=[False, True], ignore_index=True)
    pd.testing.assert_frame_equal(again, one)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"value": "wealth"}, "no column 'wealth'"),
        ({"years": 0}, "years must be a whole number from 1 on, not 0"),
        ({"simulations": 10}, "simulations must be a whole number from 99 on, not 10"),
        ({"alpha": 5}, "alpha must be a level between 0 and 1"),
        ({"by": "zone"}, "no column 'zone'"),
        ({"measures": ["ginny"]}, "not 'ginny'"),
    ],
)
def test_each_message_about_a_warning(options, message):
    with pytest.raises(InputError, match=message):
        early_warning(gap_of([0.1, 0.2, 0.3]), **{"value": "income"} | options)


def test_groups_and_regions_that_cannot_be():
    panel = gap_of([0.1, 0.2])
    with pytest.raises(InputError, match=r"1 regions have several groups in column 'zone' \(a\)"):
        early_warning(panel.assign(zone=["x", "y", "y", "y"]), value="income", by="zone")
    with pytest.raises(InputError, match=r"2 regions have no group in column 'zone'"):
        early_warning(panel.assign(zone=None), value="income", by="zone")
    with pytest.raises(InputError, match="1 regions have 'income' in each of the 2 years"):
        early_warning(panel.drop(index=("a", 2001)), value="income")

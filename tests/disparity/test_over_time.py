"""Measures by year: the same figures as one year at a time, intervals, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import InputError, MissingDataWarning

ALL = ["gini", "theil", "mld", "cv", "hoover", "palma", "ge(2)", "atkinson(0.5)"]
SINGLE = {
    "gini": disparity.gini,
    "theil": disparity.theil,
    "mld": disparity.mld,
    "cv": disparity.cv,
    "hoover": disparity.hoover,
    "palma": disparity.palma,
    "ge(2)": lambda y, population: disparity.ge(y, 2, population=population),
    "atkinson(0.5)": lambda y, population: disparity.atkinson(y, 0.5, population=population),
}


@pytest.mark.parametrize("population", [None, "people"])
def test_each_year_equals_the_measure_of_that_year(panel, population):
    result = sr.inequality(panel, per_head="income", population=population, measures=ALL)
    assert result.index.name == "year"
    assert result.index.tolist() == [2000, 2001, 2002, 2003, 2004]
    assert result.columns.tolist() == ALL
    for year, row in result.iterrows():
        one = panel.xs(year, level="year")
        people = None if population is None else one["people"]
        for name in ALL:
            assert row[name] == pytest.approx(SINGLE[name](one["income"], population=people))


def test_a_frame_gives_one_row(regions):
    result = sr.inequality(regions, per_head="income", population="people")
    assert result.columns.tolist() == ["gini", "theil", "mld", "cv"]
    assert len(result) == 1
    expected = disparity.gini(regions["income"], population=regions["people"])
    assert result["gini"].iloc[0] == pytest.approx(expected)


def test_the_definition_says_what_was_computed(panel):
    weighted = sr.inequality(panel, per_head="income", population="people", ci=0.9, rng=1)
    words = weighted.attrs["definition"]
    for part in ("income", "people", "ddof = 0", "0.9 intervals", "BCa", "999 draws"):
        assert part in words
    plain = sr.inequality(panel, per_head="income").attrs
    assert "each region counting once" in plain["definition"]
    assert plain["regions"] == dict.fromkeys(range(2000, 2005), 12)


def test_rows_in_any_order(panel):
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    arguments = {"per_head": "income", "population": "people", "ci": 0.95, "rng": 3}
    pd.testing.assert_frame_equal(
        sr.inequality(mixed, **arguments), sr.inequality(panel, **arguments)
    )
    pd.testing.assert_frame_equal(mixed, before)


def test_missing_rows_and_values_leave_the_other_regions(panel):
    holes = panel.drop(index=[("03", 2001)])
    holes.loc[("05", 2002), "income"] = np.nan
    with pytest.warns(MissingDataWarning, match=r"1 of 59 rows .*\('05', 2002\)"):
        result = sr.inequality(holes, per_head="income", measures=["gini"])
    for year, gone in ((2001, "03"), (2002, "05")):
        expected = disparity.gini(panel["income"].xs(year, level="year").drop(gone))
        assert result.loc[year, "gini"] == pytest.approx(expected)
    assert result.attrs["regions"][2001] == result.attrs["regions"][2002] == 11


def test_a_year_without_data_is_nan(panel):
    empty = panel.copy()
    empty.loc[(slice(None), 2003), "income"] = np.nan
    with pytest.warns(MissingDataWarning):
        result = sr.inequality(empty, per_head="income", measures=ALL, ci=0.9, rng=0)
    assert result.loc[2003].isna().all()
    assert result.drop(index=2003).notna().all(axis=None)


def test_intervals_equal_a_bootstrap_written_out(panel):
    """Resample whole regions row by row, with the same draws, and measure each sample alone."""
    level, draws = 0.8, 40
    result = sr.inequality(
        panel, per_head="income", population="people", ci=level, replicates=draws, rng=11,
        measures=["gini", "theil"], interval="percentile",
    )  # fmt: skip
    picks = (np.random.default_rng(11).random((draws, 12)) * 12).astype(int)
    counts = [np.bincount(pick, minlength=12) for pick in picks]
    codes = sorted(panel.index.get_level_values("code").unique())
    for year in (2000, 2004):
        one = panel.xs(year, level="year")
        sampled = []
        for count in counts:
            rows = one.loc[np.repeat(codes, count)].reset_index(drop=True)
            sampled.append(disparity.gini(rows["income"], population=rows["people"]))
        low, high = np.quantile(sampled, [0.1, 0.9])
        assert result.loc[year, "gini_low"] == pytest.approx(low, rel=1e-12)
        assert result.loc[year, "gini_high"] == pytest.approx(high, rel=1e-12)
    assert result.columns.tolist() == [
        "gini", "gini_low", "gini_high", "theil", "theil_low", "theil_high",
    ]  # fmt: skip


def test_the_blocks_of_the_bootstrap_change_nothing(panel, monkeypatch):
    from spatialreg.disparity._inequality import _over_time

    arguments = {"per_head": "income", "ci": 0.95, "rng": 5, "replicates": 100}
    whole = sr.inequality(panel, **arguments)
    monkeypatch.setattr(_over_time, "_CELLS", 500)
    pd.testing.assert_frame_equal(sr.inequality(panel, **arguments), whole)


def test_draws_take_a_region_with_all_its_years(panel):
    """Two years with the same values have the same interval: the draws are the same."""
    same = panel.copy()
    same["income"] = same.groupby("code")["income"].transform("first")
    result = sr.inequality(same, per_head="income", ci=0.9, rng=2)
    assert result.nunique().eq(1).all()


def test_intervals_cover_a_known_index_about_as_often_as_they_say():
    """Theil L of a lognormal is sigma squared over 2; 150 samples of 300, percentile at 0.9."""
    rng = np.random.default_rng(0)
    hits = 0
    for seed in range(150):
        y = pd.DataFrame({"y": rng.lognormal(0, 0.5, 300)})
        bounds = sr.inequality(
            y, per_head="y", measures=["mld"], ci=0.9, replicates=199, rng=seed
        ).iloc[0]
        hits += bounds["mld_low"] <= 0.125 <= bounds["mld_high"]
    # binomial: 0.9 +- 3.3 standard errors of 0.0245, and percentile intervals fall a little short
    assert 0.80 <= hits / 150 <= 0.98


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"per_head": "wealth"}, "no column 'wealth'"),
        ({"population": "souls"}, "no column 'souls'"),
        ({"measures": "gini"}, r"sequence of names: pass \['gini'\]"),
        ({"measures": []}, "at least one measure"),
        ({"measures": ["ginny"]}, "'gini', 'theil'.*'atkinson\\(epsilon\\)'.*not 'ginny'"),
        ({"measures": ["ge"]}, "not 'ge'"),
        ({"measures": ["ge(..)"]}, "not 'ge"),
        ({"measures": ["atkinson(-1)"]}, "epsilon must be a finite number above 0"),
        ({"measures": [2]}, "not 2"),
        ({"rng": 0}, "rng is used for intervals only: pass ci"),
        ({"replicates": 9}, "replicates is used for intervals only: pass ci"),
        ({"ci": 95}, "level between 0 and 1, for example 0.95, not 95"),
        ({"ci": 0.95, "replicates": 0}, "replicates must be at least 1, not 0"),
        ({"ci": 0.95, "rng": np.random.RandomState(0)}, "rng must be an int"),
    ],
)
def test_each_message(panel, arguments, message):
    with pytest.raises(InputError, match=message):
        sr.inequality(panel, **{"per_head": "income"} | arguments)


@pytest.mark.parametrize("measure", ["mld", "ge(-0.5)", "ge(0)", "atkinson(1)"])
def test_zero_values_raise_with_the_measure_and_the_row(panel, measure):
    panel.loc[("02", 2001), "income"] = 0.0
    with pytest.raises(InputError, match=r"takes the logarithm.*\('02', 2001\)") as caught:
        sr.inequality(panel, per_head="income", measures=["gini", measure])
    assert repr(measure) in str(caught.value)
    assert (
        sr.inequality(panel, per_head="income", measures=["gini", "theil"]).notna().all(axis=None)
    )


def test_what_is_no_frame_raises(panel):
    with pytest.raises(InputError, match="DataFrame indexed by region"):
        sr.inequality(panel["income"], per_head="income")
    with pytest.raises(InputError, match="levels code and year"):
        sr.inequality(panel.rename_axis(index=["code", "t"]), per_head="income")
    with pytest.raises(InputError, match="more than once"):
        sr.inequality(pd.concat([panel, panel]), per_head="income")

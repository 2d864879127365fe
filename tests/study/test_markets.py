"""Prices and flows of a made-up country: every number against a direct call or sum."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import ConfigError, InputError
from spatialreg.study import check_study

CODES = [f"r{i}" for i in range(9)]
YEARS = [2000, 2001, 2002]
STUDY = """\
[study]
name = "small"
title = "Nine regions"

[regions]
source = "regions.gpkg"
code = "id"
name = "name"

[panel]
source = "panel.csv"
code = "id"
year = "year"
value = "gdp"
population = "people"
"""
MARKET = """
[[market]]
name = "retail"
title = "Retail prices"
source = "prices.csv"
code = "id"
year = "year"
leave_out = ["total"]
compare = [2000, 2002]
"""
FLOWS = """
[[flows]]
name = "aid"
title = "Aid"
source = "flows.csv"
origin = "from"
destination = "to"
amount = "crowns"
unit = "crowns"
population = "people"
budget = "gdp"
"""


@pytest.fixture
def folder(tmp_path):
    squares = [box(10 + i % 3, 45 + i // 3, 11 + i % 3, 46 + i // 3) for i in range(9)]
    names = [f"Region {i}" for i in range(9)]
    gpd.GeoDataFrame({"id": CODES, "name": names}, geometry=squares, crs=4326).to_file(
        tmp_path / "regions.gpkg"
    )
    rng = np.random.default_rng(1)
    rows = [(code, year) for code in CODES for year in YEARS]
    base = pd.DataFrame(rows, columns=["id", "year"])
    base.assign(gdp=rng.uniform(50, 90, 27), people=rng.integers(5, 20, 27)).to_csv(
        tmp_path / "panel.csv", index=False
    )
    spread = base["year"].map({2000: 6.0, 2001: 4.0, 2002: 1.0}).to_numpy()
    prices = base.assign(total=100.0)
    for good in ("rice", "cloth", "coal", "tea", "salt"):
        prices[good] = 100 + spread * rng.standard_normal(27)
    prices.loc[prices["year"] == 2001, "salt"] = np.nan
    prices.to_csv(tmp_path / "prices.csv", index=False)
    pd.DataFrame(
        {
            "from": ["r0", "r0", "r1", "r0"], "to": ["r4", "r5", "r4", "r4"],
            "crowns": [6.0, 4.0, 1.0, 2.0], "year": [2000, 2000, 2000, 2001],
        }
    ).to_csv(tmp_path / "flows.csv", index=False)  # fmt: skip
    return tmp_path


def ran(folder, text):
    path = folder / "study.toml"
    path.write_text(STUDY + text, encoding="utf-8")
    check_study(path)
    return sr.run_study(path, output=folder / "out")


def prices_of(folder):
    return sr.to_panel(pd.read_csv(folder / "prices.csv"), code="id", year="year")


def test_segmentation_is_that_of_the_measure(folder):
    study = ran(folder, MARKET)
    prices = prices_of(folder)
    direct = disparity.market_segmentation(prices, commodities=["rice", "cloth", "coal", "tea"])
    pd.testing.assert_frame_equal(study.tables["retail"].set_index("year"), direct.frame)
    pd.testing.assert_frame_equal(study.tables["retail_pairs"], direct.pairs)
    regions = study.tables["retail_regions"].set_index(["code", "year"])
    pd.testing.assert_series_equal(regions["variance"], direct.by_region["variance"])
    assert regions.loc[("r3", 2000), "name"] == "Region 3"
    change = disparity.segmentation_change(direct, first=2000, last=2002)
    finding = next(f for f in study.findings if f.key == "retail")
    assert f"fell by {-change.statistic * 1e4:.3g}" in finding.sentence
    assert "over 4 commodities" in finding.sentence
    assert "1 commodities without prices in some year left out" in finding.sentence
    assert finding.numbers["retail.2002"] == pytest.approx(direct.frame.loc[2002, "variance"] * 1e4)
    assert {"retail", "retail_map"} <= {path.stem for path in (folder / "out/figures").iterdir()}


def test_neighbours_only_and_every_basket(folder):
    study = ran(folder, MARKET + 'pairs = "neighbours"\nsame_basket = false\n')
    regions = sr.read_regions(folder / "regions.gpkg", code="id", name="name")
    graph = sr.build_weights(regions, "queen", isolates="nearest")
    goods = ["rice", "cloth", "coal", "tea", "salt"]
    with pytest.warns(sr.errors.MissingDataWarning):
        direct = disparity.market_segmentation(prices_of(folder), graph, commodities=goods)
    pd.testing.assert_frame_equal(study.tables["retail"].set_index("year"), direct.frame)
    assert direct.pair_count == 20  # of a lattice of nine: twelve sides and eight corners
    told = next(f.sentence for f in study.findings if f.key == "retail")
    assert "1 of 5 commodities have no price in some years (salt)" in told


def test_net_receipts_are_sums(folder):
    study = ran(folder, FLOWS)
    table = study.tables["aid"].set_index("code")
    assert table["net"].to_dict() == {"r0": -12.0, "r1": -1.0, "r4": 9.0, "r5": 4.0}
    panel = pd.read_csv(folder / "panel.csv").query("year == 2002").set_index("id")
    people, gdp = panel["people"].reindex(table.index), panel["gdp"].reindex(table.index)
    np.testing.assert_allclose(table["net_per_head"], table["net"] / people)
    np.testing.assert_allclose(table["share_of_budget"], table["net"] / gdp)
    lines = gpd.read_file(study.paths["GeoPackage"], layer="aid_lines").set_index("pair")
    assert lines["amount"].to_dict() == {"r0 r4": 8.0, "r0 r5": 4.0, "r1 r4": 1.0}
    sentence = next(f.sentence for f in study.findings if f.key == "aid")
    assert "13 crowns in 3 pairs" in sentence
    assert "most Region 0 (-12), Region 1 (-1)" in sentence


def test_flows_by_year_take_the_people_of_their_year(folder):
    study = ran(folder, FLOWS + 'year = "year"\n')
    table = study.tables["aid"].set_index(["code", "year"])
    people = pd.read_csv(folder / "panel.csv").set_index(["id", "year"])["people"]
    assert table.loc[("r4", 2000), "net_per_head"] == pytest.approx(7 / people[("r4", 2000)])
    assert table.loc[("r4", 2001), "net"] == 2.0
    assert "2000 to 2001" in next(f.sentence for f in study.findings if f.key == "aid")


def test_codes_of_another_map_are_told(folder):
    prices = pd.read_csv(folder / "prices.csv")
    prices.assign(id=prices["id"].str.upper()).to_csv(folder / "prices.csv", index=False)
    with pytest.raises(ConfigError, match=r"no code of prices.csv is on the map \(R0, R1"):
        ran(folder, MARKET)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MARKET.replace('["total"]', '["sum"]'), "leave_out names sum, which prices.csv does not"),
        (MARKET + 'commodities = ["rice"]\n', "leave_out is of all columns"),
        (MARKET.replace("[2000, 2002]", "[2002, 2000]"), "two years or more in order"),
        (MARKET.replace("[2000, 2002]", "[1990, 2002]"), "compares 1990, when no pair has enough"),
        (MARKET.replace('"prices.csv"', '"prizes.csv"'), "prizes.csv"),
        (FLOWS.replace('"people"', '"souls"'), "no column 'souls'"),
        (FLOWS + "panel_year = 1950\n", "the panel has no year 1950; its years run from 2000"),
        (FLOWS + 'year = "year"\npanel_year = 2000\n', "leave panel_year out"),
        (FLOWS.replace('"from"', '"giver"'), "no column 'giver'"),
        (FLOWS + FLOWS, "needs a name of its own: aid"),
    ],
)  # fmt: skip
def test_each_fault_says_what_to_do(folder, text, message):
    with pytest.raises((ConfigError, InputError), match=message):
        ran(folder, text)

"""Stages on one year of many regions: each number worked out again by hand or by its definition."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

import spatialreg as sr
from spatialreg.errors import ConfigError, InputError

STUDY = """\
[study]
name = "half"
title = "One year"
output = "out"
seed = 7

[regions]
source = "large.gpkg"
code = "id"
name = "name"

[panel]
source = "panel.csv"
code = "id"
year = "year"
value = "gdp"
population = "people"
label = "GDP per head"

[[cross_section]]
name = "schooling"
title = "Years of schooling"
regions = "small.gpkg"
table = "census.csv"
column = "years"
weight = "people"
year = 2020
unit = "years"
permutations = 199
leave_out = ["z"]

[[cross_section]]
name = "density"
title = "Density"
regions = "small.gpkg"
table = "census.csv"
column = "people"
per_area = true
log = true
permutations = 199
leave_out = ["z"]

[[coverage]]
name = "rail"
title = "Rail"
regions = "small.gpkg"
facilities = "stations.gpkg"
years = [2005, 2010]
after = "2005-12-31"
leave_out = ["z"]
kinds = "kind"
population = "census.csv"
population_column = "people"
among = "poor.csv"

[[side_by_side]]
name = "both"
title = "Schooling and rail"
value = "schooling"
coverage = "rail"
groups = 2

[levels]
columns = ["large"]
cross_section = ["schooling", "density"]
coverage = ["rail"]

[[gap]]
name = "services"
title = "Services"
columns.beds = "beds"
over = "people"
factor = 10.0
compare = [2000, 2002]

[[events]]
name = "exits"
title = "Left the list"
regions = "small.gpkg"
table = "poor.csv"
year = "left"

[claims]
source = "claims.toml"
"""
CLAIMS = """\
[[claim]]
id = 1
section = "1"
sentence = "four regions have rail"
test = "count them"
untestable_reason = ""

[[claim.figure]]
what = "regions with rail"
unit = "regions"
stated = 4
measured = "rail_0.covered"
reason = "one opened later"

[[claim.figure]]
what = "beds, last over first"
unit = "ratio"
stated = 2
measured = "rail_0.covered"
over = 2
reason = "made for the test"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("half")
    codes = [f"c{i:02d}" for i in range(35)] + ["z35"]
    squares = [box(10 + i % 6, i // 6, 11 + i % 6, 1 + i // 6) for i in range(36)]
    # four large regions of three by three squares
    large = [f"g{i // 18}{(i % 6) // 3}" for i in range(36)]
    kinds = ["city" if i % 3 == 0 else "county" for i in range(36)]
    small = gpd.GeoDataFrame(
        {"code": codes, "name": codes, "large": large, "kind": kinds}, geometry=squares, crs=4326
    )
    small.to_file(folder / "small.gpkg")
    parts = small.dissolve("large").reset_index()[["large", "geometry"]]
    parts = parts.rename(columns={"large": "id"}).assign(name=lambda f: f["id"])
    parts.to_file(folder / "large.gpkg")
    rng = np.random.default_rng(5)
    people = rng.integers(10, 100, 36).astype(float)
    census = pd.DataFrame(
        {"code": codes, "people": people, "years": 6 + np.arange(36) // 6 + rng.random(36)}
    )
    census.loc[7, "years"] = np.nan
    census.to_csv(folder / "census.csv", index=False)
    panel = [
        {
            "id": g, "year": year, "gdp": 10.0 * (k + 1), "people": 5.0,
            "beds": 1.0 + k * (2003 - year),
        }
        for k, g in enumerate(sorted(set(large)))
        for year in (2000, 2001, 2002)
    ]  # fmt: skip
    pd.DataFrame(panel).to_csv(folder / "panel.csv", index=False)
    gpd.GeoDataFrame(
        {"opened": ["2001-05-01", "2008-05-01", "2009-01-01", "2020-01-01"]},
        geometry=[Point(10.5, 0.5), Point(12.5, 2.5), Point(15.5, 4.5), Point(10.5, 5.5)],
        crs=4326,
    ).to_file(folder / "stations.gpkg")
    pd.DataFrame({"code": ["c00", "c01", "c14", "c20"], "left": [2001, 2002, 2002, None]}).to_csv(
        folder / "poor.csv", index=False
    )
    (folder / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    rows = {"id": [7], "section": "1", "sentence": "s", "test": "t", "untestable_reason": "none"}
    pd.DataFrame(rows).to_csv(folder / "claims.csv", index=False)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(folder):
    return sr.run_study(folder / "study.toml")


@pytest.fixture(scope="module")
def census(folder):
    table = pd.read_csv(folder / "census.csv").set_index("code")
    return table.drop("z35")


def sentence(study, key):
    return next(f.sentence for f in study.findings if f.key == key)


def test_moran_is_that_of_the_counted_regions(study, folder, census):
    small = sr.read_regions(folder / "small.gpkg", code="code").drop("z35")
    graph = sr.build_weights(small, isolates="nearest")
    for name, y in (
        ("schooling", census["years"]),
        ("density", census["people"] / (small.to_crs(sr._crs.equal_area_crs(small)).area / 1e6)),
    ):
        direct = sr.moran(y.reindex(small.index), graph, permutations=199, rng=1)
        got = study.tables[f"{name}_moran"].loc["as it is", "statistic"]
        assert got == pytest.approx(direct.statistic, rel=1e-9)
    assert study.tables["schooling_moran"].loc["as it is", "missing"] == 1
    assert "its logarithm" in study.tables["density_moran"].index
    assert "34 regions (1 without a value)" in sentence(study, "schooling_moran")


def test_the_mean_is_weighted_by_people(study, census):
    known = census.dropna()
    mean = np.average(known["years"], weights=known["people"])
    assert f"mean {mean:.2f} years" in sentence(study, "schooling_moran")


def test_coverage_counts_people_kinds_and_those_meant(study, census):
    # by 2010: squares 0, 14 and 29; 14 and 29 after 2005; the station of 2020 does not count
    reached = ["c00", "c14", "c29"]
    text = sentence(study, "rail_0")
    assert "3 of 35 regions" in text
    share = census.loc[reached, "people"].sum() / census["people"].sum()
    assert f"with {share:.1%} of the people" in text
    assert study.tables["rail_by_kind"].loc["city"].to_dict() == {
        "total": 12, "covered": 1, "added": 0,
    }  # fmt: skip
    assert study.tables["rail_by_kind"].loc["county", "added"] == 2
    poor = census.loc[["c00", "c01", "c14", "c20"], "people"]
    among = poor[["c00", "c14"]].sum() / poor.sum()
    assert f'of the 4 regions in "poor.csv", {among:.1%} of their people' in text


def test_side_by_side_by_halves(study, census):
    table = study.tables["both"]
    known = census.dropna()
    assert table["regions"].to_list() == [17, 17]
    low = known["years"].sort_values().index[:17]
    assert table.loc[1, "covered"] == len(set(low) & {"c00", "c14", "c29"})
    assert table.loc[1, "highest"] <= table.loc[2, "lowest"]
    inside = known.loc[known.index.isin(["c00", "c14", "c29"])]
    mean = np.average(inside["years"], weights=inside["people"])
    assert f"mean {mean:.2f} years where the network reaches" in sentence(study, "both")


def test_levels_pool_by_weight(study, folder, census):
    table = study.tables["levels"].set_index(["measure", "level"])
    small = sr.read_regions(folder / "small.gpkg", code="code").drop("z35")
    known = census.dropna()
    pooled = (known["years"] * known["people"]).groupby(small["large"]).sum()
    weight = known["people"].groupby(small["large"]).sum()
    row = table.loc[("Years of schooling", "large")]
    assert row["regions"] == 4
    assert row["highest"] == pytest.approx((pooled / weight).max())
    assert row["theil"] == pytest.approx(sr.theil(pooled / weight, population=weight))
    assert table.loc[("Years of schooling", "regions"), "regions"] == 34
    # squares 0 and 14 lie in the first large region, 29 in the last
    assert table.loc[("Rail", "large"), ["covered", "regions"]].to_list() == [2, 4]
    assert table.loc[("Rail", "regions"), ["covered", "regions"]].to_list() == [3, 35]


def test_gaps_by_year(study):
    table = study.tables["services"].set_index("year")
    # beds 1 + 3k, 1 + 2k, 1 + k for k = 0..3, times 10 / 5
    for year, step in ((2000, 3), (2001, 2), (2002, 1)):
        values = 2 * (1.0 + step * np.arange(4))
        assert table.loc[year, "cv"] == pytest.approx(values.std() / values.mean())
        assert table.loc[year, "median"] == pytest.approx(np.median(values))
    assert "beds: coefficient of variation fell from" in sentence(study, "services")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("compare = [2000, 2002]", "compare = [1950, 2002]", "compares 1950, when 'beds' has no"),
        ('among = "poor.csv"', 'among = "far.csv"', r"no code of the list far.csv \(x1\)"),
        ('year = "left"', 'year = "word"', "must hold years or dates; 2 rows are not"),
        ('claims.toml"', 'claims.csv"\n[[growth]]\nname = "g"\ntitle = "G"\ncolumn = "gdp"\n'
         "compare = [2000, 2002]\nclaim = 5", "speak to claims 5, which the register"),
        ('after = "2005-12-31"', "claimed = 3", "claimed is the number that a claim gives"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_says_why(folder, old, new, message):
    pd.DataFrame({"code": ["x1"], "left": [2000]}).to_csv(folder / "far.csv", index=False)
    pd.DataFrame({"code": ["c00", "c01"], "word": ["x", "y"]}).to_csv(
        folder / "worded.csv", index=False
    )
    text = STUDY.replace(old, new, 1)
    if "word" in new:
        text = text.replace('[[events]]\nname = "exits"\ntitle = "Left the list"\nregions = '
                            '"small.gpkg"\ntable = "poor.csv"',
                            '[[events]]\nname = "exits"\ntitle = "Left the list"\nregions = '
                            '"small.gpkg"\ntable = "worded.csv"')  # fmt: skip
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        sr.run_study(folder / "wrong.toml")


def test_events_may_be_dated_to_the_day(folder, tmp_path):
    dates = pd.DataFrame({"code": ["c00", "c01"], "left": ["2001-05-01", "2003-12-31"]})
    dates.to_csv(folder / "dated.csv", index=False)
    (folder / "dated.toml").write_text(STUDY.replace("poor.csv", "dated.csv"), encoding="utf-8")
    study = sr.run_study(folder / "dated.toml", output=tmp_path / "out")
    assert study.tables["exits"]["events"].to_dict() == {2001: 1, 2003: 1}


def test_a_ratio_is_told_by_its_median_and_breaks_are_flagged(folder, tmp_path):
    pd.DataFrame(
        {"column": ["beds", "beds"], "code": [None, "g00"], "year": [2001, 2002], "reason": "r"}
    ).to_csv(folder / "breaks.csv", index=False)
    text = STUDY.replace('label = "GDP per head"', 'label = "GDP per head"\nbreaks = "breaks.csv"')
    text = text.replace("columns.beds", 'tell = "median"\ncolumns.beds')
    (folder / "ratio.toml").write_text(text, encoding="utf-8")
    study = sr.run_study(folder / "ratio.toml", output=tmp_path / "out")
    # of one region alone it is no change of definition
    assert "The definition changes in 2001:" in sentence(study, "services")
    headline = study.frame.set_index("result")["value"]
    # beds 1 + 3k and 1 + k for k = 0..3, times 2: medians 11 and 5
    assert headline["Services, beds: median in 2000 and 2002"] == "11 and 5"


def test_a_curve_begins_where_all_openings_are_known():
    from spatialreg.study.stages._coverage_drawn import _dated_from

    opened = pd.DataFrame({"opened": ["1990-01-01", "2008-12-31", "2011-05-01"]})
    assert _dated_from(opened) == pd.Timestamp("1990-01-01")
    vague = opened.assign(opened_precision=["day", "by", "day"])
    assert _dated_from(vague) == pd.Timestamp("2008-12-31")


def test_events_by_year(study):
    assert study.tables["exits"]["events"].to_dict() == {2001: 1, 2002: 2}
    assert study.tables["exits"]["so_far"].to_list() == [1, 3]
    assert "3 by 2002, 1 without a year" in sentence(study, "exits")


def test_layers_on_the_same_regions_share_a_table(study):
    with sqlite3.connect(study.paths["GeoPackage"]) as base:
        tables = {row[0] for row in base.execute("select table_name from gpkg_contents")}
        styles = base.execute(
            "select styleName, useAsDefault from layer_styles where f_table_name = 'regions_small'"
        ).fetchall()
    assert "regions_small" in tables and "schooling" not in tables
    assert {name for name, _ in styles} == {
        "schooling", "schooling_clusters", "density", "density_clusters", "rail_coverage", "exits",
    }  # fmt: skip
    assert sum(default for _, default in styles) == 1
    frame = gpd.read_file(study.paths["GeoPackage"], layer="regions_small")
    wanted = {"schooling", "schooling_cluster", "density", "rail_reached", "exits"}
    assert len(frame) == 36 and wanted <= set(frame.columns)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('value = "schooling"', 'value = "skools"', r"no \[\[cross_section\]\] named 'skools'"),
        ('coverage = ["rail"]', 'coverage = ["road"]', r"no \[\[coverage\]\] named 'road'"),
        ("per_area = true", 'per_area = true\nweight = "people"', "per_area weights by the area"),
        ('name = "exits"', 'name = "rail"', "needs a name of its own: rail"),
    ],
)
def test_a_wrong_study_says_what_is_wrong(folder, old, new, message):
    path = folder / "wrong.toml"
    path.write_text(STUDY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        sr.run_study(path)


def test_figures_of_a_users_register_are_held_against_the_findings(study):
    table = study.tables["claim_figures"].set_index("what")
    assert table.loc["regions with rail", ["stated", "measured", "difference"]].to_list() == [
        4, 3, -1,
    ]  # fmt: skip
    assert table.loc["beds, last over first", "measured"] == 1.5


def test_a_register_may_be_a_table(folder, tmp_path):
    text = STUDY.replace("claims.toml", "claims.csv")
    (folder / "table.toml").write_text(text, encoding="utf-8")
    study = sr.run_study(folder / "table.toml", output=tmp_path / "out")
    assert study.tables["claims"].index.to_list() == [7]
    assert "claim_figures" not in study.tables


def test_few_groups_have_no_moran_and_say_why(folder, tmp_path):
    small = gpd.read_file(folder / "small.gpkg")
    small["large"] = ["a"] * 18 + ["b"] * 18
    (tmp_path / "study").mkdir()
    for name in ("large.gpkg", "census.csv", "panel.csv", "stations.gpkg", "poor.csv"):
        (tmp_path / "study" / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "study" / "claims.toml").write_text(CLAIMS)
    small.to_file(tmp_path / "study" / "small.gpkg")
    (tmp_path / "study" / "study.toml").write_text(STUDY, encoding="utf-8")
    study = sr.run_study(tmp_path / "study" / "study.toml")
    table = study.tables["levels"].set_index(["measure", "level"])
    row = table.loc[("Years of schooling", "large")]
    assert np.isnan(row["moran"]) and "at least 4" in row["no_moran_because"]
    assert "no Moran's I" in sentence(study, "levels")


def test_an_event_without_a_code_names_its_row(folder):
    (folder / "bare.csv").write_text("code,left\nc00,2001\n,2002\n")
    path = folder / "bare.toml"
    path.write_text(STUDY.replace('table = "poor.csv"', 'table = "bare.csv"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"1 rows of the table bare.csv have no 'code' \(1\)"):
        sr.run_study(path)

"""Gaps by area and people, town and country, transfers: numbers against a direct computation."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg import disparity
from spatialreg._crs import equal_area_crs
from spatialreg.errors import ConfigError, InputError

STUDY = """\
[study]
name = "gaps"
title = "Gaps"
output = "out"
seed = 3

[regions]
source = "map.gpkg"
code = "id"
name = "name"

[panel]
source = "panel.csv"
code = "id"
year = "year"
value = "gdp"
population = "people"
breaks = "breaks.csv"

[[gap]]
name = "density"
title = "Roads per 100 km2"
columns.roads = "roads"
columns.rails = "rails"
per_area = true
factor = 100.0
blank = 0.0
unit = "km per 100 km2"
weighting = ["weighted", "once"]
measures = ["gini", "theil"]
compare = [2000, 2001, 2002]
permutations = 199
map = true

[[gap]]
name = "spending"
title = "Spending per head"
columns.spending = "spending"
over = "people"
population = "people"
weighting = ["once", "weighted"]
compare = [2000, 2002]
permutations = 199

[[urban_rural]]
name = "income"
title = "Town over country"
urban = "in_town"
rural = "in_country"
urban_population = "townspeople"
population = "people"
unit = "crowns"
compare = [2000, 2002]
published = { 2000 = 2.5, 1990 = 3.0 }
published_source = "Office"
permutations = 199

[[transfers]]
name = "transfers"
title = "Revenue and spending"
before = "revenue"
after = "spending"
before_words = "revenue"
after_words = "spending"
population = "people"
unit = "crowns"
compare = [2000, 2002]
permutations = 199
"""
CODES = [f"r{i}" for i in range(8)]


@pytest.fixture(scope="module")
def panel():
    rng = np.random.default_rng(11)
    rows = []
    for i, code in enumerate(CODES):
        for year in (2000, 2001, 2002):
            people = 10.0 + 3 * i + (year - 2000)
            rows.append(
                {
                    "id": code,
                    "year": year,
                    "gdp": people * (1 + i),
                    "people": people,
                    "townspeople": people * (0.3 + 0.05 * i),
                    "roads": 50.0 + 40 * i * (1 - 0.1 * (year - 2000)) + rng.random(),
                    # r0 has no railway before 2002, and says so by a blank
                    "rails": np.nan if i == 0 and year < 2002 else 5.0 + i,
                    "revenue": people * (0.5 + i) * 2,
                    "spending": people * (4.0 + i) * 2 * (1.5 if i == 7 else 1.0),
                    "in_town": 30.0 + 2 * i,
                    "in_country": 10.0 + 2 * i + (year - 2000),
                }
            )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, panel):
    folder = tmp_path_factory.mktemp("gaps")
    squares = [box(10 + i, 0, 11 + i, 1 + i) for i in range(8)]
    shapes = gpd.GeoDataFrame({"id": CODES, "name": CODES}, geometry=squares, crs=4326)
    shapes.to_file(folder / "map.gpkg")
    panel.to_csv(folder / "panel.csv", index=False)
    pd.DataFrame({"column": ["roads"], "code": [None], "year": [2002], "reason": ["r"]}).to_csv(
        folder / "breaks.csv", index=False
    )
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(folder):
    return sr.run_study(folder / "study.toml")


@pytest.fixture(scope="module")
def areas(folder):
    shapes = sr.read_regions(folder / "map.gpkg", code="id")
    return shapes.to_crs(equal_area_crs(shapes)).area / 1e6


def sentence(study, key):
    return next(f.sentence for f in study.findings if f.key == key)


def of_year(panel, year):
    return panel[panel["year"] == year].set_index("id")


def test_density_is_length_over_the_area_of_the_map(study, panel, areas):
    table = study.tables["density"].set_index(["series", "weighting", "year"])
    for year in (2000, 2002):
        roads = of_year(panel, year)["roads"]
        density = roads / areas * 100
        weighted = table.loc[("roads", "weighted by area", year)]
        # weighted by area the mean is that of all together
        assert weighted["mean"] == pytest.approx(roads.sum() / areas.sum() * 100)
        assert weighted["gini"] == pytest.approx(sr.gini(density, population=areas))
        once = table.loc[("roads", "each region once", year)]
        assert once["theil"] == pytest.approx(sr.theil(density))
        assert once["median"] == pytest.approx(density.median())
        assert weighted["gini_low"] < weighted["gini"] < weighted["gini_high"]


def test_a_blank_is_what_the_study_says(study, panel, areas, folder, tmp_path):
    table = study.tables["density"].set_index(["series", "weighting", "year"])
    rails = of_year(panel, 2000)["rails"].fillna(0) / areas * 100
    got = table.loc[("rails", "each region once", 2000)]
    assert got["lowest"] == 0 and got["gini"] == pytest.approx(sr.gini(rails))
    (folder / "blank.toml").write_text(STUDY.replace("blank = 0.0\n", ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"compares 2000, 2001, when 'rails' .*say blank = 0"):
        sr.run_study(folder / "blank.toml", output=tmp_path / "out", only=["gap"])


def test_changes_are_tested_and_told(study, panel, areas):
    changes = study.tables["density_changes"].set_index(
        ["series", "weighting", "measure", "from_year", "to_year"]
    )
    whole = changes.loc[("roads", "weighted by area", "gini", 2000, 2002)]
    values = [sr.gini(of_year(panel, y)["roads"] / areas, population=areas) for y in (2000, 2002)]
    assert whole["change"] == pytest.approx(values[1] - values[0])
    assert 0 < whole["p_value"] <= 1
    # the steps by the first measure, the whole by each
    assert ("roads", "weighted by area", "gini", 2000, 2001) in changes.index
    assert ("roads", "weighted by area", "theil", 2000, 2002) in changes.index
    assert ("roads", "weighted by area", "theil", 2000, 2001) not in changes.index
    text = sentence(study, "density")
    assert f"roads: Gini rose from {values[0]:.3f} in 2000 to" in text
    assert (
        f"to {values[1]:.3f} in 2002" in text
        and f"in all {values[1] / values[0] - 1:+.1%} (p " in text
    )
    assert "The definition changes in 2002:" in text


def test_the_region_that_moves_it_most(study, panel):
    table = study.tables["spending_without"]
    frame = of_year(panel, 2002)
    y = frame["spending"] / frame["people"]
    rest = {code: disparity.cv(y.drop(code)) for code in CODES}
    mine = table[table["weighting"] == "each region once"].set_index("region")
    assert mine["y2002"].to_dict() == pytest.approx(rest)
    most = max(CODES, key=lambda code: abs(rest[code] - disparity.cv(y)))
    assert most == "r7"
    assert f"{most} moves it most" in sentence(study, "spending_hangs_on")


def test_both_ways_to_count_are_told(study, panel):
    frame = of_year(panel, 2002)
    y, people = frame["spending"] / frame["people"], frame["people"]
    once, weighted = disparity.cv(y), disparity.cv(y, population=people)
    assert "Spending per head, each region once." in sentence(study, "spending")
    assert f"to {once:.3f} in 2002" in sentence(study, "spending")
    assert "weighted by people: coefficient of variation" in sentence(study, "spending_hangs_on")
    assert f"to {weighted:.3f} in 2002" in sentence(study, "spending_hangs_on")


def test_maps_stand_in_one_table(study, panel, areas):
    with sqlite3.connect(study.paths["GeoPackage"]) as base:
        tables = {row[0] for row in base.execute("select table_name from gpkg_contents")}
        layers = {row[0] for row in base.execute("select styleName from layer_styles")}
    assert "density_regions" in tables and "density_roads" not in tables
    assert layers
    got = study.tables["density_regions"]["roads_2002"]
    expected = of_year(panel, 2002)["roads"] / areas * 100
    assert got.to_dict() == pytest.approx(expected.to_dict())
    drawn = {path.stem for path in study.paths["figures"].iterdir()}
    assert {"density", "density_roads_map", "density_rails_map", "income_map"} <= drawn


def test_town_and_country_by_hand(study, panel):
    for year in (2000, 2002):
        frame = of_year(panel, year)
        town, country = frame["townspeople"], frame["people"] - frame["townspeople"]
        together = np.average(frame["in_town"], weights=town) / np.average(
            frame["in_country"], weights=country
        )
        row = study.tables["income"].loc[year]
        assert row["ratio_together"] == pytest.approx(together)
        # the units are town and country of each region
        y = pd.concat([frame["in_town"], frame["in_country"]], ignore_index=True)
        people = pd.concat([town, country], ignore_index=True)
        assert row["theil"] == pytest.approx(sr.theil(y, population=people))
        mean = (frame["in_town"] * town + frame["in_country"] * country) / frame["people"]
        between = sr.theil(mean, population=frame["people"])
        assert row["theil_between_regions"] == pytest.approx(between)
        assert row["theil_inside_regions"] == pytest.approx(row["theil"] - between)
        means = pd.Series(
            [np.average(frame["in_town"], weights=town),
             np.average(frame["in_country"], weights=country)]
        )  # fmt: skip
        sides = pd.Series([town.sum(), country.sum()])
        assert row["theil_between_town_and_country"] == pytest.approx(
            sr.theil(means, population=sides)
        )
        if year == 2000:
            assert (
                f"published by the Office: 2.50 in 2000; ours differ by {together - 2.5:+.2f}"
                in sentence(study, "income")
            )
    # country incomes rise by one a year, those of town stand still
    assert "It fell in 8 of 8 regions" in sentence(study, "income")
    ratio = study.tables["income_regions"]["ratio_2002"]
    assert ratio["r0"] == pytest.approx(30 / 12)
    assert "In 2002 r0 had the highest (2.50) and r7 the lowest" in sentence(study, "income")


def test_transfers_by_definition(study, panel):
    frame = of_year(panel, 2002)
    before, after = (frame[c] / frame["people"] for c in ("revenue", "spending"))
    people = frame["people"]
    table = study.tables["transfers"].set_index(["year", "measure"])
    row = table.loc[(2002, "gini")]
    assert row["before"] == pytest.approx(sr.gini(before, population=people))
    assert row["after"] == pytest.approx(sr.gini(after, population=people))
    parts = study.tables["transfers_gini"].loc[2002]
    concentration = disparity.concentration_coefficient(after, before, population=people)
    assert parts["vertical"] == pytest.approx(row["before"] - concentration)
    assert parts["vertical"] - parts["reranking"] == pytest.approx(row["before"] - row["after"])
    change = row["after"] / row["before"] - 1
    assert f"{change:+.0%} in 2002" in sentence(study, "transfers")
    covered = study.tables["transfers_regions"]["covered"]
    assert covered.to_dict() == pytest.approx((before / after).to_dict())
    total = frame["revenue"].sum() / frame["spending"].sum()
    text = sentence(study, "transfers_covered")
    assert f"and {total:.0%} in 2002" in text and "it does not say what regions would" in text


def test_the_same_study_gives_the_same_numbers(study, folder, tmp_path):
    again = sr.run_study(
        folder / "study.toml", output=tmp_path / "again", only=["transfers", "gap"]
    )
    for name in ("density", "density_changes", "spending_changes", "transfers"):
        pd.testing.assert_frame_equal(again.tables[name], study.tables[name])


def test_few_regions_are_told_without_tests(folder, panel, tmp_path):
    few = panel[panel["id"].isin(CODES[:4])]
    few.to_csv(folder / "few.csv", index=False)
    (folder / "few.toml").write_text(STUDY.replace("panel.csv", "few.csv"), encoding="utf-8")
    study = sr.run_study(folder / "few.toml", output=tmp_path / "out", only=["gap"])
    assert "p-values" not in sentence(study, "density")
    assert "gini_low" not in study.tables["density"].columns
    assert "cv" not in study.tables["spending_changes"].get("measure", pd.Series()).to_list()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("per_area = true\n", 'per_area = true\nover = "people"\n',
         "leave over and population out"),
        ('over = "people"\npopulation = "people"\n', 'over = "people"\n',
         "weighting = weighted needs population"),
        ('["once", "weighted"]', '["once", "once"]', "names one way twice"),
        ("compare = [2000, 2002]", "compare = [2002, 2000]", "years in order"),
        ('name = "income"', 'name = "spending"', "needs a name of its own: spending"),
        ('unit = "crowns"\ncompare = [2000, 2002]\npermutations = 199\n',
         'measures = ["cv"]\ncompare = [2000, 2002]\n', "measures must hold gini"),
    ],
)  # fmt: skip
def test_what_the_file_cannot_say(folder, old, new, message):
    assert old in STUDY
    head, tail = STUDY.rsplit(old, 1)
    (folder / "wrong.toml").write_text(head + new + tail, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        sr.run_study(folder / "wrong.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('urban_population = "townspeople"', 'urban_population = "gdp"',
         r"'gdp' is above 'people' in 21 rows .*must hold all people"),
        ('unit = "crowns"\ncompare = [2000, 2002]\npublished', 'compare = [1999, 2002]\npublished',
         r"\[\[urban_rural\]\] 'income' compares 1999"),
        ('unit = "crowns"\ncompare = [2000, 2002]\npermutations',
         'unit = "crowns"\ncompare = [1999, 2002]\npermutations',
         r"\[\[transfers\]\] 'transfers' compares 1999"),
    ],
)  # fmt: skip
def test_what_the_data_cannot_give(folder, old, new, message, tmp_path):
    assert old in STUDY
    (folder / "lacking.toml").write_text(STUDY.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        stages = ["urban_rural", "transfers"]
        sr.run_study(folder / "lacking.toml", output=tmp_path / "out", only=stages)

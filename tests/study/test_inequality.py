"""The stage on inequality: a small made-up study against direct computations."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg.errors import ConfigError
from spatialreg.study._config import read_config
from spatialreg.study._context import Context, StageResult
from spatialreg.study.stages import _inequality

STUDY = """\
[study]
name = "eight"
title = "Eight regions"
output = "out"
seed = 7

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
growth_index = "growth"
base_year = 2001
label = "GDP per head"
"""
INEQUALITY = """
[inequality]
measures = ["theil", "palma"]
scheme = "SCHEME"
compare = [2001, 2010, 2014]
permutations = 999
claim = 1
"""
SCHEME = """\
name = "two_halves"
title_en = "Two halves"
[[group]]
id = "n"
name_en = "North"
members = ["a", "b", "c", "d"]
[[group]]
id = "s"
name_en = "South"
members = ["e", "f", "g"]
"""
YEARS = range(2001, 2015)
PEOPLE = dict(zip("abcdefgh", [1, 2, 3, 4, 5, 6, 7, 8], strict=True))


def made_up() -> pd.DataFrame:
    """Give a panel whose real gaps close, while prices of the rich outrun from 2010 on."""
    rng = np.random.default_rng(5)
    rows = []
    for rank, code in enumerate("abcdefgh"):
        real = 10.0 + 10 * rank
        for year in YEARS:
            growth = 100.0 if year == 2001 else 108 - rank + rng.normal(0, 0.1)
            real *= growth / 100
            price = 1.0 if year <= 2010 else 1 + 0.05 * rank * (year - 2010)
            people = PEOPLE[code] * (1 + 0.01 * (year - 2001) * (rank % 2))
            rows.append(
                {"id": code, "year": year, "gdp": real * price * people, "people": people,
                 "growth": growth}
            )  # fmt: skip
    panel = pd.DataFrame(rows)
    # GDP grows with people too; the index is of all GDP
    before = panel.groupby("id")["people"].shift().fillna(panel["people"])
    panel["growth"] *= panel["people"] / before
    return panel


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inequality")
    gpd.GeoDataFrame(
        {"id": list("abcdefgh"), "name": [f"Region {c.upper()}" for c in "abcdefgh"]},
        geometry=[box(10 + i, 45, 11 + i, 46) for i in range(8)],
        crs=4326,
    ).to_file(folder / "regions.gpkg")
    made_up().to_csv(folder / "panel.csv", index=False)
    (folder / "halves.toml").write_text(SCHEME, encoding="utf-8")
    text = INEQUALITY.replace("SCHEME", (folder / "halves.toml").as_posix())
    (folder / "study.toml").write_text(STUDY + text, encoding="utf-8")
    return folder


def stage(path: Path) -> StageResult:
    """Run the stage alone: what a study writes is tested elsewhere."""
    return _inequality.run(Context(read_config(path), path.parent))


@pytest.fixture(scope="module")
def study(folder):
    return stage(folder / "study.toml")


def told(study) -> dict[str, str]:
    return {finding.key: finding.sentence for finding in study.findings}


def headline(study) -> dict[str, str]:
    return {key: value for f in study.findings for key, value in f.headline.items()}


def theil(y, w):
    w = w / w.sum()
    z = y / (w * y).sum()
    return float((w * z * np.log(z)).sum())


def values(prices: str) -> pd.DataFrame:
    """Give value per head, years by regions."""
    panel = made_up()
    if prices == "current prices":
        return panel.assign(y=panel["gdp"] / panel["people"]).pivot(
            index="year", columns="id", values="y"
        )
    growth = panel.pivot(index="year", columns="id", values="growth") / 100
    growth.loc[2001] = 1.0
    first = panel[panel["year"] == 2001].set_index("id")["gdp"]
    return growth.cumprod() * first / panel.pivot(index="year", columns="id", values="people")


def people() -> pd.DataFrame:
    return made_up().pivot(index="year", columns="id", values="people")


def test_changes_by_hand(study):
    table = study.tables["inequality_answers"]
    assert len(table) == 2 * 4 * 3  # measures, prices by weighting, spans
    known = table.set_index(["measure", "prices", "weighting", "from", "to"])
    for prices in ("constant 2001 prices", "current prices"):
        y, w = values(prices), people()
        start, end = (theil(y.loc[year], w.loc[year]) for year in (2010, 2014))
        row = known.loc[("theil", prices, "weighted by people", 2010, 2014)]
        assert row["start"] == pytest.approx(start, rel=1e-9)
        assert row["change"] == pytest.approx(end - start, rel=1e-9)
        assert row["relative_change"] == pytest.approx(end / start - 1, rel=1e-9)
        assert row["low"] < row["change"] < row["high"]
        assert 0 < row["p_value"] <= 1 and row["regions"] == 8


def test_tests_are_those_of_the_package(study):
    panel = sr.to_panel(made_up(), code="id")
    panel["y"] = panel["gdp"] / panel["people"]
    test = sr.disparity.trend_test(
        panel, per_head="y", start=2001, end=2010, measures=["theil"], permutations=49_999, rng=1
    )
    table = study.tables["inequality_answers"].set_index(
        ["measure", "prices", "weighting", "from", "to"]
    )
    row = table.loc[("theil", "current prices", "unweighted", 2001, 2010)]
    assert row["p_value"] == pytest.approx(test.frame.loc["theil", "p_value"], abs=0.02)


def test_what_cannot_be_tested_says_why(study):
    table = study.tables["inequality_answers"].query("measure == 'palma'")
    assert table["p_value"].isna().all() and table["change"].notna().all()
    assert table["not_tested_because"].str.contains("no standard error").all()


def test_where_the_answers_part(study):
    frame = study.tables["inequality_answers_part"]
    asked = frame[frame["spans"] == "as compared"].set_index(["from", "to"])
    assert asked.loc[(2010, 2014), "parts"]
    assert "prices" in asked.loc[(2010, 2014), "hangs_on"]
    # until 2010 prices are the same everywhere, so that nothing can hang on them
    assert not frame[frame["to"] <= 2010]["hangs_on"].str.contains("prices").any()
    laid = study.tables["inequality_directions"].set_index(
        ["spans", "measure", "prices", "weighting", "level"]
    )
    y, w = values("current prices"), people()
    change = theil(y.loc[2012], w.loc[2012]) / theil(y.loc[2011], w.loc[2011]) - 1
    key = ("year by year", "theil", "current prices", "weighted by people", "regions")
    assert laid.loc[key, 2012] == pytest.approx(change, rel=1e-9)
    words = told(study)["inequality_parts"]
    assert "2010-2014: " in words and "the sign hangs on" in words


def test_turning_points(study):
    turns = study.tables["inequality_turning_points"].query("measure == 'theil'")
    by_prices = {p: rows["percent_a_year"].iloc[-1] for p, rows in turns.groupby("prices")}
    assert by_prices["constant 2001 prices"] < 0 < by_prices["current prices"]
    assert "but rises at current prices" in told(study)["inequality_turns"]
    turn = turns.query("prices == 'current prices' and weighting == 'weighted by people'")
    assert "2010" in turn["turning_points"].iloc[0]


def test_groups_by_hand(study):
    # the region h is in no half
    y, w = (x.drop(columns="h") for x in (values("constant 2001 prices"), people()))

    def parts(year):
        a, b = y.loc[year], w.loc[year]
        north = [c in "abcd" for c in a.index]
        mean = (a * b).sum() / b.sum()
        inside, between = {}, 0.0
        for name, mine in (("North", np.array(north)), ("South", ~np.array(north))):
            share = (a[mine] * b[mine]).sum() / (a * b).sum()
            group = (a[mine] * b[mine]).sum() / b[mine].sum()
            inside[name] = share * theil(a[mine], b[mine])
            between += share * np.log(group / mean)
        return inside, between

    (first, out), (last, away) = parts(2001), parts(2014)
    table = study.tables["inequality_change"].set_index(["prices", "from", "to", "group"])
    rows = table.sort_index().loc[("constant 2001 prices", 2001, 2014)]
    assert rows.loc["all", "between"] == pytest.approx(away - out, rel=1e-9)
    for group in ("North", "South"):
        assert rows.loc[group, "within"] == pytest.approx(last[group] - first[group], rel=1e-9)
    assert rows["change"].drop("all").sum() == pytest.approx(rows.loc["all", "change"])
    causes = rows["from_relative"] + rows["from_population"]
    assert causes.to_numpy() == pytest.approx(rows["change"].to_numpy())
    shares = study.tables["inequality_by_group"].query("year == 2014 and group == 'all'")
    between = shares[shares["component"] == "between"].iloc[0]
    assert between["low"] <= between["value"] <= between["high"]
    key = "Change of Theil T 2001-2014, and of it between two halves"
    expected = f"{rows.loc['all', 'change']:+.4f}, {rows.loc['all', 'between']:+.4f}"
    assert headline(study)[key] == expected


def test_levels_stand_in_one_table(study):
    table = study.tables["inequality_by_level"].set_index(["prices", "level", "year"])
    y, w = (x.drop(columns="h") for x in (values("current prices"), people()))
    north = [c in "abcd" for c in y.columns]
    a, b = y.loc[2014].to_numpy(), w.loc[2014].to_numpy()
    groups = [np.array(north), ~np.array(north)]
    means = np.array([(a[g] * b[g]).sum() / b[g].sum() for g in groups])
    counts = np.array([b[g].sum() for g in groups])
    assert table.loc[("current prices", "two halves", 2014), "theil"] == pytest.approx(
        theil(means, counts), rel=1e-9
    )
    assert table.loc[("current prices", "regions", 2014), "units"] == 7


def test_what_is_left_out_is_told(study):
    assert told(study)["inequality_notes"] == (
        "Left out in measuring inequality: in no group of two halves: h."
    )


def test_figures(study):
    assert set(study.figures) == {
        "inequality_theil", "inequality_palma", "theil_decomposition", "inequality_change",
        "inequality_by_level", "inequality_answers_by_year", "inequality_answers_until_end",
        "inequality_answers_compared", "lorenz", "per_head_map",
    }  # fmt: skip


def test_headline_is_short(study):
    rows = headline(study)
    row = rows["Theil T in 2001, 2010, 2014 (constant 2001 prices, weighted by people)"]
    y, w = values("constant 2001 prices"), people()
    expected = ", ".join(f"{theil(y.loc[t], w.loc[t]):.4f}" for t in (2001, 2010, 2014))
    assert row.startswith(expected) and "p " in row
    assert len(rows) == 8


def test_without_groups_people_and_growth(folder):
    """A panel of five years, one measure and nothing to choose: nothing to part, turn or group."""
    panel = made_up().query("year > 2009")
    panel.assign(y=panel["gdp"] / panel["people"])[["id", "year", "y"]].to_csv(
        folder / "plain.csv", index=False
    )
    plain = STUDY.split("[panel]")[0] + (
        '[panel]\nsource = "plain.csv"\ncode = "id"\nyear = "year"\nper_head = "y"\n'
        '[inequality]\nmeasures = ["cv"]\npermutations = 99\n'
    )
    (folder / "plain.toml").write_text(plain, encoding="utf-8")
    study = stage(folder / "plain.toml")
    words = told(study)
    y = values("current prices")
    start, end = (float(np.std(y.loc[t]) / np.mean(y.loc[t])) for t in (2010, 2014))
    assert f"coefficient of variation rose by {abs(end / start - 1):.0%}" in words["inequality"]
    assert "No turning points" in words["inequality_turns"]
    assert {"inequality_parts", "inequality_between"}.isdisjoint(words)
    assert "inequality_answers_part" not in study.tables


def test_missing_values_are_told_once(folder):
    panel = made_up()
    panel.loc[(panel["id"] == "a") & (panel["year"] == 2014), "gdp"] = np.nan
    panel.to_csv(folder / "holes.csv", index=False)
    text = (folder / "study.toml").read_text().replace("panel.csv", "holes.csv")
    (folder / "holes.toml").write_text(text, encoding="utf-8")
    study = stage(folder / "holes.toml")
    words = told(study)["inequality_notes"]
    assert words == (
        "Left out in measuring inequality: 1 of 112 pairs of region and year have no value at "
        "current prices (a 2014); in no group of two halves: h."
    )
    # at constant prices the value is chained from the index, and there is nothing missing
    table = study.tables["inequality_answers"].query("measure == 'theil' and to == 2014")
    regions = {p: set(rows["regions"]) for p, rows in table.groupby("prices")}
    assert regions == {"constant 2001 prices": {8}, "current prices": {7}}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("compare = [2001, 2010, 2014]", "compare = [2001, 2020]", "compare: 2020 is no year"),
        ("compare = [2001, 2010, 2014]", "compare = [2001]", "compare needs two years or more"),
        ("permutations = 999", "permutations = 9", "permutations"),
        ("permutations = 999", "ci = 1.0", "ci"),
        ("permutations = 999", "tolerance = -1", "tolerance"),
    ],
)
def test_messages(folder, old, new, message):
    text = (folder / "study.toml").read_text().replace(old, new)
    (folder / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        stage(folder / "wrong.toml")

"""The composite index of a study: every number worked out again, and every fault named."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from scipy.stats import spearmanr
from shapely import box

import spatialreg as sr
from spatialreg._palettes import GRADE_COLOURS
from spatialreg.disparity import coupling, services_template
from spatialreg.errors import ConfigError, InputError
from spatialreg.study import check_study, read_config
from spatialreg.study._context import Context
from spatialreg.study.stages import _composite

STUDY = """\
[study]
name = "six"
title = "Six regions"
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
base_year = 2010
national = "national.csv"
breaks = "breaks.csv"
"""
COMPOSITE = """
[composite]
title = "Index of services"
compare = [2010, 2012]
deflator = "national"
population = "people"
permutations = 199
replicates = 200
claim = 1

[[composite.item]]
aspect = "Health"
category = "Hospitals"
item = "Beds"
column = "beds"
over = "people"
factor = 1000.0
unit = "per 1,000 people"
low = 0

[[composite.item]]
aspect = "Health"
category = "Distance"
item = "Distance to a hospital"
column = "distance"
unit = "km"
direction = -1
low = 0
high = 50

[[composite.item]]
aspect = "Roads"
item = "Road density"
column = "roads"
over = "area"
factor = 100.0
unit = "km per 100 km2"
low = 0

[[composite.item]]
aspect = "Incomes"
item = "Income"
column = "income"
unit = "crowns"
deflate = true
low = 0
"""
CODES = list("abcdef")
YEARS = (2010, 2011, 2012)


def rows():
    rng = np.random.default_rng(11)
    for i, code in enumerate(CODES):
        for t, year in enumerate(YEARS):
            yield {
                "id": code, "year": year, "people": 1000 * (i + 1),
                "beds": (i + 1) * (4 + (i % 3) + t), "distance": 10 + 5 * ((i * 2) % 5) - t,
                "roads": 900 + 200 * i + 50 * t * (6 - i), "income": 100 + 20 * i + 15 * t,
                "gdp": 1000 + 100 * rng.random(), "growth": 104.0, "cpi": 100 * 1.02**t,
            }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("composite")
    gpd.GeoDataFrame(
        {"id": CODES, "name": [f"Region {c.upper()}" for c in CODES]},
        geometry=[box(10 + i, 45, 11 + i, 46) for i in range(6)],
        crs=4326,
    ).to_file(folder / "regions.gpkg")
    pd.DataFrame(rows()).sample(frac=1, random_state=2).to_csv(folder / "panel.csv", index=False)
    # prices rise by 5 per cent a year: 10.25 of nominal growth over 5 of real
    national = {"year": YEARS, "gdp": [100.0, 110.25, 121.550625], "growth": [105.0] * 3,
                "index": [50.0, 60.0, 75.0]}  # fmt: skip
    pd.DataFrame(national).to_csv(folder / "national.csv", index=False)
    told = {"column": ["beds"], "code": [None], "year": [2012], "reason": ["made up"]}
    pd.DataFrame(told).to_csv(folder / "breaks.csv", index=False)
    (folder / "study.toml").write_text(STUDY + COMPOSITE, encoding="utf-8")
    return folder


def ran(folder, text, name):
    """Run the stage alone, without writing anything."""
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return _composite.run(Context(read_config(folder / f"{name}.toml"), folder))


@pytest.fixture(scope="module")
def done(folder):
    return sr.run_study(folder / "study.toml", output=folder / "out", only=["composite"])


def by_hand():
    """Scores by their definition, from the rows alone."""
    panel = pd.DataFrame(rows()).set_index(["id", "year"])
    area = Geod(ellps="WGS84").geometry_area_perimeter(box(10, 45, 11, 46))[0] / 1e6
    prices = {2010: 1.05**-2, 2011: 1 / 1.05, 2012: 1.0}
    beds = panel["beds"] / panel["people"] * 1000
    roads = panel["roads"] / area * 100
    income = panel["income"] / panel.index.get_level_values("year").map(prices).to_numpy()
    health = (beds / beds.max() + (50 - panel["distance"]) / 50) / 2
    aspects = pd.DataFrame(
        {"Health": health, "Roads": roads / roads.max(), "Incomes": income / income.max()}
    )
    return aspects.assign(index=aspects.mean(axis=1))


def test_scores_by_hand(done):
    table = done.tables["composite_scores"].set_index(["code", "year"])
    expected = by_hand()
    for score in ("index", "Health", "Roads", "Incomes"):
        # roads rest on an area by another way, whose factor cancels
        np.testing.assert_allclose(table[score], expected[score].reindex(table.index), rtol=1e-12)
    values = done.tables["composite_values"].set_index(["code", "year"])
    area = Geod(ellps="WGS84").geometry_area_perimeter(box(10, 45, 11, 46))[0] / 1e6
    assert values.loc[("a", 2010), "Road density"] == pytest.approx(90000 / area, rel=1e-3)
    assert values.loc[("a", 2010), "Income"] == pytest.approx(100 * 1.05**2, rel=1e-12)
    assert table["rank"].loc[:, 2012].tolist() == (
        expected["index"].loc[:, 2012].rank(ascending=False).tolist()
    )
    assert table.loc[("c", 2011), "name"] == "Region C"


def test_coordination_by_hand(done):
    table = done.tables["composite_scores"].set_index(["code", "year"])
    u = by_hand()[["Health", "Roads", "Incomes"]].reindex(table.index)
    degree = np.sqrt(u.prod(axis=1) ** (1 / 3) / u.mean(axis=1) * u.mean(axis=1))
    np.testing.assert_allclose(table["coordination"], degree, rtol=1e-12)
    by_year = done.tables["composite_coordination"]
    means = degree.groupby("year").mean()
    np.testing.assert_allclose(by_year["all regions"], means, rtol=1e-12)
    np.testing.assert_allclose(by_year["highest"], degree.groupby("year").max(), rtol=1e-12)
    quarter = degree.groupby("year").quantile(0.25)
    np.testing.assert_allclose(by_year["lower quartile"], quarter, rtol=1e-12)
    counts = by_year.filter(like="regions: ").sum(axis=1)
    assert counts.tolist() == [6, 6, 6]
    sentence = next(f for f in done.findings if f.key == "composite_coupling")
    assert f"{means[2010]:.3f} in 2010 and {means[2012]:.3f} in 2012" in sentence.sentence
    assert sentence.claim == 1
    assert sentence.numbers["composite_coupling.last"] == pytest.approx(means[2012])


def test_inequality_by_hand(done):
    scores = by_hand()
    people = pd.Series([1000.0 * (i + 1) for i in range(6)], index=CODES)
    table = done.tables["composite_inequality"].set_index(["score", "weighting", "year"])
    for score in ("index", "Roads"):
        y = scores[score].xs(2011, level="year")
        row = table.loc[(score, "unweighted", 2011)]
        assert row["cv"] == pytest.approx(y.std(ddof=0) / y.mean(), rel=1e-12)
        assert row["cv_low"] <= row["cv"] <= row["cv_high"]
        mean = np.average(y, weights=people)
        spread = np.sqrt(np.average((y - mean) ** 2, weights=people)) / mean
        assert table.loc[(score, "weighted by people", 2011), "cv"] == pytest.approx(spread)
    change = done.tables["composite_change"].set_index(["score", "weighting", "measure"])
    y = scores["Roads"].unstack("year")
    expected = y[2012].std(ddof=0) / y[2012].mean() - y[2010].std(ddof=0) / y[2010].mean()
    row = change.loc[("Roads", "unweighted", "cv")]
    assert row["change"] == pytest.approx(expected, rel=1e-9)
    sentence = next(f.sentence for f in done.findings if f.key == "composite_inequality")
    word = "narrowed" if row["p_value"] <= 0.05 else "no clear change"
    assert f"Roads {row['start']:.3f} to {row['end']:.3f} ({word}, p = {row['p_value']:.2g})" in (
        sentence
    )
    assert "no natural zero" not in sentence


def test_convergence_by_hand(done):
    y = by_hand()["Roads"].unstack("year")
    growth = np.log(y[2012] / y[2010]) / 2
    slope = np.polyfit(np.log(y[2010]), growth, 1)[0]
    table = done.tables["composite_convergence"]
    assert table.loc["Roads", "estimate"] == pytest.approx(slope, rel=1e-9)
    assert table.index.tolist() == ["index", "Health", "Roads", "Incomes"]


def test_weights_side_by_side(done):
    table = done.tables["composite_rank_correlation"]
    assert table.index.tolist() == ["equal", "entropy", "critic", "pca"]
    ranks = done.tables["composite_ranks"].set_index("code")
    expected = spearmanr(ranks["rank_equal"], ranks["rank_entropy"]).statistic
    assert table.loc["equal", "entropy"] == pytest.approx(expected)
    items = done.tables["composite_items"]
    assert items["weight_equal"].tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 3, 1 / 3])
    assert items.filter(like="weight_").sum().tolist() == pytest.approx([1] * 4)
    assert items.loc["Income", "computed"] == "income, at prices of 2012"
    assert items.loc["Road density", "computed"] == "roads / area x 100"


def test_sentences(done):
    told = {finding.key: finding.sentence for finding in done.findings}
    last = by_hand()["index"].xs(2012, level="year")
    assert f"Region {last.idxmax().upper()} is first ({last.max():.3f})" in told["composite"]
    assert f"Region {last.idxmin().upper()} last ({last.min():.3f})" in told["composite"]
    ranks = done.tables["composite_ranks"].set_index("code")
    upper = [f"Region {c.upper()}" for c in ranks.index if ranks.loc[c, "high"] <= 3]
    assert (f"{', '.join(upper)} {'is' if len(upper) == 1 else 'are'} in the upper" if upper else
            "none are in the upper") in told["composite"]  # fmt: skip
    assert "the definition changes: beds in 2012" in told["composite_notes"]


def test_what_is_written(done):
    figures = {path.stem for path in done.paths["figures"].glob("*.png")}
    assert figures == {
        "composite_ranks", "composite_profiles", "composite_inequality", "composite_coordination",
        "composite_map", "composite_coordination_map",
    }  # fmt: skip
    layer = gpd.read_file(done.paths["GeoPackage"], layer="composite").set_index("code")
    last = by_hand().xs(2012, level="year")
    np.testing.assert_allclose(layer["score"].reindex(CODES), last["index"], rtol=1e-12)
    np.testing.assert_allclose(layer["aspect_2"].reindex(CODES), last["Roads"], rtol=1e-12)


def test_shuffled_rows_and_twice_give_the_same(done, folder):
    panel = pd.read_csv(folder / "panel.csv").sample(frac=1, random_state=9)
    panel.to_csv(folder / "shuffled.csv", index=False)
    text = (STUDY + COMPOSITE).replace("panel.csv", "shuffled.csv")
    again = ran(folder, text, "again")
    assert again.findings == done.findings
    for name in ("composite_ranks", "composite_inequality", "composite_change"):
        pd.testing.assert_frame_equal(again.tables[name], done.tables[name])


def test_items_from_a_filled_template(done, folder):
    table = services_template()
    table["category"] = table["category"].where(table["aspect"] != "Housing", None)
    given = pd.DataFrame([item.model_dump() for item in
                          read_config(folder / "study.toml").composite.item])  # fmt: skip
    filled = pd.concat([table, given.drop(columns="weight")], ignore_index=True)
    filled.to_csv(folder / "items.csv", index=False)
    text = STUDY + COMPOSITE.split("[[composite.item]]")[0] + 'items = "items.csv"\n'
    read = ran(folder, text, "table")
    pd.testing.assert_frame_equal(read.tables["composite_scores"], done.tables["composite_scores"])
    # a fault of the table names its row
    filled.loc[len(table), "direction"] = 2
    filled.to_csv(folder / "items.csv", index=False)
    with pytest.raises(ConfigError, match=r"items\.csv: row 80: direction"):
        ran(folder, text, "table")
    filled.rename(columns={"factor": "fctor"}).to_csv(folder / "items.csv", index=False)
    with pytest.raises(ConfigError, match="mean nothing here: fctor; known are aspect"):
        ran(folder, text, "table")
    services_template().to_csv(folder / "items.csv", index=False)
    with pytest.raises(ConfigError, match="names no column of the panel"):
        ran(folder, text, "table")
    filled.loc[len(table), "direction"] = 1
    filled.assign(deflate=False).to_csv(folder / "items.csv", index=False)
    with pytest.raises(ConfigError, match="give both or neither"):
        ran(folder, text, "table")


@pytest.mark.parametrize(
    ("deflator", "ratio"),
    [('"index"', 75 / 50), ('"cpi"', 1.02**2),
     ('"growth"\ndeflator_base = "previous year"', 1.04**2)],
)  # fmt: skip
def test_other_prices(folder, deflator, ratio):
    """Of the table of the nation, of the panel, and chained (the panel's column comes first)."""
    text = STUDY + COMPOSITE.replace('"national"', deflator)
    found = ran(folder, text, "prices").tables["composite_values"].set_index(["code", "year"])
    assert found.loc[("a", 2010), "Income"] == pytest.approx(100 * ratio, rel=1e-12)
    assert found.loc[("a", 2012), "Income"] == pytest.approx(130)


def test_years_are_those_that_have_every_item(folder):
    panel = pd.read_csv(folder / "panel.csv")
    panel.loc[(panel["id"] == "b") & (panel["year"] == 2010), "beds"] = np.nan
    panel.to_csv(folder / "gap.csv", index=False)
    text = (STUDY + COMPOSITE).replace("panel.csv", "gap.csv")
    later = text.replace("compare = [2010, 2012]\n", "")
    found = ran(folder, later, "gap")
    assert sorted(found.tables["composite_scores"]["year"].unique()) == [2011, 2012]
    with pytest.raises(ConfigError, match="compare: 2010 are not among the years of the index"):
        ran(folder, text, "gap")
    asked = text.replace("compare =", "years = [2010, 2012]\ncompare =")
    with pytest.raises(InputError, match=r"^\[composite\] 1 values of 1 items \(Beds\)"):
        ran(folder, asked, "gap")
    shared = asked.replace("compare =", 'missing = "renormalise"\ncompare =')
    found = ran(folder, shared, "gap")
    scores = found.tables["composite_scores"].set_index(["code", "year"])
    distance = 10 + 5 * 2
    assert scores.loc[("b", 2010), "Health"] == pytest.approx((50 - distance) / 50)
    notes = next(f.sentence for f in found.findings if f.key == "composite_notes")
    assert "1 values of 1 items are missing" in notes
    panel.loc[panel["year"] > 2010, "roads"] = np.nan
    panel.to_csv(folder / "gap.csv", index=False)
    with pytest.raises(ConfigError, match=r"no two years in which every item.*Road density: 2010"):
        ran(folder, later, "gap")


def test_groups_of_a_scheme(folder):
    group = '[[group]]\nid = "{}"\nname_en = "{}"\nmembers = {}\n'
    text = 'name = "halves"\n' + group.format("e", "Zeta", CODES[:3])
    text += group.format("w", "Alpha", CODES[3:])
    (folder / "halves.toml").write_text(text.replace("'", '"'), encoding="utf-8")
    where = (folder / "halves.toml").as_posix()
    found = ran(folder, STUDY + COMPOSITE.replace("claim = 1", f'scheme = "{where}"'), "groups")
    table = found.tables["composite_coordination"]
    scores = found.tables["composite_scores"].set_index(["code", "year"])["coordination"]
    assert list(table.columns[:3]) == ["all regions", "Zeta", "Alpha"]  # as the scheme has them
    assert table.loc[2012, "Zeta"] == pytest.approx(scores.loc[CODES[:3], 2012].mean())
    overlapping = text.replace(str(CODES[3:]), str(CODES[2:])).replace("'", '"')
    (folder / "halves.toml").write_text(overlapping, encoding="utf-8")
    with pytest.raises(ConfigError, match="puts regions into several groups"):
        ran(folder, STUDY + COMPOSITE.replace("claim = 1", f'scheme = "{where}"'), "groups")


def test_one_aspect_has_no_coupling(folder):
    one = re.sub(r'aspect = "\w+"\n(category = "\w+"\n)?', 'aspect = "All"\n', COMPOSITE)
    found = ran(folder, STUDY + one, "one")
    assert "composite_coordination" not in found.tables
    assert not any(f.key == "composite_coupling" for f in found.findings)
    assert "in 1 aspect (all)" in next(f.sentence for f in found.findings if f.key == "composite")


def test_given_weights(folder):
    text = COMPOSITE.replace("claim = 1", 'weights = "given"')
    weights = {"beds": 1, "distance": 3, "roads": 1, "income": 3}
    for column, weight in weights.items():
        text = text.replace(f'column = "{column}"', f'column = "{column}"\nweight = {weight}')
    found = ran(folder, STUDY + text, "given")
    table = found.tables["composite_scores"].set_index(["code", "year"])
    hand = by_hand()
    near = (50 - pd.DataFrame(rows()).set_index(["id", "year"])["distance"]) / 50
    beds = 2 * hand["Health"] - near
    index = (beds + 3 * near + hand["Roads"] + 3 * hand["Incomes"]) / 8
    np.testing.assert_allclose(table["index"], index.reindex(table.index), rtol=1e-12)
    assert found.tables["composite_rank_correlation"].index[0] == "given"
    assert found.tables["composite_items"]["weight_given"].tolist() == [1 / 8, 3 / 8, 1 / 8, 3 / 8]


def test_each_year_by_itself(folder):
    text = COMPOSITE.replace("claim = 1", 'reference_years = "each"\nfloor = 0.05')
    found = ran(folder, STUDY + text, "each")
    table = found.tables["composite_scores"].set_index(["code", "year"])
    income = pd.DataFrame(rows()).set_index(["id", "year"])["income"]
    share = 0.05 + 0.95 * income / income.groupby("year").transform("max")
    np.testing.assert_allclose(table["Incomes"], share.reindex(table.index), rtol=1e-12)
    sentence = next(f.sentence for f in found.findings if f.key == "composite_coupling")
    assert "levels of two years do not compare" in sentence


def test_scores_that_lack_an_item(folder):
    """A region without a score in a year has no rank there, and is left out of what is compared."""
    panel = pd.read_csv(folder / "panel.csv")
    panel.loc[(panel["id"] == "b") & (panel["year"] == 2012), "beds"] = np.nan
    panel.to_csv(folder / "lacks.csv", index=False)
    text = STUDY.replace("panel.csv", "lacks.csv") + COMPOSITE.replace(
        "claim = 1", 'missing = "nan"'
    )
    found = ran(folder, text, "lacks")
    table = found.tables["composite_scores"].set_index(["code", "year"])
    assert table.loc[("b", 2012), ["index", "rank", "Health", "coordination"]].isna().all()
    assert table.loc[("b", 2012), "Incomes"] > 0
    assert found.tables["composite_convergence"]["regions"].tolist() == [5, 5, 6, 6]
    coupled = next(f.sentence for f in found.findings if f.key == "composite_coupling")
    assert "of 5 regions" in coupled
    layer = next(x for x in found.layers if x.name == "composite_coordination")
    assert layer.frame.loc["b", "grade"] == "No data"


def test_the_standard_is_counted(folder):
    text = COMPOSITE.replace(
        "claim = 1", 'standard = "china:services_standard"\nstandard_claim = 5'
    )
    found = ran(folder, STUDY + text, "standard")
    finding = next(f for f in found.findings if f.key == "composite_standard")
    assert finding.claim == 5
    assert finding.numbers == {
        "composite_standard.aspects": 9,
        "composite_standard.categories": 22,
        "composite_standard.items": 80,
    }
    assert "9 aspects, 22 categories and 80 items" in finding.sentence


def test_a_score_of_zero_says_what_to_do(folder):
    text = COMPOSITE.replace(
        'unit = "crowns"\ndeflate = true\nlow = 0', 'unit = "c"\ndeflate = true'
    )
    with pytest.raises(InputError, match=r"^\[composite\] systems must have scores above 0.*floor"):
        ran(folder, STUDY + text, "zero")
    found = ran(folder, STUDY + text.replace("claim = 1", "floor = 0.01"), "zero")
    sentence = next(f.sentence for f in found.findings if f.key == "composite_inequality")
    assert "The score 0 of 1 items is the worst value seen and no natural zero" in sentence


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("claim = 1", 'items = "x.csv"', "either as"),
        ('deflator = "national"\n', "", "give both or neither"),
        ("claim = 1", "years = [2012, 2010]", "the first below the last"),
        ("compare = [2010, 2012]", "compare = [2010]", "compare needs two years"),
        ("claim = 1", 'systems = ["Roads"]', "couples two or more"),
        ("claim = 1", "standard_claim = 5", "give standard"),
        ("claim = 1", 'standardise = "zscore"', r"composite\.standardise"),
        ("direction = -1", "direction = 0", r"composite\.item\.1\.direction"),
        ("unit = \"km\"", 'unt = "km"', r"unt: is not known here; known are aspect, category"),
    ],
)  # fmt: skip
def test_faults_of_the_section(folder, old, new, words):
    (folder / "wrong.toml").write_text(STUDY + COMPOSITE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_config(folder / "wrong.toml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('column = "beds"', 'column = "bed"', r"for the item 'Beds' of \[composite\], has no col"),
        ("claim = 1", 'systems = ["Roads", "Rods"]', "'Rods' is neither an aspect nor a category"),
        ('aspect = "Roads"', 'aspect = "rank"', "which are columns of the tables: rename 'rank'"),
        ("claim = 1", "years = [2009, 2012]", "hold not both of 2009 and 2012"),
        ('deflator = "national"', 'deflator = "prices"', "neither of the panel nor of national"),
        ('population = "people"\npermutations', 'population = "folk"\npermutations', "'folk'"),
    ],
)  # fmt: skip
def test_faults_that_the_data_show(folder, old, new, words):
    with pytest.raises(InputError, match=words):
        ran(folder, STUDY + COMPOSITE.replace(old, new, 1), "faults")


def test_faults_of_prices(folder):
    bare = STUDY.replace('national = "national.csv"\n', "")
    with pytest.raises(ConfigError, match=r"\[panel\] has no table of national totals"):
        ran(folder, bare + COMPOSITE, "bare")
    bare = STUDY.replace('growth_index = "growth"\nbase_year = 2010\n', "")
    with pytest.raises(ConfigError, match=r"give value and growth_index in \[panel\]"):
        ran(folder, bare + COMPOSITE, "bare")


def test_inputs_are_checked(folder):
    text = STUDY + COMPOSITE.split("[[composite.item]]")[0] + 'items = "lost.csv"\n'
    (folder / "lost.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"'lost\.csv' is neither a file"):
        check_study(folder / "lost.toml")


def test_every_class_has_a_colour():
    degree = np.linspace(0.05, 0.95, 10)
    found = coupling(pd.DataFrame({"a": degree**2, "b": degree**2}), systems=["a", "b"])
    assert list(found["grade"].cat.categories) == list(GRADE_COLOURS)
    assert list(found["grade"].astype(str)) == list(GRADE_COLOURS)


def test_the_examples_of_the_documentation_can_be_read(folder):
    page = (Path(__file__).parents[2] / "docs" / "study.md").read_text(encoding="utf-8")
    example = page.split("## A composite index")[1].split("```toml")[1].split("```")[0]
    (folder / "docs.toml").write_text(STUDY + example, encoding="utf-8")
    section = read_config(folder / "docs.toml").composite
    assert section is not None and len({item.aspect for item in section.item}) > 1

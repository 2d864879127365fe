"""Where production stands and what makes the gap, in a study of a user's own files."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg.errors import ConfigError, InputError
from spatialreg.study._config import read_config
from spatialreg.study._context import Context
from spatialreg.study.stages import _concentration

STUDY = """\
[study]
name = "grid"
title = "A grid of regions"

[regions]
source = "regions.gpkg"
code = "id"

[panel]
source = "panel.csv"
code = "id"
year = "year"
value = "output"
population = "people"
label = "output per head"

[decomposition]
scheme = "SCHEME"
sources.farming = "farms"
sources.making = "mills"
sources.serving = "shops"
compare = [2000, 2003]

[concentration]
industries.farming = "farms"
industries.making = "mills"
industries.serving = "shops"
focus = "making"
schemes = ["SCHEME"]
compare = [2000, 2001, 2003]
prices = "constant"

[[concentration.doubt]]
scheme = "SCHEME"
region = "r2"
group = "south"
words = "a part of it is southern"

[[concentration.mark]]
scheme = "SCHEME"
group = "north"
share = 0.7
words = "in the old days"

[[concentration.vintage]]
name = "1990-1991"
source = "old.csv"
column = "output"
code = "id"
"""
SCHEME = """\
name = "halves"
title_en = "Halves"
title_zh = ""
date = "2000"
source = "made for the test"
level = "region"
kind = "KIND"
reading = ""

[[group]]
id = "north"
name_en = "North"
name_zh = ""
members = ["r0", "r1", "r2"]
"""
SOUTH = """\

[[group]]
id = "south"
name_en = "South"
name_zh = ""
members = ["r3", "r4", "r5", "r6"]
"""
SECTORS = ["farms", "mills", "shops"]
WORDS = {"farms": "farming", "mills": "making", "shops": "serving"}
NORTH = ["r0", "r1", "r2"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    codes = [f"r{i}" for i in range(8)]  # the last has no data
    squares = [box(10 + i, 45, 11 + i, 46) for i in range(8)]
    frame = gpd.GeoDataFrame({"id": codes, "name": codes}, geometry=squares, crs=4326)
    frame.to_file(folder / "regions.gpkg")
    rng = np.random.default_rng(5)
    panel = pd.DataFrame(
        [
            {
                "id": code, "year": year, "people": 100 + 10 * i,
                **{s: float(rng.integers(50, 400)) for s in SECTORS},
            }
            for i, code in enumerate(codes[:7])
            for year in (2000, 2001, 2002, 2003)
        ]
    )  # fmt: skip
    panel["output"] = panel[SECTORS].sum(axis=1)
    panel.loc[(panel["id"] == "r4") & (panel["year"] == 2002), "mills"] = np.nan
    panel.sample(frac=1, random_state=1).to_csv(folder / "panel.csv", index=False)
    old = pd.DataFrame({"id": codes[:7] * 2, "year": [1990] * 7 + [1991] * 7, "output": range(14)})
    old.to_csv(folder / "old.csv", index=False)
    (folder / "halves.toml").write_text(SCHEME.replace("KIND", "partition") + SOUTH)
    (folder / "north.toml").write_text(SCHEME.replace("KIND", "subset"))
    write(folder, "study.toml")
    return folder


def write(folder, name, *changes):
    text = STUDY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text.replace("SCHEME", (folder / "halves.toml").as_posix()))
    return path


@pytest.fixture(scope="module")
def study(folder):
    return sr.run_study(folder / "study.toml")


@pytest.fixture(scope="module")
def data(folder):
    panel = pd.read_csv(folder / "panel.csv").set_index(["id", "year"]).sort_index()
    return SimpleNamespace(**{str(y): panel.xs(y, level="year") for y in range(2000, 2004)})


def stage(path):
    """Run the stage of concentration, and write nothing."""
    return _concentration.run(Context(read_config(path), path.parent))


def year(data, when):
    return getattr(data, str(when))


def sentence(study, key):
    return next(f.sentence for f in study.findings if f.key == key)


def test_shares_both_ways(study, data):
    table = study.tables["concentration_halves"].set_index(["vintage", "industry", "group", "year"])
    for when in (2000, 2001, 2003):
        for sector, words in WORDS.items():
            x = year(data, when)[sector]
            row = table.loc[("the study", words, "North", when)]
            assert row["share"] == pytest.approx(x[NORTH].sum() / x.sum())
            # r2 may be southern: least with it gone, most as it is
            assert row["low"] == pytest.approx(x[["r0", "r1"]].sum() / x.sum())
            assert row["high"] == row["share"]
            south = table.loc[("the study", words, "South", when)]
            assert south["low"] == pytest.approx(1 - row["high"])
            assert south["high"] == pytest.approx(1 - row["low"])
    # 0 + 1 + 2 of 21, and 7 + 8 + 9 of 70, which stand by themselves
    old = table.sort_index().loc[("1990-1991", "all industries", "North")]["share"]
    assert old.tolist() == pytest.approx([3 / 21, 24 / 70])
    told = sentence(study, "concentration_halves")
    x = data.__dict__["2003"]["mills"]
    ways = f"{x[['r0', 'r1']].sum() / x.sum():.1%} to {x[NORTH].sum() / x.sum():.1%} of making"
    assert "r2 is counted in North here: a part of it is southern" in told
    assert ways in told
    assert "In the vintage 1990-1991, which is not joined to these years, North had 14.3%" in told
    assert "North: 70% in the old days; these years cannot test it" in told


def test_a_year_without_all_regions_is_left_out_and_said(study):
    table = study.tables["concentration_specialisation"]
    assert sorted(table["year"].unique()) == [2000, 2001, 2003]
    notes = sentence(study, "concentration_notes")
    assert "fewer regions have all industries are left out: 2002" in notes
    assert "prices" not in notes  # they are constant


def test_quotients_and_indices_against_a_direct_computation(study, data):
    quotients = study.tables["concentration_quotients"].set_index(["code", "year"])
    special = study.tables["concentration_specialisation"].set_index(["code", "year"])
    rows = study.tables["concentration_industries"].set_index(["industry", "year"])
    for when in (2000, 2003):
        x = year(data, when)[SECTORS]
        whole = x.to_numpy().sum()
        for sector, words in WORDS.items():
            s, r = x[sector] / x[sector].sum(), x.sum(axis=1) / whole
            assert quotients.xs(when, level="year")[words].to_numpy() == pytest.approx(s / r)
            row = rows.loc[(words, when)]
            assert row["herfindahl"] == pytest.approx((s**2).sum())
            assert row["theil"] == pytest.approx((s * np.log(s / r)).sum())
            between = sum(
                s[g].sum() * np.log(s[g].sum() / r[g].sum())
                for g in (NORTH, ["r3", "r4", "r5", "r6"])
            )
            assert row["between"] == pytest.approx(between)
        others = x.sum() - x
        gaps = x.div(x.sum(axis=1), axis=0) - others.div(others.sum(axis=1), axis=0)
        got = special.xs(when, level="year")["krugman_index"]
        assert got.to_numpy() == pytest.approx(gaps.abs().sum(axis=1).to_numpy())
    layer = gpd.read_file(study.paths["GeoPackage"], layer="concentration_quotients")
    latest = layer.set_index("id" if "id" in layer else "code")["lq_making"]
    last = quotients.xs(2003, level="year")["making"]
    assert latest[last.index].to_numpy() == pytest.approx(last.to_numpy())
    assert np.isnan(latest["r7"])


def test_growth_by_structure_and_own(study, data):
    table = study.tables["concentration_growth"].set_index(["start", "end", "level", "code"])
    first, last = year(data, 2000)[SECTORS], year(data, 2001)[SECTORS]
    national = last.to_numpy().sum() / first.to_numpy().sum() - 1
    by_industry = last.sum() / first.sum() - 1
    north = first.loc[NORTH].sum()
    mix = (north * (by_industry - national)).sum() / north.sum()
    growth = last.loc[NORTH].to_numpy().sum() / north.sum() - 1
    row = table.loc[(2000, 2001, "group", "North")]
    assert row[["growth", "national", "mix", "competitive"]].tolist() == pytest.approx(
        [100 * growth, 100 * national, 100 * mix, 100 * (growth - national - mix)]
    )
    assert set(table.index.droplevel([2, 3])) == {(2000, 2001), (2001, 2003), (2000, 2003)}
    parts = study.tables["concentration_growth_parts"].groupby(["start", "end", "code"]).sum()
    change = (year(data, 2003) - year(data, 2000))[SECTORS].sum(axis=1)
    assert parts.loc[(2000, 2003)]["change"].to_numpy() == pytest.approx(change.to_numpy())
    assert f"North {100 * growth:.1f} %" in sentence(study, "concentration_growth_2000_2001")


def test_the_gap_by_groups_and_sectors_adds_up(study, data):
    for when in (2000, 2003):
        frame = year(data, when)
        y, n = frame["output"] / frame["people"], frame["people"]
        p, mean = n / n.sum(), frame["output"].sum() / n.sum()
        pairs = np.abs(y.to_numpy()[:, None] - y.to_numpy())
        gini = float((np.outer(p, p) * pairs).sum() / 2 / mean)
        groups = study.tables["decomposition_gini"].query("year == @when")
        assert groups["value"].sum() == pytest.approx(gini)
        # Dagum's pair: the mean difference between the two over the sum of their means
        south = [code for code in y.index if code not in NORTH]
        own = [n[g] / n[g].sum() for g in (NORTH, south)]
        means = [float((y[g] * w).sum()) for g, w in zip((NORTH, south), own, strict=True)]
        apart = np.abs(y[NORTH].to_numpy()[:, None] - y[south].to_numpy())
        between = float((np.outer(*own) * apart).sum()) / sum(means)
        matrix = study.tables["decomposition_matrices"].query("year == @when").set_index("group")
        assert matrix.loc["North", "South"] == pytest.approx(between)
        assert matrix.loc["South", "North"] == pytest.approx(between)
        sources = study.tables["decomposition_sources"].query("year == @when")
        assert sources.groupby("method")["value"].sum().tolist() == pytest.approx([gini, gini])
        # the natural rule: twice the covariance with the ranks, over the mean
        order = y.sort_values().index
        rank = (p[order].cumsum() - p[order] / 2).reindex(y.index)
        part = frame["mills"] / n
        natural = 2 * float((p * (rank - 0.5) * part).sum()) / mean
        row = sources.query("method == 'natural rule' and source == 'making'").iloc[0]
        assert row["value"] == pytest.approx(natural)
        assert f"{gini:.3f} in {when}" in sentence(study, "decomposition_gini")
    assert "The sources miss" not in sentence(study, "decomposition_sources")


def test_figures_and_order_of_years(study):
    names = {path.stem for path in study.paths["figures"].iterdir()}
    assert names == {
        "concentration_halves", "concentration_halves_over_time", "concentration_quotients",
        "concentration_specialisation", "concentration_industries", "concentration_theil",
        "concentration_growth_2000_2001", "concentration_growth_2001_2003", "decomposition_gini",
        "decomposition_sources",
    }  # fmt: skip


def test_a_subset_leaves_the_rest_as_a_group(folder, study):
    text = (folder / "study.toml").read_text().replace("halves.toml", "north.toml")
    text = text.replace('group = "south"', 'group = "elsewhere"')
    (folder / "subset.toml").write_text(text)
    ours, theirs = (
        s.tables["concentration_halves"] for s in (stage(folder / "subset.toml"), study)
    )
    columns = ["share", "low", "high"]
    for one, other in (("North", "North"), ("elsewhere", "South")):
        pd.testing.assert_frame_equal(
            ours[ours["group"] == one][columns].reset_index(drop=True),
            theirs[theirs["group"] == other][columns].reset_index(drop=True),
        )


def test_area_and_people_as_reference(folder, data):
    area = gpd.read_file(folder / "regions.gpkg").set_index("id").iloc[:7]
    area = area.to_crs(6933).area  # all on one parallel: any equal-area projection will do
    for name, reference in (("area", area), ("people", year(data, 2000)["people"])):
        path = write(folder, f"{name}.toml", ("focus", f'reference = "{name}"\nfocus'))
        part = stage(path)
        table = part.tables["concentration_quotients"].query("year == 2000").set_index("code")
        x = year(data, 2000)["mills"]
        expected = x / x.sum() / (reference / reference.sum())
        assert table["making"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-6)
        assert name in sentence(part, "concentration_quotients")


def test_a_panel_per_head_takes_sources_per_head(folder, tmp_path, data):
    path = write(
        folder, "per_head.toml", ('value = "output"\npopulation = "people"', 'per_head = "output"')
    )
    part = sr.run_study(path, output=tmp_path / "out", only=["decomposition"])
    y = year(data, 2003)["output"].to_numpy()
    gini = np.abs(y[:, None] - y).mean() / 2 / y.mean()
    table = part.tables["decomposition_gini"].query("year == 2003")
    assert table["value"].sum() == pytest.approx(gini)
    sources = part.tables["decomposition_sources"].query("year == 2003 and method != 'x'")
    assert sources.groupby("method")["value"].sum().tolist() == pytest.approx([gini, gini])
    assert "each region counts once" in sentence(part, "decomposition_gini")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('making = "mills"\nindustries', 'making = "mlls"\nindustries',
         r"\[concentration\] industries: the panel has no column 'mlls'"),
        ("compare = [2000, 2001, 2003]", "compare = [2000, 2002]",
         r"\[concentration\] compare: not all regions have .* in 2002; .* 2000, 2001, 2003"),
        ("compare = [2000, 2003]", "compare = [1999, 2003]", r"\[decomposition\] compare: .* 1999"),
        ('region = "r2"', 'region = "r9"', r"doubt\]\] region: 'r9' is not among"),
        ('group = "north"\nshare', 'group = "nrth"\nshare',
         r"mark\]\] group: .* no group 'nrth'; its groups are north, south"),
        ('schemes = ["SCHEME"]', 'schemes = ["SCHEME", "none"]',
         r"\[concentration\] schemes: there is no scheme 'none'"),
        ('column = "output"\ncode', 'column = "outpt"\ncode',
         r"vintage\]\] '1990-1991': the panel old.csv has no column 'outpt'"),
        ('focus = "making"', 'focus = "makng"', r"focus must be one of the industries farming"),
        ('focus = "making"', 'reference = "peple"',
         r"\[concentration\] reference: the panel has no column 'peple'"),
        ('scheme = "SCHEME"\nregion', 'scheme = "other"\nregion',
         r"doubt is of scheme 'other', which is not among schemes"),
        ("compare = [2000, 2001, 2003]", "compare = [2003, 2000]",
         "compare must name two years or more in order"),
        ('name = "1990-1991"', 'name = "the study"', "each vintage needs a name of its own"),
        ('sources.making = "mills"\nsources.serving = "shops"\n', "",
         "sources must name two columns or more"),
    ],
)  # fmt: skip
def test_errors_name_section_key_and_mend(folder, tmp_path, old, new, words):
    path = write(folder, "wrong.toml", (old, new))
    with pytest.raises((ConfigError, InputError), match=words):
        sr.run_study(path, output=tmp_path / "out", only=["concentration", "decomposition"])


def test_a_missing_vintage_is_found_before_the_run(folder):
    path = write(folder, "wrong.toml", ('source = "old.csv"', 'source = "odl.csv"'))
    with pytest.raises(ConfigError, match=r"'odl\.csv' is neither"):
        sr.study.check_study(path)

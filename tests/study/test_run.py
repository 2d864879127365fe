"""A study of a user's own files, from the study file to every output."""

from __future__ import annotations

import json
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box
from typer.testing import CliRunner

import spatialreg as sr
from spatialreg import cli
from spatialreg.errors import ConfigError, InputError

STUDY = """\
[study]
name = "grid"
title = "A grid of regions"
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
base_year = 2000
national = "national.csv"
breaks = "breaks.csv"
label = "GDP per head"
unit = "crowns"

[inequality]
scheme = "SCHEME"
compare = [2000, 2001, 2002]

[autocorrelation]
permutations = 199

[[coverage]]
name = "stations"
title = "Stations"
regions = "regions.gpkg"
facilities = "stations.gpkg"
years = [2000, 2002]
after = "2000-12-31"

[[growth]]
name = "roads"
title = "Roads"
column = "roads"
unit = "km"
compare = [2000, 2002]
"""
SCHEME = """\
name = "halves"
title_en = "Halves"
title_zh = ""
date = "2000"
source = "made for the test"
level = "region"
kind = "partition"
reading = ""

[[group]]
id = "north"
name_en = "North"
name_zh = ""
members = [NORTH]

[[group]]
id = "south"
name_en = "South"
name_zh = ""
members = [SOUTH]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    codes = [f"r{i:02d}" for i in range(36)]
    squares = [box(10 + i % 6, 45 + i // 6, 11 + i % 6, 46 + i // 6) for i in range(36)]
    regions = gpd.GeoDataFrame({"id": codes, "name": codes}, geometry=squares, crs=4326)
    regions.to_file(folder / "regions.gpkg")
    rng = np.random.default_rng(3)
    rows = [
        {
            "id": code, "year": year, "people": 100 + i,
            "gdp": (1 + i // 6 + rng.random()) * 1000 * (1 + 0.05 * t),
            "growth": 103.0 + (i % 3), "roads": i * (1 + t),
        }
        for i, code in enumerate(codes[:-1])
        for t, year in enumerate((2000, 2001, 2002))
    ]  # fmt: skip
    totals = pd.DataFrame(rows).groupby("year")[["gdp", "people"]].sum() * [2.0, 4.0]
    totals.to_csv(folder / "national.csv")
    breaks = {"column": ["gdp", "other"], "code": "r01", "year": 2001, "reason": "unexplained: -"}
    pd.DataFrame(breaks).to_csv(folder / "breaks.csv", index=False)
    pd.DataFrame(rows).sample(frac=1, random_state=1).to_csv(folder / "panel.csv", index=False)
    gpd.GeoDataFrame(
        {"opened": ["1999-05-01", "2001-05-01"]},
        geometry=[Point(10.5, 45.5), Point(12.5, 47.5)],
        crs=4326,
    ).to_file(folder / "stations.gpkg")
    quoted = [f'"{c}"' for c in codes]
    text = SCHEME.replace("NORTH", ", ".join(quoted[18:])).replace("SOUTH", ", ".join(quoted[:18]))
    (folder / "halves.toml").write_text(text, encoding="utf-8")
    study = STUDY.replace("SCHEME", (folder / "halves.toml").as_posix())
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(folder):
    return sr.run_study(folder / "study.toml")


def test_everything_is_written(study, folder):
    assert study.folder == folder / "out"
    assert all(path.exists() for path in study.paths.values())
    names = {path.stem for path in (folder / "out/tables").iterdir()}
    assert {"inequality", "moran", "lisa", "stations_by_year", "roads", "findings"} <= names
    assert {path.suffix for path in (folder / "out/figures").iterdir()} == {".png", ".svg"}
    with sqlite3.connect(study.paths["GeoPackage"]) as base:
        layers = {row[0] for row in base.execute("select table_name from gpkg_contents")}
    assert {"disparity", "lisa_2002", "regions_regions", "join_problems"} <= layers


def test_numbers_against_a_direct_computation(study, folder):
    table = study.tables["inequality"].set_index(["measure", "prices", "weighting"])
    panel = pd.read_csv(folder / "panel.csv").query("year == 2002")
    y, n = panel["gdp"] / panel["people"], panel["people"]
    mean = (y * n).sum() / n.sum()
    theil = float((n / n.sum() * (y / mean) * np.log(y / mean)).sum())
    assert table.loc[("theil", "current prices", "weighted by people"), 2002] == pytest.approx(
        theil, rel=1e-12
    )
    counts = study.tables["stations_by_year"].set_index("date")["covered"]
    assert counts.tolist() == [1, 2]
    assert study.tables["roads"]["2002"].sum() == sum(i * 3 for i in range(35))


def test_tables_say_what_was_computed(study):
    said = study.tables["definitions"]["definition"]
    assert "inequality" in said.index
    assert set(said.index) <= set(study.tables)
    for name, definition in said.items():
        clauses = definition.split("; ")
        assert len(clauses) == len(set(clauses)), f"{name} says a clause twice"
        assert study.tables[name].attrs["definition"] == definition


def test_sums_and_breaks_are_told(study):
    ratios = study.tables["sums_over_national"]
    assert ratios["gdp"].tolist() == [0.5] * 3 and ratios["people"].tolist() == [0.25] * 3
    assert study.tables["breaks"]["year"].to_dict() == {"gdp": 2001}
    sentence = next(f.sentence for f in study.findings if f.key == "breaks")
    assert sentence.startswith("1 breaks are flagged in the columns used, 1 of them without")


def test_the_region_without_data_is_told(study):
    assert study.tables["join_problems"].index.tolist() == ["r35"]
    assert "35 of 36 regions" in study.findings[0].sentence


def test_only_the_stages_asked_for_run(study, folder):
    part = sr.run_study(folder / "study.toml", output=folder / "part", only=["growth", "join"])
    assert {finding.key for finding in part.findings} < {finding.key for finding in study.findings}
    assert "roads" in part.tables and "inequality" not in part.tables
    pd.testing.assert_frame_equal(part.tables["roads"], study.tables["roads"])
    manifest = json.loads(part.paths["manifest"].read_text())
    assert manifest["stages"] == ["join", "growth"]
    with pytest.raises(ConfigError, match="no stage 'grwth'; its stages are join, inequality"):
        sr.run_study(folder / "study.toml", only=["grwth"])


def test_twice_gives_the_same(study, folder):
    again = sr.run_study(folder / "study.toml", output=folder / "again")
    one = json.loads(study.paths["manifest"].read_text())
    two = json.loads(again.paths["manifest"].read_text())
    assert one["outputs"] == two["outputs"]
    assert {k: v for k, v in one.items() if k != "seconds"} == {
        k: v for k, v in two.items() if k != "seconds"
    }


def test_a_failed_run_leaves_the_old_outputs(study, folder, monkeypatch):
    from spatialreg.study import _run

    before = study.paths["manifest"].read_bytes()
    monkeypatch.setattr(_run, "write_html", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sr.run_study(folder / "study.toml")
    assert study.paths["manifest"].read_bytes() == before
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_folder_of_something_else_is_left_alone(folder, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="choose another folder"):
        sr.run_study(folder / "study.toml", output=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_unknown_source(folder, tmp_path):
    text = (folder / "study.toml").read_text().replace("panel.csv", "panle.csv")
    path = folder / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"'panle\.csv' is neither"):
        sr.run_study(path, output=tmp_path / "o")


def test_commands(folder, tmp_path, monkeypatch):
    runner = CliRunner()
    monkeypatch.chdir(tmp_path)
    assert runner.invoke(cli.app, ["init", "s.toml"]).exit_code == 0
    assert runner.invoke(cli.app, ["init", "s.toml"]).exit_code == 2
    checked = runner.invoke(cli.app, ["check", str(folder / "study.toml")])
    assert checked.exit_code == 0 and "inequality" in checked.output
    ran = runner.invoke(
        cli.app, ["run", str(folder / "study.toml"), "--output", str(tmp_path / "o")]
    )
    assert ran.exit_code == 0 and "report.html" in ran.output.replace("\n", "")
    assert runner.invoke(cli.app, ["version"]).output.strip() == sr.__version__


def test_an_error_is_a_message_and_not_a_traceback(tmp_path):
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "spatialreg", "run", str(tmp_path / "none.toml")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "error:" in done.stderr and "Traceback" not in done.stderr

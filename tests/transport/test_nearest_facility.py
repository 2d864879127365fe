"""Nearest facilities and ways, by hand and beside whole matrices."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

import spatialreg as sr
from spatialreg.errors import InputError
from spatialreg.transport import shortest_path


@pytest.fixture
def network():
    """A ring road a-b-c-d-a, b to c one way; a railway a=c; e stands alone."""
    nodes = gpd.GeoDataFrame(
        index=list("abcde"), geometry=gpd.points_from_xy([0, 1, 1, 0, 5], [0, 0, 1, 1, 5]), crs=4326
    )
    edges = gpd.GeoDataFrame(
        {
            "start": ["a", "b", "c", "d", "a"],
            "end": ["b", "c", "d", "a", "c"],
            "mode": ["road"] * 4 + ["rail"],
            "line": [None] * 4 + ["X"],
            "minutes": [10.0, 10.0, 10.0, 30.0, 5.0],
            "oneway": [False, True, False, False, False],
        },
        geometry=[LineString([(0, 0), (0.5, -0.1), (1, 0)]), None, None, None, None],
        index=["ab", "bc", "cd", "da", "ac"],
        crs=4326,
    )
    return sr.Network.from_frames(nodes, edges, modes={"rail": {"boarding": 4.0, "waiting": 2.0}})


def test_which_is_nearest_and_how_far(network):
    found = sr.nearest_facility(list("abcde"), ["c", "b"], network)
    assert found["facility"].tolist()[:4] == ["b", "b", "c", "c"]
    assert found["facility"].isna().tolist() == [False] * 4 + [True]
    assert found["minutes"].tolist() == [10.0, 0.0, 0.0, 10.0, np.inf]
    assert found["length_m"].iloc[0] == network.edges.loc["ab", "length_m"]
    assert found["way"].isna().tolist() == [False] * 4 + [True]


def test_equally_near_facilities_go_by_their_order(network):
    # from a: b in 10 by road, c in 4 + 2 + 5 = 11 by rail; d from c 10
    same = network.with_modes({"rail": {"boarding": 3.0, "waiting": 2.0}})
    assert sr.nearest_facility(["a"], ["c", "b"], same).loc["a", "facility"] == "c"
    assert sr.nearest_facility(["a"], ["b", "c"], same).loc["a", "facility"] == "b"


def test_several_are_those_of_the_matrix(network):
    whole = sr.travel_times(list("abcd"), list("abcd"), network)
    found = sr.nearest_facility(list("abcd"), list("abcd"), network, k=3)
    for origin, rows in found.groupby(level="origin"):
        assert rows["minutes"].tolist() == sorted(whole.loc[origin])[:3]
        assert [whole.loc[origin, f] for f in rows["facility"]] == rows["minutes"].tolist()
    few = sr.nearest_facility(["e"], ["e", "a"], network, k=2)
    assert few["minutes"].tolist() == [0.0, np.inf]
    assert few["facility"].isna().tolist() == [False, True]


def test_the_straight_way_where_it_is_quicker(network):
    at = gpd.GeoSeries([Point(0.01, 0), Point(0.02, 0)], index=["p", "q"], crs=4326)
    how = sr.Connectors(speed_kmh=10, detour=1.0)
    found = sr.nearest_facility(at.loc[["p"]], at.loc[["q"]], network, connectors=how, paths=True)
    assert found.loc["p", "way"] == "straight"
    assert found.loc["p", "minutes"] == pytest.approx(1113.2 / 1000 / 10 * 60, rel=1e-3)
    assert found.geometry["p"].equals(LineString([(0.01, 0), (0.02, 0)]))
    both = sr.nearest_facility(at, at, network, connectors=how, k=2)
    assert both.loc[("p", 2), "facility"] == "q"
    assert both.loc[("p", 1), "minutes"] == 0.0


def test_ways_as_lines(network):
    found = sr.nearest_facility(["b", "d"], ["a"], network, paths=True)
    assert found.geometry["b"].equals(LineString([(1, 0), (0.5, -0.1), (0, 0)]))
    # d to a: by c and the railway 10 + 4 + 2 + 5, quicker than 30 by road
    assert found.loc["d", "minutes"] == 21.0
    assert found.geometry["d"].equals(LineString([(0, 1), (1, 1), (0, 0)]))


def test_a_way_step_by_step(network):
    way = shortest_path(["d"], ["b"], network)
    assert way["step"].tolist() == ["ride", "boarding", "waiting", "ride", "alighting", "ride"]
    assert way["edge"].dropna().tolist() == ["cd", "ac", "ab"]
    assert way["mode"].dropna().tolist() == ["road", "rail", "road"]
    assert way["minutes"].tolist() == [10.0, 4.0, 2.0, 5.0, 0.0, 10.0]
    times = sr.travel_times(["d"], ["b"], network)
    assert way["minutes"].sum() == times.loc["d", "b"]
    assert way.geometry.iloc[-1].equals(LineString([(0, 0), (0.5, -0.1), (1, 0)]))
    assert len(shortest_path(["a"], ["a"], network)) == 0
    assert len(shortest_path(["a"], ["e"], network)) == 0


def test_a_way_over_cut_edges(network):
    at = gpd.GeoSeries([Point(0.25, -0.05), Point(0.75, -0.05)], index=["p", "q"], crs=4326)
    how = sr.Connectors(to="edges", modes=("road",), direct=False)
    way = shortest_path(at.loc[["p"]], at.loc[["q"]], network, connectors=how)
    rides = way[way["step"] == "ride"]
    assert rides["edge"].tolist() == ["ab"]
    assert rides["minutes"].tolist() == pytest.approx([5.0], rel=1e-3)
    assert rides["length_m"].sum() == pytest.approx(
        network.edges.loc["ab", "length_m"] / 2, rel=1e-3
    )
    coordinates = np.asarray(rides.geometry.iloc[0].coords)
    np.testing.assert_allclose(coordinates, [(0.25, -0.05), (0.5, -0.1), (0.75, -0.05)], atol=1e-3)


def test_lengths_are_those_of_the_quickest_way(network):
    by_time = sr.nearest_facility(["d"], ["a"], network)
    way = shortest_path(["d"], ["a"], network)
    assert by_time.loc["d", "length_m"] == pytest.approx(way["length_m"].sum())
    by_length = sr.nearest_facility(["d"], ["a"], network, by="length_m")
    assert by_length.columns.tolist() == ["facility", "length_m", "way"]
    assert by_length.loc["d", "length_m"] == pytest.approx(network.edges.loc["da", "length_m"])


def test_dates_and_cutoffs(network):
    dated = sr.Network.from_frames(
        network.nodes,
        network.edges.assign(opened=[None, None, None, None, "2010-05-01"]),
        modes=network.modes,
    )
    assert sr.nearest_facility(["d"], ["a"], dated, date=2009).loc["d", "minutes"] == 30.0
    assert sr.nearest_facility(["d"], ["a"], dated, date=2010).loc["d", "minutes"] == 21.0
    cut = sr.nearest_facility(["d"], ["a"], dated, date=2010, cutoff=20)
    assert np.isinf(cut.loc["d", "minutes"])


def test_messages(network):
    with pytest.raises(InputError, match="k must be"):
        sr.nearest_facility(["a"], ["b"], network, k=0)
    with pytest.raises(InputError, match="leave k out"):
        sr.nearest_facility(["a"], ["b"], network, k=2, paths=True)
    with pytest.raises(InputError, match="origin must be one place, not 2"):
        shortest_path(["a", "b"], ["c"], network)


def test_labels_that_are_numbers():
    nodes = gpd.GeoDataFrame(index=[3, 7], geometry=[Point(0, 0), Point(1, 0)], crs=4326)
    edges = pd.DataFrame({"start": [3], "end": [7], "minutes": [2.0]})
    found = sr.nearest_facility([3], [7], sr.Network.from_frames(nodes, edges))
    assert found["facility"].tolist() == [7]

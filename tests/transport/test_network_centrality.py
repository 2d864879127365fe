"""Centralities of networks beside networkx, and by hand where there are waits."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.errors import InputError
from spatialreg.transport import centrality


@pytest.fixture
def network():
    rng = np.random.default_rng(3)
    labels = [f"n{i}" for i in range(40)]
    nodes = gpd.GeoDataFrame(
        index=labels, geometry=gpd.points_from_xy(rng.random(40), rng.random(40)), crs=4326
    )
    ends = rng.integers(0, 38, (2, 90))
    edges = pd.DataFrame(
        {
            "start": np.array(labels)[ends[0]],
            "end": np.array(labels)[ends[1]],
            "minutes": rng.random(90) + 0.1,
            "oneway": rng.random(90) < 0.3,
        }
    )
    return sr.Network.from_frames(nodes, edges[edges["start"] != edges["end"]])


@pytest.fixture
def graph(network):
    graph = nx.DiGraph()
    graph.add_nodes_from(network.nodes.index)
    for row in network.edges.itertuples():
        for u, v in [(row.start, row.end), (row.end, row.start)][: 2 - row.oneway]:
            best = graph.edges[u, v]["m"] if graph.has_edge(u, v) else np.inf
            graph.add_edge(u, v, m=min(row.minutes, best))
    return graph


def test_closeness_and_harmonic(network, graph):
    expected = nx.closeness_centrality(graph, distance="m")
    found = centrality(network)["closeness"]
    np.testing.assert_allclose(found, [expected[n] for n in found.index], rtol=1e-12)
    expected = nx.harmonic_centrality(graph, distance="m")
    found = centrality(network, measure="harmonic")["harmonic"]
    np.testing.assert_allclose(found, [expected[n] / 39 for n in found.index], rtol=1e-12)
    expected = nx.closeness_centrality(graph.reverse(), distance="m")
    found = centrality(network, direction="from")["closeness"]
    np.testing.assert_allclose(found, [expected[n] for n in found.index], rtol=1e-12)


def test_betweenness_of_nodes_and_edges(network, graph):
    found = centrality(network, measure="betweenness")
    expected = nx.betweenness_centrality(graph, weight="m")
    np.testing.assert_allclose(found["betweenness"], [expected[n] for n in found.index], atol=1e-12)
    by_arc = nx.edge_betweenness_centrality(graph, weight="m")
    carried = pd.Series(found.attrs["edges"])
    assert carried.index.tolist() == network.edges.index.tolist()
    np.testing.assert_allclose(carried.sum(), sum(by_arc.values()), rtol=1e-12)
    some = centrality(network, measure="betweenness", sample=40, rng=1)
    np.testing.assert_allclose(some["betweenness"], found["betweenness"], atol=1e-12)
    np.testing.assert_allclose(some["standard_error"], 0.0, atol=1e-12)
    assert len(pd.concat([found, some])) == 80  # attributes are compared where frames are joined


def test_places_with_waits_by_hand():
    nodes = gpd.GeoDataFrame(
        index=list("abc"), geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326
    )
    edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "minutes": [10.0, 20.0],
                          "mode": "rail", "line": "X"})  # fmt: skip
    network = sr.Network.from_frames(nodes, edges, modes={"rail": {"boarding": 5.0}})
    found = centrality(network)["closeness"]
    # ways to a: 15 from b, 35 from c; to b: 15 and 25
    assert found.tolist() == pytest.approx([2 / 50, 2 / 40, 2 / 60])
    found = centrality(network, measure="harmonic")["harmonic"]
    assert found["a"] == pytest.approx((1 / 15 + 1 / 35) / 2)
    with pytest.raises(InputError, match=r"waits \(rail\)"):
        centrality(network, measure="betweenness")


def test_messages(network):
    with pytest.raises(InputError, match="measure must be one of"):
        centrality(network, measure="degree")
    with pytest.raises(InputError, match="does not use sample="):
        centrality(network, sample=3)
    with pytest.raises(InputError, match="does not use direction="):
        centrality(network, measure="betweenness", direction="from")

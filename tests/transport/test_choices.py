"""Networks that are choices of edges: the same answers as networks made of these edges."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.transport._choices import EdgeChoices
from spatialreg.transport._routable import READY


@pytest.fixture
def network():
    rng = np.random.default_rng(4)
    nodes = gpd.GeoDataFrame(
        index=[f"n{at}" for at in range(12)],
        geometry=gpd.points_from_xy(rng.uniform(0, 2, 12), rng.uniform(40, 42, 12)), crs=4326,
    )  # fmt: skip
    ends = rng.integers(0, 12, (60, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    edges = pd.DataFrame(
        {"start": nodes.index[ends[:, 0]], "end": nodes.index[ends[:, 1]],
         "mode": rng.choice(["road", "rail", "bus"], len(ends)),
         "line": rng.choice(["one", "two", "three"], len(ends)),
         "oneway": rng.random(len(ends)) < 0.3, "speed_kmh": rng.uniform(30, 200, len(ends))}
    )  # fmt: skip
    waits = {
        "rail": {"boarding": 4, "waiting": 7, "transfer": 3, "alighting": 2},
        "bus": {"waiting": 9},
    }
    return sr.Network.from_frames(nodes, edges, modes=waits)


@pytest.mark.parametrize("by", ["minutes", "length_m"])
def test_times_of_choices(network, by):
    choices = EdgeChoices(network)
    rng = np.random.default_rng(8)
    places = network.nodes.index
    points = gpd.GeoSeries(gpd.points_from_xy([0.3, 1.2], [40.5, 41.4]), ["p", "q"], crs=4326)
    for _ in range(12):
        chosen = rng.random(len(network.edges)) < 0.6
        boards = rng.random(len(places)) < 0.8
        plain = replace(
            network, nodes=network.nodes.assign(boards=boards), edges=network.edges[chosen]
        )
        made = choices.network(chosen, boards)
        pd.testing.assert_frame_equal(made.edges, plain.edges)
        for start, how in ((places, None), (points, sr.Connectors(to="edges", modes=("road",)))):
            # a cut-off says that islands are expected
            times = [
                sr.travel_times(start, places, n, by=by, cutoff=1e9, connectors=how)
                for n in (made, plain)
            ]
            pd.testing.assert_frame_equal(times[0], times[1], rtol=1e-12)


def test_what_is_derived_is_compiled_anew(network):
    made = EdgeChoices(network).network(
        np.ones(len(network.edges), dtype=bool), network.nodes["boards"].to_numpy()
    )
    assert READY in vars(made) and READY not in vars(made.without("one"))
    places = network.nodes.index
    left = [sr.travel_times(places, places, n.without("one"), cutoff=1e9) for n in (made, network)]
    pd.testing.assert_frame_equal(left[0], left[1])

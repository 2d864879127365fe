"""What describe_weights says of graphs whose shape is known."""

import numpy as np
import pytest
from libpysal.graph import Graph
from shapely.geometry import Point

import spatialreg as sr
from spatialreg.errors import DisconnectedWarning, InputError, IsolateWarning

from .shapes import frame


def test_description(lattice):
    told = sr.describe_weights(sr.build_weights(lattice, "rook"))
    assert told.drop(["threshold_m", "tolerance_m", "near_miss_gap_m"]).to_dict() == {
        "regions": 9, "links": 24, "mean_neighbours": 24 / 9, "min_neighbours": 2,
        "max_neighbours": 4, "isolates": 0, "components": 1, "one_way_links": 0,
        "transformation": "R", "method": "rook", "near_misses": 0, "joined": "",
    }  # fmt: skip


def test_description_of_parts(coast):
    with pytest.warns(IsolateWarning):
        graph = sr.build_weights(coast)
    with pytest.warns(DisconnectedWarning, match=r"2 parts; 1 regions .*\(island\)"):
        told = sr.describe_weights(graph)
    assert told[["isolates", "components", "min_neighbours"]].to_list() == [1, 2, 0]


def test_description_of_one_way_links():
    # b is nearest to both a and c; a is nearest to b: c to b is the link without return
    points = frame({"a": Point(0, 0), "b": Point(1, 0), "c": Point(3, 0)})
    told = sr.describe_weights(sr.build_weights(points, "knn", k=1))
    assert told[["links", "one_way_links"]].to_list() == [3, 1]


def test_description_of_a_graph_from_elsewhere():
    told = sr.describe_weights(Graph.from_dicts({"a": ["b"], "b": ["a"]}))
    assert told["method"] is None
    assert np.isnan(told["threshold_m"])
    with pytest.raises(InputError, match=r"must be a libpysal\.graph\.Graph, not dict"):
        sr.describe_weights({"a": ["b"]})

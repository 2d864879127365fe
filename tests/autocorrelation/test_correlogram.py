"""Correlograms by hand on a lattice, against spdep and against libpysal's distance bands."""

from __future__ import annotations

import subprocess

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph
from shapely import Point

import spatialreg as sr
from spatialreg._significance import holm
from spatialreg.autocorrelation import correlogram, geary
from spatialreg.errors import InputError, IsolateWarning, MissingDataWarning

from ..conftest import needs_spdep
from .conftest import lattice_graph

LINE = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c", "e"], "e": ["d"]}


def test_orders_by_hand():
    # a chain of five, y = 1..5: z = -2, -1, 0, 1, 2, sum of squares 10; binary weights.
    # order 1: pairs ab, bc, cd, de: 2 + 0 + 0 + 2 = 4, both ways 8; S0 = 8: 5/8 * 8/10 = 0.5
    # order 2: ac, bd, ce: 0 - 1 + 0 = -1, both ways -2; S0 = 6: 5/6 * -2/10 = -1/6
    # order 3: ad, be: -2 - 2 = -4, both ways -8; S0 = 4: 5/4 * -8/10 = -1
    # order 4: ae: -4, both ways -8; S0 = 2: 5/2 * -8/10 = -2
    y = pd.Series([1, 2, 3, 4, 5], index=list("abcde"))
    frame = correlogram(y, Graph.from_dicts(LINE), orders=4, permutations=99, rng=1)
    assert frame.index.to_list() == [1, 2, 3, 4]
    assert frame.index.name == "order"
    assert frame["statistic"].to_list() == pytest.approx([0.5, -1 / 6, -1, -2])
    assert frame["links"].to_list() == [8, 6, 4, 2]
    assert frame["isolates"].to_list() == [0, 0, 1, 3]
    assert frame["n"].to_list() == [5] * 4


def test_rows_are_standardised_at_every_order():
    # on a 3 x 3 lattice the centre has four neighbours of order 2, its corners; an edge's middle
    # has three, the other middles (two steps by the corner, or across the centre)
    y = pd.Series(range(9), index=lattice_graph(3).unique_ids, dtype=float)
    z = (y - 4).to_numpy()
    second = {0: [2, 4, 6], 1: [3, 5, 7], 2: [0, 4, 8], 3: [1, 5, 7], 4: [0, 2, 6, 8]}
    second |= {5: [1, 3, 7], 6: [0, 4, 8], 7: [1, 3, 5], 8: [2, 4, 6]}
    expected = sum(z[i] * z[js].mean() for i, js in second.items()) / (z @ z)
    frame = correlogram(y, lattice_graph(3), orders=2, permutations=99, rng=1)
    assert frame.loc[2, "statistic"] == pytest.approx(expected)
    assert frame.loc[2, "links"] == sum(map(len, second.values()))


def test_each_order_is_that_of_moran(field):
    y, graph = field
    frame = correlogram(y, graph, orders=3, permutations=199, alternative="greater", rng=5)
    for order in (1, 2, 3):
        peer = graph if order == 1 else graph.higher_order(order).transform("r")
        one = sr.moran(y, peer, permutations=199, alternative="greater", rng=5)
        assert frame.loc[order, "statistic"] == pytest.approx(one.statistic, rel=1e-12)
        assert frame.loc[order, "z_score"] == (pytest.approx(one.z_score, rel=1e-10))
        assert frame.loc[order, "p_value"] == one.p_value


def test_one_way_links_are_followed_as_they_point():
    graph = Graph.from_dicts({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["a"]})
    frame = correlogram(
        pd.Series([1.0, 2, 3, 7], list("abcd")), graph, orders=2, permutations=9, rng=1
    )
    # order 2: a to c, b to d, c to a, d to b, whichever way
    assert frame["links"].to_list() == [4, 4]


def squares(points: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        geometry=[Point(p) for p in points], index=list("abcdefgh")[: len(points)], crs=3035
    )


def test_distance_classes_by_hand():
    # points at 0, 100, 200, 400 m on a line, y = 1, 2, 3, 6: z = -2, -1, 0, 3, squares 14
    # to 100 m: ab, bc. to 200 m: ac, cd. to 400 m: ad, bd (300 m)
    points = squares([(4e6 + x, 3e6) for x in (0, 100, 200, 400)])
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    frame = correlogram(y, points, breaks=[100, 200, 400], permutations=99, rng=1)
    assert frame.index.to_list() == [100, 200, 400]
    assert frame.index.name == "distance"
    assert frame["links"].to_list() == [4, 4, 4]
    # rows standardised. 100 m: a: -2 * -1, b: -1 * (-2 + 0) / 2, c: 0; S0 = 3: 4/3 * 3/14
    # 200 m: a: -2 * 0, c: 0, d: 3 * 0: 0. 400 m: a: -2 * 3, b: -1 * 3, d: 3 * (-2 - 1) / 2; S0 = 3
    assert frame["statistic"].to_list() == pytest.approx([2 / 7, 0, 4 / 3 * -13.5 / 14])
    assert frame["isolates"].to_list() == [1, 1, 1]


def test_distance_classes_against_libpysals_bands():
    rng = np.random.default_rng(3)
    frame = gpd.GeoSeries(gpd.points_from_xy(*(rng.uniform(0, 1000, (2, 60)) + 3e6)), crs=3035)
    frame.index = [f"p{i:02d}" for i in range(60)]
    y = pd.Series(rng.normal(size=60), index=frame.index)
    result = correlogram(y, frame, breaks=[250, 500, 900], permutations=9, rng=1)
    low: set = set()
    for limit in (250, 500, 900):
        inside = set(Graph.build_distance_band(frame, limit).adjacency.index)
        pairs = sorted(inside - low)
        peer = Graph.from_arrays(*zip(*pairs, strict=True), np.ones(len(pairs))).transform("r")
        assert result.loc[limit, "links"] == len(pairs)
        assert set(peer.unique_ids) == set(frame.index)
        expected = sr.moran(y, peer, permutations=9).statistic
        assert result.loc[limit, "statistic"] == pytest.approx(expected, rel=1e-12)
        low = inside


def test_holm_by_hand():
    # sorted 0.01, 0.02, 0.03, 0.5: times 4, 3, 2, 1 gives 0.04, 0.06, 0.06, 0.5
    p = np.array([0.03, np.nan, 0.01, 0.5, 0.02])
    assert holm(p) == pytest.approx([0.06, np.nan, 0.04, 0.5, 0.06], nan_ok=True)
    # 0.4 times 2 is above 0.6 times 1, and nothing exceeds one
    assert holm(np.array([0.6, 0.4])) == pytest.approx([0.8, 0.8])
    assert holm(np.array([0.9, 0.7])) == pytest.approx([1.0, 1.0])


def test_p_values_are_adjusted_for_the_orders(field):
    y, graph = field
    frame = correlogram(y, graph, orders=4, permutations=199, rng=5)
    assert (frame["p_adjusted"] == frame["p_value"]).all()
    for correction in ("bonferroni", "holm"):
        adjusted = correlogram(y, graph, orders=4, permutations=199, rng=5, correction=correction)[
            "p_adjusted"
        ]
        p = frame["p_value"].to_numpy()
        # from the definition: the smaller ones of Holm's are stepped over
        ranks = np.argsort(np.argsort(p, kind="stable"))
        factor = 4 - ranks if correction == "holm" else np.full(4, 4)
        by_hand = [max(min(1, factor[j] * p[j]) for j in range(4) if ranks[j] <= r) for r in ranks]
        if correction == "bonferroni":
            by_hand = np.minimum(1, 4 * p)
        assert adjusted.to_numpy() == pytest.approx(by_hand)


def test_missing_values_are_passed_through():
    # without c the chain falls apart, but b and d stay two steps from one another
    y = pd.Series([1, 2, np.nan, 4, 9], index=list("abcde"))
    with pytest.warns(IsolateWarning, match=r"for 1 of 4 orders \(2\).*\(a, e\)"):
        frame = correlogram(y, Graph.from_dicts(LINE), orders=4, permutations=9, rng=1)
    # order 1: ab, de; order 2: bd; order 3: ad, be; order 4: ae
    assert frame["links"].to_list() == [4, 2, 4, 2]
    assert frame["n"].to_list() == [4] * 4


def test_orders_without_pairs_are_nan_and_reported():
    y = pd.Series([1, 2, 3, 4, 6], index=list("abcde"))
    with pytest.warns(MissingDataWarning, match=r"2 of 6 orders have no Moran's I \(5, 6\); at 5"):
        frame = correlogram(y, Graph.from_dicts(LINE), orders=6, permutations=9, rng=1)
    assert frame.loc[[5, 6], ["statistic", "p_value", "p_adjusted", "lower"]].isna().all(axis=None)
    assert frame.loc[[5, 6], "links"].to_list() == [0, 0]
    with pytest.raises(InputError, match="can be computed for none of 5 orders; at 1: y is const"):
        correlogram(y * 0, Graph.from_dicts(LINE))


def test_order_of_rows_changes_nothing_and_nothing_is_mutated(field):
    y, graph = field
    before, adjacency = y.copy(), graph.adjacency.copy()
    one = correlogram(y, graph, orders=3, permutations=99, rng=2)
    other = correlogram(y.sample(frac=1, random_state=3), graph, orders=3, permutations=99, rng=2)
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_series_equal(y, before)
    pd.testing.assert_series_equal(graph.adjacency, adjacency)


def test_messages(field):
    y, graph = field
    points = squares([(0, 0), (1, 0), (2, 0), (3, 0)])
    few = pd.Series([1.0, 2, 3, 5], index=list("abcd"))
    for arguments, options, message in (
        ((y, graph), {"breaks": [1]}, "breaks are distances between regions"),
        ((few, points), {"orders": 2}, "orders are those of a graph"),
        ((few, points), {}, "breaks are needed"),
        ((few, points), {"breaks": [2, 1]}, r"rising \[m\], not \[2, 1\]"),
        ((few, points), {"breaks": [0, 1]}, "above zero"),
        ((few, points), {"breaks": []}, "above zero"),
        ((few, points), {"breaks": [1, np.inf]}, "finite"),
        ((y, graph), {"orders": 0}, "at least 1, not 0"),
        ((y, graph), {"orders": True}, "at least 1, not True"),
        ((y, graph), {"correction": "sidak"}, "correction must be one of"),
        ((y, graph.transform("v")), {}, "'V' say nothing of higher orders"),
        ((y, 3), {}, "graph must be a libpysal.graph.Graph, or regions"),
    ):
        with pytest.raises(InputError, match=message):
            correlogram(*arguments, permutations=9, **options)


SPDEP = """
suppressMessages(library(spdep))
links <- read.csv("links.csv"); y <- read.csv("y.csv")$y
nb <- lapply(seq_along(y), function(i) links$to[links$from == i])
class(nb) <- "nb"; attr(nb, "region.id") <- as.character(seq_along(y))
out <- sp.correlogram(nb, y, order = 4, method = "METHOD", style = "W", randomisation = TRUE)
write.csv(out$res, "out.csv", row.names = FALSE)
"""


@needs_spdep
@pytest.mark.parametrize(("method", "statistic"), [("I", "moran"), ("C", geary)])
def test_columbus_as_spdep_has_it(tmp_path, method, statistic):
    """sp.correlogram of CRIME: the statistic, expectation and variance by order."""
    columbus = gpd.read_file(examples.get_path("columbus.shp")).set_index("POLYID")
    graph = sr.build_weights(columbus, "queen")
    place = {label: i + 1 for i, label in enumerate(columbus.index)}
    pairs = [(place[i], place[j]) for i, j in graph.adjacency.index]
    pd.DataFrame(pairs, columns=["from", "to"]).to_csv(tmp_path / "links.csv", index=False)
    pd.DataFrame({"y": columbus["CRIME"]}).to_csv(tmp_path / "y.csv", index=False)
    (tmp_path / "run.R").write_text(SPDEP.replace("METHOD", method), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "run.R"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    peer = pd.read_csv(tmp_path / "out.csv").to_numpy()
    options = {"orders": 4, "statistic": statistic, "permutations": 99, "rng": 1}
    frame = correlogram(columbus["CRIME"], graph, **options)
    assert (frame["isolates"] == 0).all()  # else spdep's n would be another
    assert frame["statistic"].to_numpy() == pytest.approx(peer[:, 0], rel=1e-6)
    assert frame["expected"].to_numpy() == pytest.approx(peer[:, 1], rel=1e-6)
    scores = (peer[:, 0] - peer[:, 1]) / np.sqrt(peer[:, 2])
    assert frame["z_score"].to_numpy() == pytest.approx(scores, rel=1e-6)

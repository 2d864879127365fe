"""Labels under many weights: those of lisa under each, and how they are compared, by hand."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from shapely import Point, box

import spatialreg as sr
from spatialreg.autocorrelation import vary_weights
from spatialreg.autocorrelation._robustness import _compare
from spatialreg.errors import AlignmentError, InputError, IsolateWarning, PermutationWarning

from .conftest import CHAIN, islands_graph

HH, LL, HL, LH, NS = "High-High", "Low-Low", "High-Low", "Low-High", "Not significant"


@pytest.fixture
def graphs(field):
    _, graph = field
    wider = graph.transform("b").higher_order(2, lower_order=True).transform("r")
    return {"rook": graph, "wider": wider, "binary": graph.transform("b")}


def robust(y, graphs, **options):
    return sr.lisa_robustness(y, graphs, **{"permutations": 199, "rng": 3, **options})


def test_comparison_by_hand():
    labels = pd.DataFrame(
        {
            "one": [HH, HH, LL, NS, "Isolate", "Isolate", "No data", HL],
            "two": [HH, NS, HH, NS, HH, "Isolate", "No data", HL],
            "three": [HH, HH, LL, LL, HH, "Isolate", "No data", NS],
            "four": [HH, NS, HH, NS, NS, "Isolate", "No data", LH],
        },
        index=list("abcdefgh"),
    )
    frame = _compare(labels, "one")
    expected = pd.DataFrame(
        {
            "label": labels["one"],
            "label_share": [1, 0.5, 0.5, 0.75, np.nan, np.nan, np.nan, 0.5],
            # b and c are given two labels equally often: nothing is settled
            "consensus": [HH, "Undecided", "Undecided", NS, HH, "Isolate", "No data", HL],
            # e has three labels, an isolate's is none
            "consensus_share": [1, np.nan, np.nan, 0.75, 2 / 3, np.nan, np.nan, 0.5],
            "cluster_share": [1, 0.5, 1, 0.25, 2 / 3, np.nan, np.nan, 0.75],
            "specifications": [4, 4, 4, 4, 3, 0, 0, 4],
        },
        index=labels.index,
    )
    pd.testing.assert_frame_equal(frame, expected, check_dtype=False)


def test_labels_are_those_of_lisa(field, graphs):
    y, _ = field
    options = {"alpha": 0.1, "correction": "fdr_bh", "alternative": "greater"}
    result = robust(y, graphs, **options)
    for name, graph in graphs.items():
        one = sr.lisa(y, graph, permutations=199, rng=3, **options).frame["cluster"]
        assert (result.labels[name] == one).all()
        assert result.describe.loc[name, HH] == (one == HH).sum()
        agreement = (one == result.frame["consensus"]).mean()
        assert result.describe.loc[name, "agreement"] == pytest.approx(agreement)
    assert result.labels.nunique(axis=1).max() > 1  # else nothing is compared
    # 6 x 6 cells have 2 * 5 * 6 borders; cells two steps apart: 4 * 6 along, 2 * 25 across a corner
    assert result.describe["links"].to_list() == [120, 120 + 2 * (2 * 24 + 50), 120]
    assert result.describe.loc["rook", "mean_neighbours"] == pytest.approx(120 / 36)
    assert (result.reference, result.n, result.missing) == ("rook", 36, 0)
    assert result.counts.sum() == 36


def test_the_reference_is_chosen(field, graphs):
    y, _ = field
    frame = robust(y, graphs, reference="wider").frame
    labels = robust(y, graphs).labels
    assert (frame["label"] == labels["wider"]).all()
    shares = labels.eq(labels["wider"], axis=0).mean(axis=1)
    assert frame["label_share"].to_numpy() == pytest.approx(shares.to_numpy())


@pytest.mark.parametrize("rng", [None, 5, np.random.default_rng(5)])
def test_all_specifications_share_their_draws(rng):
    """The same weights under two names get the same labels, close as they are to the edge."""
    columns = 12
    cells = {f"{i:03d}": [f"{(i + d) % columns**2:03d}" for d in (-1, 1)] for i in range(144)}
    graph = Graph.from_dicts(cells).transform("r")
    y = pd.Series(np.random.default_rng(1).normal(size=144), index=graph.unique_ids)
    # with 39 permutations and so wide a level many labels hang on a single draw
    options = {"permutations": 39, "alpha": 0.3}
    labels = robust(y, {"a": graph, "b": graph.copy()}, rng=rng, **options).labels
    assert (labels["a"] == labels["b"]).all()
    assert (labels["a"] != NS).any()
    other = robust(y, {"a": graph, "b": graph}, rng=77, **options).labels
    assert (other["a"] != labels["a"]).any()


def test_the_first_neighbours_drawn_are_the_same_however_many_there_are():
    """A second neighbour, of a weight that rounding hides, changes no draw of the first."""
    labels = [f"{i:03d}" for i in range(80)]
    y = pd.Series(np.random.default_rng(6).normal(size=80), index=labels)
    one = {a: {b: 1.0} for a, b in pairwise(labels[:-1])}
    two = {a: {**one[a], c: 1e-18} for a, c in zip(one, labels[2:], strict=True)}
    last = {labels[-2]: {labels[-1]: 1.0}, labels[-1]: {labels[-2]: 1.0}}
    p = [
        sr.lisa(y, Graph.from_weights_dict({**rows, **last}), permutations=199, rng=4)
        for rows in (one, two)
    ]
    assert (p[0].frame["p_value"] == p[1].frame["p_value"]).all()
    again = sr.lisa(y, Graph.from_weights_dict({**one, **last}), permutations=199, rng=5)
    assert (again.frame["p_value"] != p[0].frame["p_value"]).mean() > 0.5


def test_missing_values_and_isolates():
    y = pd.Series([1.0, 2, 8, 9, np.nan, 5], index=list("abcdez"))
    ring = {**CHAIN, "e": ["d"], "z": ["a"]}
    chain = islands_graph(["z"], {**CHAIN, "e": ["d"]})
    result = robust(y, {"islands": chain, "ring": Graph.from_dicts(ring).transform("r")})
    assert result.labels.loc["e"].to_list() == ["No data"] * 2
    assert result.labels.loc["z", "islands"] == "Isolate"
    assert result.frame.loc["z", "specifications"] == 1
    assert pd.isna(result.frame.loc["z", "label_share"])
    assert result.frame.loc["e", "consensus"] == "No data"
    assert result.frame.loc["e", ["label_share", "consensus_share", "cluster_share"]].isna().all()
    assert (result.n, result.missing) == (5, 1)
    # a-b, b-c, c-d both ways; z to a besides; e has no value
    assert result.describe["links"].to_list() == [6, 7]
    assert result.describe["isolates"].to_list() == [1, 0]


def test_order_of_rows_changes_nothing_and_nothing_is_mutated(field, graphs):
    y, _ = field
    before, adjacency = y.copy(), graphs["rook"].adjacency.copy()
    one = robust(y, graphs)
    mixed = y.sample(frac=1, random_state=2)
    other = robust(mixed, graphs)
    assert other.frame.index.equals(mixed.index)
    pd.testing.assert_frame_equal(other.frame.reindex(y.index), one.frame)
    pd.testing.assert_frame_equal(other.describe, one.describe)
    pd.testing.assert_series_equal(y, before)
    pd.testing.assert_series_equal(graphs["rook"].adjacency, adjacency)


def test_messages(field, graphs):
    y, graph = field
    for given, options, message in (
        (graph, {}, "graphs must be a mapping of names to graphs, not Graph"),
        ({"one": graph}, {}, "at least two specifications, not 1"),
        (graphs, {"reference": "queen"}, "reference must be one of 'rook', 'wider', 'binary'"),
        ({"a": graph, "b": graph.to_W()}, {}, "under 'b': graph must be a libpysal.graph.Graph"),
        (graphs, {"alpha": 1}, "alpha must lie"),
        (graphs, {"permutations": 0}, "at least 1"),
    ):
        with pytest.raises(InputError, match=message):
            robust(y, given, **options)
    with pytest.raises(AlignmentError, match="under 'rook': the graph lacks 1"):
        robust(y.rename({"aa": "zz"}), graphs)
    with pytest.warns(PermutationWarning) as caught:
        robust(y, graphs, permutations=9)
    assert len(caught) == 1
    two = {"a": Graph.from_dicts({**CHAIN, "e": ["f"], "f": ["e"]}).transform("r")}
    two["b"] = two["a"].transform("b")
    missing = pd.Series([1.0, 2, 8, 9, 5, np.nan], index=list("abcdef"))
    with pytest.warns(IsolateWarning, match=r"for 2 of 2 specifications \(a, b\)") as caught:
        robust(missing, two)
    assert len(caught) == 1


# --- the usual specifications -----------------------------------------------------------------


@pytest.fixture
def squares():
    """Twelve squares of 10 km in three rows of four, and one 100 km away from them."""
    cells = [box(x, y, x + 1, y + 1) for y in range(3) for x in range(4)]
    cells.append(box(14, 0, 15, 1))
    shapes = gpd.GeoSeries(cells, index=list("abcdefghijklm"), crs=3035)
    return shapes.affine_transform([10_000, 0, 0, 10_000, 4_000_000, 3_000_000])


def test_the_usual_specifications(squares):
    with pytest.warns(IsolateWarning, match=r"of \d+ graphs have isolates; the first of them: 1"):
        graphs = vary_weights(squares, k=(3, 5, 40), thresholds=[10_000, 15_000])
    names = ["queen", "queen to order 2", "3 nearest", "5 nearest", "within 10 km", "within 15 km"]
    assert list(graphs) == names
    # "f" in the middle row: eight squares around it, and the next column's three within two steps
    assert set(graphs["queen"]["f"].index) == set("abcegijk")
    assert set(graphs["queen to order 2"]["f"].index) == set("abcdeghijkl")
    assert set(graphs["within 10 km"]["f"].index) == set("begj")
    assert set(graphs["within 15 km"]["f"].index) == set("abcegijk")
    assert len(graphs["3 nearest"]["f"]) == 3
    for graph in graphs.values():
        assert graph.transformation == "R"
        assert list(graph.unique_ids) == list(squares.index)
    for name in ("queen", "queen to order 2", "within 10 km"):
        assert list(graphs[name].isolates) == ["m"]


def test_islands_can_be_joined(squares):
    with pytest.warns(IsolateWarning, match="were joined to the nearest"):
        graphs = vary_weights(squares, k=(3,), thresholds=(), isolates="nearest")
    assert "m" in graphs["queen"]["d"].index
    assert not any(len(graph.isolates) for graph in graphs.values())
    # two steps lead from the island across its partner
    assert set(graphs["queen to order 2"]["m"].index) >= {"d", "c", "h"}


def test_distances_are_chosen_where_none_are_given():
    points = gpd.GeoSeries(
        [Point(4e6 + x * 1000, 3e6) for x in (0, 1, 2, 5)], index=list("abcd"), crs=3035
    )
    graphs = vary_weights(points, orders=(), k=(2,))
    # the last point is 3 km from the one before
    assert list(graphs) == ["2 nearest", "within 3 km", "within 4.5 km"]
    assert set(graphs["within 4.5 km"]["d"].index) == {"b", "c"}


def test_travel_times(squares):
    codes = list(squares.index)
    minutes = pd.DataFrame(
        np.abs(np.subtract.outer(np.arange(13), np.arange(13))) * 30.0, index=codes, columns=codes
    )
    options = {"orders": (), "k": (3,), "thresholds": ()}
    graphs = vary_weights(squares, times=minutes, cutoffs=[30, 62.5], **options)
    assert list(graphs) == ["3 nearest", "time up to 30", "time up to 62.5"]
    assert set(graphs["time up to 62.5"]["f"].index) == set("degh")
    assert graphs["time up to 30"]["a"].to_dict() == {"b": 1.0}
    for half in ({"times": minutes}, {"cutoffs": [30]}):
        with pytest.raises(InputError, match="times and cutoffs go together"):
            vary_weights(squares, **options, **half)
    with pytest.raises(InputError, match="isolates must be one of"):
        vary_weights(squares, isolates="raise")


def test_specifications_keep_their_notes_and_names():
    squares = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(8)], crs=32650)
    graphs = vary_weights(squares, orders=(1, 2), k=(), thresholds=(1.5, 1.50001))
    assert len(graphs) == 4  # thresholds that read alike are two all the same
    assert graphs["queen to order 2"].build_notes["order"] == 2
    assert graphs["queen"].build_notes["method"] == "queen"


@pytest.mark.parametrize("given", [{"alpha": "0.05"}, {"alpha": True}, {"rng": "seven"}])
def test_arguments_of_the_wrong_kind_raise(field, given):
    y, graph = field
    with pytest.raises(InputError, match=r"alpha must lie between|rng must be"):
        sr.lisa(y, graph, permutations=99, **given)

"""Every message of the validator, through each function that uses it."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.autocorrelation._inputs import prepare, weights_matrix
from spatialreg.errors import AlignmentError, InputError, IsolateWarning

RING = Graph.from_dicts({k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")})
Y = pd.Series([1.0, 2.0, 4.0, 3.0, 7.0], index=list("abcde"))


def moran(y, graph, **options):
    return sr.moran(y, graph, permutations=99, rng=1, **options)


def lisa(y, graph, **options):
    return sr.lisa(y, graph, permutations=99, rng=1, **options)


def weighted(**changed):
    rows = {k: {a: 1.0, b: 1.0} for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")}
    for label, row in changed.items():
        rows[label] |= row
    return Graph.from_weights_dict(rows)


@pytest.mark.parametrize("function", [moran, lisa])
@pytest.mark.parametrize(
    ("y", "graph", "error", "message"),
    [
        (Y.to_numpy(), RING, InputError, "y must be a pandas Series .* not ndarray"),
        (Y.astype(str) + "x", RING, InputError, "y must be numeric; 5 values are not, at a, b"),
        (Y.replace(4.0, np.inf), RING, InputError, "y has 1 infinite values, at c"),
        (Y.rename({"b": "a"}), RING, AlignmentError, r"y has 1 labels more than once \(a\)"),
        (Y, RING.to_W(), InputError, r"graph must be a libpysal.* not W: .*Graph\.from_W"),
        (Y.rename({"b": "z"}), RING, AlignmentError, r"the graph lacks 1 of the 5 .*\(z\)"),
        (Y.drop("b"), RING, AlignmentError, r"the graph has 1 regions that y lacks \(b\)"),
        (Y.where(Y > 2), RING, InputError, "y has values for 3 of its 5 regions, .* at least 4"),
        (Y * 0 + 0.3, RING, InputError, r"y is constant \(0\.3 in all 5 regions"),
        (Y, weighted(a={"a": 1.0}), InputError, r"1 regions have a weight on themselves \(a\)"),
        (Y, weighted(b={"a": np.inf}), InputError, r"those of 1 regions are not \(b\)"),
        (Y, weighted(c={"b": -1.0}), InputError, r"finite and not negative; .*\(c\)"),
        (Y, Graph.from_dicts({k: [] for k in "abcde"}), InputError, "no two of the 5 regions"),
    ],
)
def test_messages(function, y, graph, error, message):
    with pytest.raises(error, match=message):
        function(y, graph)


@pytest.mark.parametrize("function", [moran, lisa])
def test_a_wider_graph_on_request(function):
    narrow = function(Y.drop("b"), RING, subset=True)
    missing = function(Y.where(Y != 2.0), RING)
    assert (narrow.n, narrow.missing, missing.n, missing.missing) == (4, 0, 4, 1)
    if function is moran:
        assert narrow.statistic == missing.statistic
        assert narrow.p_value == missing.p_value


@pytest.mark.parametrize("function", [moran, lisa])
def test_regions_cut_off_by_missing_values_are_named(function):
    # "f" hangs on "a" alone, "g" has never had a neighbour
    links = {k: [a, b] for k, a, b in ("bac", "cbd", "dce", "edb")}
    graph = Graph.from_dicts({"a": ["f"], **links, "f": ["a"], "g": []}).transform("r")
    y = pd.Series([np.nan, 2.0, 4.0, 3.0, 7.0, 1.0, 5.0], index=list("abcdefg"))
    with pytest.warns(IsolateWarning, match=r"1 regions have no neighbour with a value \(f\)"):
        result = function(y, graph)
    assert (result.n, result.isolates, result.missing) == (6, 2, 1)


@pytest.mark.parametrize("function", [moran, lisa])
def test_isolates_of_the_graph_raise_no_second_warning(function):
    graph = Graph.from_dicts({**{k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")},
                              "z": []})  # fmt: skip
    assert function(pd.concat([Y, pd.Series({"z": 1.5})]), graph).isolates == 1


@pytest.mark.parametrize("function", [moran, lisa])
def test_inputs_stay_as_they_were(function):
    graph = RING.transform("r")
    y, adjacency = Y.copy(), graph.adjacency.copy()
    y["c"] = np.nan
    before = y.copy()
    y.to_numpy().flags.writeable = False
    function(y, graph)
    pd.testing.assert_series_equal(y, before)
    pd.testing.assert_series_equal(graph.adjacency, adjacency)
    assert graph.transformation == "R"


def test_whole_numbers_and_nullable_values_are_taken():
    for y in (Y.astype(int), Y.astype("Int64"), Y.astype("float32")):
        assert moran(y, RING).statistic == pytest.approx(moran(Y, RING).statistic)


# --- the matrix -------------------------------------------------------------------------------


def loose(rows):
    """Build a graph link by link as given, in that order, unchecked."""
    links = [(i, j, w) for i, row in rows.items() for j, w in row.items()]
    focal, neighbor, weight = zip(*links, strict=True)
    index = pd.MultiIndex.from_arrays([focal, neighbor], names=["focal", "neighbor"])
    return Graph(pd.Series(weight, index=index, name="weight", dtype=float), is_sorted=True)


ROWS = {
    "d": {"a": 4.0, "c": 3.0},
    "b": {"a": 2.0},
    "a": {"d": 1.0, "b": 5.0},
    "c": {"d": 6.0},
    "e": {"e": 0.0},
}


@pytest.mark.parametrize("labels", ["abcde", "edcba", "cab", "abcdez"])
def test_weights_are_found_by_label(labels):
    matrix = weights_matrix(loose(ROWS), pd.Index(list(labels)))
    expected = [[ROWS.get(i, {}).get(j, 0.0) for j in labels] for i in labels]
    assert matrix.toarray().tolist() == expected
    assert matrix.has_sorted_indices
    assert (matrix.data != 0).all()


def test_rows_that_lose_links_sum_to_one_again():
    graph = Graph.from_weights_dict(
        {"a": {"b": 1, "c": 3}, "b": {"a": 1, "c": 1, "d": 2}, "c": {"a": 1}, "d": {"b": 1, "e": 1},
         "e": {"d": 2}, "f": {"a": 4}}
    )  # fmt: skip
    y = pd.Series([1.0, 2.0, np.nan, 3.0, 5.0, 8.0], index=list("abcdef"))
    kept = {"a": {"b": 1.0}, "b": {"a": 1 / 3, "d": 2 / 3}, "d": {"b": 0.5, "e": 0.5},
            "e": {"d": 1.0}, "f": {"a": 1.0}}  # fmt: skip
    inputs = prepare(y.iloc[::-1], graph.transform("r"), subset=False)
    assert inputs.y.index.to_list() == list("abdef")
    assert inputs.given.iloc[inputs.places].equals(inputs.y)
    expected = [[kept[i].get(j, 0.0) for j in "abdef"] for i in "abdef"]
    np.testing.assert_allclose(inputs.matrix.toarray(), expected, rtol=1e-15)
    # weights that were not standardised stay as they are
    plain = prepare(y, graph, subset=False).matrix.toarray()
    assert plain[0].tolist() == [0, 1, 0, 0, 0]
    assert plain[1].tolist() == [1, 0, 2, 0, 0]


@pytest.mark.parametrize("function", [moran, lisa])
def test_neighbours_that_are_no_regions_are_named(function):
    rows = {k: {a: 1.0, b: 1.0} for k, a, b in ("aeb", "bac", "cbd", "dce", "edx")}
    with pytest.raises(InputError, match=r"1 neighbours that are none of its regions \(x\)"):
        function(Y, loose(rows))

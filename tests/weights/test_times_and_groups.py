"""Graphs from travel times and from groups, by hand."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.access import linear
from spatialreg.errors import AlignmentError, InputError, IsolateWarning
from spatialreg.weights import weights_from_groups, weights_from_times

from .shapes import links, neighbours

MINUTES = pd.DataFrame(
    # from a row to a column; d is a mountain: quick down, slow up, and c has no road to it
    [[0, 30, 60, 90], [30, 0, 45, 80], [60, 50, 0, np.nan], [40, 30, 60, 0]],
    index=list("abcd"),
    columns=list("abcd"),
)


def long(times):
    """The same as a Series of what is within reach."""
    pairs = pd.MultiIndex.from_product([times.index, times.columns])
    return pd.Series(times.to_numpy().ravel(), index=pairs).dropna()


def test_by_cutoff():
    graph = weights_from_times(MINUTES, cutoff=50)
    assert [neighbours(graph, label) for label in "abcd"] == ["b", "ac", "b", "ab"]
    assert graph["d"].to_dict() == {"a": 0.5, "b": 0.5}
    assert graph.build_notes["cutoff"] == 50
    assert sr.describe_weights(graph)["one_way_links"] == 2  # from d down to a and b


def test_by_the_first_reached():
    graph = weights_from_times(MINUTES, k=2)
    assert [neighbours(graph, label) for label in "abcd"] == ["bc", "ac", "ab", "ab"]
    assert neighbours(weights_from_times(MINUTES, k=3), "c") == "ab"  # there is no road to a third
    assert neighbours(weights_from_times(MINUTES, k=3, cutoff=60), "a") == "bc"
    equal = pd.DataFrame(10.0, index=list("zyx"), columns=list("xyz"))
    graph = weights_from_times(equal, k=1)
    assert [neighbours(graph, label) for label in "zyx"] == ["x", "x", "y"]


@pytest.mark.parametrize(
    ("decay", "scale", "weights"),
    [
        ("inverse", None, [1 / 30, 1 / 60, 1 / 90]),
        ("exponential", 30, [np.exp(-1), np.exp(-2), np.exp(-3)]),
        ("gaussian", 30, [np.exp(-1 / 2), np.exp(-2), np.exp(-9 / 2)]),
    ],
)
def test_by_decay(decay, scale, weights):
    graph = weights_from_times(MINUTES, decay=decay, scale=scale, transform="o")
    assert graph["a"].to_list() == pytest.approx(weights)
    assert neighbours(graph, "c") == "ab"
    graph = weights_from_times(MINUTES, decay=decay, scale=scale, cutoff=60)
    assert graph["a"].to_list() == pytest.approx(np.array(weights[:2]) / sum(weights[:2]))


def test_shapes_of_the_table_and_its_order_make_no_difference():
    before = MINUTES.copy(deep=True)
    graph = weights_from_times(MINUTES, decay="inverse", cutoff=60)
    mixed = MINUTES.loc[list("cadb"), list("bdac")]
    for times in (long(MINUTES), mixed, long(MINUTES).sample(frac=1, random_state=1)):
        other = weights_from_times(times, decay="inverse", cutoff=60)
        assert other.adjacency.to_dict() == pytest.approx(graph.adjacency.to_dict())
    assert list(weights_from_times(mixed, k=1).unique_ids) == list("cadb")
    pd.testing.assert_frame_equal(MINUTES, before)


def test_out_of_reach():
    with pytest.warns(IsolateWarning, match=r"1 of 4 regions reach no other within 35 \(c\)"):
        graph = weights_from_times(MINUTES, cutoff=35)
    assert links(graph) == {("a", "b"), ("b", "a"), ("d", "b")}
    assert list(graph.isolates) == ["c"]


def test_out_of_reach_raises():
    with pytest.raises(InputError, match=r"1 of 4 regions reach no other within 35 \(c\)"):
        weights_from_times(MINUTES, cutoff=35, isolates="raise")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "say who is a neighbour"),
        ({"cutoff": 0}, "cutoff must be above zero"),
        ({"k": 1.5}, "k must be a whole number"),
        ({"decay": "linear"}, "decay must be one of None, 'inverse'"),
        ({"decay": "gaussian"}, r"scale=None does not go with decay='gaussian'"),
        ({"decay": "inverse", "scale": 5}, r"scale=5 does not go with decay='inverse'"),
        ({"cutoff": 5, "scale": 5}, r"scale=5 does not go with decay=None"),
        ({"cutoff": 5, "isolates": "nearest"}, "isolates must be one of 'keep', 'raise'"),
        ({"cutoff": 5, "transform": "x"}, "transform must be one of"),
    ],
)
def test_arguments(options, message):
    with pytest.raises(InputError, match=message):
        weights_from_times(MINUTES, **options)


def test_tables():
    with pytest.raises(InputError, match=r"must be a square DataFrame .*, not list"):
        weights_from_times([[0, 1], [1, 0]], k=1)
    with pytest.raises(InputError, match="must be a square DataFrame"):
        weights_from_times(MINUTES["a"], k=1)
    with pytest.raises(AlignmentError, match=r"1 origins are no destinations \(d\)"):
        weights_from_times(MINUTES[list("abc")], k=1)
    with pytest.raises(AlignmentError, match=r"1 destinations are no origins \(d\)"):
        weights_from_times(MINUTES.loc[list("abc")], k=1)
    with pytest.raises(AlignmentError, match="times has 1 labels more than once"):
        weights_from_times(pd.concat([long(MINUTES), long(MINUTES).head(1)]), k=1)
    with pytest.raises(InputError, match=r"1 times are negative \(d to a\)"):
        weights_from_times(MINUTES.replace(40, -40), k=1)
    with pytest.raises(InputError, match="times must be numeric"):
        weights_from_times(MINUTES.astype(object).replace(40, "slow"), k=1)
    with pytest.raises(InputError, match=r"1 times are zero \(d to a\)"):
        weights_from_times(MINUTES.replace(40, 0), decay="inverse")


def test_both_ways():
    """Times there and back: a-b 30, 30; a-c 60, 60; a-d 90, 40; b-c 45, 50; b-d 80, 30; d-c 60."""
    mean = weights_from_times(MINUTES, cutoff=65, symmetric="mean", transform="o")
    assert links(mean) == links_of("ab ac ad bc bd")
    # 65 is the mean of 90 and 40; from d to c there is no way back, so there is no mean
    least = weights_from_times(MINUTES, decay="inverse", symmetric="min", transform="o")
    assert least["d"].to_dict() == pytest.approx({"a": 1 / 40, "b": 1 / 30, "c": 1 / 60})
    assert least["c"]["d"] == least["d"]["c"]
    most = weights_from_times(MINUTES, decay="inverse", symmetric="max", transform="o")
    assert most["a"].to_dict() == pytest.approx({"b": 1 / 30, "c": 1 / 60, "d": 1 / 90})
    for graph in (mean, least, most):
        assert (graph.sparse != graph.sparse.T).nnz == 0
        assert graph.build_notes["symmetric"] in ("mean", "min", "max")
    mixed = MINUTES.loc[list("cadb"), list("bdac")]
    for times in (mixed, long(MINUTES).sample(frac=1, random_state=4)):
        other = weights_from_times(times, decay="inverse", symmetric="min", transform="o")
        assert other.adjacency.to_dict() == pytest.approx(least.adjacency.to_dict())
    with pytest.raises(InputError, match="symmetric must be one of 'mean', 'min', 'max'"):
        weights_from_times(MINUTES, k=1, symmetric="both")


def links_of(pairs):
    return {link for a, b in pairs.split() for link in ((a, b), (b, a))}


def test_pairs_as_a_frame_and_regions_without_any():
    table = long(MINUTES).rename("minutes").rename_axis(["origin", "destination"]).reset_index()
    graph = weights_from_times(table.sample(frac=1, random_state=5), cutoff=50)
    assert graph.adjacency.to_dict() == weights_from_times(MINUTES, cutoff=50).adjacency.to_dict()
    near = table[(table["minutes"] <= 50) & (table["minutes"] > 0)]
    with pytest.raises(AlignmentError, match=r"1 origins are no destinations \(d\): .*regions="):
        weights_from_times(near, cutoff=50)
    with pytest.warns(IsolateWarning, match=r"1 of 5 regions reach no other within 50 \(e\)"):
        graph = weights_from_times(near, cutoff=50, regions=list("edcba"))
    assert list(graph.unique_ids) == list("edcba")
    assert neighbours(graph, "d") == "ab"
    with pytest.raises(AlignmentError, match=r"regions lacks 1 that stand in times \(d\)"):
        weights_from_times(near, cutoff=50, regions=list("abc"))
    with pytest.raises(InputError, match="regions= is not used by a square frame"):
        weights_from_times(MINUTES, cutoff=50, regions=list("abcd"))


def test_any_function_of_time():
    graph = weights_from_times(MINUTES, decay=linear(60), transform="o")
    assert graph["a"].to_dict() == {"b": 0.5}  # at 60 minutes nothing is left, and there is no link
    assert graph.build_notes["decay"] == "1 - t / 60, zero beyond"
    with pytest.raises(InputError, match=r"an array of shape \(\) for 11 times"):
        weights_from_times(MINUTES, decay=np.size)
    with pytest.raises(InputError, match=r"no finite weight .* 1 pairs \(a to d\)"):
        weights_from_times(MINUTES, decay=lambda t: 85 - t)
    with pytest.raises(InputError, match="scale=5 does not go with"):
        weights_from_times(MINUTES, decay=linear(60), scale=5)


# --- groups -----------------------------------------------------------------------------------


def test_groups():
    groups = pd.Series({"d": "w", "a": "e", "b": "e", "c": None, "f": "w", "e": "w", "g": "s"})
    with pytest.warns(IsolateWarning, match=r"2 of 7 regions are alone .*\(c, g\)"):
        graph = weights_from_groups(groups)
    assert [neighbours(graph, label) for label in "abdef"] == ["b", "a", "ef", "df", "de"]
    assert graph["d"].to_list() == [0.5, 0.5]
    assert list(graph.unique_ids) == list("dabcfeg")
    with pytest.raises(InputError, match="2 of 7 regions are alone"):
        weights_from_groups(groups, isolates="raise")


def test_groups_are_a_labelled_series():
    with pytest.raises(InputError, match=r"groups must be a pandas Series .*, not list"):
        weights_from_groups(["a", "a"])
    with pytest.raises(AlignmentError, match="groups has 1 labels more than once"):
        weights_from_groups(pd.Series([1, 1], index=["a", "a"]))

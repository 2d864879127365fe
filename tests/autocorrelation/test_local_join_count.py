"""Local join counts by hand, by enumeration and by the hypergeometric distribution."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg.autocorrelation import local_join_count
from spatialreg.errors import AlignmentError, InputError

from .conftest import CHAIN, lattice_graph
from .enumeration import ALTERNATIVES, all_draws, exact_p, moments, monte_carlo_error

COUNT = 40_000
LABELS = list("abcdefg")


def tail(n: int, events: int, drawn: int, least: int) -> float:
    """Share of draws of so many from `n` that hold at least so many of the events."""
    hits = range(least, min(drawn, events) + 1)
    return sum(comb(events, h) * comb(n - events, drawn - h) for h in hits) / comb(n, drawn)


def test_by_hand():
    graph = Graph.from_dicts(CHAIN).transform("r")  # weights are not what is counted
    x = pd.Series([True, True, False, True], index=list("abcd"))
    frame = local_join_count(x, graph, permutations=99, rng=1).frame
    assert frame["x"].to_list() == [1, 1, 0, 1]
    assert frame["lag"].to_list() == [1, 1, 2, 0]
    assert frame["statistic"].to_list() == [1, 1, 0, 0]
    # a draws 1 of 3, b 2 of 3, of which two have the event
    exact = [2 / 3, 1.0, np.nan, 1.0]
    np.testing.assert_allclose(frame["p_analytic"], exact)
    assert frame.loc["c", ["z_score", "p_value", "quadrant"]].isna().all()
    assert frame.loc["c", "cluster"] == "Not tested"
    assert frame["y"].isna().all()


def test_exact_p_values_are_tails_of_draws():
    graph = lattice_graph(8)
    x = pd.Series(np.random.default_rng(3).integers(0, 2, 64), graph.unique_ids, dtype=float)
    frame = local_join_count(x, graph, permutations=9999, rng=1).frame
    tested = frame[frame["x"] == 1]
    cards = graph.cardinalities
    expected = pd.Series(
        {
            k: tail(63, int(x.sum()) - 1, int(cards[k]), int(tested.loc[k, "statistic"]))
            for k in tested.index
        }
    )
    np.testing.assert_allclose(tested["p_analytic"], expected)
    assert (abs(tested["p_value"] - expected) <= monte_carlo_error(expected, 9999)).all()


def plain(small):
    weights, graph = small
    return {k: dict.fromkeys(row, 1) for k, row in weights.items()}, graph


KINDS = {
    "one": ([1, 1, 1, 0, 1, 0, 1], None, False),
    "bivariate": ([1, 0, 1, 0, 0, 1, 0], [0, 1, 0, 1, 1, 0, 0], False),
    "some have both": ([1, 1, 1, 0, 0, 1, 0], [0, 1, 0, 1, 1, 0, 1], False),
    "co-located": ([1, 1, 1, 0, 1, 1, 0], [1, 1, 0, 1, 1, 1, 0], True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_p_values_approach_the_enumerated_ones(small, kind):
    weights, graph = plain(small)
    first, other, colocation = KINDS[kind]
    x = pd.Series(first, LABELS)
    y = None if other is None else pd.Series(other, LABELS)
    if y is None:
        own, event = x, x
    elif colocation:
        own, event = x & y, x & y
    else:
        own, event = x & (1 - y), y & (1 - x)
    draws = all_draws(weights, lambda i, row: own[i] * sum(event[o] for _, o in row))
    tested = own == 1
    for alternative in ALTERNATIVES:
        p = exact_p(draws, alternative, small_is_alike=False)[tested]
        got = local_join_count(
            x, graph, y=y, colocation=colocation, permutations=COUNT, alternative=alternative,
            rng=6,
        ).frame  # fmt: skip
        assert (abs(got["p_value"][tested] - p) <= monte_carlo_error(p, COUNT)).all()
        np.testing.assert_allclose(got["p_analytic"][tested], p)
        assert got["p_value"][~tested].isna().all()
    assert got["statistic"].to_list() == [observed for observed, _ in draws.values()]
    expected = moments({k: draws[k] for k in x.index[tested]})
    varies = (expected["deviation"] > 0).to_numpy()
    z = got["z_score"][tested]
    assert z[varies].to_list() == pytest.approx(expected["z_score"][varies].to_list())
    assert z[~varies].isna().all()


def test_events_that_gather_are_joined_and_those_that_do_not_are_apart():
    graph = lattice_graph(10)
    x = np.zeros((10, 10))
    x[:3, :3] = 1
    x[5::2, 5::2] = 1
    x = pd.Series(x.ravel(), graph.unique_ids)
    cluster = local_join_count(x, graph, permutations=9999, rng=1).frame["cluster"]
    assert cluster["bb"] == "Joined"
    assert cluster["hh"] == "Not significant"
    assert cluster["aj"] == "Not tested"
    checks = pd.Series(np.indices((10, 10)).sum(axis=0).ravel() % 2, graph.unique_ids)
    less = local_join_count(checks, graph, alternative="less", permutations=9999, alpha=0.1, rng=1)
    assert less.frame.loc["ef", "cluster"] == "Apart"
    assert less.name == "local join count"


def test_names_say_what_is_counted(small):
    _, graph = small
    x, y, _ = KINDS["some have both"]
    x, y = pd.Series(x, LABELS), pd.Series(y, LABELS)
    assert local_join_count(x, graph, y=y, permutations=99).name == "local join count, bivariate"
    x, y, _ = KINDS["co-located"]
    x, y = pd.Series(x, LABELS), pd.Series(y, LABELS)
    got = local_join_count(x, graph, y=y, colocation=True, permutations=99)
    assert got.name == "local join count, co-located"
    assert got.frame["y"].to_list() == y.to_list()


def test_messages(small):
    _, graph = small
    x = pd.Series([1, 1, 0, 0, 0, 0, 1], LABELS)
    cases = [
        ({"x": x * 2}, "x must be 0 or 1 .*; 3 regions are neither"),
        ({"x": x * 0 + 1}, "x is constant"),
        ({"x": x, "y": x * 0}, "y is constant"),
        ({"x": x, "y": x + 1}, "y must be 0 or 1"),
        ({"x": x, "y": x}, "no region has x only, .* pass colocation=True"),
        ({"x": x, "y": 1 - x, "colocation": True}, "no region has both, .* colocation=False"),
        ({"x": x, "colocation": True}, "pass the second, y="),
    ]
    for arguments, message in cases:
        with pytest.raises(InputError, match=message):
            local_join_count(graph=graph, permutations=99, **arguments)
    with pytest.raises(AlignmentError, match=r"x and y differ in 1 labels \(g\)"):
        local_join_count(x, graph, y=(1 - x).drop("g"))

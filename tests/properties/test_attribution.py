"""What must hold of any attribution of a change to lines."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import spatialreg as sr
from spatialreg.access import attribute_change

PLACES = list("abcde")


@st.composite
def networks(draw):
    """Give a road through all places and some lines across it, as (start, end, minutes)."""
    line = st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.integers(5, 120)).filter(
        lambda edge: edge[0] != edge[1]
    )
    return draw(st.lists(line, min_size=1, max_size=4))


def built(lines):
    roads = [(a, b, 60) for a, b in pairwise(PLACES)]
    edges = pd.DataFrame([*roads, *lines], columns=["start", "end", "minutes"])
    edges["line"] = [None] * len(roads) + [f"line {at}" for at in range(len(lines))]
    nodes = gpd.GeoDataFrame(index=PLACES, geometry=gpd.points_from_xy(range(5), [0] * 5), crs=4326)
    return sr.Network.from_frames(nodes, edges.astype({"minutes": float}))


def minutes(network):
    return sr.travel_times(PLACES, PLACES, network).sum(axis=1)


def attributed(lines, **more):
    network = built(lines)
    names = network.edges["line"].dropna().unique().tolist()
    return attribute_change(network.without(names), network, minutes, **more)


@settings(max_examples=15, deadline=None)
@given(networks(), st.booleans(), st.integers(0, 2**32 - 1))
def test_shares_add_up_to_the_change_by_region(lines, sampled, seed):
    more = {"permutations": 4, "rng": seed} if sampled else {}
    result = attributed(lines, method="shapley", **more)
    np.testing.assert_allclose(result.matrix().sum(axis=1), result.changes["change"], atol=1e-9)
    np.testing.assert_allclose(result.frame["shapley"].sum(), result.total, atol=1e-9)
    # no line makes a way longer
    assert (result.by_region["shapley"] <= 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(networks())
def test_a_line_that_changes_nothing_gets_nothing(lines):
    with_null = [*lines[:3], ("a", "b", 61)]
    result = attributed(with_null)
    null = result.matrix()[f"line {len(with_null) - 1}"]
    assert (null == 0).all()
    # and takes nothing from the others
    without = attributed(with_null[:-1])
    np.testing.assert_allclose(result.matrix()[list(without.lines)], without.matrix(), atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(networks())
def test_lines_that_are_alike_get_the_same(lines):
    twins = [*lines[:2], lines[0]]
    table = attributed(twins).matrix()
    np.testing.assert_allclose(table["line 0"], table[f"line {len(twins) - 1}"], atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(networks())
def test_shapley_lies_between_what_two_lines_do_first_and_last(lines):
    frame = attributed(lines[:2]).frame
    mean = (frame["leave_one_out"] + frame["first_in"]) / 2
    np.testing.assert_allclose(frame["shapley"], mean, atol=1e-9)

"""What must hold of any comparison of access."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialreg.access import compare_access

SWAPPED = {"winner": "loser", "loser": "winner", "newly reached": "lost", "lost": "newly reached"}
minutes = st.one_of(st.integers(1, 400).map(float), st.just(float("inf")))


@st.composite
def pairs(draw):
    """Give access before and after, with one region at least that is reached at both times."""
    rows = draw(st.lists(st.tuples(minutes, minutes), min_size=0, max_size=8))
    table = np.array([(30.0, 20.0), *rows])
    index = [f"r{at}" for at in range(len(table))]
    return pd.Series(table[:, 0], index), pd.Series(table[:, 1], index)


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_backwards_winners_are_losers(pair):
    there = compare_access(*pair, better="less")
    back = compare_access(*pair[::-1], better="less")
    swapped = there.frame["outcome"].replace(SWAPPED)
    assert back.frame["outcome"].tolist() == swapped.tolist()
    np.testing.assert_allclose(back.frame["change"], -there.frame["change"])
    np.testing.assert_allclose(back.inequality["change"], -there.inequality["change"])
    assert back.worst_before == there.worst_after


@settings(max_examples=60, deadline=None)
@given(pairs(), st.integers(1, 5))
def test_a_region_twice_is_a_region_with_twice_the_people(pair, times):
    before, after = pair
    people = pd.Series(1.0, before.index).where(before.index != "r0", float(times))
    weighted = compare_access(before, after, better="less", population=people)
    copies = pd.Index([*before.index, *["r0"] * (times - 1)])
    labels = [f"c{at:02}" for at in range(len(copies))]
    twice = compare_access(
        before[copies].set_axis(labels), after[copies].set_axis(labels), better="less"
    )
    for name in ("mean_before", "mean_after", "mean_change", "worst_before", "worst_after"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(twice, name))
    np.testing.assert_allclose(weighted.inequality, twice.inequality, atol=1e-12)
    shares = weighted.outcomes["people_share"]
    np.testing.assert_allclose(shares, twice.outcomes["people_share"])
    np.testing.assert_allclose(shares.sum(), 1)


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_speed_says_of_winners_what_minutes_say(pair):
    by_time = compare_access(*pair, better="less", measures=())
    # one over minutes: what is not reached has zero, so that it wins where it is newly reached
    by_speed = compare_access(*(1 / y for y in pair), better="more", measures=())
    told = by_time.frame["outcome"].replace(
        {"newly reached": "winner", "lost": "loser", "never reached": "unchanged"}
    )
    assert by_speed.frame["outcome"].tolist() == told.tolist()
    assert by_speed.frame["rank_after"].tolist() == by_time.frame["rank_after"].tolist()

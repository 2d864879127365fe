"""Bivariate local Moran's I and local Moran's I of rates, by hand and by enumeration."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.autocorrelation import lisa_bv, lisa_rate
from spatialreg.errors import AlignmentError, InputError

from .conftest import CHAIN, exact
from .enumeration import ALTERNATIVES, all_draws, exact_p, moments, monte_carlo_error

COUNT = 40_000
LABELS = list("abcdefg")


def test_by_hand():
    # x = 1, 2, 3, 6: deviations -2, -1, 0, 3, variance 14 / 4; y = 0, 2, 0, 2: deviations
    # -1, 1, -1, 1, variance 1; neighbours' means of these 1, -1, 1, -1
    graph = Graph.from_dicts(CHAIN).transform("r")
    x, y = pd.Series([1, 2, 3, 6], list("abcd")), pd.Series([0, 2, 0, 2], list("abcd"))
    frame = lisa_bv(x, y, graph, permutations=99, rng=1).frame
    scale = 3 / 4 / np.sqrt(14 / 4)
    assert frame["statistic"].to_list() == pytest.approx([v * scale for v in (-2, 1, 0, -3)])
    assert frame["lag"].to_list() == [2, 0, 2, 0]
    assert frame["quadrant"].to_list() == ["Low-High", "Low-Low", "Low-High", "High-Low"]
    assert frame.loc["c", "p_value"] == 1
    assert np.isnan(frame.loc["c", "z_score"])


@pytest.mark.parametrize(
    "values",
    [[3, 0, 1, 1, 4, 0, 2], [0.1, 0.2, 0.3, 0.3, 0.7, 0.1, 0.6], [5, 5, 5, 5, 5, 5, 40]],
)
def test_p_values_approach_the_enumerated_ones(small, values):
    weights, graph = small
    x = pd.Series([1.5, -2.25, 0.5, 8.0, -1.0, 3.0, 2.5], LABELS)
    y = pd.Series(values, LABELS)
    mean_x, mean_y = (sum(map(exact, v)) / 7 for v in (x, y))
    draws = all_draws(
        weights,
        lambda i, row: (exact(x[i]) - mean_x) * sum(w * (exact(y[o]) - mean_y) for w, o in row),
    )
    for alternative in ALTERNATIVES:
        p = exact_p(draws, alternative, small_is_alike=False)
        got = lisa_bv(x, y, graph, permutations=COUNT, alternative=alternative, rng=6).frame
        assert (abs(got["p_value"] - p) <= monte_carlo_error(p, COUNT)).all()
    expected = moments(draws)
    varies = (expected["deviation"] > 0).to_numpy()
    assert got["z_score"][varies].to_list() == pytest.approx(expected["z_score"][varies].to_list())


def test_with_itself_it_is_the_local_moran(field):
    y, graph = field
    one = sr.lisa(y, graph, permutations=499, rng=1).frame
    two = lisa_bv(y, y, graph, permutations=499, rng=1).frame.drop(columns="x")
    pd.testing.assert_frame_equal(two, one)


def test_labels_may_stand_in_any_order_but_must_be_the_same(field):
    y, graph = field
    x = pd.Series(np.arange(36.0), y.index)
    one = lisa_bv(x, y, graph, permutations=99, rng=1).frame
    other = lisa_bv(x, y.sample(frac=1, random_state=1), graph, permutations=99, rng=1).frame
    pd.testing.assert_frame_equal(one, other)
    with pytest.raises(AlignmentError, match=r"x and y differ in 2 labels \(aa, zz\)"):
        lisa_bv(x, y.rename({"aa": "zz"}), graph)
    with pytest.raises(InputError, match=r"^x is constant"):
        lisa_bv(x * 0, y, graph)
    with pytest.raises(InputError, match=r"^y is constant"):
        lisa_bv(x, y * 0, graph)
    with pytest.raises(InputError, match=r"^x must be a pandas Series"):
        lisa_bv(x.to_numpy(), y, graph)


def test_a_gap_in_either_leaves_a_region_out(field):
    y, graph = field
    x = pd.Series(np.arange(36.0), y.index)
    y, x = y.copy(), x.copy()
    y["bb"], x["cc"] = np.nan, np.nan
    result = lisa_bv(x, y, graph, permutations=99, rng=1)
    assert (result.n, result.missing) == (34, 2)
    assert result.frame.loc[["bb", "cc"], "cluster"].to_list() == ["No data", "No data"]
    assert result.frame.loc["bb", "x"] == 7
    assert result.frame.loc["cc", "y"] == y["cc"]


# --- rates ------------------------------------------------------------------------------------


def test_rates_by_hand():
    # 30 events of 300 people: rate 0.1; rates 0.2, 0.1, 0.1, 0.05 of 50, 50, 100, 100 people are
    # spread by (50 * 0.01 + 100 * 0.0025) / 300 = 0.0025, of which chance makes 0.1 * 4 / 300
    events = pd.Series([10, 5, 10, 5], list("abcd"))
    population = pd.Series([50, 50, 100, 100], list("abcd"))
    frame = lisa_rate(events, population, Graph.from_dicts(CHAIN), permutations=99, rng=1).frame
    assert frame["rate"].to_list() == [0.2, 0.1, 0.1, 0.05]
    between = 0.0025 - 0.1 * 4 / 300
    z = [0.1 / np.sqrt(between + 0.002), 0, 0, -0.05 / np.sqrt(between + 0.001)]
    assert frame["y"].to_list() == pytest.approx(z, abs=1e-12)


def test_rates_that_vary_less_than_chance():
    # rates 0.1 but for 0.11 and 0.09: between regions there is less than nothing, and where the
    # variance would not be above zero it is that of chance alone
    events = pd.Series([11, 9, 10, 10, 1000], list("abcde"))
    population = pd.Series([100, 100, 100, 100, 10_000], list("abcde"))
    links = {k: [a, b] for k, a, b in ("aeb", "bac", "cbd", "dce", "eda")}
    frame = lisa_rate(events, population, Graph.from_dicts(links), permutations=99, rng=1).frame
    spread = (100 * 0.0001 * 2) / 10_400 - 0.1 * 5 / 10_400
    assert spread + 0.1 / 10_000 < 0 < spread + 0.1 / 100
    assert frame.loc["a", "y"] == pytest.approx(0.01 / np.sqrt(spread + 0.001))
    assert frame.loc["e", "y"] == pytest.approx(0, abs=1e-12)


def test_rates_are_the_local_moran_of_standardised_rates(field):
    y, graph = field
    events, people = y.abs().round(), pd.Series(np.arange(100.0, 136.0), y.index)
    result = lisa_rate(events, people, graph, permutations=199, rng=1)
    again = sr.lisa(result.frame["y"], graph, permutations=199, rng=1)
    pd.testing.assert_frame_equal(result.frame.iloc[:, 3:], again.frame)
    assert result.cut_off is again.cut_off or result.cut_off == again.cut_off
    assert result.name == "local Moran's I of rates (empirical Bayes)"


def test_messages_of_rates(field):
    y, graph = field
    events, people = y.abs().round(), y * 0 + 100
    cases = [
        (events - 100, people, "events must not be negative; 36 regions"),
        (
            events,
            people.where(people.index != "bb", 0),
            r"population must be above zero; 1 regions .* at bb",
        ),
        (people / 10, people, "the rate is the same in all 36 regions"),
        (events * 0, people, "there are no events in any of the 36 regions"),
    ]
    for e, p, message in cases:
        with pytest.raises(InputError, match=message):
            lisa_rate(e, p, graph)
    with pytest.raises(AlignmentError, match="population lacks 1 of the 36 regions of events"):
        lisa_rate(events, people.drop("aa"), graph)

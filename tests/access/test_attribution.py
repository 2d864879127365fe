"""Changes shared out among lines: by hand, and against every order of the lines."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import spatialreg as sr
from spatialreg.access import attribute_change, opened_lines
from spatialreg.errors import AlignmentError, InputError

FAR = 1000.0  # minutes: what takes longer is not asked about


def place(labels):
    """Give nodes in a row, a degree apart."""
    return gpd.GeoDataFrame(
        index=list(labels),
        geometry=gpd.points_from_xy(range(len(labels)), [10] * len(labels)),
        crs=4326,
    )


def network_of(edges, labels, **more):
    """Make a network of (start, end, minutes, line)."""
    table = pd.DataFrame(edges, columns=["start", "end", "minutes", "line"])
    return sr.Network.from_frames(place(labels), table.assign(**more))


def minutes(*pair):
    """Give an indicator: the minutes from a place to another, by origin."""

    def indicator(network):
        return sr.travel_times([pair[0]], [pair[1]], network, cutoff=FAR)[pair[1]]

    return indicator


def within(limit, labels):
    """Give an indicator: how many places each reaches within a limit."""

    def indicator(network):
        return (sr.travel_times(list(labels), list(labels), network, cutoff=limit) <= limit).sum(
            axis=1
        )

    return indicator


def test_one_line_that_halves_a_way():
    network = network_of([("a", "b", 60.0, None), ("a", "b", 30.0, "fast")], "ab")
    result = attribute_change(network.without("fast"), network, minutes("a", "b"))
    assert result.frame.loc["fast", ["shapley", "leave_one_out", "first_in"]].tolist() == [-30] * 3
    assert result.frame.loc["fast", "share"] == 1
    assert result.changes.loc["a"].tolist() == [60, 30, -30]
    assert result.exact and result.evaluated == 2 and result.left_over == 0
    assert "each works by itself" in result.words


def test_parallel_lines_stand_in_for_one_another():
    network = network_of(
        [("a", "b", 60.0, None), ("a", "b", 30.0, "east"), ("a", "b", 30.0, "west")], "ab"
    )
    result = attribute_change(network.without(["east", "west"]), network, minutes("a", "b"))
    assert result.frame["leave_one_out"].tolist() == [0, 0]
    assert result.frame["first_in"].tolist() == [-30, -30]
    assert result.frame["shapley"].tolist() == [-15, -15]
    assert result.frame["role"].tolist() == ["substitute", "substitute"]
    assert result.left_over == -30
    # both together -30, each alone -30: the second adds 30 min to what the first does
    assert result.pairs["interaction"].to_dict() == {("east", "west"): 30}
    assert "account for 0% of the change" in result.words and "substitutes" in result.words


def test_lines_in_series_need_one_another():
    network = network_of(
        [("a", "c", 100.0, None), ("a", "b", 10.0, "first"), ("b", "c", 10.0, "second")], "abc"
    )
    result = attribute_change(network.without(["first", "second"]), network, minutes("a", "c"))
    assert result.frame["leave_one_out"].tolist() == [-80, -80]
    assert result.frame["first_in"].tolist() == [0, 0]
    assert result.frame["shapley"].tolist() == [-40, -40]
    assert result.frame["role"].tolist() == ["complement", "complement"]
    assert result.pairs["interaction"].tolist() == [-80]
    assert "account for 200% of the change" in result.words and "complements" in result.words


def test_a_line_that_nobody_uses_gets_nothing():
    network = network_of(
        [("a", "b", 60.0, None), ("a", "b", 30.0, "fast"), ("a", "b", 90.0, "slow")], "ab"
    )
    result = attribute_change(network.without(["fast", "slow"]), network, minutes("a", "b"))
    assert result.frame.loc["slow", ["shapley", "leave_one_out", "first_in"]].tolist() == [0] * 3
    assert result.frame.loc["fast", "shapley"] == -30
    assert result.frame.loc["slow", "role"] == "independent"


@pytest.fixture(scope="module")
def grid():
    """Give a chain of slow roads and five lines across it, two of which alike."""
    labels = "abcdef"
    roads = [(a, b, 60.0, None) for a, b in pairwise(labels)]
    lines = [
        ("a", "c", 50.0, "one"), ("c", "e", 40.0, "two"), ("a", "f", 150.0, "three"),
        ("b", "d", 45.0, "four"), ("b", "d", 45.0, "five"), ("e", "f", 20.0, "one"),
    ]  # fmt: skip
    return network_of(roads + lines, labels)


LINES = ["five", "four", "one", "three", "two"]


def brute_force(network, indicator):
    """Give Shapley values by going through every order of the lines."""
    worth = {
        frozenset(held): indicator(network.without(sorted(set(LINES) - set(held))))
        if set(held) != set(LINES)
        else indicator(network)
        for size in range(len(LINES) + 1)
        for held in combinations(LINES, size)
    }
    total = dict.fromkeys(LINES, 0.0)
    orders = list(permutations(LINES))
    for order in orders:
        for at, line in enumerate(order):
            total[line] = (
                total[line] + worth[frozenset(order[: at + 1])] - worth[frozenset(order[:at])]
            )
    return pd.DataFrame({line: values / len(orders) for line, values in total.items()})


def test_shapley_against_every_order(grid):
    indicator = within(120, "abcdef")
    result = attribute_change(grid.without(LINES), grid, indicator)
    expected = brute_force(grid, indicator)
    np.testing.assert_allclose(result.matrix().loc[expected.index, LINES], expected, atol=1e-12)
    np.testing.assert_allclose(result.frame["shapley"], expected.mean(), atol=1e-12)
    # they add up by region, and the two that are alike get the same
    np.testing.assert_allclose(result.matrix().sum(axis=1), result.changes["change"], atol=1e-12)
    np.testing.assert_allclose(result.matrix()["four"], result.matrix()["five"], atol=1e-12)
    assert result.evaluated == 2**5


def test_leave_one_out_and_first_in_by_region(grid):
    indicator = within(120, "abcdef")
    result = attribute_change(grid.without(LINES), grid, indicator, method="leave_one_out")
    full, none = indicator(grid), indicator(grid.without(LINES))
    for line in LINES:
        alone = [other for other in LINES if other != line]
        expected = full - indicator(grid.without(line))
        np.testing.assert_allclose(result.matrix("leave_one_out")[line], expected)
        expected = indicator(grid.without(alone)) - none
        np.testing.assert_allclose(result.matrix("first_in")[line], expected)
    assert result.evaluated == 12 and result.orders == 0 and not result.exact
    assert "shapley" not in result.frame and result.pairs.empty


def test_sampled_values_lie_within_their_errors(grid):
    indicator = within(120, "abcdef")
    exact = attribute_change(grid.without(LINES), grid, indicator)
    drawn = attribute_change(
        grid.without(LINES), grid, indicator, method="shapley", permutations=40, rng=2
    )
    assert drawn.orders == 40 and not drawn.exact and drawn.evaluated <= 32
    # 30 values: the largest of 30 t with 19 degrees of freedom passes 4.5 in less than 1 of 100
    error = drawn.by_region["standard_error"]
    apart = (drawn.by_region["shapley"] - exact.by_region["shapley"]).abs()
    assert (apart <= 4.5 * error + 1e-12).all()
    assert error.max() > 0 and apart.max() > 0
    # whatever is drawn, each order adds up to the change
    np.testing.assert_allclose(drawn.matrix().sum(axis=1), drawn.changes["change"], atol=1e-12)
    assert "leave_one_out" not in drawn.frame and np.isnan(drawn.left_over)
    assert "not asked for" in drawn.words
    more = attribute_change(
        grid.without(LINES), grid, indicator, method="shapley", permutations=640, rng=2
    )
    ratio = more.frame["standard_error"].mean() / drawn.frame["standard_error"].mean()
    assert 0.15 < ratio < 0.4  # a quarter, for sixteen times the orders


def test_order_of_labels_does_not_matter(grid):
    rng = np.random.default_rng(5)
    mixed = sr.Network.from_frames(
        grid.nodes.iloc[rng.permutation(len(grid.nodes))],
        grid.edges.iloc[rng.permutation(len(grid.edges))],
    )
    results = [
        attribute_change(
            network.without(LINES), network, within(120, labels), lines=lines,
            permutations=20, rng=7, population=people,
        )
        for network, labels, lines, people in (
            (grid, "abcdef", LINES, pd.Series(range(1, 7), list("abcdef"))),
            (mixed, "fcadbe", LINES[::-1], pd.Series(range(6, 0, -1), list("fedcba"))),
        )
    ]  # fmt: skip
    pd.testing.assert_frame_equal(results[0].frame, results[1].frame)
    one, two = (result.by_region.sort_index() for result in results)
    pd.testing.assert_frame_equal(one, two)
    assert results[1].changes.index.tolist() == list("fcadbe")


def test_means_are_weighted_by_people(grid):
    people = pd.Series({"a": 3.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0, "f": 1.0})
    result = attribute_change(grid.without(LINES), grid, within(120, "abcdef"), population=people)
    expected = (3 * result.matrix().loc["a"] + result.matrix().loc["f"]) / 4
    np.testing.assert_allclose(result.frame["shapley"], expected)
    assert "by people" in result.definition


def test_groups_of_lines_and_the_rest(grid):
    indicator = within(120, "abcdef")
    groups = {"twins": ["four", "five"], "long": "three"}
    result = attribute_change(grid.without(LINES), grid, indicator, lines=groups)
    assert result.lines == ("long", "twins", "other changes")
    twins = attribute_change(
        grid.without(LINES), grid, indicator, method="leave_one_out", lines=["four", "five"]
    )
    # the twins together are missed, each by itself is not
    expected = indicator(grid) - indicator(grid.without(["four", "five"]))
    np.testing.assert_allclose(result.matrix("leave_one_out")["twins"], expected)
    assert (twins.frame.loc[["four", "five"], "leave_one_out"] == 0).all()
    np.testing.assert_allclose(result.matrix().sum(axis=1), result.changes["change"], atol=1e-12)


def test_one_number_for_all(grid):
    def mean(network):
        return float(within(120, "abcdef")(network).mean())

    by_region = attribute_change(grid.without(LINES), grid, within(120, "abcdef"))
    result = attribute_change(grid.without(LINES), grid, mean)
    np.testing.assert_allclose(result.frame["shapley"], by_region.frame["shapley"])
    with pytest.raises(InputError, match="one number"):
        attribute_change(grid.without(LINES), grid, mean, population=pd.Series({"all": 1}))


def dated():
    """Give a line with an old and a new section, and a road."""
    return network_of(
        [("a", "b", 60.0, "line"), ("b", "c", 60.0, "line"), ("a", "c", 500.0, None),
         ("c", "d", 60.0, "other")],
        "abcd", opened=["2000-01-01", "2010-01-01", None, "2012-01-01"],
    )  # fmt: skip


def test_a_section_added_to_an_old_line():
    network = dated()
    result = attribute_change(network.at(2005), network.at(2010), minutes("a", "c"))
    # without the section the way takes 500; without the whole line it would too, but a to b
    # would not be there
    assert result.frame.loc["line", "leave_one_out"] == 120 - 500
    ways = attribute_change(network.at(2005), network.at(2010), minutes("a", "b"))
    assert ways.frame.loc["line", "shapley"] == 0


def test_lines_that_closed_and_lines_that_got_faster():
    before = network_of([("a", "b", 60.0, "old"), ("a", "b", 90.0, "slow")], "ab")
    edges = before.edges.iloc[[1]].assign(minutes=40.0, speed_kmh=np.nan)
    after = sr.Network.from_frames(before.nodes, edges)
    result = attribute_change(before, after, minutes("a", "b"))
    # old closes: 60 to 90 with the other as before, nothing with it as after; and the other
    # way round 60 to 40, or 90 to 40
    assert result.frame["first_in"].to_dict() == {"old": 30, "slow": -20}
    assert result.frame["leave_one_out"].to_dict() == {"old": 0, "slow": -50}
    assert result.frame["shapley"].to_dict() == {"old": 15, "slow": -35}


def test_stations_open_with_their_lines_and_old_lines_stop_there():
    nodes = place("abc").assign(opened=[None, "2010-01-01", None])
    rail = {"rail": {"boarding": 5.0, "alighting": 5.0}}
    edges = pd.DataFrame(
        {"start": ["a", "b", "a"], "end": ["b", "c", "b"], "minutes": [30.0, 30.0, 20.0],
         "mode": "rail", "line": ["old", "old", "new"],
         "opened": ["2000-01-01", "2000-01-01", "2010-01-01"]}
    )  # fmt: skip
    network = sr.Network.from_frames(nodes, edges, modes=rail)
    reach = within(1000, "abc")
    result = attribute_change(network.at(2009), network.at(2010), reach)
    assert result.lines == ("new",)
    assert result.changes["change"].tolist() == [1, 2, 1]
    # an old line that begins to stop at b is nobody's line: no edge of it differs
    plain = sr.Network.from_frames(nodes, edges.iloc[:2], modes=rail)
    result = attribute_change(plain.at(2009), plain.at(2010), reach)
    assert result.lines == ("other changes",)
    assert result.matrix()["other changes"].tolist() == [1, 2, 1]


def test_waits_are_among_the_other_changes():
    before = sr.Network.from_frames(
        place("ab"),
        pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": [30.0], "mode": "rail"}),
        modes={"rail": {"waiting": 20.0}},
    )
    extra = pd.DataFrame(
        {"start": ["a"], "end": ["b"], "minutes": [25.0], "mode": "rail", "line": "new"},
        index=["new"],
    )
    after = before.with_lines(extra).with_modes({"rail": {"waiting": 10.0}})
    result = attribute_change(before, after, minutes("a", "b"))
    assert result.frame["shapley"].to_dict() == {"new": -5, "other changes": -10}


def test_nodes_that_a_plan_adds():
    before = network_of([("a", "b", 200.0, None)], "ab")
    planned = gpd.GeoDataFrame(
        {"line": ["plan"], "minutes": [60.0]}, index=["plan"],
        geometry=[shapely.LineString([(0, 10), (1, 10), (5, 10)])], crs=4326,
    )  # fmt: skip
    after = before.with_lines(planned)
    assert len(after.nodes) > len(before.nodes)
    result = attribute_change(before, after, minutes("a", "b"))
    assert result.total == attribute_change(after.without("plan"), after, minutes("a", "b")).total
    assert result.total < 0


def test_what_is_not_finite_is_refused():
    network = network_of([("a", "b", 10.0, "first"), ("b", "c", 10.0, "second")], "abc")
    before = network.without(["first", "second"])
    with pytest.raises(InputError, match=r"not finite in 1 regions .* none of the lines"):
        attribute_change(before, network, minutes("a", "c"))
    result = attribute_change(before, network, within(60, "abc"))
    assert result.changes["change"].tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"method": "owen"}, "method must be one of"),
        ({"rng": 1}, "none are sampled here"),
        ({"permutations": 5}, "an even number from 4 on"),
        ({"permutations": 2}, "an even number from 4 on"),
        ({"permutations": True}, "an even number from 4 on"),
        ({"method": "leave_one_out", "permutations": 10}, "samples no orders"),
        ({"method": "leave_one_out", "rng": 1}, "none are sampled here"),
        ({"lines": "one"}, r"\['one'\], not one text"),
        ({"lines": []}, "lines is empty"),
        ({"lines": ["one", "nine"]}, "'nine' is the same in both networks, or in none"),
        ({"lines": {"x": ["one"], "y": ["one"]}}, "more than one group"),
        ({"lines": {"other changes": ["one"]}}, "call the group otherwise"),
        ({"before": "2008"}, "before must be a spatialreg.Network"),
        ({"indicator": lambda _: "far"}, "a Series by region or a number"),
        ({"population": pd.Series(np.nan, list("abcdef"))}, "population is missing"),
    ],
)
def test_what_is_refused(grid, change, match):
    given = {"before": grid.without(LINES), "after": grid, "indicator": within(120, "abcdef")}
    given |= change
    with pytest.raises(InputError, match=match):
        attribute_change(given.pop("before"), given.pop("after"), given.pop("indicator"), **given)


def test_networks_that_do_not_fit(grid):
    with pytest.raises(InputError, match="do not differ"):
        attribute_change(grid, grid, within(120, "abcdef"))
    moved = sr.Network.from_frames(grid.nodes.translate(1).to_frame("geometry"), grid.edges)
    with pytest.raises(InputError, match="6 nodes stand at other places"):
        attribute_change(grid.without("one"), moved, within(120, "abcdef"))
    with pytest.raises(AlignmentError, match="other regions on other networks"):
        attribute_change(
            grid.without("one"), grid, lambda n: within(120, "abcdef"[: len(n.edges) - 8])(n)
        )
    with pytest.raises(InputError, match="column must be one of"):
        attribute_change(grid.without("one"), grid, within(120, "abcdef")).matrix("effect")


def test_lines_that_opened():
    network = dated()
    table = opened_lines(network, after=2005, until=2011)
    assert table.index.tolist() == ["line"]
    assert table.loc["line", "edges"] == 1 and not table.loc["line", "new"]
    assert table.loc["line", "km"] == pytest.approx(network.edges["length_m"].iloc[1] / 1000)
    # the first day is not counted, the last is
    table = opened_lines(network, after="2010-01-01", until="2012-01-01")
    assert table.index.tolist() == ["other"] and table["new"].all()
    assert opened_lines(network, after=1999, until=2012).index.tolist() == ["line", "other"]
    assert opened_lines(network, after=2020, until=2021).empty
    with pytest.raises(InputError, match="until must come after"):
        opened_lines(network, after=2012, until=2012)
    with pytest.raises(InputError, match="not dated"):
        opened_lines(network_of([("a", "b", 1.0, "x")], "ab"), after=1, until=2)


def high_speed():
    """Make a network of the embedded sections, whose bends are the stations."""
    lines, stations = sr.datasets.hsr_lines(), sr.datasets.hsr_stations()
    at = {tuple(np.round(point, 5)): code for code, point in
          zip(stations.index, shapely.get_coordinates(stations.geometry), strict=True)}  # fmt: skip
    hops = []
    for _, section in lines.iterrows():
        stops = [at[tuple(np.round(xy, 5))] for xy in shapely.get_coordinates(section.geometry)]
        hops += [
            {"start": a, "end": b, "line": section["line_en"], "opened": section["opened"],
             "speed_kmh": 0.75 * section["design_speed_kmh"], "mode": "hsr"}
            for a, b in pairwise(stops)
        ]  # fmt: skip
    waits = {"hsr": {"boarding": 30.0, "waiting": 15.0, "transfer": 15.0, "alighting": 10.0}}
    return sr.Network.from_frames(stations[["geometry"]], pd.DataFrame(hops), modes=waits)


def test_high_speed_rail_from_2010_to_2012():
    network = high_speed()
    places = network.edges["start"].unique()[::40].tolist()

    def day_trips(network):
        times = sr.travel_times(places, places, network, cutoff=240)
        return (times <= 240).sum(axis=1)

    opened = opened_lines(network, after=2010, until=2012)
    assert "Beijing-Shanghai HSR" in opened.index
    chosen = ["Beijing-Shanghai HSR", "Beijing-Harbin HSR"]
    result = attribute_change(network.at(2010), network.at(2012), day_trips, lines=chosen)
    assert result.lines == (*sorted(chosen), "other changes")
    np.testing.assert_allclose(result.matrix().sum(axis=1), result.changes["change"], atol=1e-12)
    assert result.total > 0
    both = day_trips(network.at(2012)).sum() - day_trips(network.at(2010)).sum()
    assert result.total * len(places) == pytest.approx(both)

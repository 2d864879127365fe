"""What holds for every global statistic: definition, all rearrangements, who is left out."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg import autocorrelation as ac
from spatialreg.errors import AlignmentError, InputError, IsolateWarning

from .conftest import lattice_graph
from .family import FAMILY, LABELS, enumerate_all, table, weights

ROUND = 1e-9  # far above rounding, far below the steps of these values


@pytest.fixture(params=FAMILY)
def case(request):
    member = FAMILY[request.param]
    graph, dense = weights(member.binary)
    return member, table(), graph, dense


def test_the_statistic_is_its_definition(case):
    member, data, graph, dense = case
    columns = {name: data[name].to_numpy() for name in data}
    result = member.call(data, graph, permutations=9, rng=1)
    assert result.statistic == pytest.approx(member.define(columns, dense), rel=1e-12)
    assert (result.n, result.isolates, result.missing) == (6, 0, 0)
    assert result.assumption == "randomisation"


def test_moments_are_those_of_all_rearrangements(case):
    member, data, graph, dense = case
    every = enumerate_all(member, data, dense)
    result = member.call(data, graph, permutations=9, rng=1)
    assert result.expected == pytest.approx(every.mean(), abs=1e-12)
    assert result.variance == pytest.approx(every.var(), rel=1e-10)
    score = (result.statistic - every.mean()) / every.std()
    assert result.z_score == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less", "directed"])
def test_p_values_approach_those_of_all_rearrangements(case, alternative):
    member, data, graph, dense = case
    every = member.likeness * enumerate_all(member, data, dense)
    observed = every[0]  # the first rearrangement is none
    above, below = np.mean(every >= observed - ROUND), np.mean(every <= observed + ROUND)
    expected = {
        "greater": above,
        "less": below,
        "directed": min(above, below),
        "two-sided": min(1.0, 2 * min(above, below)),
    }[alternative]
    count = 20_000
    result = member.call(data, graph, permutations=count, alternative=alternative, rng=2)
    # five standard errors of a share, twice over for the doubled tail
    assert result.p_value == pytest.approx(expected, abs=10 * np.sqrt(0.25 / count) + 2 / count)


def test_permutations_are_draws_from_all_rearrangements(case):
    """Each value of the null distribution is one of the 720, and is drawn as often as it should."""
    member, data, graph, dense = case
    every = enumerate_all(member, data, dense).round(9)
    null = member.call(data, graph, permutations=20_000, rng=3).null_distribution.round(9)
    values, counts = np.unique(every, return_counts=True)
    near = values[np.abs(values[:, None] - null).argmin(axis=0)]
    assert np.abs(near - null).max() <= 2e-9
    share = counts / len(every)
    drawn = np.array([np.mean(near == value) for value in values])
    assert (np.abs(drawn - share) < 5 * np.sqrt(share / len(null)) + 1e-4).all()


def test_the_order_of_rows_changes_nothing(case):
    member, data, graph, _ = case
    one = member.call(data, graph, permutations=99, rng=4)
    other = member.call(data.iloc[[3, 5, 0, 2, 4, 1]], graph, permutations=99, rng=4)
    assert (one.statistic, one.p_value) == (other.statistic, other.p_value)
    np.testing.assert_array_equal(one.null_distribution, other.null_distribution)


def test_the_first_permutations_stay_the_same_when_more_are_drawn(case):
    member, data, graph, _ = case
    few = member.call(data, graph, permutations=7, rng=4).null_distribution
    many = member.call(data, graph, permutations=50, rng=4).null_distribution
    np.testing.assert_array_equal(few, many[:7])


def test_inputs_stay_as_they_were(case):
    member, data, graph, _ = case
    before, adjacency = data.copy(deep=True), graph.adjacency.copy()
    result = member.call(data, graph, permutations=9, rng=1)
    pd.testing.assert_frame_equal(data, before)
    pd.testing.assert_series_equal(graph.adjacency, adjacency)
    with pytest.raises(ValueError, match="read-only"):
        result.null_distribution[0] = 1


def larger(binary=True):
    """A 5 x 5 lattice with all columns."""
    graph = lattice_graph(5, "b" if binary else "r")
    rng = np.random.default_rng(9)
    data = pd.DataFrame(
        {
            "x": rng.normal(size=25),
            "y": rng.gamma(2, size=25),
            "kind": rng.integers(0, 2, 25),
            "name": rng.choice(list("pqr"), 25),
            "events": rng.integers(0, 40, 25),
            "population": rng.integers(100, 900, 25),
        },
        index=graph.unique_ids,
    )
    return data, graph


@pytest.mark.parametrize("name", FAMILY)
def test_regions_without_a_value_are_left_out(name):
    member = FAMILY[name]
    data, graph = larger()
    gone = ["ab", "cc", "ee"]
    rest = data.drop(gone)
    pairs = graph.adjacency.reset_index()
    pairs = pairs[pairs["focal"].isin(rest.index) & pairs["neighbor"].isin(rest.index)]
    smaller = Graph.from_arrays(pairs["focal"], pairs["neighbor"], np.ones(len(pairs)))
    expected = member.call(rest, smaller.transform("r"), permutations=99, rng=4)
    # of two columns, either may be the one that lacks the value
    for columns in (member.moves, member.moves[:1], ("x", "population")):
        holes = data.astype({"x": float, "y": float, "kind": object, "name": object})
        holes.loc[gone, [*{*columns, member.moves[0]}]] = np.nan
        result = member.call(holes, graph.transform("r"), permutations=99, rng=4)
        assert (result.n, result.missing) == (22, 3)
        assert result.statistic == pytest.approx(expected.statistic, rel=1e-12)
        assert result.variance == pytest.approx(expected.variance, rel=1e-10)
        assert result.p_value == expected.p_value


@pytest.mark.parametrize("name", FAMILY)
def test_isolates_count_but_have_no_neighbours(name):
    """The definition with a row and column of zeros."""
    member = FAMILY[name]
    data = table()
    data.loc["z"] = [1.0, 2.5, 1, "q", 6, 400]
    graph, dense = weights(member.binary)
    links = {i: dict(graph[i]) for i in LABELS}
    wider = Graph.from_weights_dict({**links, "z": {}})
    result = member.call(data.infer_objects(), wider, permutations=9, rng=1)
    columns = {name: data[name].to_numpy(dtype=object) for name in data}
    columns = {k: v if k == "name" else v.astype(float) for k, v in columns.items()}
    padded = np.pad(dense, (0, 1))
    assert result.statistic == pytest.approx(member.define(columns, padded), rel=1e-12)
    assert (result.n, result.isolates) == (7, 1)


@pytest.mark.parametrize("name", FAMILY)
def test_regions_cut_off_are_reported(name):
    member = FAMILY[name]
    data = table().astype({"x": float, "y": float, "kind": object, "name": object})
    data.loc["c", list(member.moves)] = np.nan
    links = {"a": ["b", "f"], "b": ["a"], "c": ["d"], "d": ["c"], "e": ["f"], "f": ["a", "e"]}
    with pytest.warns(IsolateWarning, match=r"\(d\)"):
        result = member.call(data, Graph.from_dicts(links), permutations=9, rng=1)
    assert (result.n, result.isolates, result.missing) == (5, 1, 1)


@pytest.mark.parametrize("name", FAMILY)
def test_few_regions_raise(name):
    member = FAMILY[name]
    data = table().astype({"x": float, "y": float, "kind": object, "name": object})
    data.loc[["a", "d", "e"], list(member.moves)] = np.nan
    with pytest.raises(InputError, match=r"values for 3 of (its|their) 6 regions"):
        member.call(data, weights(True)[0], permutations=9)


@pytest.mark.parametrize("name", FAMILY)
def test_constants_raise(name):
    member = FAMILY[name]
    for column in member.moves:
        data = table()
        data[column] = data[column].iloc[3]
        message = rf"^{'y' if column in ('kind', 'name') else column} is constant"
        if name == "moran_rate":  # a rate is constant where both numbers are
            data["events"], data["population"] = 10 * np.arange(1, 7), 70 * np.arange(1, 7)
            message = "the rate is the same in all 6 regions"
        with pytest.raises(InputError, match=message):
            member.call(data, weights(True)[0], permutations=9)


@pytest.mark.parametrize("name", [name for name in FAMILY if FAMILY[name].moves != ("name",)])
def test_infinite_values_raise(name):
    member = FAMILY[name]
    for column in member.moves:
        data = table().astype({column: float})
        data.loc["e", column] = np.inf
        with pytest.raises(InputError, match="1 infinite values, at e"):
            member.call(data, weights(True)[0], permutations=9)


@pytest.mark.parametrize("name", FAMILY)
def test_doubled_labels_raise(name):
    member = FAMILY[name]
    data = pd.concat([table(), table().loc[["b"]]])
    with pytest.raises(AlignmentError, match=r"1 labels more than once \(b\)"):
        member.call(data, weights(True)[0], permutations=9)


@pytest.mark.parametrize("name", FAMILY)
def test_graphs_have_to_fit(name):
    member = FAMILY[name]
    data, graph = larger()
    with pytest.raises(AlignmentError, match=r"lacks 1 of the 26 regions of y \(zz\)"):
        member.call(pd.concat([data, data.iloc[[0]].set_axis(["zz"])]), graph, permutations=9)
    part = data.iloc[:20]
    with pytest.raises(AlignmentError, match="5 regions that y lacks"):
        member.call(part, graph, permutations=9)
    assert member.call(part, graph, permutations=9, subset=True).n == 20
    with pytest.raises(InputError, match=r"must be a libpysal\.graph\.Graph, not dict"):
        member.call(data, {}, permutations=9)
    with pytest.raises(InputError, match="no two of the 25 regions"):
        member.call(data, Graph.from_dicts({k: [] for k in data.index}), permutations=9)


@pytest.mark.parametrize("name", FAMILY)
def test_arguments_are_checked(name):
    member = FAMILY[name]
    data, graph = larger()
    with pytest.raises(InputError, match="permutations must be at least 1"):
        member.call(data, graph, permutations=0)
    with pytest.raises(InputError, match="alternative must be one of"):
        member.call(data, graph, alternative="upper")
    with pytest.raises(InputError, match="rng must be an int or a numpy"):
        member.call(data, graph, rng=np.random.RandomState(1))


@pytest.mark.parametrize("function", [ac.moran_bv, ac.moran_rate, ac.lee])
def test_two_variables_are_of_the_same_regions(function):
    data, graph = larger()
    one, other = data["events"] + 1.0, data["population"]
    with pytest.raises(AlignmentError, match=r"lacks 1 of the 25 regions of \w+ \(aa\)"):
        function(one, other.iloc[1:], graph, permutations=9)
    with pytest.raises(AlignmentError, match=r"lacks 1 of the 25 regions of \w+ \(aa\)"):
        function(one.iloc[1:], other, graph, permutations=9)
    shuffled = function(one, other.sample(frac=1, random_state=1), graph, permutations=99, rng=1)
    straight = function(one, other, graph, permutations=99, rng=1)
    assert shuffled.statistic == straight.statistic
    assert shuffled.p_value == straight.p_value


@pytest.mark.parametrize("name", ["moran", "geary", "moran_bv", "lee"])
def test_what_cannot_vary_has_no_score(name):
    """Everyone is everyone's neighbour: any arrangement is as good as another."""
    everyone = Graph.from_dicts({k: [o for o in LABELS if o != k] for k in LABELS})
    for graph in (everyone, everyone.transform("r")):
        result = FAMILY[name].call(table(), graph, permutations=199, rng=1)
        if name != "moran_bv":  # where x of a region stays and y comes to it or not
            assert result.variance == 0
            assert np.isnan(result.z_score)
            assert np.isnan(result.p_analytic)
            assert result.p_value == 1
        else:
            assert result.variance > 0


@pytest.mark.parametrize("name", ["getis_ord_g", "joins BB", "joins different"])
def test_rows_may_be_standardised_where_links_are_counted(name):
    graph, _ = weights(binary=True)
    one = FAMILY[name].call(table(), graph, permutations=99, rng=1)
    other = FAMILY[name].call(table(), graph.transform("r"), permutations=99, rng=1)
    assert (one.statistic, one.variance, one.p_value) == (
        other.statistic, other.variance, other.p_value,
    )  # fmt: skip
    unequal, _ = weights(binary=False)
    with pytest.raises(InputError, match=r"4 regions have unequal weights: pass graph\.transform"):
        FAMILY[name].call(table(), unequal, permutations=9)

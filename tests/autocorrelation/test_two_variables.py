"""Bivariate Moran's I, Lee's L and Moran's I of rates: by hand, and what they share with others."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy.stats import pearsonr

import spatialreg as sr
from spatialreg.autocorrelation import lee, moran_bv, moran_rate
from spatialreg.errors import InputError

from .conftest import CHAIN, lattice_graph
from .family import table, weights


def chain_case():
    # x: 0, 0, 1, 3 -> -1, -1, 0, 2 (squares 6); y: 1, 2, 3, 6 -> -2, -1, 0, 3 (squares 14)
    x = pd.Series([0, 0, 1, 3], index=list("abcd"))
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    return x, y, Graph.from_dicts(CHAIN)


def test_bivariate_by_hand():
    # x times sum of the neighbours' y: (-1)(-1) + (-1)(-2 + 0) + 0 + 2 * 0 = 3; n / S0 = 4 / 6
    x, y, graph = chain_case()
    result = moran_bv(x, y, graph, permutations=9, rng=1)
    assert result.statistic == pytest.approx(4 / 6 * 3 / np.sqrt(6 * 14))
    assert result.expected == 0


def test_lee_by_hand():
    # sums of the neighbours' x: -1, -1, 1, 0, of y: -1, -2, 2, 0: products 1 + 2 + 2 + 0 = 5;
    # squares of the row sums 1 + 4 + 4 + 1 = 10
    x, y, graph = chain_case()
    result = lee(x, y, graph, permutations=9, rng=1)
    assert result.statistic == pytest.approx(4 / 10 * 5 / np.sqrt(6 * 14))


def test_of_one_variable_the_bivariate_is_the_univariate(field):
    y, graph = field
    assert moran_bv(y, y, graph, permutations=9).statistic == pytest.approx(
        sr.moran(y, graph, permutations=9).statistic
    )


def test_the_bivariate_moments_hold_for_normal_values_too():
    """Drawn values of y on a fixed x: mean 0 and the stated variance, within sampling error."""
    graph, _ = weights(binary=False)
    x, rng = table()["x"], np.random.default_rng(6)
    results = [
        moran_bv(x, pd.Series(rng.normal(size=6), x.index), graph, permutations=1)
        for _ in range(600)
    ]
    drawn = np.array([result.statistic for result in results])
    assert len({round(result.variance, 12) for result in results}) == 1
    assert drawn.mean() == pytest.approx(0, abs=5 * drawn.std() / np.sqrt(600))
    assert drawn.var() == pytest.approx(results[0].variance, rel=5 * np.sqrt(2 / 600))


def test_lee_of_a_region_alone_is_the_correlation():
    """Where everyone's only neighbour is himself, L is Pearson's r, whatever the arrangement."""
    graph = lattice_graph(5)
    alone = Graph.from_arrays(graph.unique_ids, graph.unique_ids, np.ones(25))
    rng = np.random.default_rng(3)
    x = pd.Series(rng.normal(size=25), graph.unique_ids)
    y = x + rng.normal(size=25)
    plain = lee(x, y, graph, permutations=9)
    assert plain.statistic != pytest.approx(pearsonr(x, y)[0])
    with pytest.raises(InputError, match="no two of the 25 regions"):
        lee(x, y, alone, permutations=9)


@pytest.mark.parametrize("missing", [[], ["ab", "ca"]])
def test_lee_takes_weights_of_regions_on_themselves(missing):
    graph = lattice_graph(4, "b")
    own = graph.assign_self_weight(1).transform("r")
    rng = np.random.default_rng(5)
    x = pd.Series(rng.normal(size=16), graph.unique_ids)
    y = x + rng.normal(size=16)
    y[missing] = np.nan
    rest = y.dropna().index
    dense = graph.sparse.toarray()
    keep = graph.unique_ids.isin(rest)
    dense = (dense + np.eye(16))[np.ix_(keep, keep)]
    dense /= dense.sum(axis=1, keepdims=True)
    a, b = (v[rest].to_numpy() - v[rest].mean() for v in (x, y))
    expected = (dense @ a) @ (dense @ b) / np.sqrt((a @ a) * (b @ b))  # n / sum of squares is 1
    result = lee(x, y, own, permutations=9999, rng=1)
    assert result.statistic == pytest.approx(expected)
    assert (result.n, result.missing) == (len(rest), len(missing))
    null = result.null_distribution
    assert null.mean() == pytest.approx(result.expected, abs=5 * null.std() / 100)
    assert null.var() == pytest.approx(result.variance, rel=0.1)


def test_lee_moments_with_weights_on_the_diagonal():
    """All rearrangements of six regions, some of which weigh themselves."""
    from itertools import permutations

    graph, dense = weights(binary=False)
    dense = dense + np.diag([1.0, 0, 0.5, 2.0, 0, 0])
    labels = list("abcdef")
    links = {
        i: {j: dense[p, q] for q, j in enumerate(labels) if dense[p, q]}
        for p, i in enumerate(labels)
    }
    x, y = (table()[name] for name in "xy")
    a, b = ((v - v.mean()).to_numpy() for v in (x, y))
    scale = 6 / (dense.sum(axis=1) ** 2).sum() / np.sqrt((a @ a) * (b @ b))
    every = [scale * (dense @ a[list(p)]) @ (dense @ b[list(p)]) for p in permutations(range(6))]
    result = lee(x, y, Graph.from_weights_dict(links), permutations=9, rng=1)
    assert result.statistic == pytest.approx(every[0])
    assert result.expected == pytest.approx(np.mean(every))
    assert result.variance == pytest.approx(np.var(every))
    assert graph.n == 6


def test_bad_weights_on_the_diagonal():
    y = table()["y"]
    graph = Graph.from_weights_dict({k: {k: -1.0, "a": 1.0} for k in "bcdef"} | {"a": {"b": 1.0}})
    with pytest.raises(InputError, match=r"5 regions on themselves are not \(b, c, d, e, f\)"):
        lee(y, y, graph, permutations=9)
    loops = Graph.from_weights_dict({k: {k: 1.0, "a": 1.0} for k in "bcdef"} | {"a": {"b": 1.0}})
    with pytest.raises(InputError, match="5 regions have a weight on themselves"):
        moran_bv(y, table()["x"], loops, permutations=9)


def test_rates_by_hand():
    # events 1, 2, 3, 6 of 10 people each: b = 0.3; x (p - b)**2: 10 (.04 + .01 + 0 + .09) = 1.4,
    # of 40 people 0.035; a = 0.035 - 0.03 = 0.005; v = 0.035 for all: z is proportional to y
    _, y, graph = chain_case()
    people = pd.Series(10, index=y.index)
    result = moran_rate(y, people, graph, permutations=9, rng=1)
    assert result.statistic == pytest.approx(sr.moran(y, graph, permutations=9).statistic)
    assert result.name == "Moran's I of rates"


def test_rates_whose_variance_would_be_negative():
    """Less spread than chance gives: a + b / x is negative for large populations, b / x is taken.

    events 1, 2, 29 of 10, 20, 300 and 10 of 100 people: with b = 42 / 430 all rates are close to
    it, so that a is nearly -b / mean(x) = -b / 107.5; only 300 people make a + b / x negative.
    """
    events = pd.Series([1, 2, 29, 10], index=list("abcd"))
    people = pd.Series([10, 20, 300, 100], index=list("abcd"))
    overall = 42 / 430
    rate = events / people
    a = (people * (rate - overall) ** 2).sum() / 430 - overall / 107.5
    v = a + overall / people
    assert (v < 0).to_list() == [False, False, True, False]
    v["c"] = overall / 300
    z = (rate - overall) / np.sqrt(v)
    graph = Graph.from_dicts(CHAIN)
    result = moran_rate(events, people, graph, permutations=9)
    assert result.statistic == pytest.approx(sr.moran(z, graph, permutations=9).statistic)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("events", -1, "events must not be negative; 1 regions are not so, at b"),
        ("population", 0, "population must be above zero; 1 regions are not so, at b"),
    ],
)
def test_counts_of_people_and_events(column, value, message):
    data = table()
    data.loc["b", column] = value
    with pytest.raises(InputError, match=message):
        moran_rate(data["events"], data["population"], weights(True)[0], permutations=9)


def test_no_events_make_no_rate():
    data = table()
    with pytest.raises(InputError, match="no events in any of the 6 regions"):
        moran_rate(0 * data["events"], data["population"], weights(True)[0], permutations=9)


def test_rates_take_the_assumption():
    data, (graph, _) = table(), weights(False)
    pair = data["events"], data["population"]
    normal = moran_rate(*pair, graph, assumption="normality", permutations=9)
    random = moran_rate(*pair, graph, permutations=9)
    assert (normal.assumption, random.assumption) == ("normality", "randomisation")
    assert normal.variance != pytest.approx(random.variance)

"""The general G by hand, and the values that it needs."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg.autocorrelation import getis_ord_g
from spatialreg.errors import InputError

from .conftest import CHAIN, lattice_graph


def test_by_hand():
    # a chain with y = 1, 2, 3, 6: neighbours 2 (2 + 6 + 18) = 52; all pairs 12**2 - 50 = 94;
    # expected 6 links of 12
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    result = getis_ord_g(y, Graph.from_dicts(CHAIN), permutations=9, rng=1)
    assert result.statistic == pytest.approx(52 / 94)
    assert result.expected == pytest.approx(6 / 12)


def test_high_values_together_and_apart():
    graph = lattice_graph(8, "b")
    together, apart = np.ones((8, 8)), np.ones((8, 8))
    together[:4, :4] = 9.0
    apart[::2, ::2] = 9.0  # as many, no two of them neighbours
    for values, alternative, sign in ((together, "greater", 1), (apart, "less", -1)):
        y = pd.Series(values.ravel(), graph.unique_ids)
        result = getis_ord_g(y, graph, permutations=999, alternative=alternative, rng=1)
        assert result.p_value == 0.001
        assert sign * result.z_score > 3


def test_negative_values_raise():
    y = pd.Series([1, -2, 3, -6.5], index=list("abcd"))
    with pytest.raises(InputError, match=r"2 are negative \(b, d\): use moran"):
        getis_ord_g(y, Graph.from_dicts(CHAIN))


def test_one_value_above_zero_is_no_pair():
    y = pd.Series([0, 0, 3, 0], index=list("abcd"))
    with pytest.raises(InputError, match="1 of 4 are above zero"):
        getis_ord_g(y, Graph.from_dicts(CHAIN))


def test_zeros_and_ties_are_taken():
    # counts of 0 and 1 on a chain of four: of 6 pairs of places 3 are neighbours
    y = pd.Series([0, 1, 1, 0], index=list("abcd"))
    result = getis_ord_g(
        y, Graph.from_dicts(CHAIN), permutations=9999, alternative="greater", rng=1
    )
    assert result.statistic == 1
    assert result.p_value == pytest.approx(1 / 2, abs=0.025)


@pytest.mark.parametrize("size", [1e-160, 1.0, 1e160])
def test_the_unit_does_not_matter(size):
    graph = lattice_graph(4)
    y = pd.Series(np.random.default_rng(1).gamma(2, size=16), graph.unique_ids)
    one, other = (getis_ord_g(v, graph, permutations=199, rng=1) for v in (y, y * size))
    assert other.statistic == pytest.approx(one.statistic)
    assert other.variance == pytest.approx(one.variance)
    assert other.p_value == one.p_value


def test_values_that_differ_little_keep_their_variance():
    """The long formula loses all digits here; enumeration of pairs gives the variance."""
    graph = lattice_graph(3, "b")
    z = np.random.default_rng(2).normal(size=9)
    z -= z.mean()
    z /= z.std()
    scores = [
        getis_ord_g(
            pd.Series(1 + spread * z, graph.unique_ids), graph, permutations=9, rng=1
        ).z_score
        for spread in (1e-5, 1e-6)
    ]
    # with a small spread G is a sum over regions of degree times value, whose score has no unit
    assert scores[0] == pytest.approx(scores[1], rel=1e-3)
    degree = graph.cardinalities.to_numpy(dtype=float)
    line = z @ (degree - degree.mean()) / np.sqrt(9 / 8 * np.sum((degree - degree.mean()) ** 2))
    assert scores[1] == pytest.approx(line, rel=1e-3)

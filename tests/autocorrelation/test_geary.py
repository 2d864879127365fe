"""Geary's C by hand, what its sides mean, and its moments under normality."""

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.autocorrelation import geary
from spatialreg.errors import InputError

from .conftest import CHAIN, lattice_graph
from .family import weights


def test_by_hand():
    # a chain a-b-c-d with y = 1, 2, 3, 6: squared differences 1, 1, 9, each both ways; sum of
    # squares 14; C = 3 / (2 * 6) * 2 * 11 / 14
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    result = geary(y, Graph.from_dicts(CHAIN), permutations=9, rng=1)
    assert result.statistic == pytest.approx(3 / 12 * 22 / 14)
    assert result.expected == pytest.approx(1)


def test_standardised_rows_by_hand():
    # rows a: 1, b: (1 + 1) / 2, c: (1 + 9) / 2, d: 9; S0 = 4
    y = pd.Series([1, 2, 3, 6], index=list("abcd"))
    result = geary(y, Graph.from_dicts(CHAIN).transform("r"), permutations=9, rng=1)
    assert result.statistic == pytest.approx(3 / 8 * 16 / 14)


def test_greater_asks_for_likeness(field):
    """C is small where neighbours are alike, and there "greater" looks, as for Moran's I."""
    y, graph = field
    result = geary(y, graph, permutations=999, alternative="greater", rng=1)
    assert result.statistic < 1
    assert result.z_score < -3
    assert result.p_value == 0.001
    assert result.p_analytic < 0.001
    less = geary(y, graph, permutations=999, alternative="less", rng=1)
    assert (less.p_value, less.p_analytic > 0.99) == (1, True)
    moran = sr.moran(y, graph, permutations=999, alternative="greater", rng=1)
    assert moran.p_value == result.p_value


@pytest.mark.parametrize("binary", [True, False])
def test_moments_under_normality(binary):
    """From the eigenvalues of the quadratic form, whose ratio does not depend on its size.

    C is ``u'Au / u'u`` for normal u in the n - 1 dimensions that sum to zero. Its mean is that of
    the eigenvalues of A there, its variance twice their sum of squares over (n - 1)(n + 1).
    """
    graph, dense = weights(binary)
    n = len(dense)
    both = (dense + dense.T) / 2
    form = (n - 1) / dense.sum() * (np.diag(both.sum(axis=1)) - both)
    centre = np.linalg.svd(np.ones((1, n)))[2][1:]  # an orthonormal basis of what sums to zero
    values = np.linalg.eigvalsh(centre @ form @ centre.T)
    y = pd.Series([3.0, 0.0, 1.0, 7.0, 1.0, 2.0], index=list("abcdef"))
    result = geary(y, graph, assumption="normality", permutations=9)
    assert result.expected == pytest.approx(values.mean())
    assert result.variance == pytest.approx(2 * values.var() / (n + 1))
    assert result.assumption == "normality"


def test_nothing_varies_where_all_are_neighbours():
    everyone = Graph.from_dicts({k: [o for o in "abcde" if o != k] for k in "abcde"})
    y = pd.Series([0.1, 0.2, 0.4, 0.7, 1.3], index=list("abcde"))
    for assumption in ("randomisation", "normality"):
        result = geary(y, everyone, assumption=assumption, permutations=99, rng=1)
        assert result.statistic == pytest.approx(1)
        assert result.variance == 0
        assert result.p_value == 1


def test_unknown_assumption():
    graph = lattice_graph(3)
    y = pd.Series(range(9), graph.unique_ids)
    for function in (geary, sr.moran):
        with pytest.raises(InputError, match="assumption must be one of 'randomisation', 'norm"):
            function(y, graph, assumption="normal")

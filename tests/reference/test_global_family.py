"""The global statistics against esda, values and analytic moments, and published output."""

from __future__ import annotations

import esda
import libpysal
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy.stats import ks_2samp

import spatialreg as sr
from spatialreg import autocorrelation as ac
from spatialreg import datasets

from .test_autocorrelation import CASES, column, gal

BINARY = {name: (y, graph.transform("b")) for name, (y, graph) in CASES.items()}
QUICK = {"permutations": 9, "rng": 1}


def second(y):
    """Give another variable that goes with `y`."""
    return y.rank() + np.random.default_rng(len(y)).normal(0, len(y) / 3, len(y))


@pytest.mark.parametrize("name", CASES)
def test_moran_under_normality(name):
    y, graph = CASES[name]
    peer = esda.Moran(
        y, graph, transformation=graph.transformation, permutations=0, two_tailed=True
    )
    result = sr.moran(y, graph, assumption="normality", **QUICK)
    assert result.variance == pytest.approx(peer.VI_norm, rel=1e-10)
    assert result.z_score == pytest.approx(peer.z_norm, rel=1e-9)
    assert result.p_analytic == pytest.approx(peer.p_norm, rel=1e-8)


# esda's Geary stops at a graph with isolates
@pytest.mark.parametrize("name", [name for name in CASES if name != "islands"])
def test_geary(name):
    y, graph = CASES[name]
    peer = esda.Geary(y, graph, transformation=graph.transformation, permutations=0)
    random = ac.geary(y, graph, alternative="directed", **QUICK)
    normal = ac.geary(y, graph, alternative="directed", assumption="normality", **QUICK)
    assert random.statistic == pytest.approx(peer.C, rel=1e-11)
    assert random.expected == pytest.approx(peer.EC, rel=1e-12)
    assert random.variance == pytest.approx(peer.VC_rand, rel=1e-10)
    assert normal.variance == pytest.approx(peer.VC_norm, rel=1e-10)
    assert random.z_score == pytest.approx(peer.z_rand, rel=1e-9)
    assert random.p_analytic == pytest.approx(peer.p_rand, rel=1e-8)
    assert normal.p_analytic == pytest.approx(peer.p_norm, rel=1e-8)


@pytest.mark.parametrize("name", BINARY)
def test_general_g(name):
    y, graph = BINARY[name]
    peer = esda.G(y, graph, permutations=0)
    result = ac.getis_ord_g(y, graph, **QUICK)
    assert result.statistic == pytest.approx(peer.G, rel=1e-11)
    assert result.expected == pytest.approx(peer.EG, rel=1e-12)
    assert result.variance == pytest.approx(peer.VG, rel=1e-8)
    assert result.z_score == pytest.approx(peer.z_norm, rel=1e-8)


@pytest.mark.parametrize("name", ["lattice b", "ties", "kernel"])
def test_join_counts(name):
    y, graph = BINARY[name]
    high = (y > y.median()).astype(int)
    peer = esda.Join_Counts(high, graph, permutations=0)
    frame = ac.join_counts(high, graph, **QUICK).frame
    assert frame["statistic"].to_dict() == pytest.approx(
        {"BB": peer.bb, "BW": peer.bw, "WW": peer.ww}
    )


@pytest.mark.parametrize("name", [name for name in CASES if name != "islands"])
def test_bivariate_moran(name):
    y, graph = CASES[name]
    x = second(y)
    peer = esda.Moran_BV(x, y, graph, transformation="r", permutations=0)
    # esda divides by n and not by the sum of weights, which standardised rows make the same
    result = ac.moran_bv(x, y, graph.transform("r"), **QUICK)
    assert result.statistic == pytest.approx(peer.I, rel=1e-10)


@pytest.mark.parametrize("name", CASES)
def test_lee(name):
    y, graph = CASES[name]
    x = second(y)
    peer = esda.Spatial_Pearson(connectivity=graph.sparse, permutations=0)
    peer.fit(x.to_numpy().reshape(-1, 1), y.to_numpy().reshape(-1, 1))
    result = ac.lee(x, y, graph, **QUICK)
    assert result.statistic == pytest.approx(peer.association_[0, 1], rel=1e-10)


def test_rates_of_sudden_infant_deaths():
    """Documentation of esda (sids2: SID79 of BIR79): Moran_Rate is 0.166.

    spdep (EBImoran.mc) and GeoDa define it alike.
    """
    graph = gal("sids2.gal")
    labels = graph.unique_ids
    events, births = (column("sids2.dbf", name, labels) for name in ("SID79", "BIR79"))
    result = ac.moran_rate(events, births, graph, **QUICK)
    assert result.statistic == pytest.approx(0.166, abs=1e-3)
    peer = esda.Moran_Rate(events, births, graph, transformation="r", permutations=0)
    assert result.statistic == pytest.approx(peer.I, rel=1e-10)
    assert result.variance == pytest.approx(peer.VI_rand, rel=1e-9)


@pytest.mark.parametrize(
    ("ours", "theirs", "of"),
    [
        (ac.geary, esda.Geary, "sim"),
        (ac.getis_ord_g, esda.G, "sim"),
    ],
)
def test_null_distributions_agree_with_esda(ours, theirs, of):
    """The same quantiles (two-sample Kolmogorov-Smirnov)."""
    mexico = datasets.mexico()
    graph = sr.build_weights(mexico, "knn", k=5)
    np.random.mtrand._rand.seed(5)  # esda's global statistics take no seed
    peer = theirs(mexico["gdp_2000"], graph, permutations=4999)
    result = ours(mexico["gdp_2000"], graph, permutations=4999, rng=1)
    assert ks_2samp(result.null_distribution, getattr(peer, of)).pvalue > 0.001


def test_null_distributions_of_two_variables_agree_with_esda():
    mexico = datasets.mexico()
    graph = sr.build_weights(mexico, "knn", k=5)
    x, y = mexico["gdp_1940"], mexico["gdp_2000"]
    np.random.mtrand._rand.seed(6)
    peer = esda.Moran_BV(x, y, graph, permutations=4999)
    result = ac.moran_bv(x, y, graph, permutations=4999, rng=1)
    assert ks_2samp(result.null_distribution, peer.sim).pvalue > 0.001
    pearson = esda.Spatial_Pearson(connectivity=graph.sparse, permutations=4999)
    pearson.fit(x.to_numpy().reshape(-1, 1), y.to_numpy().reshape(-1, 1))
    result = ac.lee(x, y, graph, permutations=4999, rng=1)
    null = pearson.reference_distribution_[:, 0, 1]
    assert ks_2samp(result.null_distribution, null).pvalue > 0.001


def test_joins_of_the_documented_lattice():
    """Documentation of esda (4 x 4 rook lattice, 8 zeros then 8 ones): bb = ww = 10, bw = 4."""
    w = libpysal.weights.lat2W(4, 4)
    graph = Graph.from_W(w)
    y = pd.Series([0] * 8 + [1] * 8, graph.unique_ids)
    frame = ac.join_counts(y, graph, **QUICK).frame
    assert frame["statistic"].to_dict() == {"BB": 10, "BW": 4, "WW": 10}

"""Moran's I and its local form against published output and against esda."""

from __future__ import annotations

import esda
import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph
from scipy.stats import ks_2samp
from shapely.geometry import box

import spatialreg as sr
from spatialreg import datasets


def gal(name: str) -> Graph:
    """Read an example's neighbours, row-standardised."""
    return Graph.from_W(libpysal.io.open(examples.get_path(name)).read()).transform("r")


def column(name: str, of: str, labels: pd.Index) -> pd.Series:
    """Read a column of an example, whose rows are in the order of `labels`."""
    values = libpysal.io.open(examples.get_path(name)).by_col(of)
    return pd.Series(values, index=labels, dtype=float)


@pytest.fixture(scope="module")
def states():
    """The 48 states by name, with the neighbours that the example states48.gal gives."""
    table = pd.read_csv(examples.get_path("usjoin.csv")).set_index("Name")
    graph = gal("states48.gal")
    names = dict(zip(graph.unique_ids, table.index, strict=True))  # both in the same order
    adjacency = graph.adjacency.rename(index=names)
    return table, Graph(adjacency, is_sorted=True).transform("r")


@pytest.fixture(scope="module")
def columbus():
    """The 49 neighbourhoods of Columbus, Ohio; their coordinates have no unit that is known."""
    frame = gpd.read_file(examples.get_path("columbus.shp"))
    return frame.set_index("POLYID")


# --- published --------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "statistic"), [("1929", 0.626927), ("2009", 0.428769)])
def test_incomes_of_us_states(states, year, statistic):
    """Incomes per head of libpysal's usjoin.csv with states48.gal: known values of Moran's I."""
    table, graph = states
    result = sr.moran(table[year], graph, permutations=999, rng=1)
    assert result.statistic == pytest.approx(statistic, abs=5e-7)
    assert result.p_value == 0.002  # no permutation of 999 is as extreme


def test_neighbours_of_us_states_are_those_of_the_example(states):
    """Queen neighbours of our map, built from its outlines, give the same Moran's I."""
    table, graph = states
    ours = datasets.us_states()
    built = sr.build_weights(ours, "queen")
    names = ours["name"].to_dict()
    pairs = {(names[i], names[j]) for i, j in built.adjacency.index}
    assert pairs == set(graph.adjacency.index)
    result = sr.moran(ours["income_1929"], built, permutations=99, rng=1)
    assert result.statistic == pytest.approx(0.626927, abs=5e-7)
    assert table.loc["California", "1929"] == ours.loc["06", "income_1929"]


def test_columbus_as_spdep_prints_it(columbus):
    """R's spdep: moran.test(CRIME) on queen neighbours with style W, under randomisation.

    It prints 5.5894 standard deviates, p = 1.139e-08 (greater), I = 0.500188557, expectation
    -0.020833333 and variance 0.008689289.
    """
    graph = sr.build_weights(columbus, "queen")
    result = sr.moran(columbus["CRIME"], graph, permutations=99, alternative="greater", rng=1)
    assert result.statistic == pytest.approx(0.500188557, abs=5e-10)
    assert result.expected == pytest.approx(-0.020833333, abs=5e-10)
    assert result.variance == pytest.approx(0.008689289, abs=5e-10)
    assert result.z_score == pytest.approx(5.5894, abs=5e-5)
    assert result.p_analytic == pytest.approx(1.139e-08, abs=5e-12)


def test_homicides_around_st_louis():
    """Documentation of esda (stl_hom, HR8893): I = 0.244, expectation -0.012987012987012988."""
    graph = gal("stl.gal")
    result = sr.moran(column("stl_hom.txt", "HR8893", graph.unique_ids), graph, permutations=99)
    assert round(result.statistic, 3) == 0.244
    assert result.expected == pytest.approx(-0.012987012987012988)


def test_sudden_infant_deaths_as_geoda_prints_them():
    """Documentation of esda, after OpenGeoDa (sids2, SIDR74): I = 0.248."""
    graph = gal("sids2.gal")
    result = sr.moran(column("sids2.dbf", "SIDR74", graph.unique_ids), graph, permutations=99)
    assert round(result.statistic, 3) == 0.248


def test_quadrants_of_the_textbook_example():
    """Documentation of esda (desmith): quadrants 4 4 4 2 3 3 1 4 3 3."""
    graph = gal("desmith.gal")
    y = column("desmith.txt", "z", graph.unique_ids)
    names = {1: "High-High", 2: "Low-High", 3: "Low-Low", 4: "High-Low"}
    frame = sr.lisa(y, graph, permutations=99, rng=1).frame
    assert frame["quadrant"].to_list() == [names[q] for q in (4, 4, 4, 2, 3, 3, 1, 4, 3, 3)]


# --- esda -------------------------------------------------------------------------------------


def lattice_case(transform: str, isolates: int) -> tuple[pd.Series, Graph]:
    """A 7 x 8 lattice of squares and islands away from it, with skewed values."""
    cells = [box(x, y, x + 1, y + 1) for y in range(7) for x in range(8)]
    cells += [box(100 * i, 50, 100 * i + 1, 51) for i in range(1, isolates + 1)]
    labels = [f"{i:03d}" for i in range(len(cells))]
    graph = Graph.build_contiguity(gpd.GeoSeries(cells, index=labels), rook=True)
    y = pd.Series(np.random.default_rng(isolates).gamma(1.5, 2.0, len(cells)), index=labels)
    return y, graph.transform(transform)


def cases():
    """Give (name, y, graph): rows standardised, binary, unequal weights, isolates, ties."""
    for transform in ("r", "b", "v"):
        yield f"lattice {transform}", *lattice_case(transform, 0)
    yield "islands", *lattice_case("r", 3)
    counts, graph = lattice_case("r", 0)
    yield "ties", counts.round(), graph
    mexico = datasets.mexico()
    yield "kernel", mexico["gdp_2000"], sr.build_weights(mexico, "kernel", bandwidth=2_000_000)
    yield "knn", mexico["gdp_1940"], sr.build_weights(mexico, "knn", k=5)


CASES = {name: (y, graph) for name, y, graph in cases()}


@pytest.mark.parametrize("name", CASES)
def test_global_moments_are_those_of_esda(name):
    y, graph = CASES[name]
    peer = esda.Moran(y, graph, transformation=graph.transformation, permutations=0)
    result = sr.moran(y, graph, permutations=99, rng=1)
    assert result.statistic == pytest.approx(peer.I, rel=1e-11)
    assert result.expected == pytest.approx(peer.EI, rel=1e-12)
    assert result.variance == pytest.approx(peer.VI_rand, rel=1e-10)
    assert result.z_score == pytest.approx(peer.z_rand, rel=1e-9)
    assert result.p_analytic == pytest.approx(peer.p_rand, rel=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_local_statistics_and_moments_are_those_of_esda(name):
    y, graph = CASES[name]
    peer = esda.Moran_Local(y, graph, transformation=graph.transformation, permutations=9)
    frame = sr.lisa(y, graph, permutations=99, rng=1).frame
    linked = ~frame.index.isin(graph.isolates)
    assert frame["statistic"][linked].to_numpy() == pytest.approx(peer.Is[linked], rel=1e-9)
    names = np.array(["", "High-High", "Low-High", "Low-Low", "High-Low"])
    assert (frame["quadrant"][linked] == names[peer.q[linked]]).all()
    # esda scales the statistic by (n - 1) / n of what its conditional moments are scaled by
    n = len(y)
    scores = (peer.Is * n / (n - 1) - peer.EIc)[linked] / np.sqrt(peer.VIc[linked])
    assert frame["z_score"][linked].to_numpy() == pytest.approx(scores, rel=1e-8)
    assert (
        frame.loc[graph.isolates, ["lag", "statistic", "z_score", "p_value"]].isna().all(axis=None)
    )


@pytest.mark.parametrize("name", ["lattice r", "kernel", "knn"])
def test_local_p_values_agree_with_esda(name):
    """Directed p-values of two independent sets of 9999 draws, within sampling error."""
    y, graph = CASES[name]
    peer = esda.Moran_Local(
        y, graph, transformation=graph.transformation, permutations=9999, seed=3
    )
    result = sr.lisa(y, graph, permutations=9999, alternative="directed", rng=4)
    p = result.frame["p_value"].to_numpy()
    error = np.sqrt(2 * np.maximum(p * (1 - p), 1e-4) / 9999)
    assert (np.abs(p - peer.p_sim) < 5 * error).all()


def test_global_p_values_agree_with_esda():
    """The null distributions have the same quantiles (two-sample Kolmogorov-Smirnov)."""
    y, graph = CASES["knn"]
    np.random.mtrand._rand.seed(5)  # esda's global statistics take no seed
    peer = esda.Moran(y, graph, permutations=9999)
    result = sr.moran(y, graph, permutations=9999, alternative="directed", rng=1)
    assert ks_2samp(result.null_distribution, peer.sim).pvalue > 0.001
    assert result.p_value == pytest.approx(peer.p_sim, abs=0.02)


def test_labels_decide_where_esda_goes_by_position():
    """A shuffled Series gives esda another Moran's I; here it gives the same."""
    y, graph = CASES["knn"]
    shuffled = y.sample(frac=1, random_state=1)
    peers = [esda.Moran(values, graph, permutations=0).I for values in (y, shuffled)]
    ours = [sr.moran(values, graph, permutations=9).statistic for values in (y, shuffled)]
    assert abs(peers[0] - peers[1]) > 0.01
    assert ours[0] == ours[1] == pytest.approx(peers[0])

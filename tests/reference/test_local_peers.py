"""Local statistics against esda and, where it is installed, pygeoda.

Both print the smaller tail as it comes ("directed" here). Their values must be ours; their
p-values, from draws of their own, must be as near as the theory of two independent samples says.
"""

from __future__ import annotations

import importlib.util
import warnings

import esda
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph
from shapely.geometry import box

import spatialreg as sr
from spatialreg import autocorrelation as sa

DRAWS = 9999
OPTIONS = {"permutations": DRAWS, "alternative": "directed", "rng": 4}
needs_pygeoda = pytest.mark.skipif(
    importlib.util.find_spec("pygeoda") is None, reason="needs pygeoda"
)


@pytest.fixture(scope="module")
def columbus():
    """Neighbourhoods with two variables, queen neighbours and events."""
    frame = gpd.read_file(examples.get_path("columbus.shp"))
    frame.index = [f"{i:02d}" for i in range(len(frame))]
    graph = sr.build_weights(frame, "queen")
    rng = np.random.default_rng(5)
    frame["people"] = rng.integers(200, 9000, len(frame)).astype(float)
    frame["events"] = rng.poisson(frame["people"] * frame["CRIME"] / 2000).astype(float)
    frame["one"] = (frame["CRIME"] > 35).astype(float)
    frame["two"] = (frame["INC"] < 13).astype(float)
    return frame, graph


def near(ours: pd.Series, theirs: np.ndarray, draws: int = DRAWS) -> None:
    """Hold two samples' shares of draws against each other: within five standard errors."""
    p = ours.to_numpy()
    # where neither found more than the observed value, the share is of the order of 1 / draws
    error = np.sqrt(np.maximum(p * (1 - p), 1 / draws) * (1 / DRAWS + 1 / draws))
    assert (np.abs(p - theirs) < 5 * error + 1 / draws).all()


# --- esda -------------------------------------------------------------------------------------


@pytest.mark.parametrize("star", [False, True])
@pytest.mark.parametrize("transform", ["r", "b"])
def test_local_g_as_esda(columbus, star, transform):
    frame, graph = columbus
    graph = graph.transform(transform)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # which weight it gives a region on itself
        peer = esda.G_Local(
            frame["CRIME"], graph, transform=transform, star=star, permutations=DRAWS, n_jobs=1,
            seed=1,
        )  # fmt: skip
    ours = sa.local_g(frame["CRIME"], graph, star=star, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], peer.Gs)
    near(ours["p_value"], peer.p_sim)
    if transform == "b":  # its variance is for weights of 1
        np.testing.assert_allclose(ours["z_score"], peer.Zs)
        two_sided = sa.local_g(frame["CRIME"], graph, star=star, permutations=99).frame
        np.testing.assert_allclose(two_sided["p_analytic"], 2 * peer.p_norm)


def test_local_geary_as_esda(columbus):
    frame, graph = columbus
    peer = esda.Geary_Local(connectivity=graph, permutations=DRAWS).fit(frame["CRIME"])
    ours = sa.local_geary(frame["CRIME"], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], peer.localG)
    near(ours["p_value"], peer.p_sim)


def test_local_geary_of_several_variables_as_esda(columbus):
    frame, graph = columbus
    columns = frame[["CRIME", "INC", "HOVAL"]]
    w = graph.to_W()
    peer = esda.Geary_Local_MV(connectivity=w, permutations=DRAWS).fit(list(columns.to_numpy().T))
    ours = sa.local_geary(columns, graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], peer.localG)
    near(ours["p_value"], peer.p_sim)


def test_bivariate_local_moran_as_esda(columbus):
    frame, graph = columbus
    peer = esda.Moran_Local_BV(
        frame["INC"], frame["CRIME"], graph, permutations=DRAWS, n_jobs=1, seed=1
    )
    ours = sa.lisa_bv(frame["INC"], frame["CRIME"], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], peer.Is)
    names = np.array(["", "High-High", "Low-High", "Low-Low", "High-Low"])
    assert (ours["quadrant"] == names[peer.q]).all()
    near(ours["p_value"], peer.p_sim)


def test_local_moran_of_rates_as_esda(columbus):
    frame, graph = columbus
    peer = esda.Moran_Local_Rate(
        frame["events"], frame["people"], graph, permutations=DRAWS, n_jobs=1, seed=1
    )
    ours = sa.lisa_rate(frame["events"], frame["people"], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["y"], peer.y)
    np.testing.assert_allclose(ours["statistic"], peer.Is)
    near(ours["p_value"], peer.p_sim)


def exact_as_directed(frame: pd.DataFrame) -> pd.Series:
    """Give the tail that both print: of draws with as many, or, if smaller, of those with fewer."""
    upper = frame["p_analytic"]
    return np.minimum(upper, 1 - upper)


def test_local_join_counts_as_esda(columbus):
    """It counts ties on one side alone and gives no p-value where there is no join.

    How many draws it takes is what ``fit`` is told.
    """
    frame, graph = columbus
    peer = esda.Join_Counts_Local(connectivity=graph).fit(frame["one"], permutations=DRAWS)
    ours = sa.local_join_count(frame["one"], graph, permutations=99).frame
    np.testing.assert_array_equal(ours["statistic"], peer.LJC)
    joined = (ours["statistic"] > 0).to_numpy()
    assert np.isnan(peer.p_sim[~joined]).all()
    near(exact_as_directed(ours)[joined], peer.p_sim[joined])


@pytest.mark.parametrize("case", ["BJC", "CLC"])
def test_local_join_counts_of_two_as_esda(columbus, case):
    frame, graph = columbus
    x = frame["one"]
    y = frame["two"] if case == "CLC" else 1 - x
    peer = esda.Join_Counts_Local_BV(connectivity=graph).fit(x, y, case=case, permutations=DRAWS)
    ours = sa.local_join_count(x, graph, y=y, colocation=case == "CLC", permutations=99).frame
    np.testing.assert_array_equal(ours["statistic"], peer.LJC)
    joined = (ours["statistic"] > 0).to_numpy()
    assert joined.sum() > 5
    near(exact_as_directed(ours)[joined], peer.p_sim[joined])


@pytest.mark.parametrize("power", [1, 2])
def test_losh_as_esda(columbus, power):
    frame, graph = columbus
    inference = "chi-square" if power == 2 else None
    peer = esda.LOSH(connectivity=graph, inference=inference).fit(frame["CRIME"], a=power)
    ours = sa.losh(frame["CRIME"], graph, power=power, permutations=99, alternative="greater").frame
    np.testing.assert_allclose(ours["statistic"], peer.Hi)
    np.testing.assert_allclose(((ours["statistic"] - 1) / ours["z_score"]) ** 2, peer.VarHi)
    if power == 2:
        np.testing.assert_allclose(ours["p_analytic"], peer.pval, atol=1e-14)


# --- pygeoda ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lattice():
    """400 squares: of few regions its draws are not as likely as one another, by far (n = 49)."""
    cells = [box(x, y, x + 1, y + 1) for y in range(20) for x in range(20)]
    frame = gpd.GeoDataFrame(geometry=cells, index=[f"{i:03d}" for i in range(400)])
    graph = Graph.build_contiguity(frame, rook=False).transform("r")
    rng = np.random.default_rng(3)
    for name in ("CRIME", "INC", "HOVAL"):
        noise = pd.Series(rng.normal(size=400), frame.index)
        frame[name] = np.exp(noise + 2 * graph.lag(noise))
    frame["one"] = (frame["CRIME"] > frame["CRIME"].quantile(0.6)).astype(float)
    frame["two"] = (frame["CRIME"] * frame["INC"] > 1).astype(float)
    return frame, graph


@pytest.fixture(scope="module")
def geoda(lattice):
    """Its own queen weights, held to be ours."""
    import pygeoda

    frame, graph = lattice
    weights = pygeoda.queen_weights(pygeoda.open(frame.reset_index()))
    place = {label: i for i, label in enumerate(frame.index)}
    ours = {(place[i], place[j]) for i, j in graph.adjacency.index}
    theirs = {(i, j) for i in range(len(frame)) for j in weights.get_neighbors(i)}
    assert ours == theirs
    return pygeoda, weights


def from_geoda(found) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give values, p-values and labels."""
    names = np.array(found.lisa_labels())
    return (
        np.array(found.lisa_values()),
        np.array(found.lisa_pvalues()),
        names[list(found.lisa_clusters())],
    )


def same_labels(ours: pd.DataFrame, labels: np.ndarray, p: np.ndarray, names: dict) -> None:
    """Compare labels where both p-values are clearly on one side of 0.05."""
    clear = (np.abs(p - 0.05) > 0.015) & (np.abs(ours["p_value"] - 0.05) > 0.015)
    expected = pd.Series(labels, ours.index).map(lambda name: names.get(name, name))
    assert clear.sum() > 300
    assert len(set(expected[clear])) > 1
    assert (ours["cluster"] == expected)[clear].all()


SAME = {"Not significant": "Not significant"}


@needs_pygeoda
@pytest.mark.parametrize("star", [False, True])
def test_local_g_as_pygeoda(lattice, geoda, star):
    frame, graph = lattice
    peer, weights = geoda
    function = peer.local_gstar if star else peer.local_g
    value, p, label = from_geoda(function(weights, frame["CRIME"].tolist(), permutations=DRAWS))
    ours = sa.local_g(frame["CRIME"], graph, star=star, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], value)
    near(ours["p_value"], p)
    same_labels(ours, label, p, {"High-High": "Hot spot", "Low-Low": "Cold spot", **SAME})


@needs_pygeoda
def test_local_moran_as_pygeoda(lattice, geoda):
    frame, graph = lattice
    peer, weights = geoda
    found = peer.local_moran(weights, frame["CRIME"].tolist(), permutations=DRAWS)
    value, p, label = from_geoda(found)
    ours = sa.lisa(frame["CRIME"], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], value)
    near(ours["p_value"], p)
    same_labels(ours, label, p, SAME)


@needs_pygeoda
def test_local_geary_as_pygeoda(lattice, geoda):
    """Its values are standardised with n - 1; the mean of the draws tells which tail it takes.

    That need not be the smaller one, since the draws are skewed.
    """
    frame, graph = lattice
    peer, weights = geoda
    smaller = (len(frame) - 1) / len(frame)
    found = peer.local_geary(weights, frame["CRIME"].tolist(), permutations=DRAWS)
    value, p, label = from_geoda(found)
    ours = sa.local_geary(frame["CRIME"], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"] * smaller, value)
    near(ours["p_value"], np.minimum(p, 1 - p))
    same_labels(ours, label, p, {"Other Positive": "Other positive", **SAME})
    columns = ["CRIME", "INC", "HOVAL"]
    found = peer.local_multigeary(weights, frame[columns], permutations=DRAWS)
    value, p, label = from_geoda(found)
    ours = sa.local_geary(frame[columns], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"] * smaller, value)
    near(ours["p_value"], np.minimum(p, 1 - p))
    same_labels(ours, label, p, SAME)


@needs_pygeoda
def test_bivariate_local_moran_as_pygeoda(lattice, geoda):
    frame, graph = lattice
    peer, weights = geoda
    found = peer.local_bimoran(
        weights, frame["INC"].tolist(), frame["CRIME"].tolist(), permutations=DRAWS
    )
    value, p, label = from_geoda(found)
    ours = sa.lisa_bv(frame["INC"], frame["CRIME"], graph, **OPTIONS).frame
    np.testing.assert_allclose(ours["statistic"], value)
    near(ours["p_value"], p)
    same_labels(ours, label, p, SAME)


@needs_pygeoda
def test_local_join_counts_as_pygeoda(lattice, geoda):
    frame, graph = lattice
    peer, weights = geoda
    one, two = frame["one"], frame["two"]
    cases = [
        (peer.local_joincount(weights, one.tolist(), permutations=DRAWS), {}),
        (
            peer.local_bijoincount(weights, [one.tolist(), (1 - one).tolist()], permutations=DRAWS),
            {"y": 1 - one},
        ),
        (
            peer.local_multijoincount(weights, [one.tolist(), two.tolist()], permutations=DRAWS),
            {"y": two, "colocation": True},
        ),
    ]
    for found, options in cases:
        value, p, _ = from_geoda(found)
        ours = sa.local_join_count(one, graph, permutations=99, **options).frame
        np.testing.assert_array_equal(ours["statistic"], value)
        joined = (ours["statistic"] > 0).to_numpy()
        near(exact_as_directed(ours)[joined], p[joined])

"""Global statistics and their moments against R's spdep, where R and spdep are installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph
from scipy.spatial import Delaunay

import spatialreg as sr

from ..conftest import needs_spdep

SCRIPT = Path(__file__).with_name("spdep.R")


pytestmark = needs_spdep


def columbus() -> tuple[pd.DataFrame, Graph]:
    """49 neighbourhoods of Columbus, Ohio: crime by income, and a kind that follows from them."""
    frame = gpd.read_file(examples.get_path("columbus.shp")).set_index("POLYID")
    rng = np.random.default_rng(3)
    population = pd.Series(rng.integers(200, 9000, len(frame)), frame.index)
    values = pd.DataFrame(
        {
            "x": frame["INC"],
            "y": frame["CRIME"],
            "events": rng.poisson(population * frame["CRIME"] / 2000),
            "population": population,
            "kind": pd.cut(frame["HOVAL"], 4, labels=list("abcd")).astype(str),
        }
    )
    return values, sr.build_weights(frame, "queen", transform="b")


def counties() -> tuple[pd.DataFrame, Graph]:
    """2,900 scattered seats, neighbours where their Delaunay triangles share an edge."""
    rng = np.random.default_rng(4)
    points = rng.random((2900, 2))
    starts, neighbours = Delaunay(points).vertex_neighbor_vertices
    labels = np.array([f"{i:04d}" for i in range(len(points))])
    focal = np.repeat(labels, np.diff(starts))
    graph = Graph.from_arrays(focal, labels[neighbours], np.ones(len(focal)))
    field = np.sin(5 * points[:, 0]) + np.cos(4 * points[:, 1])
    population = rng.integers(1000, 900_000, len(points))
    values = pd.DataFrame(
        {
            "x": field + rng.normal(size=len(points)),
            "y": np.exp(field + rng.normal(size=len(points))),
            "events": rng.poisson(population * np.exp(field / 4) / 3000),
            "population": population,
            "kind": np.where(field > 1, "a", np.where(rng.random(len(points)) < 0.3, "b", "c")),
        },
        index=labels,
    )
    return values, graph


LAYERS = {"columbus": columbus, "counties": counties}


@pytest.fixture(scope="module", params=LAYERS)
def layer(request, tmp_path_factory):
    """Give values, a binary graph, and what spdep says of them."""
    values, graph = LAYERS[request.param]()
    values = values.sort_index()
    folder = tmp_path_factory.mktemp(request.param)
    place = pd.Series(np.arange(1, len(values) + 1), values.index)
    pairs = graph.adjacency.reset_index()
    edges = pd.DataFrame({"from": pairs["focal"].map(place), "to": pairs["neighbor"].map(place)})
    edges.sort_values(["from", "to"]).to_csv(folder / "edges.csv", index=False)
    values.to_csv(folder / "values.csv", index=False)
    # the moments of Lee's L take spdep a table of all pairs of regions
    with_lee = "1" if len(values) < 1000 else "0"
    done = subprocess.run(
        ["Rscript", str(SCRIPT), str(folder), with_lee], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    peer = pd.read_csv(folder / "results.csv", index_col="name")["value"]
    return values, graph, peer


def same(result, peer, name):
    """Compare a result with the line of spdep's of that name; spdep asks for "greater"."""
    assert result.statistic == pytest.approx(peer[f"{name}.statistic"], rel=1e-9)
    assert result.expected == pytest.approx(peer[f"{name}.expected"], rel=1e-9)
    assert result.variance == pytest.approx(peer[f"{name}.variance"], rel=1e-7)
    assert abs(result.z_score) == pytest.approx(abs(peer[f"{name}.score"]), rel=1e-6)
    # a p-value of 1e-300 magnifies a difference in the 9th digit of the score
    tolerance = 1e-6 * (1 + result.z_score**2)
    assert result.p_analytic == pytest.approx(peer[f"{name}.p"], rel=tolerance, abs=1e-300)


OPTIONS = {"permutations": 9, "alternative": "greater", "rng": 1}


@pytest.mark.parametrize("assumption", ["randomisation", "normality"])
@pytest.mark.parametrize("name", ["moran", "geary"])
def test_moran_and_geary(layer, name, assumption):
    values, graph, peer = layer
    function = getattr(sr.autocorrelation, name)
    result = function(values["y"], graph.transform("r"), assumption=assumption, **OPTIONS)
    same(result, peer, f"{name}.{assumption}")


def test_general_g(layer):
    values, graph, peer = layer
    same(sr.autocorrelation.getis_ord_g(values["y"], graph, **OPTIONS), peer, "getis_ord_g")


def test_residuals(layer):
    values, graph, peer = layer
    result = sr.autocorrelation.moran_residuals(
        values["y"], values["x"], graph.transform("r"), **OPTIONS
    )
    same(result, peer, "residuals")


def test_lee(layer):
    """Of two variables spdep (1.2) takes ``x_i y_j`` for symmetric, which throws its variance off.

    It gives 0.0032 on Columbus where 99,999 permutations vary by 0.0025; the enumeration in
    test_lee.py decides. Of one variable, where the matrix is symmetric, the two agree.
    """
    values, graph, peer = layer
    rows = graph.transform("r")
    result = sr.autocorrelation.lee(values["x"], values["y"], rows, **OPTIONS)
    assert result.statistic == pytest.approx(peer["lee.statistic"], rel=1e-9)
    if "lee.p" in peer:
        assert result.expected == pytest.approx(peer["lee.expected"], rel=1e-9)
        alone = sr.autocorrelation.lee(values["y"], values["y"], rows, **OPTIONS)
        same(alone, peer, "lee.univariate")


def test_rates(layer):
    values, graph, peer = layer
    result = sr.autocorrelation.moran_rate(
        values["events"], values["population"], graph.transform("r"), **OPTIONS
    )
    assert result.statistic == pytest.approx(peer["rate.statistic"], rel=1e-9)


def test_joins(layer):
    values, graph, peer = layer
    frame = sr.autocorrelation.join_counts(values["kind"], graph, **OPTIONS).frame
    kinds = sorted(values["kind"].unique())
    names = {f"{a}:{b}": f"{b}:{a}" for a in kinds for b in kinds if a <= b}
    assert set(frame.index) == {*names, "different"}
    for ours, theirs in {**names, "different": "Jtot"}.items():
        for column in ("statistic", "expected", "variance"):
            got, expected = frame.loc[ours, column], peer[f"joins.{theirs}.{column}"]
            assert got == pytest.approx(expected, rel=1e-9), (ours, column)

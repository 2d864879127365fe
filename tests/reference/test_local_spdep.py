"""Local statistics and their moments against R's spdep, where R and spdep are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg import autocorrelation as sa

from ..conftest import needs_spdep
from .test_spdep import columbus, counties

pytestmark = needs_spdep
SCRIPT = Path(__file__).with_name("local_spdep.R")
OPTIONS = {"permutations": 19, "alpha": 0.5, "rng": 1}
LAYERS = {"columbus": columbus, "counties": counties}


@pytest.fixture(scope="module", params=LAYERS)
def layer(request, tmp_path_factory):
    """Give values, graphs with three kinds of weights, and what spdep says of them."""
    values, binary = LAYERS[request.param]()
    values = values.sort_index()[["x", "y"]]
    values["y"] -= min(0, values["y"].min())
    rng = np.random.default_rng(8)
    values["event"] = (values["y"] > values["y"].quantile(0.7)).astype(int)
    values["other"] = values["event"] & (rng.random(len(values)) < 0.6) | (
        rng.random(len(values)) < 0.2
    )
    values["other"] = values["other"].astype(int)
    adjacency = binary.adjacency
    weights = pd.Series(rng.gamma(2, 1, len(adjacency)), adjacency.index, name="weight")
    given = Graph(weights, is_sorted=True)
    folder = tmp_path_factory.mktemp(f"local_{request.param}")
    place = pd.Series(np.arange(1, len(values) + 1), values.index)
    pairs = weights.reset_index()
    edges = pd.DataFrame(
        {
            "from": pairs["focal"].map(place),
            "to": pairs["neighbor"].map(place),
            "weight": pairs["weight"],
        }
    )
    edges.sort_values(["from", "to"]).to_csv(folder / "edges.csv", index=False)
    values.to_csv(folder / "values.csv", index=False)
    program = shutil.which("Rscript")
    assert program
    done = subprocess.run([program, str(SCRIPT), str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    peer = pd.read_csv(folder / "results.csv").set_index(values.index)
    graphs = {"given": given, "rows": binary.transform("r"), "binary": binary}
    return values, graphs, peer


def same(got, expected, tolerance=1e-9):
    np.testing.assert_allclose(got.to_numpy(), expected.to_numpy(), rtol=tolerance, atol=1e-11)


@pytest.mark.parametrize("kind", ["given", "rows", "binary"])
def test_local_moran(layer, kind):
    """Ours has (n - 1) / n of spdep's, as esda and GeoDa have it; moments given the own value."""
    values, graphs, peer = layer
    n = len(values)
    frame = sa.lisa(values["y"], graphs[kind], **OPTIONS).frame
    same(frame["statistic"] * n / (n - 1), peer[f"moran.{kind}.statistic"])
    same(frame["z_score"], peer[f"moran.{kind}.z_score"])
    same(frame["p_analytic"], peer[f"moran.{kind}.p"], 1e-7)


@pytest.mark.parametrize("kind", ["given", "rows", "binary"])
def test_local_g(layer, kind):
    values, graphs, peer = layer
    frame = sa.local_g(values["y"], graphs[kind], **OPTIONS).frame
    same(frame["statistic"], peer[f"g.{kind}.statistic"])
    same(frame["z_score"], peer[f"g.{kind}.z_score"])
    same(frame["p_analytic"], peer[f"g.{kind}.p"], 1e-7)


@pytest.mark.parametrize("kind", ["rows", "binary"])
def test_local_g_star(layer, kind):
    values, graphs, peer = layer
    frame = sa.local_g(values["y"], graphs[kind], star=True, **OPTIONS).frame
    same(frame["statistic"], peer[f"star.{kind}.statistic"])
    same(frame["z_score"], peer[f"star.{kind}.z_score"])
    same(frame["p_analytic"], peer[f"star.{kind}.p"], 1e-7)


def test_local_geary(layer):
    """The values of spdep are standardised with n - 1."""
    values, graphs, peer = layer
    smaller = (len(values) - 1) / len(values)
    for kind in ("given", "rows"):
        frame = sa.local_geary(values["y"], graphs[kind], **OPTIONS).frame
        same(frame["statistic"] * smaller, peer[f"geary.{kind}"])
    frame = sa.local_geary(values[["x", "y"]], graphs["rows"], **OPTIONS).frame
    same(frame["statistic"] * smaller, peer["geary.two"])


@pytest.mark.parametrize("kind", ["given", "rows"])
def test_losh(layer, kind):
    values, graphs, peer = layer
    frame = sa.losh(values["y"], graphs[kind], alternative="greater", **OPTIONS).frame
    same(frame["statistic"], peer[f"losh.{kind}.statistic"])
    same(frame["lag"], peer[f"losh.{kind}.lag"])
    same((frame["statistic"] - 1) / frame["z_score"], np.sqrt(peer[f"losh.{kind}.variance"]))
    same(frame["p_analytic"], peer[f"losh.{kind}.p"], 1e-7)
    absolute = sa.losh(values["y"], graphs["rows"], power=1, **OPTIONS).frame
    same(absolute["statistic"], peer["losh.absolute"])


def test_bivariate_local_moran(layer):
    values, graphs, peer = layer
    frame = sa.lisa_bv(values["x"], values["y"], graphs["rows"], **OPTIONS).frame
    same(frame["statistic"], peer["bivariate.rows"])


def test_local_join_counts(layer):
    values, graphs, peer = layer
    x, y = values["event"], values["other"]
    assert (peer.filter(like="joins.").sum() > 5).all()
    count = sa.local_join_count(x, graphs["binary"], **OPTIONS).frame["statistic"]
    same(count, peer["joins.one"])
    count = sa.local_join_count(x, graphs["rows"], y=y, colocation=True, **OPTIONS).frame
    same(count["statistic"], peer["joins.both"])
    count = sa.local_join_count(x, graphs["binary"], y=1 - x, **OPTIONS).frame["statistic"]
    same(count, peer["joins.apart"])

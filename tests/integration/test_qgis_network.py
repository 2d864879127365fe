"""Travel times and service lines against QGIS's network analysis, run by ``qgis_process``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import spatialreg as sr
from spatialreg.layers import Layer, Simple
from tests.integration.test_qgis import ENVIRONMENT

# the script of this name that Debian has gives the program an option that it does not know
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
# QGIS starts the Python that stands first on the path, and needs its own
SYSTEM = {**ENVIRONMENT, "PATH": "/usr/bin:/bin"}
UTM = 32632

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(PROGRAM is None, reason="there is no qgis_process (package qgis)"),
]


@pytest.fixture(scope="module")
def streets() -> gpd.GeoDataFrame:
    """Give a bent lattice of 8 x 8 crossings; a third of the streets are one-way."""
    rng = np.random.default_rng(5)
    at = np.stack(np.meshgrid(np.arange(8), np.arange(8)), axis=-1).reshape(-1, 2)
    xy = at * 400.0 + rng.uniform(-120, 120, at.shape) + [500_000, 5_540_000]
    pairs = [
        (i, j) for i in range(64) for j in (i + 1, i + 8) if j < 64 and (j == i + 8 or i % 8 < 7)
    ]
    rows = []
    for start, end in pairs:
        middle = xy[[start, end]].mean(axis=0) + rng.uniform(-60, 60, 2)
        rows.append(
            {
                "start": f"n{start}",
                "end": f"n{end}",
                "speed": float(rng.integers(20, 60)),
                "way": "forward" if rng.random() < 1 / 3 else "both",
                "geometry": shapely.linestrings([xy[start], middle, xy[end]]),
            }
        )
    return gpd.GeoDataFrame(rows, crs=UTM)


@pytest.fixture(scope="module")
def network(streets) -> sr.Network:
    shapes = streets.geometry
    ends = {
        name: shapely.get_point(line, at)
        for column, at in (("start", 0), ("end", -1))
        for name, line in zip(streets[column], shapes, strict=True)
    }
    nodes = gpd.GeoDataFrame(index=list(ends), geometry=list(ends.values()), crs=UTM)
    edges = streets[["start", "end", "geometry"]].assign(
        speed_kmh=streets["speed"], oneway=streets["way"] == "forward"
    )
    return sr.Network.from_frames(nodes, edges)


TARGETS = ["n7", "n20", "n56", "n63"]
MINUTES = 3.0


@pytest.fixture(scope="module")
def found(streets, network, tmp_path_factory) -> tuple[gpd.GeoDataFrame, list[float]]:
    folder = tmp_path_factory.mktemp("network")
    folder.chmod(0o700)
    streets.to_file(folder / "streets.gpkg")
    layer = Layer("streets", "Streets", "", streets, Simple("#222222"))
    sr.write_qgis_project(
        folder / "streets.qgz",
        folder / "streets.gpkg",
        [layer],
        title="Streets",
        crs=streets.crs,
        extent=streets.total_bounds,
    )
    places = network.nodes.geometry.to_crs(UTM)
    how = {
        "INPUT": folder / "streets.gpkg",
        "STRATEGY": 1,  # the quickest way
        "DIRECTION_FIELD": "way",
        "VALUE_FORWARD": "forward",
        "VALUE_BOTH": "both",
        "SPEED_FIELD": "speed",
        "TOLERANCE": 0,
        "START_POINT": written(places["n27"]),
    }
    lines = folder / "lines.gpkg"
    answered(
        folder, "serviceareafrompoint", {**how, "TRAVEL_COST2": MINUTES / 60, "OUTPUT_LINES": lines}
    )
    hours = [
        answered(
            folder,
            "shortestpathpointtopoint",
            {**how, "END_POINT": written(places[name]), "OUTPUT": folder / f"{name}.gpkg"},
        )["TRAVEL_COST"]
        for name in TARGETS
    ]
    return gpd.read_file(lines), hours


def answered(folder: Path, algorithm: str, parameters: dict[str, object]) -> dict[str, object]:
    """Run an algorithm of QGIS; lengths are geodesic, on WGS 84."""
    given = [f"--{name}={value}" for name, value in parameters.items()]
    run = subprocess.run(
        [PROGRAM, "--json", "run", f"native:{algorithm}", "--ELLIPSOID=EPSG:7030",
         f"--PROJECT_PATH={folder / 'streets.qgz'}", *given],
        capture_output=True, text=True, check=False, timeout=180,
        env={**SYSTEM, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["results"]


def written(point: shapely.Point) -> str:
    return f"{point.x:.6f},{point.y:.6f} [EPSG:{UTM}]"


def test_travel_times_are_those_of_qgis(found, network):
    ours = sr.travel_times(["n27"], TARGETS, network).loc["n27"]
    assert ours.to_numpy() / 60 == pytest.approx(np.array(found[1]), rel=1e-6)


def test_service_lines_are_those_of_qgis(found, network):
    theirs = found[0].geometry.union_all()
    ours = sr.access.service_lines(["n27"], network, breaks=[MINUTES]).to_crs(UTM)
    union = ours.geometry.union_all()
    # theirs draws a street twice where it was entered from both ends: lengths do not compare
    assert union.difference(theirs.buffer(0.5)).length < 1.0
    assert theirs.difference(union.buffer(0.5)).length < 1.0
    # some streets are cut, or this would compare whole ones
    cut = ours[(ours["start_share"] > 0) | (ours["end_share"] < 1)]
    assert len(cut) > 5
    assert pd.Series(ours["edge"]).nunique() < len(network.edges)

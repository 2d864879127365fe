"""An extract as a stream: three passes, of which only what is needed stays in memory.

Relations first (airports and stations that are drawn as several ways), then ways, then the nodes
that the chosen ways go through. What is kept are numbers in flat arrays and the columns of ways, in
which equal texts are one object.
"""

from __future__ import annotations

import itertools
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from sys import intern
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..._progress import each, working
from ...errors import InputError
from ._tags import Finding, LeftOut, Tags, Wanted, findings, tags_of

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
# a file of this size [bytes] holds some fifty million nodes, which take 16 bytes each; of a larger
# one only the nodes of the ways are kept, and a table of ids, which takes up to a gigabyte
_LARGE = 400_000_000
_A_WAY = b'<osm version="0.6"><way id="1"/></osm>'


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
    """Collects ways into flat arrays, with one object for equal texts."""

    def __init__(self) -> None:
        self.ids, self.offset, self.refs = array("q"), array("q", [0]), array("q")
        self.columns: dict[str, list[Any]] = {}
        self.left_out: Counter[LeftOut] = Counter()

    def add(self, way: int, refs: list[int], found: list[Finding]) -> None:
        for item in found:
            if isinstance(item, LeftOut):
                self.left_out[item] += 1
                continue
            self.ids.append(way)
            self.refs.extend(refs)
            self.offset.append(len(self.refs))
            for name, value in item.items():
                same = intern(value) if type(value) is str else value
                self.columns.setdefault(name, []).append(same)


def _read(osmium: ModuleType, path: Path, choice: Wanted) -> Extract:
    file, kinds = str(path), osmium.osm
    beside = _relations(osmium, file)
    ways, newest = _Ways(), datetime.min.replace(tzinfo=UTC)
    standing = [(key, value) for key, values in _BESIDE.items() for value in values]
    stream = osmium.FileProcessor(file, kinds.WAY).with_filter(
        osmium.filter.TagFilter(*tags_of(choice), *standing)
    )
    for way in each(stream, f"Reading ways of {path.name}"):
        tags = dict(way.tags)
        found = findings(tags, choice, closed=way.is_closed())
        stands = beside_kind(tags)
        if not found and stands is None:
            continue
        refs = [node.ref for node in way.nodes]
        if found:
            ways.add(way.id, refs, found)
            newest = max(newest, way.timestamp)
        if stands is not None:
            beside.append(Beside(f"w{way.id}", tags, refs, []))
    members = {way for item in beside for way in item.ways}
    outlines = _outlines(osmium, file, members)
    beside = [
        item._replace(nodes=[n for way in item.ways for n in outlines.get(way, [])])
        if item.ways else item
        for item in beside
    ]  # fmt: skip
    points = osmium.FileProcessor(file, kinds.NODE).with_filter(osmium.filter.TagFilter(*standing))
    for node in each(points, f"Reading places of {path.name}"):
        beside.append(Beside(f"n{node.id}", dict(node.tags), [node.id], []))
    through = np.array(ways.refs, dtype=np.int64)
    others = np.array([n for item in beside for n in item.nodes], dtype=np.int64)
    ids, lonlat = _nodes(osmium, path, _distinct(np.r_[through, others]))
    header = osmium.FileProcessor(file).header
    stamp = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
    return Extract(
        ids, lonlat, np.array(ways.ids, dtype=np.int64), np.array(ways.offset, dtype=np.int64),
        through, ways.columns, beside, ways.left_out, stamp,
        f"{newest:%Y-%m-%dT%H:%M:%SZ}" if newest.year > 1970 else "",
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


def _nodes(osmium: ModuleType, path: Path, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give those of the wanted nodes that the file holds, and where they are."""
    if not len(wanted):
        return wanted, np.empty((0, 2))
    places = osmium.index.create_map("flex_mem")
    handlers = [osmium.NodeLocationsForWays(places)]
    if path.stat().st_size > _LARGE:
        handlers.insert(0, osmium.filter.IdFilter(_numbers(wanted)))
    with working(f"Reading nodes of {path.name}"):
        osmium.apply(osmium.io.Reader(str(path), osmium.osm.NODE), *handlers)
        # nodes may come in any order: the handler sorts their places before it sees a way
        osmium.apply(osmium.io.Reader(osmium.io.FileBuffer(_A_WAY, "osm")), handlers[-1])
    there = np.zeros(len(wanted), dtype=bool)
    lonlat = np.empty((len(wanted), 2))
    for place, node in enumerate(each(_numbers(wanted), "Placing nodes", total=len(wanted))):
        try:
            where = places.get(node)
        except KeyError:
            continue
        if where.valid():
            there[place] = True
            lonlat[place] = where.lon, where.lat
    return wanted[there], lonlat[there]


def _distinct(numbers: np.ndarray) -> np.ndarray:
    """Give the distinct numbers in ascending order; by sorting, which is quicker than np.unique."""
    ordered = np.sort(numbers)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)]]


def _numbers(ids: np.ndarray) -> Iterator[int]:
    chunks: Iterable[list[int]] = (
        ids[start : start + _CHUNK].tolist() for start in range(0, len(ids), _CHUNK)
    )
    return itertools.chain.from_iterable(chunks)

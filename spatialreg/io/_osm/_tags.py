"""What the tags of a way mean for travel: the rules, one function a rule.

The rules follow the documentation of OpenStreetMap's tags; where it leaves a choice, the comment
says which was taken. Nothing here knows of files.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from ..._align import require_one_of, some
from ...errors import InputError
from .._line_values import direction
from ._tag_values import Tags, ferry_minutes, lane_count, osm_day, way_speed
from ._walking import OUTLINES, closed_on_foot, direction_on_foot, kind_on_foot, kinds_on_foot

# from the most to the least important; a link is a ramp of its class
ROAD_CLASSES = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
    "living_street", "service", "track",
)  # fmt: skip
_WITH_LINKS = ROAD_CLASSES[:5]
ALL = "living_street"  # what classes="all" goes down to
RAIL_CLASSES = (
    "rail", "narrow_gauge", "light_rail", "subway", "tram", "monorail", "funicular", "preserved",
)  # fmt: skip
MODES = ("road", "rail", "ferry", "foot")
# the networks: what is in one of them shares its nodes, and none with the others. The name ends the
# labels of the nodes: a road is no way on foot, nor does a car go along a path
ROADS, RAILS, ON_FOOT = NETWORKS = ("", ".rail", ".foot")
HIGH_SPEED = 250.0  # [km/h]

_PLANNED = ("construction", "proposed", "planned")
_GONE = ("disused", "abandoned", "razed", "dismantled", "demolished")
# from the most general to the most particular: the last one that is there decides
_ACCESS_KEYS = ("access", "vehicle", "motor_vehicle", "motorcar")
_CLOSED_TO = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military"})
_SIDE_TRACKS = frozenset({"yard", "siding", "spur"})
_OTHER_USAGE = frozenset({"industrial", "military", "test", "tourism", "scientific"})
_ROUNDABOUTS = frozenset({"roundabout", "circular"})
# these say nothing to people on foot
_OF_VEHICLES = ("maxspeed", "maxspeed:forward", "maxspeed:backward", "lanes")


class Wanted(NamedTuple):
    """The classes of roads and railways to read, and whether ferries and ways on foot."""

    roads: frozenset[str]
    rails: frozenset[str]
    ferries: bool
    on_foot: bool


class LeftOut(NamedTuple):
    """A way that is no edge, or (`kept`) one of whose tags could not be used."""

    mode: str
    kind: str
    reason: str
    kept: bool = False


Finding = dict[str, Any] | LeftOut


def wanted(
    modes: Iterable[str], classes: str | Iterable[str] | None, rails: Iterable[str]
) -> Wanted:
    """Say which classes are read.

    Parameters
    ----------
    modes : iterable of {"road", "rail", "ferry", "foot"}
    classes : str or iterable of str, optional
        As in :func:`spatialreg.io.read_osm`.
    rails : iterable of str
        Values of ``railway``.

    Raises
    ------
    InputError
        There is no such mode or class, or it belongs to a mode that is not read.
    """
    modes = [modes] if isinstance(modes, str) else list(modes)
    rails = [rails] if isinstance(rails, str) else list(rails)
    for mode in modes:
        require_one_of(mode, MODES, "modes")
    for rail in rails:
        require_one_of(rail, RAIL_CLASSES, "rails")
    if classes is not None and "road" not in modes:
        raise InputError("classes= is for roads, which modes= leaves out: leave one of them out")
    if not modes:
        raise InputError(f"modes must name at least one of {some(MODES)}")
    return Wanted(
        _road_classes(classes) if "road" in modes else frozenset(),
        frozenset(rails) if "rail" in modes else frozenset(),
        "ferry" in modes,
        "foot" in modes,
    )


def tags_of(choice: Wanted) -> list[tuple[str, str]]:
    """List the tags by which a way may be one of those to read; :func:`findings` says if it is."""
    roads = [*choice.roads, *_PLANNED] if choice.roads or choice.on_foot else []
    rails = [*choice.rails, *_PLANNED, *_GONE] if choice.rails else []
    ferries = ["ferry"] if choice.ferries else []
    pairs = (("highway", roads), ("railway", rails), ("route", ferries))
    found = {(key, value) for key, values in pairs for value in values}
    return sorted(found.union(kinds_on_foot() if choice.on_foot else ()))


def findings(tags: Tags, choice: Wanted, *, closed: bool = False) -> list[Finding]:
    """Give what a way is: an edge's columns for each network, or why it is left out; often nothing.

    A ferry is in that of the roads and in that of the ways on foot, where these are read.

    Parameters
    ----------
    tags : mapping
    choice : Wanted
    closed : bool
        Whether the way ends where it begins.
    """
    found: list[Finding] = []
    if "highway" in tags and choice.roads:
        found += _road(tags, choice.roads)
    if choice.on_foot:
        found += _foot(tags, closed=closed)
    if "railway" in tags and choice.rails:
        found += _rail(tags, choice.rails)
    if tags.get("route") == "ferry" and choice.ferries:
        if choice.roads or not choice.on_foot:
            found += _ferry(tags, ROADS, closed_to_cars(tags))
        if choice.on_foot:
            found += _ferry(tags, ON_FOOT, closed_on_foot(tags, None))
    return found


def way_direction(tags: Tags, kind: str | None = None) -> int:
    """Give 1, -1 or 0: along the way, against it, both; `kind` is its class.

    Motorways, roundabouts and circular junctions are one-way unless they say otherwise; a ramp is
    not, for many are tagged and some are two-way. Reversible lanes count as both ways.
    """
    said = tags.get("oneway")
    if said is None:
        implied = kind == "motorway" or tags.get("junction") in _ROUNDABOUTS
        return int(implied)
    try:
        return direction(said)
    except ValueError:
        return 0


def closed_to_cars(tags: Tags) -> str | None:
    """Give the tag that closes a road to cars, such as ``access=private``, or None."""
    decides = [key for key in _ACCESS_KEYS if key in tags]
    if decides and tags[decides[-1]] in _CLOSED_TO:
        return f"{decides[-1]}={tags[decides[-1]]}"
    return None


def _road_classes(classes: str | Iterable[str] | None) -> frozenset[str]:
    if classes is None:
        classes = "secondary"
    if isinstance(classes, str):
        require_one_of(classes, ("all", *ROAD_CLASSES), "classes")
        lowest = ROAD_CLASSES.index(ALL if classes == "all" else classes)
        taken = set(ROAD_CLASSES[: lowest + 1])
        links = {f"{road}_link" for road in _WITH_LINKS if road in taken}
        # a road of unknown class stands with the unclassified ones
        return frozenset(taken | links | ({"road"} if "unclassified" in taken else set()))
    known = {*ROAD_CLASSES, *(f"{road}_link" for road in _WITH_LINKS), "road"}
    taken = set(classes)
    if not taken or taken - known:
        raise InputError(
            f"classes must be the lowest class to read, 'all', or a list of some of "
            f"{some(sorted(known), 20)}, not {some(map(repr, sorted(taken - known)))}"
        )
    return frozenset(taken)


def _road(tags: Tags, roads: frozenset[str]) -> list[Finding]:
    kind, planned = _kind(tags, "highway")
    if kind not in roads:
        return []
    if tags.get("area") == "yes":
        return [LeftOut("road", kind, "area=yes")]
    if closed := closed_to_cars(tags):
        return [LeftOut("road", kind, closed)]
    first, second = tags.get("ref"), tags.get("name")
    return _edge(tags, "road", kind, planned, first or second, oneway=way_direction(tags, kind))


def _foot(tags: Tags, *, closed: bool) -> list[Finding]:
    highway, planned = _kind(tags, "highway") if "highway" in tags else (None, None)
    kind = kind_on_foot(tags, highway)
    if kind is None:
        return []
    if tags.get("area") == "yes":
        return [LeftOut("walk", kind, "area=yes")]
    # the outline of a platform or pier needs no such tag to be one
    if closed and kind in OUTLINES and tags.get("area") != "no":
        return [LeftOut("walk", kind, "the outline of an area")]
    if reason := closed_on_foot(tags, highway):
        return [LeftOut("walk", kind, reason)]
    said = {key: value for key, value in tags.items() if key not in _OF_VEHICLES}
    # who walks knows the name of a street, not its number
    line = tags.get("name") or tags.get("ref")
    oneway = direction_on_foot(tags)
    return _edge(said, "walk", kind, planned, line, oneway=oneway, network=ON_FOOT)


def _rail(tags: Tags, rails: frozenset[str]) -> list[Finding]:
    kind, planned = _kind(tags, "railway")
    if kind in _GONE and (tags.get(kind) or "rail") in rails:
        return [LeftOut("rail", tags.get(kind) or "rail", f"railway={kind}")]
    if kind not in rails:
        return []
    for key, values in (("service", _SIDE_TRACKS), ("usage", _OTHER_USAGE)):
        if tags.get(key) in values:
            return [LeftOut("rail", kind, f"{key}={tags[key]}")]
    line = tags.get("name") or tags.get("ref")
    # signals and switches say the direction of a track, which trains do not keep to
    found = _edge(tags, "rail", kind, planned, line, oneway=0, network=RAILS)
    for row in found:
        if isinstance(row, dict):
            fast = tags.get("highspeed") == "yes" or row["maxspeed_kmh"] >= HIGH_SPEED
            row["highspeed"] = bool(fast and kind == "rail")
            row["class"] = "highspeed" if row["highspeed"] else kind
            row["usage"] = tags.get("usage")
    return found


def _ferry(tags: Tags, network: str, closed: str | None) -> list[Finding]:
    if closed:
        return [LeftOut("ferry", "ferry", closed)]
    line = tags.get("name") or tags.get("ref")
    oneway = direction_on_foot(tags) if network == ON_FOOT else way_direction(tags)
    found = _edge(tags, "ferry", "ferry", None, line, oneway=oneway, network=network)
    for row in found:
        if isinstance(row, dict):
            row["minutes"] = ferry_minutes(tags.get("duration"))
    return found


def _kind(tags: Tags, key: str) -> tuple[str, str | None]:
    """Give the class of a way, and the word for its plan where it is not open."""
    kind = tags[key]
    if kind in _PLANNED:
        return tags.get(kind, ""), kind
    return kind, None


def _edge(
    tags: Tags,
    mode: str,
    kind: str,
    planned: str | None,
    line: str | None,
    *,
    oneway: int,
    network: str = ROADS,
) -> list[Finding]:
    if any(tags.get(word) == "yes" for word in _GONE):
        return [LeftOut(mode, kind, "disused or abandoned")]
    notes: list[Finding] = []
    opened, closed = (
        _noted(notes, mode, kind, tags, key, lambda key=key: osm_day(tags[key]), pd.NaT)
        for key in ("opening_date" if planned else "start_date", "end_date")
    )
    if planned and pd.isna(opened):
        return [LeftOut(mode, kind, f"{planned}, without a day of opening")]
    row = {
        "network": network, "mode": mode, "class": kind, "line": line, "name": tags.get("name"),
        "ref": tags.get("ref"), "oneway": oneway,
        "maxspeed_kmh": _noted(
            notes, mode, kind, tags, "maxspeed", lambda: way_speed(tags), math.nan
        ),
        "lanes": lane_count(tags.get("lanes")),
        "bridge": tags.get("bridge", "no") != "no",
        "tunnel": tags.get("tunnel", "no") != "no",
        "highspeed": False, "usage": None, "minutes": math.nan,
        "opened": opened, "closed": closed,
    }  # fmt: skip
    return [row, *notes]


def _noted(
    notes: list[Finding], mode: str, kind: str, tags: Tags, key: str, reading: Any, nothing: Any
) -> Any:
    """Read a tag; where that fails, note it and go on without."""
    if key not in tags and key != "maxspeed":
        return nothing
    try:
        return reading()
    except ValueError:
        notes.append(LeftOut(mode, kind, f"{key} could not be read", kept=True))
        return nothing

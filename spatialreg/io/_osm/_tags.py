"""What the tags of a way mean for travel: the rules, one function a rule.

The rules follow the documentation of OpenStreetMap's tags; where it leaves a choice, the comment
says which was taken. Nothing here knows of files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd
from pandas.api.typing import NaTType

from ..._align import require_one_of, some
from ...errors import InputError
from .._line_values import MILE, day, direction, speed_kmh

Tags = Mapping[str, str]

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
MODES = ("road", "rail", "ferry")
HIGH_SPEED = 250.0  # [km/h]

_PLANNED = ("construction", "proposed", "planned")
_GONE = ("disused", "abandoned", "razed", "dismantled", "demolished")
# from the most general to the most particular: the last one that is there decides
_ACCESS_KEYS = ("access", "vehicle", "motor_vehicle", "motorcar")
_CLOSED_TO = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military"})
_SIDE_TRACKS = frozenset({"yard", "siding", "spur"})
_OTHER_USAGE = frozenset({"industrial", "military", "test", "tourism", "scientific"})
_ROUNDABOUTS = frozenset({"roundabout", "circular"})
# [km/h]; by law in many countries, and in some of them otherwise
_ZONES = {
    "urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0, "living_street": 20.0,
    "bicycle_road": 30.0, "nsl_restricted": 30 * MILE, "nsl_single": 60 * MILE,
    "nsl_dual": 70 * MILE,
}  # fmt: skip
_ZONES_OF = {
    ("CN", "rural"): 70.0, ("DE", "rural"): 100.0, ("DE", "motorway"): math.nan,
    ("AT", "rural"): 100.0, ("AT", "motorway"): 130.0, ("FR", "motorway"): 130.0,
    ("IT", "rural"): 90.0, ("IT", "motorway"): 130.0, ("RU", "urban"): 60.0,
    ("RU", "rural"): 90.0, ("RU", "motorway"): 110.0, ("GB", "urban"): 30 * MILE,
    ("GB", "rural"): 60 * MILE, ("GB", "motorway"): 70 * MILE,
}  # fmt: skip
_DECADE = re.compile(r"^(?:early |mid |late )?(\d{3})0s$")
_CENTURY = re.compile(r"^(?:early |mid |late )?C(\d{1,2})$")
_CLOCK = re.compile(r"^(\d+):(\d{2})(?::\d{2})?$")


class Wanted(NamedTuple):
    """The classes of roads and railways to read, and whether ferries."""

    roads: frozenset[str]
    rails: frozenset[str]
    ferries: bool


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
    modes : iterable of {"road", "rail", "ferry"}
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
    )


def tags_of(choice: Wanted) -> list[tuple[str, str]]:
    """List the tags by which a way may be one of those to read; :func:`findings` says if it is."""
    roads = [*choice.roads, *_PLANNED] if choice.roads else []
    rails = [*choice.rails, *_PLANNED, *_GONE] if choice.rails else []
    ferries = ["ferry"] if choice.ferries else []
    pairs = (("highway", roads), ("railway", rails), ("route", ferries))
    return [(key, value) for key, values in pairs for value in sorted(values)]


def findings(tags: Tags, choice: Wanted) -> list[Finding]:
    """Give what a way is: an edge's columns for each mode, or why it is left out; often nothing."""
    found: list[Finding] = []
    if "highway" in tags and choice.roads:
        found += _road(tags, choice.roads)
    if "railway" in tags and choice.rails:
        found += _rail(tags, choice.rails)
    if tags.get("route") == "ferry" and choice.ferries:
        found += _ferry(tags)
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


def way_speed(tags: Tags) -> float:
    """Give the speed limit [km/h]: a number with or without unit, or a zone such as ``CN:urban``.

    NaN where there is none or where there is no limit (``none``). Of two directions the lower.

    Raises
    ------
    ValueError
        It cannot be read.
    """
    both = [tags[k] for k in ("maxspeed:forward", "maxspeed:backward") if k in tags]
    texts = [tags["maxspeed"]] if "maxspeed" in tags else both
    speeds = [_limit(text) for text in texts]
    return min((speed for speed in speeds if not math.isnan(speed)), default=math.nan)


def osm_day(text: str) -> pd.Timestamp | NaTType:
    """Give the last day of a date as OpenStreetMap writes it: ``2012-05``, ``~1990``, ``1970s``.

    Raises
    ------
    ValueError
        It cannot be read.

    Examples
    --------
    >>> [str(osm_day(text).date()) for text in ("2012-05", "~1990", "1970s", "C19", "2010..2012")]
    ['2012-05-31', '1990-12-31', '1979-12-31', '1900-12-31', '2012-12-31']
    """
    text = text.split("..")[-1].strip().removeprefix("~").removesuffix("?")
    text = re.sub("^(before|after|since) ", "", text)
    if found := _DECADE.match(text):
        return day(int(found[1]) * 10 + 9)
    if found := _CENTURY.match(text):
        return day(int(found[1]) * 100)
    return day(text)


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
    found = _edge(tags, "rail", kind, planned, line, oneway=0)
    for row in found:
        if isinstance(row, dict):
            fast = tags.get("highspeed") == "yes" or row["maxspeed_kmh"] >= HIGH_SPEED
            row["highspeed"] = bool(fast and kind == "rail")
            row["class"] = "highspeed" if row["highspeed"] else kind
            row["usage"] = tags.get("usage")
    return found


def _ferry(tags: Tags) -> list[Finding]:
    if closed := closed_to_cars(tags):
        return [LeftOut("ferry", "ferry", closed)]
    line = tags.get("name") or tags.get("ref")
    found = _edge(tags, "ferry", "ferry", None, line, oneway=way_direction(tags))
    for row in found:
        if isinstance(row, dict):
            row["minutes"] = _minutes(tags.get("duration"))
    return found


def _kind(tags: Tags, key: str) -> tuple[str, str | None]:
    """Give the class of a way, and the word for its plan where it is not open."""
    kind = tags[key]
    if kind in _PLANNED:
        return tags.get(kind, ""), kind
    return kind, None


def _edge(
    tags: Tags, mode: str, kind: str, planned: str | None, line: str | None, *, oneway: int
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
        "mode": mode, "class": kind, "line": line, "name": tags.get("name"),
        "ref": tags.get("ref"), "oneway": oneway,
        "maxspeed_kmh": _noted(
            notes, mode, kind, tags, "maxspeed", lambda: way_speed(tags), math.nan
        ),
        "lanes": _lanes(tags.get("lanes")),
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


@lru_cache(maxsize=10_000)
def _limit(text: str) -> float:
    country, colon, zone = text.partition(":")
    if not colon or not country.isalpha():
        return speed_kmh(text)
    zone = zone.lower()
    if digits := re.fullmatch(r"(?:zone:?)?(\d+)", zone):
        return float(digits[1])
    if zone not in _ZONES:
        raise ValueError(f"{text!r} is no speed")
    return _ZONES_OF.get((country.upper(), zone), _ZONES[zone])


@lru_cache(maxsize=1000)
def _lanes(text: str | None) -> float:
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text or "")]
    return min(numbers, default=math.nan)


def _minutes(text: str | None) -> float:
    """Give the minutes of a duration: ``01:30`` or ``90``."""
    if not text:
        return math.nan
    if found := _CLOCK.match(text):
        return 60.0 * int(found[1]) + int(found[2])
    return float(text) if text.isdigit() else math.nan

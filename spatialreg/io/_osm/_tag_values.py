"""Numbers and days as the tags of OpenStreetMap write them: limits, dates, lanes, durations."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

import pandas as pd
from pandas.api.typing import NaTType

from .._line_values import MILE, day, speed_kmh

Tags = Mapping[str, str]

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


@lru_cache(maxsize=1000)
def lane_count(text: str | None) -> float:
    """Give the number of lanes, the lowest of several; NaN where none is said."""
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text or "")]
    return min(numbers, default=math.nan)


def ferry_minutes(text: str | None) -> float:
    """Give the minutes of a duration: ``01:30`` or ``90``; NaN where it says neither."""
    if not text:
        return math.nan
    if found := _CLOCK.match(text):
        return 60.0 * int(found[1]) + int(found[2])
    return float(text) if text.isdigit() else math.nan


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

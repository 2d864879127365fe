"""Speeds by class, for edges of which nothing better is known.

They are assumptions of this package, meant for travel between regions: what a car or train keeps up
over a stretch, stops and junctions included, below the speed limit or the design speed. Replace
what you know better: ``{**DEFAULT_SPEEDS, "motorway": 110}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT_SPEEDS: Mapping[str, float] = MappingProxyType(
    {
        # roads, by the value of OpenStreetMap's tag highway; of ramps, half or so
        "motorway": 100.0,
        "motorway_link": 50.0,
        "trunk": 80.0,
        "trunk_link": 40.0,
        "primary": 60.0,
        "primary_link": 35.0,
        "secondary": 50.0,
        "secondary_link": 30.0,
        "tertiary": 40.0,
        "tertiary_link": 25.0,
        "unclassified": 35.0,
        "road": 30.0,
        "residential": 25.0,
        "living_street": 10.0,
        "service": 15.0,
        "track": 15.0,
        # railways, by the value of the tag railway; highspeed is what runs at 250 km/h or more
        "highspeed": 220.0,
        "rail": 80.0,
        "narrow_gauge": 40.0,
        "light_rail": 35.0,
        "subway": 35.0,
        "tram": 20.0,
        "monorail": 30.0,
        "funicular": 10.0,
        "preserved": 30.0,
        # the rest
        "ferry": 20.0,
        # on foot, whatever the class; stairs take about twice the time of a level way
        "station_link": 4.5,
        "walk": 4.5,
        "steps": 2.3,
    }
)
"""Speed [km/h] by class or mode of an edge."""

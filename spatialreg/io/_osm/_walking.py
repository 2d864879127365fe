"""Where people on foot may go: the rules of walking, as tables and one function a rule.

Takes the tags of a way and says whether it is one to walk along, what closes it, and in which
direction it leads. Defaults follow the tables of access restrictions in OpenStreetMap's wiki and
what routers make of them; where these disagree the comment says which was taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._line_values import direction

Tags = Mapping[str, str]

# values of highway that are made for walking, or that walkers share with cycles and horses; many
# countries close the last two by law, but few mappers mean that unless they write foot=no
PATHS = (
    "footway", "path", "pedestrian", "steps", "corridor", "platform", "crossing", "elevator",
    "trail", "cycleway", "bridleway",
)  # fmt: skip
# streets for vehicles, along which one may walk unless something is said
STREETS = (
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
    "unclassified", "residential", "living_street", "service", "track", "road",
)  # fmt: skip
# streets along which one may walk only where that is said; along motorways never
STREETS_IF_SAID = ("trunk", "trunk_link", "busway")
# what is walked along and is no highway
OTHERS = (("railway", "platform"), ("public_transport", "platform"), ("man_made", "pier"))
OUTLINES = frozenset({"platform", "pier"})

_OPEN = frozenset(
    {"yes", "designated", "official", "permissive", "destination", "customers", "discouraged"}
)
_CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "emergency", "military", "use_sidepath"}
)
_SIDEWALKS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
_ALONG_THE_WAY = frozenset({"yes", "both", "left", "right"})


def kinds_on_foot() -> list[tuple[str, str]]:
    """List the tags by which a way may be one to walk along."""
    return [("highway", kind) for kind in (*PATHS, *STREETS, *STREETS_IF_SAID)] + list(OTHERS)


def kind_on_foot(tags: Tags, highway: str | None) -> str | None:
    """Give the class of a way on foot; None where it is none.

    It is the value of `highway` (that of what is planned, where the way is not there yet),
    ``platform`` or ``pier``. A street for vehicles gets ``walk_`` before it: its class stands for
    the speed of vehicles, here as in any table of speeds.
    """
    if highway in PATHS:
        return highway
    if highway in STREETS or highway in STREETS_IF_SAID:
        return f"walk_{highway}"
    if highway is None:
        return next((value for key, value in OTHERS if tags.get(key) == value), None)
    return None


def closed_on_foot(tags: Tags, highway: str | None) -> str | None:
    """Give what closes a way to people on foot, such as ``foot=no``, or None.

    Examples
    --------
    >>> closed_on_foot({"access": "private", "foot": "yes"}, "service")
    >>> closed_on_foot({"access": "private"}, "service")
    'access=private'
    """
    decides = "foot" if "foot" in tags else "access"
    if tags.get(decides) in _CLOSED:
        return f"{decides}={tags[decides]}"
    if tags.get("foot") in _OPEN:
        return None
    sidewalks = {tags.get(key) for key in _SIDEWALKS}
    beside = bool(sidewalks & _ALONG_THE_WAY)
    # the sidewalk is a way of its own, and would be there twice
    if "separate" in sidewalks and not beside:
        return "sidewalk=separate"
    if beside:
        return None
    if highway in STREETS_IF_SAID:
        return "neither foot nor sidewalk says that one may walk"
    return "motorroad=yes" if tags.get("motorroad") == "yes" else None


def direction_on_foot(tags: Tags) -> int:
    """Give 1, -1 or 0: along the way, against it, both.

    One-way streets are for vehicles. For people only what names them counts, and escalators.
    """
    if "oneway:foot" in tags:
        try:
            return direction(tags["oneway:foot"])
        except ValueError:
            return 0
    backward, forward = (tags.get(f"foot:{side}") in _CLOSED for side in ("backward", "forward"))
    moves = tags.get("conveying")
    if backward == forward and moves in ("forward", "backward"):
        return 1 if moves == "forward" else -1
    return int(backward) - int(forward)

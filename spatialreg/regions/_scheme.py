"""What a region scheme is: groups of codes, with the document that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._align import require_one_of, some
from ..errors import InputError
from ._codes import is_adcode, level_of

KINDS = ("partition", "overlapping", "subset")


@dataclass(frozen=True)
class Scheme:
    """A grouping of regions.

    Attributes
    ----------
    name : str
        The column that :func:`assign_scheme` adds.
    groups : dict of str to tuple of str
        Members (codes) of each group, by the group's id.
    kind : str
        ``partition`` (every region of its area in one group), ``subset`` (groups that do not
        overlap, the rest is outside) or ``overlapping``.
    level : str
        The level of the members: ``province``, ``prefecture``, ``county``, or another country's.
    title_en, title_zh, date, source, reading : str
        What it is, since when, by which document, and how the list reads it.
    names_en, names_zh : dict of str to str
        Names of the groups, by id.
    """

    name: str
    groups: dict[str, tuple[str, ...]]
    kind: str
    level: str
    title_en: str
    title_zh: str
    date: str
    source: str
    reading: str
    names_en: dict[str, str]
    names_zh: dict[str, str]

    @property
    def words(self) -> str:
        """The scheme as it stands in a sentence: ``"four segments"``, ``"Yangtze River Delta"``."""
        title = self.title_en.partition(":")[0] or self.name.replace("_", " ")
        first, _, rest = title.partition(" ")
        # a name of a place is followed by another capital, has one inside, or stands alone
        proper = first[1:] != first[1:].lower() or first.endswith(",") or not rest[:1].islower()
        return title if proper else title[:1].lower() + title[1:]

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Scheme:
        """Build a scheme from a mapping with the keys of a scheme file.

        Parameters
        ----------
        mapping : mapping
            ``name`` and ``group`` (a list of mappings with ``id`` and ``members``) are needed; the
            kind is worked out where it is not given.

        Raises
        ------
        InputError
            A key is missing, an id or a member stands twice, or groups overlap in a scheme whose
            kind says that they do not.

        Examples
        --------
        >>> from spatialreg.regions import Scheme
        >>> Scheme.from_dict({"name": "halves", "group": [{"id": "a", "members": ["01"]},
        ...                                               {"id": "b", "members": ["02"]}]}).kind
        'subset'
        """
        name = mapping.get("name")
        if not isinstance(name, str) or not name:
            raise InputError("a scheme needs a name: the column that it becomes")
        entries = mapping.get("group")
        if not isinstance(entries, list | tuple) or not entries:
            raise InputError(f"scheme {name!r} needs groups: [[group]] with id and members")
        groups: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            members = entry.get("members")
            if "id" not in entry or not isinstance(members, list | tuple) or not members:
                raise InputError(f"a group of scheme {name!r} needs an id and a list of members")
            if entry["id"] in groups:
                raise InputError(f"scheme {name!r} has the group {entry['id']!r} twice")
            wrong = [member for member in members if not isinstance(member, str)]
            if wrong:
                raise InputError(
                    f"members of {name!r} must be text, as codes are; {some(map(repr, wrong))} "
                    "are not"
                )
            if len(set(members)) < len(members):
                raise InputError(f"group {entry['id']!r} of {name!r} has a member twice")
            groups[str(entry["id"])] = tuple(members)
        listed = [member for members in groups.values() for member in members]
        twice = sorted({member for member in listed if listed.count(member) > 1})
        kind = mapping.get("kind", "overlapping" if twice else "subset")
        require_one_of(kind, KINDS, f"the kind of scheme {name!r}")
        if twice and kind != "overlapping":
            raise InputError(
                f"scheme {name!r} is a {kind}, but {some(twice)} stand in two groups: "
                'take them out of one, or say kind = "overlapping"'
            )
        level = mapping.get("level")
        if level is None:
            level = level_of(max(listed, key=_depth)) if all(map(is_adcode, listed)) else "region"
        text = {key: str(mapping.get(key, "")) for key in ("title_zh", "date", "source", "reading")}
        return cls(
            name=name,
            groups=groups,
            kind=kind,
            level=str(level),
            title_en=str(mapping.get("title_en", name)),
            names_en={str(e["id"]): str(e.get("name_en", e["id"])) for e in entries},
            names_zh={
                str(e["id"]): str(e.get("name_zh", e.get("name_en", e["id"]))) for e in entries
            },
            **text,
        )

    @property
    def adcodes(self) -> bool:
        """Whether the members are regions of China by six-digit code."""
        return all(is_adcode(member) for members in self.groups.values() for member in members)


def _depth(code: str) -> int:
    return len(code.rstrip("0"))

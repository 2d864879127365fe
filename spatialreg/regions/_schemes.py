"""Region schemes: groupings of regions by a document, a plan or a user, and who belongs where.

A scheme lists its members by code at the level at which it was drawn. A county belongs to the group
of its prefecture or province through the digits of its code; a region that is larger than the
members it holds belongs nowhere, and asking for it raises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from .._align import require_one_of, some
from ..errors import InputError
from ._codes import MUNICIPALITIES, is_adcode, level_of

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


SchemeLike: TypeAlias = str | Path | Mapping[str, Any] | Scheme


def list_schemes() -> pd.DataFrame:
    """List the schemes that the package carries.

    Returns
    -------
    DataFrame
        Index ``name``; columns title_en, title_zh, date, kind, level, groups, members, source,
        reading.

    Examples
    --------
    >>> import spatialreg as sr
    >>> sr.list_schemes().loc["four_segments", "groups"]
    np.int64(4)
    """
    rows = []
    for name in _embedded():
        scheme = read_scheme(name)
        rows.append(
            {
                "name": scheme.name,
                "title_en": scheme.title_en,
                "title_zh": scheme.title_zh,
                "date": scheme.date,
                "kind": scheme.kind,
                "level": scheme.level,
                "groups": len(scheme.groups),
                "members": len({m for members in scheme.groups.values() for m in members}),
                "source": scheme.source,
                "reading": scheme.reading,
            }
        )
    return pd.DataFrame(rows).set_index("name").sort_index()


def read_scheme(scheme: SchemeLike) -> Scheme:
    """Read a scheme by name, from a TOML file, or from a mapping.

    Parameters
    ----------
    scheme : str, path, mapping or Scheme
        The name of a scheme that the package carries, the path of a TOML file in the same form, a
        mapping with the same keys, or a Scheme, which is given back.

    Raises
    ------
    InputError
        No scheme has this name, the file is not TOML, or its contents do not hold together.

    Examples
    --------
    >>> from spatialreg import regions
    >>> list(regions.read_scheme("four_segments").groups)
    ['east', 'central', 'west', 'northeast']
    """
    if isinstance(scheme, Scheme):
        return scheme
    if isinstance(scheme, Mapping):
        return Scheme.from_dict(scheme)
    names = _embedded()
    if isinstance(scheme, str) and scheme in names:
        text = (files("spatialreg") / "data" / "schemes" / f"{scheme}.toml").read_text("utf-8")
        return Scheme.from_dict(tomllib.loads(text))
    path = Path(scheme)
    if path.suffix.lower() != ".toml" or not path.is_file():
        raise InputError(
            f"there is no scheme {str(scheme)!r}: take one of {some(names, 40)}, or give the path "
            "of a TOML file that is there"
        )
    try:
        mapping = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"the scheme file {path} is no TOML in UTF-8: {error}") from error
    return Scheme.from_dict(mapping)


def require_partition(scheme: SchemeLike) -> Scheme:
    """Give the scheme if no region is in two of its groups, as a decomposition needs; else raise.

    Raises
    ------
    InputError
        The groups overlap; the message gives the ways out.

    Examples
    --------
    >>> from spatialreg import regions
    >>> regions.require_partition("four_segments").kind
    'partition'
    """
    read = read_scheme(scheme)
    if read.kind == "overlapping":
        raise InputError(
            f"scheme {read.name!r} has overlapping groups, and a region must be in one group here: "
            f"take a partition (list_schemes() says which are), one group against the rest "
            f"(a column of assign_scheme(regions, {read.name!r})), or a scheme of your own"
        )
    return read


def assign_scheme(regions_or_panel: pd.DataFrame, scheme: SchemeLike) -> pd.DataFrame:
    """Say which group of a scheme each region belongs to.

    Parameters
    ----------
    regions_or_panel : DataFrame or GeoDataFrame
        Indexed by code, or by (code, year).
    scheme : str, path, mapping or Scheme
        What :func:`read_scheme` takes.

    Returns
    -------
    DataFrame
        For a partition or a subset: a copy with one more column, named after the scheme, that holds
        the id of the group, NaN outside the scheme. For an overlapping scheme: a table of bool on
        the same index, one column a group.

    Raises
    ------
    InputError
        The index holds no codes that the scheme could know, a region is larger than the members of
        the scheme that it holds, or another column has the name of the scheme.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> counties = pd.DataFrame({"name": ["越秀区", "盐田区"]}, index=["440104", "440308"])
    >>> sr.assign_scheme(counties, "four_segments")["four_segments"].tolist()
    ['east', 'east']
    """
    read = read_scheme(scheme)
    if not isinstance(regions_or_panel, pd.DataFrame):
        raise InputError(
            f"assign_scheme takes a frame indexed by code, not {type(regions_or_panel).__name__}"
        )
    index = regions_or_panel.index
    level: int | str = "code" if "code" in index.names else 0
    codes = index.get_level_values(level)
    unique = pd.Index(codes.unique())
    _require_known(unique, read)
    members = {group: _membership(unique, read, group) for group in read.groups}
    table = pd.DataFrame(members, index=unique).loc[codes]
    table.index = index
    if read.kind == "overlapping":
        return table
    held = table.to_numpy()
    ids = np.array([*read.groups, None], dtype=object)
    position = np.where(held.any(axis=1), held.argmax(axis=1), len(ids) - 1)
    column = pd.Series(ids[position], index=index, dtype="str", name=read.name)
    if read.name in regions_or_panel.columns and not column.equals(regions_or_panel[read.name]):
        raise InputError(
            f"the frame has another column {read.name!r}: rename it before the scheme is assigned"
        )
    return regions_or_panel.assign(**{read.name: column})


def _embedded() -> list[str]:
    folder = files("spatialreg") / "data" / "schemes"
    return sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )


def _depth(code: str) -> int:
    return len(code.rstrip("0"))


def _require_known(codes: pd.Index, scheme: Scheme) -> None:
    """Raise if the index cannot hold regions of the scheme, or holds some larger than its members.

    A map may hold regions outside the scheme: that is no fault.
    """
    listed = {member for members in scheme.groups.values() for member in members}
    if not scheme.adcodes:
        if len(codes) and not codes.isin(listed).any():
            raise InputError(
                f"none of the {len(codes)} codes ({some(codes)}) is in scheme {scheme.name!r}, "
                f"whose members look like {some(sorted(listed), 3)}: index the frame by these codes"
            )
        return
    known = [code for code in codes if is_adcode(code)]
    if len(known) < 0.5 * len(codes):
        raise InputError(
            f"scheme {scheme.name!r} lists regions of China by six-digit code, as text; the index "
            f"holds {some(map(repr, codes.difference(known)))}: set_index() the codes, written by "
            "normalise_codes()"
        )
    inside: dict[str, list[str]] = {}
    for member in listed:
        for whole in {member[:2] + "0000", member[:4] + "00"} - {member}:
            inside.setdefault(whole, []).append(member)
    larger = [code for code in known if code in inside and not listed.intersection(_chain(code))]
    if larger:
        raise InputError(
            f"scheme {scheme.name!r} is drawn by {scheme.level}, and {len(larger)} regions "
            f"({some(larger)}) are larger than the members that they hold: use regions of the "
            f"level {scheme.level!r} or below, or a scheme drawn at theirs"
        )


def _membership(codes: pd.Index, scheme: Scheme, group: str) -> np.ndarray:
    """Say of each code whether it belongs to `group`: itself, its prefecture or its province.

    In a scheme that does not overlap, the closest unit that any group lists decides, so that a
    county can be listed apart from its prefecture.
    """
    members = set(scheme.groups[group])
    if not scheme.adcodes:
        return codes.isin(members)
    others = {
        member
        for name, listed in scheme.groups.items()
        if name != group and scheme.kind != "overlapping"
        for member in listed
    }
    belongs = []
    for code in codes:
        closest = next((unit for unit in _chain(code) if unit in members or unit in others), None)
        belongs.append(closest in members)
    return np.array(belongs, dtype=bool)


def _chain(code: Any) -> list[str]:
    """Give the units that hold the region, from itself upward; none for what is no adcode.

    The counties of a municipality (110228, 500228) stand under a prefecture code of their own
    (110200), which is the same city as that of its districts (110100), as is the municipality.
    """
    if not is_adcode(code):
        return []
    prefecture, province = code[:4] + "00", code[:2] + "0000"
    city = [code[:2] + "0100"] if code[:2] in MUNICIPALITIES else []
    return [code, prefecture, *city, province] if code != province else [code, *city]

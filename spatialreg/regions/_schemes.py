"""Region schemes: groupings of regions by a document, a plan or a user, and who belongs where.

A scheme lists its members by code at the level at which it was drawn. A county belongs to the group
of its prefecture or province through the digits of its code; a region that is larger than the
members it holds belongs nowhere, and asking for it raises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from .._align import some
from ..errors import InputError
from ._codes import MUNICIPALITIES, is_adcode
from ._scheme import Scheme

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

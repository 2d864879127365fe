"""Suggestions for rows of a table that match no region: renamed, recoded, merged, mistyped.

A suggestion is never applied. It says why it was made, so that a person can judge it. Names speak
before codes, regions without a row before those that have one, the same prefecture before the same
province.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

import pandas as pd

from ._codes import MUNICIPALITIES, is_adcode, level_of
from ._names import bare_name

# how alike two bare names must be (difflib's ratio): half of a two-character name (滦县, 滦州市)
# in the same prefecture, more of it further away
_ALIKE_NEAR = 0.5
_ALIKE_FAR = 0.75
COLUMNS = ["code", "name", "suggestion", "suggested_name", "reason"]


class Unmatched(NamedTuple):
    """A row that matches no region: its code and name ("" if it has none), and why, if known."""

    code: str
    name: str
    why: str


def suggest(
    rows: Iterable[Unmatched], names: pd.Series | None, free: pd.Index, every: pd.Index
) -> pd.DataFrame:
    """Suggest a region for each row.

    Parameters
    ----------
    rows : iterable of Unmatched
    names : Series or None
        Names of the regions by code.
    free, every : Index
        Codes of the regions without a row, and of all of them.

    Returns
    -------
    DataFrame
        code, name, suggestion, suggested_name, reason; NaN where there is none.
    """
    known = {} if names is None else {str(k): v for k, v in names.items() if isinstance(v, str)}
    atlas = _Atlas(
        names=known,
        bare={code: bare_name(name) for code, name in known.items()},
        free=frozenset(map(str, free)),
        every=tuple(sorted(map(str, every))),
    )
    rows = list(rows)
    exact = {row: next(_same_name(row, atlas), None) for row in rows if is_adcode(row.code)}
    # a region that some row bears the name of is no longer free for rows of other names
    claimed = {found[0] for found in exact.values() if found is not None}
    rest = replace(atlas, free=atlas.free - claimed)
    table = []
    for row in rows:
        code, reason = exact.get(row) or _first(row, rest)
        table.append((row.code or None, row.name or None, code, known.get(code or ""), reason))
    return pd.DataFrame(table, columns=COLUMNS, dtype="str")


@dataclass(frozen=True)
class _Atlas:
    names: Mapping[str, str]
    bare: Mapping[str, str]
    free: frozenset[str]
    every: tuple[str, ...]

    def near(self, code: str, digits: int, *, free: bool) -> list[str]:
        """Give the regions whose codes share the first digits, the closest code first.

        A municipality is one prefecture, although its counties have their own four digits.
        """
        digits = 2 if code[:2] in MUNICIPALITIES else digits
        found = [
            other
            for other in self.every
            if other[:digits] == code[:digits] and (other in self.free) == free
        ]
        return sorted(found, key=lambda other: (_distance(code, other), other))


def _first(row: Unmatched, atlas: _Atlas) -> tuple[str | None, str]:
    """Give the first suggestion that holds, or none and what is known."""
    if is_adcode(row.code):
        found = next(_chinese(row, atlas), None)
    else:
        found = next(_other(row, atlas), None)
    return found or (None, row.why or "no region of this name or near this code")


def _chinese(row: Unmatched, atlas: _Atlas) -> Iterator[tuple[str | None, str]]:
    """Yield suggestions for a row with an adcode, the best first."""
    code, level = row.code, level_of(row.code)
    if level != "county":
        digits = 2 if level == "province" else 4
        inside = [other for other in atlas.every if other[:digits] == code[:digits]]
        if inside:
            yield None, f"the {level} that holds {len(inside)} of the regions, not one of them"
    for whole, kind in ((code[:4] + "00", "prefecture"), (code[:2] + "0000", "province")):
        if whole != code and whole in atlas.every:
            yield whole, f"lies in this {kind}: the regions are larger than the rows"
    if row.name:
        yield from _by_name(row, atlas)
    near = atlas.near(code, 4, free=True)
    if near and level == "county":
        yield near[0], "the nearest code without a row in the same prefecture"
    same = len(atlas.near(code, 4, free=False))
    if same and level == "county":
        yield (
            None,
            f"all {same} regions of its prefecture have rows: it may have been merged into one",
        )


def _same_name(row: Unmatched, atlas: _Atlas) -> Iterator[tuple[str, str]]:
    """Yield the free region of the same name in the prefecture, or the only one in the province."""
    bare = bare_name(row.name)
    if not bare or level_of(row.code) != "county":
        return
    for digits, told in ((4, ""), (2, " in another prefecture")):
        equal = [c for c in atlas.near(row.code, digits, free=True) if atlas.bare.get(c) == bare]
        if len(equal) == 1 or (equal and digits == 4):
            yield equal[0], f"the same name under another code{told}"


def _by_name(row: Unmatched, atlas: _Atlas) -> Iterator[tuple[str | None, str]]:
    bare = bare_name(row.name)
    for digits, place, least in ((4, "prefecture", _ALIKE_NEAR), (2, "province", _ALIKE_FAR)):
        alike = _alike(bare, atlas.near(row.code, digits, free=True), atlas, least)
        if alike is not None:
            yield alike, f"a similar name in the same {place}: renamed?"
    taken = atlas.near(row.code, 4, free=False)
    equal = [c for c in taken if atlas.bare.get(c) == bare]
    if equal:
        yield equal[0], "the same name, and it has a row already: merged into it, or counted twice?"
    alike = _alike(bare, taken, atlas, _ALIKE_NEAR)
    if alike is not None and not atlas.near(row.code, 4, free=True):
        yield alike, "a similar name, and it has a row already: merged into it?"


def _other(row: Unmatched, atlas: _Atlas) -> Iterator[tuple[str | None, str]]:
    """Yield suggestions for a row without an adcode: another country's code, or none at all."""
    if row.code:
        width = max(map(len, atlas.every), default=0)
        padded = row.code.zfill(width)
        if row.code.isdigit() and padded in atlas.every:
            yield padded, f"leading zeros lost: write the codes as text of {width} digits"
        folded = [other for other in atlas.every if other.casefold() == row.code.casefold()]
        if folded:
            yield folded[0], "the same code in other letters"
    name = row.name or ("" if row.code.isdigit() else row.code)
    if not name:
        return
    bare = bare_name(name)
    for codes, told in (
        (sorted(atlas.free), ""),
        ([c for c in atlas.every if c not in atlas.free], ", and it has a row already"),
    ):
        equal = [code for code in codes if atlas.bare.get(code) == bare]
        if len(equal) == 1:
            yield equal[0], f"the same name{told}"
        if not equal and not told:
            alike = _alike(bare, codes, atlas, _ALIKE_FAR)
            if alike is not None:
                yield alike, "a similar name"


def _alike(bare: str, codes: list[str], atlas: _Atlas, least: float) -> str | None:
    """Give the code with the most similar name, the first of equals, if it is alike enough."""
    best, score = None, least
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(bare)
    for code in codes:
        other = atlas.bare.get(code)
        if not other:
            continue
        matcher.set_seq1(other)
        ratio = matcher.ratio()
        if ratio > score or (ratio == score and best is None):
            best, score = code, ratio
    return best


def _distance(code: str, other: str) -> int:
    return abs(int(code) - int(other)) if code.isdigit() and other.isdigit() else 0

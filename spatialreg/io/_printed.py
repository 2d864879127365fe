"""Printed tables: where the header is, which rows are titles, notes and sources, what is data.

Statistical offices print a title, a line of units, the table, notes and a source into one sheet.
These rows are told by what they say and by how few cells they fill; every row that is left out is
listed with its number and the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from .._align import some
from ..errors import InputError

# what a note begins with; a colon, or a number after 表, tells it from a cell of data
_NOTE = re.compile(
    r"^\s*[(（\[【]?\s*(?:"
    r"(?:注释?|备注|说明|附注|资料来源|数据来源|来源|出处|单位|计量单位|数据库|地区|时间|指标)\s*\d*\s*[:：]"
    r"|续?表\s*[\d一二三四五六七八九十]+"
    r"|(?:notes?|sources?|units?|data source|source of data)\s*\d*\s*[:：.]"
    r"|table\s+[\dIVX]+[.:\s]"
    r")",
    re.IGNORECASE,
)
# the same, sure enough to be told among rows as full as the table's
_CERTAIN = re.compile(
    r"^\s*[(（\[【]?\s*(?:续?表\s*\d|table\s+\d"
    r"|(?:注释?|备注|附注|资料来源|数据来源|notes?|sources?|data source)\s*\d*\s*[:：])",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"^[(（\[【].*[)）\]】]$|^%$|^％$")
_NUMBER = re.compile(r"^[+-]?[\d,.\s]+%?$")


class Printed(NamedTuple):
    """A table taken out of its page."""

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    dropped: list[dict[str, str | int]]
    header_row: int
    renamed: list[str]


def take_apart(grid: list[list[str]], what: str) -> Printed:
    """Find header and data in a grid; raise where a row does not fit the header.

    Raises
    ------
    InputError
        The grid is empty, has no header, or a row has more cells than the header.
    """
    rows = [[cell.strip() for cell in row] for row in grid]
    filled = [sum(map(bool, row)) for row in rows]
    dropped: list[dict[str, str | int]] = []

    def drop(number: int, reason: str) -> None:
        text = " | ".join(cell for cell in rows[number] if cell)
        dropped.append({"row": number + 1, "reason": reason, "text": text[:200]})

    widths = Counter(
        count for row, count in zip(rows, filled, strict=True) if count and not _is_note(row, None)
    )
    if not widths:
        raise InputError(f"{what} holds no table: all of its rows are blank or notes")
    wide = {count: times for count, times in widths.items() if count > 1} or widths
    usual = max(wide, key=lambda count: (wide[count], count))
    head = next(
        (
            number
            for number, row in enumerate(rows)
            if filled[number] >= max(1 if usual == 1 else 2, 0.6 * usual)
            and not _is_note(row, None)
        ),
        None,
    )
    if head is None:
        raise InputError(f"{what} has no row that could be the header of a table")
    width = max(number for number, cell in enumerate(rows[head], 1) if cell)
    header = rows[head]
    if re.fullmatch(r"\d{6}(\.0+)?|\d{12}", header[0]):
        raise InputError(
            f"{what} has no header: its first full row (row {head + 1}) begins with the code "
            f"{header[0]}; put the names of the columns above it"
        )
    end = _end(rows, filled, head, width)
    kept: list[int] = []
    for number, row in enumerate(rows):
        if number == head:
            continue
        reason = _reason(row, header, width) if head < number < end else "note"
        if not filled[number]:
            drop(number, "blank")
        elif number < head:
            drop(number, "above the header")
        elif reason == "units" and kept:
            kept.append(number)
        elif reason:
            drop(number, reason)
        else:
            kept.append(number)
    over = [number + 1 for number in kept if any(rows[number][len(header) :])]
    if over:
        raise InputError(
            f"{what} has rows with more cells than the {len(header)} of the header (row "
            f"{some(over)}): quote the cells that hold the delimiter, such as 1,234"
        )
    # a column without a name counts if a row has something in it
    width = max(
        [width, *(place for n in kept for place, cell in enumerate(rows[n], 1) if cell)],
    )
    names, renamed = _names([*header, *[""] * width][:width])
    data = [[*rows[number], *[""] * width][:width] for number in kept]
    return Printed(names, data, [number + 1 for number in kept], dropped, head + 1, renamed)


def _reason(row: list[str], header: list[str], width: int) -> str:
    """Say why a row below the header is no data, or nothing."""
    if _is_note(row, width):
        return "note"
    if [cell for cell in row if cell] == [cell for cell in header if cell]:
        return "header repeated"
    cells = [cell for cell in row if cell]
    # (亿元) | (万人) under the names, with nothing under the first
    units = bool(cells) and not row[0] and all(map(_BRACKETED.match, cells))
    return "units" if units else ""


def _is_note(row: list[str], width: int | None) -> bool:
    """Say whether the row is a note, a source, a title or a line of units.

    A sure mark tells it at any width (commas cut a note in text into many cells); a weaker one only
    where the row fills less than the table is wide.
    """
    cells = [cell for cell in row if cell]
    if not cells:
        return False
    if row[0] and _CERTAIN.match(row[0]):
        return True
    few = len(cells) == 1 or (width is not None and len(cells) < min(width, 3))
    return few and bool(_NOTE.match(cells[0]))


def _end(rows: list[list[str]], filled: list[int], head: int, width: int) -> int:
    """Give the row after the last of data: where a note begins that only lone cells follow."""
    end = len(rows)
    for number in range(len(rows) - 1, head, -1):
        if not filled[number]:
            continue
        if _is_note(rows[number], width):
            end = number
        elif filled[number] > 1 or width == 1 or _NUMBER.match(next(filter(None, rows[number]))):
            break
    return end


def _names(header: list[str]) -> tuple[list[str], list[str]]:
    """Name what has no name and number what has another's; say which."""
    names: list[str] = []
    renamed: list[str] = []
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"unnamed_{place}"
        plain, count = name, 1
        while name in names:
            count += 1
            name = f"{plain}_{count}"
        if name != cell:
            renamed.append(f"column {place} ({cell!r}) as {name!r}")
        names.append(name)
    return names, renamed

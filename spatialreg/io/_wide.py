"""Wide panels, with years as columns, made long."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from .._align import some
from ..errors import InputError

_YEAR = re.compile(r"^(?P<stem>.*?)[\s_.-]*(?P<year>(?:1[89]|20|21)\d\d)\s*年?$", re.DOTALL)


def to_long(frame: pd.DataFrame, code: str, what: str) -> pd.DataFrame:
    """Turn columns of years into rows.

    Columns named by the year alone give one column ``value``; those with a stem (``gdp_2019``) one
    column named by the stem. Every other column (a name) is repeated for each year.

    Raises
    ------
    InputError
        No column is named by a year, or one name of a result is taken.
    """
    found: dict[str, dict[int, str]] = {}
    for column in frame.columns.drop(code):
        match = _YEAR.match(unicodedata.normalize("NFKC", str(column)).strip())
        if match and not match["stem"][-1:].isdigit():
            years = found.setdefault(match["stem"] or "value", {})
            number = int(match["year"])
            if number in years:
                raise InputError(
                    f"{what} has two columns for {number} ({years[number]!r}, {column!r}): "
                    "rename one of them"
                )
            years[number] = column
    if not found:
        raise InputError(
            f"{what} has no column named by a year (2019, 2019年, gdp_2019); its columns are "
            f"{some(map(repr, frame.columns), 12)}: name the column of years with year="
        )
    used = {column for years in found.values() for column in years.values()}
    others = [column for column in frame.columns if column not in used]
    clash = [name for name in (*found, "year") if name in others]
    if clash:
        raise InputError(
            f"{what} has columns {some(map(repr, clash))}, which the long form needs: rename them"
        )
    every = sorted({number for years in found.values() for number in years})
    parts = []
    for number in every:
        part = frame[others].assign(year=number)
        for stem, years in found.items():
            part[stem] = frame[years[number]] if number in years else float("nan")
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def year_of(value: Any) -> Any:
    """Give the year of ``2019年`` or ``2019``; whatever is neither stays, for the check to name."""
    match = _YEAR.match(unicodedata.normalize("NFKC", str(value)).strip())
    return int(match["year"]) if match and not match["stem"] else value

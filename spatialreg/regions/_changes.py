"""Changes of county codes, as events, and which units of one year became which of another.

A table of 2010 and a map of 2021 do not share their codes. The events (a county becomes a district,
two districts are merged, a new one is cut out) are facts of ``code_changes.csv``; followed from one
year to another they say which unit went where, and with what share of its people.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
import pandas as pd

from .._align import require_one_of, some
from ..errors import InputError

FIRST_YEAR, LAST_YEAR = 1999, 2024

Transfers = Literal["missing", "ignore"]


def list_code_changes() -> pd.DataFrame:
    """List the changes of county-level codes of mainland China, 2000-2024.

    Returns
    -------
    DataFrame
        A row for each pair of a unit before and a unit after: ``year``, ``date`` (ISO, missing
        where only the year is known), ``kind`` (``"recode"``: the same unit under a new code;
        ``"rename"``: a new name, the code stays; ``"merge"``: the unit goes to another whole;
        ``"split"``: its parts go to several; ``"transfer"``: a part goes over and both go on;
        ``"new"``: where the unit came from is not stated, and ``from_code`` is missing),
        ``from_code``, ``from_name``, ``to_code``, ``to_name``, ``share`` (of the people of the
        unit before that go to the unit after; missing where unknown), ``note``. A unit that takes
        in another, or hands over a part, and goes on has a row to itself.

    Examples
    --------
    >>> from spatialreg import regions
    >>> changes = regions.list_code_changes()
    >>> changes.loc[changes["from_code"] == "110103", ["year", "kind", "to_code"]].values.tolist()
    [[2010, 'merge', '110101']]
    """
    return _events().copy()


@cache
def _events() -> pd.DataFrame:
    text = (files("spatialreg") / "data" / "code_changes.csv").read_text(encoding="utf-8")
    table = pd.read_csv(
        io.StringIO(text),
        dtype=dict.fromkeys(
            ("date", "kind", "from_code", "from_name", "to_code", "to_name", "note"), "str"
        ),
    )
    return table.astype({"year": int, "share": float})


def transfers_between(from_year: int, to_year: int) -> list[tuple[int, str, str]]:
    """List the parts that went from one unit to another between two years: year, from, to."""
    first, last = sorted((from_year, to_year))
    events = _events()
    rows = events[
        (events["kind"] == "transfer")
        & (events["from_code"] != events["to_code"])
        & (events["year"] > first)
        & (events["year"] <= last)
    ]
    columns = (rows[column].tolist() for column in ("year", "from_code", "to_code"))
    return list(zip(*columns, strict=True))


def _moves() -> pd.DataFrame:
    """Give the events that are no mere change of name; an unknown origin is an empty code."""
    events = _events()
    events = events[events["kind"] != "rename"]
    return events.assign(from_code=events["from_code"].fillna(""))


def require_year(year: int, what: str) -> int:
    """Raise unless `year` is a whole year for which the changes are known."""
    whole = isinstance(year, int | np.integer) and not isinstance(year, bool)
    if not whole or not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(
            f"{what} must be a year from {FIRST_YEAR} to {LAST_YEAR}, not {year!r}: code changes "
            "are known for these years"
        )
    return int(year)


def crosswalk(
    codes: Iterable[str], *, from_year: int, to_year: int, transfers: Transfers = "missing"
) -> pd.DataFrame:
    """Follow codes in force at the end of one year to those at the end of another.

    Parameters
    ----------
    codes : iterable of str
        Six-digit codes; one that no event names stays as it is.
    from_year, to_year : int
        From 1999 to 2024; `to_year` may be the earlier one.
    transfers : {"missing", "ignore"}
        What of a unit that hands a part (a township or so) to another and goes on: its share is
        unknown, or it is taken to keep everything.

    Returns
    -------
    DataFrame
        ``from``, ``to``, ``share``: of the unit's people; NaN where it is not known. A unit that
        ends whole in one other has the share 1, whatever happened between. Backward, ``to`` is
        empty for a unit of which it is not stated where it came from.

    Raises
    ------
    InputError
        A year lies outside those for which changes are known, or `transfers` is neither.

    Notes
    -----
    Events of one year are taken together. Backward, a merger is a split of unknown shares and a
    split a merger.

    Examples
    --------
    >>> from spatialreg import regions
    >>> regions.crosswalk(["110103"], from_year=2009, to_year=2010).values.tolist()
    [['110103', '110101', 1.0]]
    """
    from_year = require_year(from_year, "from_year")
    to_year = require_year(to_year, "to_year")
    codes = list(dict.fromkeys(codes))
    require_one_of(transfers, ["missing", "ignore"], "transfers")
    events = _moves()
    if transfers == "ignore":
        events = _without_transfers(events)
    walk = pd.DataFrame({"from": codes, "at": codes, "share": 1.0})
    forward = from_year <= to_year
    first, last = sorted((from_year, to_year))
    years = [year for year in sorted(events["year"].unique()) if first < year <= last]
    for year in years if forward else reversed(years):
        step = _step(events[events["year"] == year], forward)
        walk = walk.merge(step, how="left", left_on="at", right_on="before")
        stays = walk["after"].isna()
        walk["at"] = walk["after"].where(~stays, walk["at"])
        walk["share"] *= walk["part"].where(~stays, 1.0)
        paths = walk.groupby(["from", "at"], sort=False)["share"]
        # a sum with an unknown part is unknown
        walk = paths.sum().where(paths.count() == paths.size()).reset_index()
    alone = ~walk["from"].duplicated(keep=False)
    walk["share"] = walk["share"].where(~alone, 1.0)
    return walk.rename(columns={"at": "to"})[["from", "to", "share"]]


def _without_transfers(events: pd.DataFrame) -> pd.DataFrame:
    """Let a unit that handed over a part keep all of it, whatever else happened to it."""
    stays = events["from_code"] == events["to_code"]
    handed = events["kind"] == "transfer"
    # a row of a unit to itself also says that it was there before: it stays, with all its people
    kept = events.assign(share=events["share"].mask(handed & stays, 1.0))
    return kept[~handed | stays]


def _step(events: pd.DataFrame, forward: bool) -> pd.DataFrame:
    """Give what each unit touched in a year became, or came from (before, after, part)."""
    moved = events[["from_code", "to_code", "share"]]
    if forward:
        return moved.set_axis(["before", "after", "part"], axis=1)
    # the rows of a year name every source of a unit, itself included, so one source is the whole
    moved = moved.set_axis(["after", "before", "part"], axis=1)
    moved["part"] = np.where(moved["before"].duplicated(keep=False), np.nan, 1.0)
    return moved


def require_in_force(codes: pd.Index, year: int) -> None:
    """Raise if one of `codes` had ended, or not begun, at the end of `year`."""
    ended, new = out_of_force(codes, year)
    if len(ended) or len(new):
        told = [f"{len(ended)} had ended ({some(ended)})"] if len(ended) else []
        told += [f"{len(new)} did not exist yet ({some(new)})"] if len(new) else []
        raise InputError(
            f"the codes are not those in force at the end of {year}: {'; '.join(told)}. Give the "
            "year of the codes as from_year; carry rows of different years one by one"
        )


def out_of_force(codes: pd.Index, year: int) -> tuple[pd.Index, pd.Index]:
    """Give those of `codes` that had ended, and those that did not exist yet, at a year's end.

    A code that no event names is taken to be in force.
    """
    events = _moves()
    until = pd.concat(
        [
            pd.DataFrame({"code": events["from_code"], "year": events["year"], "lives": False}),
            pd.DataFrame({"code": events["to_code"], "year": events["year"], "lives": True}),
        ]
    )
    until = until.groupby(["code", "year"])["lives"].any().reset_index()
    past = until[until["year"] <= year].groupby("code").last()
    ended = past.index[~past["lives"]]
    # a code whose first event brings it into being did not exist before
    first = until.groupby("code")["year"].min()
    source = events.groupby("from_code")["year"].min()
    new = first.index[(first > year) & ~(source.reindex(first.index) <= first)]
    return codes[codes.isin(ended)], codes[codes.isin(new)]

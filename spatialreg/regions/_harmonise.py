"""Carry a county table from the codes of one year to those of another."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .._align import require_columns, require_unique, some
from ..errors import InputError, MissingDataWarning
from ._changes import Transfers, crosswalk, require_in_force, require_year, transfers_between
from ._codes import normalise_codes

_ROUNDING = 1e-6


def harmonise(
    table: pd.DataFrame,
    *,
    from_year: int,
    to_year: int,
    totals: Sequence[str] = (),
    rates: Mapping[str, str] | None = None,
    shares: Mapping[str, str] | None = None,
    parts: Mapping[tuple[str, str], float] | None = None,
    transfers: Transfers = "missing",
) -> pd.DataFrame:
    """Carry a table of counties from the codes of one year to those of another.

    Parameters
    ----------
    table : DataFrame
        Indexed by six-digit code, or a panel on (``code``, ``year``), in the codes in force at
        the end of `from_year`.
    from_year, to_year : int
        Years from 1999 to 2024; the end of the year counts. `to_year` may be the earlier one.
    totals : sequence of str
        Columns that add up (people, output): parts are added.
    rates : mapping of str to str
        Column of a rate (output a head, years of schooling) to the column of `totals` by which it
        is weighted (people).
    shares : mapping of str to str
        Column of a share of the unit's own whole (urban share, 0 to 1 or 0 to 100) to the column
        of `totals` that is this whole. Carried as rates are, and checked to be shares.
    parts : mapping of (str, str) to float
        For a unit that was split: (code before, code after) to the share of each total that goes
        there, where you know it. They go before those of :func:`list_code_changes`.
    transfers : {"missing", "ignore"}
        What of a unit that handed a part (a township or so) to another and went on: both are NaN,
        or each is taken to have kept what it had; ``attrs["transfers_ignored"]`` lists these
        (year, code before, code after).

    Returns
    -------
    DataFrame
        The columns named, on the codes of `to_year`, sorted. A unit of which a part could not be
        carried is NaN, never a partial sum. ``attrs["not_carried"]`` lists what could not be
        carried: (code before, codes after, reason).

    Raises
    ------
    InputError
        A column is missing or no number, a weight is not among `totals`, a share lies outside 0
        to 100, a code was not in force at the end of `from_year`, or parts do not add up to one.

    Warns
    -----
    MissingDataWarning
        Something could not be carried; the message counts it and names the codes.

    Notes
    -----
    Where a unit was split and the shares of its parts are unknown, every unit that holds a part of
    it is NaN. Where they are known, they are shares of people: every total is divided by them, and
    each part has the rates of its whole. Hand-overs of townships are known as far as the yearly
    lists tell, which is a lower bound.

    Examples
    --------
    Two districts of Beijing went into their neighbours in 2010.

    >>> import pandas as pd, spatialreg as sr
    >>> old = pd.DataFrame(
    ...     {"people": [90.0, 30.0], "schooling": [12.0, 11.0]}, index=["110101", "110103"])
    >>> sr.harmonise(old, from_year=2009, to_year=2010, totals=["people"],
    ...              rates={"schooling": "people"}).loc["110101"].to_list()
    [120.0, 11.75]
    """
    weights = {**(rates or {}), **(shares or {})}
    start, end = require_year(from_year, "from_year"), require_year(to_year, "to_year")
    source = _checked(table, list(totals), weights, list(shares or {}))
    codes = pd.Index(source.index.get_level_values(0).unique())
    source = _every_code_in_every_year(source)
    require_in_force(codes, start)
    walk = crosswalk(codes, from_year=start, to_year=end, transfers=transfers)
    walk = _with_parts(walk, dict(parts or {}))
    back = crosswalk(walk["to"].unique(), from_year=end, to_year=start, transfers=transfers)
    back = back.rename(columns={"from": "to", "to": "from"})
    # units of the later year of which a source is not in the table
    absent = back.loc[~back["from"].isin(codes), ["from", "to"]]
    result, bare = _carried(source, walk[walk["to"] != ""], list(totals), weights)
    result.loc[result.index.get_level_values("code").isin(absent["to"])] = np.nan
    not_carried = _not_carried(walk, absent)
    not_carried += [(code, code, why) for code, why in bare if code not in set(absent["to"])]
    result.attrs = {**table.attrs, "not_carried": sorted(not_carried)}
    if transfers == "ignore":
        touched = {*codes, *walk["to"]}
        result.attrs["transfers_ignored"] = [
            move for move in transfers_between(start, end) if touched & set(move[1:])
        ]
    _tell(result.attrs["not_carried"], start, end)
    return result


def _checked(
    table: pd.DataFrame, totals: list[str], weights: dict[str, str], shares: list[str]
) -> pd.DataFrame:
    """Give the columns named as floats, or raise and say which column cannot be carried."""
    if not totals and not weights:
        raise InputError(
            "nothing is named to be carried: name columns in totals= (they add up), rates= "
            "(column to weight) or shares="
        )
    columns = [*totals, *weights]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise InputError(f"{some(map(repr, twice))} is named twice: a column is a total or a rate")
    require_columns(table, columns, "the table")
    loose = {column: by for column, by in weights.items() if by not in totals}
    if loose:
        raise InputError(
            f"{some(f'{c!r} is weighted by {by!r}' for c, by in loose.items())}, which is not "
            "among totals=: the weight must be carried too"
        )
    require_unique(table.index, "the table")
    source = table[columns].apply(pd.to_numeric, errors="coerce").astype(float)
    text = source.isna() & table[columns].notna()
    if text.to_numpy().any():
        column = text.columns[text.any()][0]
        raise InputError(
            f"column {column!r} must hold numbers; {int(text[column].sum())} rows do not, at "
            f"{some(table.index[text[column]])}"
        )
    for column in shares:
        wrong = source.index[~source[column].between(0, 100) & source[column].notna()]
        if len(wrong):
            raise InputError(
                f"{column!r} must hold shares, from 0 to 1 or 0 to 100; {len(wrong)} rows do not, "
                f"at {some(wrong)}: name it in rates= or totals= if it is no share"
            )
    return _with_adcodes(source)


def _with_adcodes(source: pd.DataFrame) -> pd.DataFrame:
    """Bring the codes to six-digit text, or raise and name those that are none of a county."""
    given = source.index.get_level_values(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingDataWarning)  # told below, as an error
        found = normalise_codes(pd.Series(given.unique(), index=given.unique()))
    unknown = found.index[found.isna()]
    upper = found.index[found.notna() & found.str.endswith("0000")]
    if len(unknown) or len(upper):
        raise InputError(
            f"the index must hold six-digit codes of counties; {len(unknown)} are no codes "
            f"({some(unknown)}), {len(upper)} are of provinces ({some(upper)}): set the column of "
            "codes as the index and leave out rows of totals"
        )
    others = [source.index.get_level_values(level) for level in range(1, source.index.nlevels)]
    codes = pd.Index(found.loc[given].to_numpy(), name="code")
    source.index = pd.MultiIndex.from_arrays([codes, *others]) if others else codes
    require_unique(source.index, "the table, its codes brought to six digits,")
    return source


def _every_code_in_every_year(source: pd.DataFrame) -> pd.DataFrame:
    """Give a panel a row for each code in each year, so that no sum lacks a part unseen."""
    if source.index.nlevels == 1:
        return source
    levels = [source.index.get_level_values(n).unique() for n in range(source.index.nlevels)]
    return source.reindex(pd.MultiIndex.from_product(levels, names=source.index.names))


def _with_parts(walk: pd.DataFrame, parts: dict[tuple[str, str], float]) -> pd.DataFrame:
    """Put the user's shares in the place of ours; those of a unit must add up to one."""
    if not parts:
        return walk
    pairs = pd.MultiIndex.from_frame(walk[["from", "to"]])
    stray = [pair for pair in parts if pair not in pairs]
    if stray:
        raise InputError(
            f"parts= names {some(stray)}, where no such change lies between the two years: give "
            "(code before, code after)"
        )
    own = pd.Series(parts, dtype=float).reindex(pairs)
    walk = walk.assign(share=np.where(own.notna(), own, walk["share"]))
    whole = walk[walk["from"].isin({before for before, _ in parts})].groupby("from")["share"]
    wrong = whole.sum().index[(whole.sum() - 1).abs() > _ROUNDING]
    if len(wrong):
        raise InputError(
            f"the parts of {some(wrong)} do not add up to 1: state the share of every unit that "
            "it went to"
        )
    return walk


def _carried(
    source: pd.DataFrame, walk: pd.DataFrame, totals: list[str], weights: dict[str, str]
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Add and average over the walk; with it (code, reason) of rates that lack a weight."""
    columns = list(source.columns)
    keys = ["code", *source.index.names[1:]]
    rows = source.reset_index().rename(columns={"code": "from"}).merge(walk, on="from")
    rows = rows.rename(columns={"to": "code"})
    parts = rows[totals].mul(rows["share"], axis=0)
    for column, weight in weights.items():
        parts[column] = rows[column] * parts[weight]
    groups = [rows[key] for key in keys]
    # a sum with a missing part is missing
    missing = parts.isna().groupby(groups).any()
    sums = parts.groupby(groups).sum().mask(missing)
    for column, weight in weights.items():
        sums[column] = sums[column] / sums[weight].where(sums[weight] != 0)
    # what goes over whole and alone keeps its rates, with or without its weight
    alone = (rows["share"] == 1) & ~rows.duplicated(keys, keep=False)
    kept = rows[alone].set_index(keys)[list(weights)]
    sums.loc[kept.index, list(weights)] = kept
    bare = []
    for column, weight in weights.items():
        ready = (rows[column].notna() & rows["share"].notna()).groupby(groups).all()
        lost = sums.index[ready & sums[column].isna()].get_level_values("code").unique()
        why = f"{column!r} has no weight: {weight!r} is missing or zero"
        bare += [(str(code), why) for code in lost]
    return sums[columns].sort_index(), bare


def _not_carried(walk: pd.DataFrame, absent: pd.DataFrame) -> list[tuple[str, str, str]]:
    """List (code before, codes after, reason)."""
    bare, blank = walk["to"] == "", absent["from"] == ""
    appeared = absent[blank]
    causes = (
        (walk[walk["share"].isna() & ~bare], "the shares of its parts are not known"),
        (walk[bare], "it is not stated where it came from"),
        (absent[~blank], "it is not in the table"),
        (appeared.assign(**{"from": appeared["to"]}), "it is not stated where it came from"),
    )
    return sorted(
        (str(before), ", ".join(after), reason)
        for rows, reason in causes
        for before, after in rows.groupby("from")["to"]
    )


def _tell(not_carried: list[tuple[str, str, str]], start: int, end: int) -> None:
    if not_carried:
        warnings.warn(
            f"{len(not_carried)} units could not be carried from {start} to {end} "
            f"({some(before for before, _, _ in not_carried)}), and those that they went to are "
            "missing: see attrs['not_carried']; state the shares of parts with parts=",
            MissingDataWarning,
            stacklevel=3,
        )

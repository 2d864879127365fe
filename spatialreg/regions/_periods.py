"""Periods: plans and stages as half-open years, so that a boundary year falls in one of them."""

from __future__ import annotations

import io
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from .._align import require_columns, require_one_of, some
from ..errors import InputError


def list_periods() -> pd.DataFrame:
    """List the periods that the package carries.

    Returns
    -------
    DataFrame
        One row a period: set, id, name_en, name_zh, start, end, source, note. Years are half-open,
        ``[start, end)``: a year on a boundary belongs to the period that it opens; an end that is
        missing is open.

    Examples
    --------
    >>> import spatialreg as sr
    >>> periods = sr.list_periods().set_index("id")
    >>> periods.loc["fyp_13", ["start", "end"]].tolist()
    [2016, 2021]
    """
    text = (files("spatialreg") / "data" / "periods.csv").read_text(encoding="utf-8")
    return pd.read_csv(io.StringIO(text), dtype={"start": "int64", "end": "Int64"})


def assign_period(years: Any, periods: str | pd.DataFrame) -> pd.Series:
    """Say which period each year falls in.

    Parameters
    ----------
    years : Series, Index, array of int, or panel
        Years; of a panel (a frame with ``year`` in its index), those of its index.
    periods : str or DataFrame
        A set of :func:`list_periods`, or a table with id, start and end (half-open; a missing end
        is open).

    Returns
    -------
    Series
        The id of the period, NaN outside all of them, named ``period``; on the index of a Series
        or panel, else on the years themselves.

    Raises
    ------
    InputError
        There is no such set, periods overlap or end before they start, or a year is not whole.

    Examples
    --------
    >>> from spatialreg import regions
    >>> regions.assign_period([1977, 1978, 1999], "li_liu").tolist()
    ['li_liu_1', 'li_liu_2', 'li_liu_3']
    """
    table = _checked(periods)
    index, values = _years(years)
    result = np.full(len(values), None, dtype=object)
    for row in table.itertuples():
        inside = (values >= row.start) & (values < row.end)
        result[inside] = row.id
    return pd.Series(result, index=index, dtype="str", name="period")


def _checked(periods: str | pd.DataFrame) -> pd.DataFrame:
    if isinstance(periods, str):
        listed = list_periods()
        require_one_of(periods, sorted(listed["set"].unique()), "the set of periods")
        periods = listed[listed["set"] == periods]
    require_columns(periods, ["id", "start", "end"], "the table of periods")
    table = pd.DataFrame(
        {
            "id": periods["id"].astype(str),
            "start": pd.to_numeric(periods["start"]).astype(float),
            "end": pd.to_numeric(periods["end"]).astype(float).fillna(np.inf),
        }
    ).sort_values("start")
    backward = table.loc[table["end"] <= table["start"], "id"]
    if len(backward):
        raise InputError(
            f"periods must end after they start ({some(backward)} do not): years are half-open, "
            "the end is the first year after the period"
        )
    late = table["start"].to_numpy()[1:] < table["end"].to_numpy()[:-1]
    if late.any():
        names = table["id"].to_numpy()
        pairs = [f"{names[i]} and {names[i + 1]}" for i in map(int, np.flatnonzero(late))]
        raise InputError(
            f"periods overlap ({some(pairs)}): a year must fall in one; years are half-open, the "
            "end is the first year after the period"
        )
    return table


def _years(years: Any) -> tuple[pd.Index, np.ndarray]:
    if isinstance(years, pd.DataFrame):
        if "year" not in years.index.names:
            raise InputError(
                "the frame has no level 'year' in its index: pass its column of years, or make it "
                "a panel with to_panel()"
            )
        index, given = years.index, years.index.get_level_values("year").to_series()
    elif isinstance(years, pd.Series):
        index, given = years.index, years
    else:
        index = years if isinstance(years, pd.Index) else pd.Index(np.asarray(years), name="year")
        given = index.to_series()
    values = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(values % 1 == 0)
    if wrong.any():
        bad = given.astype(object).to_numpy()[wrong]
        raise InputError(f"years must be whole numbers; {some(map(repr, bad))} are not")
    return index, values

"""Who gives to whom: flows of money between regions, by region and per head, and as lines.

Takes a table with a row a flow (origin, destination, amount, and where given the year); gives what
each region gives and receives, its net receipts per head and their share of its budget. Nothing is
embedded: amounts by pair are the user's.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, require_unique, some
from ...errors import AlignmentError, InputError, MissingDataWarning
from ...regions import tidy_code


def net_flows(
    flows: pd.DataFrame,
    *,
    origin: str = "origin",
    destination: str = "destination",
    amount: str = "amount",
    year: str | None = None,
    population: pd.Series | None = None,
    budget: pd.Series | None = None,
    regions: Iterable[Any] | None = None,
) -> pd.DataFrame:
    """Given, received and net amounts by region, per head and as a share of its budget.

    Parameters
    ----------
    flows : DataFrame
        A row a flow; several rows of one pair (programmes, quarters) are added up.
    origin, destination : str
        Columns with the codes of the regions that give and that receive.
    amount : str
        Column with the amount, not negative, in one unit of money.
    year : str, optional
        Column with the year. Without it, all rows are added up.
    population, budget : Series, optional
        People, and revenue or expenditure in the unit of `amount`, labelled by region; with `year`
        by (`code`, `year`), or by region for all years alike. They may hold more regions.
    regions : iterable of codes, optional
        All regions; those without a flow have zeros. By default those that stand in a flow.

    Returns
    -------
    DataFrame
        Indexed by `code`, with `year` by (`code`, `year`), every region in every year: `given`,
        `received`, `net` (received - given), `partners` (regions on the other side), and where
        asked for `net_per_head` (unit of amount per head of `population`) and `share_of_budget`
        (net / budget; negative for those who give more). Net amounts sum to zero.

    Raises
    ------
    InputError
        A column is missing, an amount is negative or no number, a code or year is missing, or a
        region gives to itself.
    AlignmentError
        Flows name regions that `regions` lacks, or population or budget lack a region.

    Warns
    -----
    MissingDataWarning
        Rows without an amount were left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import net_flows
    >>> flows = pd.DataFrame({"origin": ["a", "a", "b"], "destination": ["b", "c", "c"],
    ...                       "amount": [6.0, 4.0, 1.0]})
    >>> net_flows(flows, population=pd.Series({"a": 10, "b": 5, "c": 2}))
          given  received   net  partners  net_per_head
    code
    a      10.0       0.0 -10.0         2          -1.0
    b       1.0       6.0   5.0         2           1.0
    c       0.0       5.0   5.0         2           2.5
    """
    table = _table(flows, origin, destination, amount, year)
    codes = _regions(table, regions)
    years = None if year is None else np.unique(table["year"].to_numpy())
    if years is None:
        index: pd.Index = codes
        ends = {
            side: codes.get_indexer(pd.Index(table[side])) for side in ("origin", "destination")
        }
    else:
        index = pd.MultiIndex.from_product([codes, years], names=["code", "year"])
        when = np.searchsorted(years, table["year"].to_numpy())
        ends = {
            side: codes.get_indexer(pd.Index(table[side])) * len(years) + when
            for side in ("origin", "destination")
        }
    size = len(index)
    value = table["amount"].to_numpy()
    given, received = (
        np.bincount(ends[side], value, minlength=size) for side in ("origin", "destination")
    )
    result = pd.DataFrame(
        {
            "given": given,
            "received": received,
            "net": received - given,
            "partners": _partners(ends, size),
        },
        index=index,
    )
    words = f"{amount} by region: given, received, net = received - given, partners"
    for name, what, column in (
        ("population", population, "net_per_head"),
        ("budget", budget, "share_of_budget"),
    ):
        if what is not None:
            result[column] = result["net"] / _per(what, name, index)
            words += f", {column} = net / {name}"
    result.attrs["definition"] = words + ("" if year is None else f", by {year}")
    return result


def _table(
    flows: pd.DataFrame, origin: str, destination: str, amount: str, year: str | None
) -> pd.DataFrame:
    """Give origin, destination, amount and year, cleaned and in order."""
    table = flow_ends(flows, origin, destination)
    require_columns(flows, [amount, *([] if year is None else [year])], "flows")
    values = numeric_series(flows[amount].reset_index(drop=True), f"column {amount!r}")
    table["amount"] = values.to_numpy()
    negative = flows.index[table["amount"] < 0]
    if len(negative):
        raise InputError(
            f"column {amount!r} must not be negative; {len(negative)} flows are, at "
            f"{some(negative)}: turn them round, from destination to origin"
        )
    if year is not None:
        stamps = pd.to_numeric(flows[year], errors="coerce").to_numpy(dtype=float)
        bad = flows.index[np.isnan(stamps) | (stamps % 1 != 0)]
        if len(bad):
            raise InputError(
                f"column {year!r} must hold whole years; {len(bad)} flows do not, at {some(bad)}"
            )
        table["year"] = stamps.astype(int)
    missing = flows.index[table["amount"].isna()]
    if len(missing):
        warnings.warn(
            f"{len(missing)} of {len(flows)} flows have no {amount!r} and were left out: "
            f"{some(missing)}",
            MissingDataWarning,
            stacklevel=3,
        )
        table = table[table["amount"].notna().to_numpy()]
    if table.empty:
        raise InputError("there is no flow with an amount")
    # sums in the order of labels and amounts, so that the order of rows changes no digit
    return table.sort_values(list(table.columns), ignore_index=True)


def _regions(table: pd.DataFrame, regions: Iterable[Any] | None) -> pd.Index:
    named = np.unique(table[["origin", "destination"]].to_numpy().ravel().astype(str))
    if regions is None:
        return pd.Index(named, name="code")
    if isinstance(regions, str):
        raise InputError(f"regions must be a sequence of codes: pass [{regions!r}]")
    codes = pd.Index([tidy_code(code) for code in regions], name="code")
    require_unique(codes, "regions")
    unknown = [code for code in named if code not in codes]
    if unknown:
        raise AlignmentError(
            f"flows name {len(unknown)} regions that regions lacks ({some(unknown)}): correct "
            "their codes, or add them to regions"
        )
    return codes


def _partners(ends: dict[str, np.ndarray], size: int) -> np.ndarray:
    """Count the regions that each region (in each year) gives to or receives from."""
    here = np.concatenate([ends["origin"], ends["destination"]])
    there = np.concatenate([ends["destination"], ends["origin"]])
    pairs = np.unique(here * size + there)
    return np.bincount(pairs // size, minlength=size)


def _per(values: pd.Series, name: str, index: pd.Index) -> np.ndarray:
    """Bring people or budgets to the rows; by region they serve all years."""
    given = numeric_series(values, name)
    codes = given.index.get_level_values(0).map(tidy_code)
    rows = index
    if given.index.nlevels == 1:
        given.index = codes
        rows = index.get_level_values(0)
    elif given.index.nlevels == index.nlevels == 2:
        given.index = pd.MultiIndex.from_arrays([codes, given.index.get_level_values(1)])
    else:
        raise AlignmentError(
            f"{name} must be labelled by region, or where year is given by (code, year), not by "
            f"{list(given.index.names)}"
        )
    require_unique(given.index, name)
    lacking = rows[~rows.isin(given.index)].unique()
    if len(lacking):
        raise AlignmentError(
            f"{name} lacks {len(lacking)} of the regions ({some(lacking)}): index it by the same "
            "codes, NaN where there is no value"
        )
    aligned = given.reindex(rows).to_numpy()
    odd = rows[aligned <= 0].unique()
    if len(odd):
        raise InputError(f"{name} must be above zero; it is not at {some(odd)}: make blanks NaN")
    return aligned


def flow_ends(flows: pd.DataFrame, origin: str, destination: str) -> pd.DataFrame:
    """Give both codes of each flow as text; each must be there, and not the same."""
    if not isinstance(flows, pd.DataFrame):
        raise InputError(f"flows must be a DataFrame, not {type(flows).__name__}")
    require_columns(flows, [origin, destination], "flows")
    ends = pd.DataFrame(
        {
            side: [tidy_code(value) for value in flows[column]]
            for side, column in (("origin", origin), ("destination", destination))
        },
        index=flows.index,
        dtype=object,
    )
    blank = flows.index[ends.isna().any(axis=1)]
    if len(blank):
        raise InputError(
            f"{len(blank)} flows have no {origin!r} or {destination!r}, at {some(blank)}: fill "
            "them in or leave them out"
        )
    own = flows.index[ends["origin"] == ends["destination"]]
    if len(own):
        raise InputError(
            f"{len(own)} flows begin and end in the same region, at {some(own)}: a region gives "
            "nothing to itself, so leave them out"
        )
    return ends

"""The tables that spatialreg carries: provinces, the provincial panel, national series, claims.

Each reader gives one table of ``spatialreg/data`` with its types set, and what ``sources.toml``
says about it in ``attrs``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from .._align import require_one_of, to_panel
from ..errors import InputError

_FOLDER = files("spatialreg") / "data"


def sources() -> pd.DataFrame:
    """List the embedded datasets with publisher, vintage, licence, precision and known limits.

    Returns
    -------
    DataFrame
        Index ``dataset``; columns title, file, publisher, vintage, licence, how_stated, precision,
        known_limits.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.sources().loc["provincial_panel", "file"]
    'provincial_panel.csv'
    """
    table = pd.DataFrame.from_dict(_sources(), orient="index")
    return table.rename_axis("dataset")


def provinces() -> pd.DataFrame:
    """Give the 34 provinces with their names and areas.

    Returns
    -------
    DataFrame
        Index ``code``; columns name_zh, name_en, short_zh, short_en, area_km2 [km2], area_source.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.provinces().loc["110000", "short_en"]
    'Beijing'
    """
    table = read_data("provinces.csv").set_index("code").sort_index()
    return described(table, "provinces")


def provincial_panel() -> pd.DataFrame:
    """Give the panel of 31 provinces.

    Returns
    -------
    DataFrame
        MultiIndex (``code``, ``year``); units stand in the names of the columns, and NaN where
        nothing was published. Values are in current prices unless the name says otherwise. See
        :func:`panel_breaks` for the years between which a column changes its definition.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> panel = datasets.provincial_panel()
    >>> panel.index.names
    FrozenList(['code', 'year'])
    """
    return described(to_panel(read_data("provincial_panel.csv")), "provincial_panel")


def national_series() -> pd.DataFrame:
    """Give national series by year: output, people, and lengths of roads and railways.

    Returns
    -------
    DataFrame
        Index ``year`` (int); units stand in the names of the columns, NaN where unknown.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> int(datasets.national_series().loc[2021, "hsr_km"])
    40139
    """
    table = read_data("national_series.csv").set_index("year").sort_index()
    return described(table, "national_series")


def panel_breaks(column: str | None = None) -> pd.DataFrame:
    """List where a column of the provincial panel changes its definition.

    Parameters
    ----------
    column : str, optional
        Only the breaks of this column.

    Returns
    -------
    DataFrame
        column, code (missing: all provinces), year (the break lies between the year before and this
        one), reason, source.

    Raises
    ------
    InputError
        `column` is no column of the panel.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> "year" in datasets.panel_breaks().columns
    True
    """
    table = described(read_data("panel_breaks.csv"), "panel_breaks")
    if column is None:
        return table
    require_one_of(column, sorted(provincial_panel().columns), "column")
    return table[table["column"] == column].reset_index(drop=True)


def claims() -> pd.DataFrame:
    """Give the register of claims that the embedded study tests.

    Returns
    -------
    DataFrame
        Index ``id``; columns section, sentence, test, finding, untestable_reason, mind.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.claims().index.is_unique
    True
    """
    rows = _toml("claims.toml")["claim"]
    return described(pd.DataFrame(rows).set_index("id").sort_index(), "claims")


def read_data(name: str) -> pd.DataFrame:
    """Read a CSV of the package's data; codes stay text, blanks are missing."""
    text = {"code", "county", "prefecture", "station", "section", "route", "opened"}
    path = _FOLDER / name
    with path.open(encoding="utf-8") as file:
        header = file.readline().strip().split(",")
        file.seek(0)
        types = {column: "str" for column in header if column in text}
        return pd.read_csv(file, dtype=types, keep_default_na=False, na_values=[""])


def described(frame: Any, dataset: str) -> Any:
    """Set ``attrs`` of `frame` to what ``sources.toml`` says about `dataset`."""
    known = _sources()
    if dataset not in known:
        raise InputError(
            f"sources.toml has no table {dataset!r}; it has {', '.join(sorted(known))}"
        )
    entry = known[dataset]
    frame.attrs = {"source": entry["publisher"], **entry}
    return frame


@cache
def _sources() -> dict[str, dict[str, str]]:
    return _toml("sources.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))

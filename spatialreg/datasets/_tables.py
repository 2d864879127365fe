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
VINTAGES = ("2000-2019", "1978-1999", "2020-2022", "2020-2023")


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


def provincial_panel(vintage: str = "2000-2019") -> pd.DataFrame:
    """Give a panel of the 31 mainland provinces, in one vintage.

    Parameters
    ----------
    vintage : {"2000-2019", "1978-1999", "2020-2022", "2020-2023"}
        ``"2000-2019"`` is the panel of the study. ``"1978-1999"`` has output and people of an
        older compilation. Both later ones have output and people: ``"2020-2022"`` runs on from
        the panel's output of 2019, ``"2020-2023"`` is revised after the fifth economic census
        and does not. Levels of two vintages are not comparable.

    Returns
    -------
    DataFrame
        MultiIndex (``code``, ``year``); units stand in the names of the columns, and NaN where
        nothing was published. Values are in current prices unless the name says otherwise. See
        :func:`panel_breaks` for the years between which a column changes its definition.

    Raises
    ------
    InputError
        There is no such vintage.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> panel = datasets.provincial_panel()
    >>> panel.index.names
    FrozenList(['code', 'year'])
    >>> float(datasets.provincial_panel("1978-1999").loc[("310000", 1978), "gdp_100m_yuan"])
    273.0
    """
    name = _of_vintage("provincial_panel", vintage)
    return described(to_panel(read_data(f"{name}.csv")), name)


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


def panel_breaks(column: str | None = None, *, vintage: str = "2000-2019") -> pd.DataFrame:
    """List where a column of the provincial panel changes its definition, or leaps.

    Parameters
    ----------
    column : str, optional
        Only the breaks of this column.
    vintage : {"2000-2019", "1978-1999"}
        Of the panel.

    Returns
    -------
    DataFrame
        column, code (missing: all provinces), year (the break lies between the year before and this
        one), reason, source.

    Raises
    ------
    InputError
        `column` is no column of the panel, or the breaks of that vintage are not listed.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> "year" in datasets.panel_breaks().columns
    True
    """
    require_one_of(vintage, ["2000-2019", "1978-1999"], "vintage")
    name = _of_vintage("panel_breaks", vintage)
    table = described(read_data(f"{name}.csv"), name)
    if column is None:
        return table
    require_one_of(column, sorted(provincial_panel(vintage).columns), "column")
    return table[table["column"] == column].reset_index(drop=True)


def _of_vintage(dataset: str, vintage: str) -> str:
    require_one_of(vintage, VINTAGES, "vintage")
    return dataset if vintage == VINTAGES[0] else f"{dataset}_{vintage.replace('-', '_')}"


def census_totals() -> pd.DataFrame:
    """Give the published total of the 2020 census by province, to hold sums against.

    Returns
    -------
    DataFrame
        Index ``code``; ``population`` [people], ``source``.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> int(datasets.census_totals()["population"].sum())
    1409778724
    """
    table = read_data("census_2020_provinces.csv").set_index("code").sort_index()
    return described(table, "census_2020_provinces")


def poverty_counties() -> pd.DataFrame:
    """List the 832 counties that were lifted out of poverty, with the year.

    Returns
    -------
    DataFrame
        A row a county of the list: ``code`` (on the map of about 2021; two listed units share
        one), ``name_zh``, ``province``, ``exit_year`` (in which it met the standard), ``note``.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.poverty_counties()["exit_year"].value_counts().sort_index().to_list()
    [28, 125, 283, 344, 52]
    """
    return described(read_data("poverty_counties.csv"), "poverty_counties")


def services_standard() -> pd.DataFrame:
    """Give aspects, categories and items of the national standard of basic public services of 2021.

    Returns
    -------
    DataFrame
        A row an item: ``aspect_number`` (1-9), ``aspect_zh``, ``aspect_en``, ``category_number``
        (1-22), ``category_zh``, ``category_en``, ``item_number`` (1-80), ``item_zh``, ``item_en``
        and ``item_source``: ``reprint`` or ``memory``. English names are our own translation. Most
        items are written down from memory: hold them against the standard before you cite them.
        See :func:`spatialreg.disparity.services_template` for a hierarchy to fill.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> table = datasets.services_standard()
    >>> table[["aspect_number", "category_number", "item_number"]].nunique().to_list()
    [9, 22, 80]
    """
    return described(read_data("services_standard_2021.csv"), "services_standard_2021")


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
    text = {
        "code",
        "zone",
        "unit",
        "corrected",
        "county",
        "prefecture",
        "station",
        "section",
        "route",
        "opened",
    }
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

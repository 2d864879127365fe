"""How a group stands against all other regions, where groups overlap and make no partition.

River basins, belts and special zones share regions, so that inequality has no parts between all of
them. Each of them alone cuts the country in two. Takes a table of indicators and gives, for each of
its groups, the parts between the group and the rest, inside the group and inside the rest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._align import require_unique, some
from ...errors import InputError
from .._groups import Rows, on_rows, read_rows
from ._entropy import find_entropy
from ._nested import nested_parts


def decompose_one_vs_rest(
    frame_or_panel: pd.DataFrame,
    *,
    per_head: str,
    population: str | None,
    members: pd.DataFrame | pd.Series,
    measure: str = "T",
) -> pd.DataFrame:
    """Inequality between each group and the rest, inside it, and inside the rest.

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`).
    per_head : str
        Column with the value per head, not negative.
    population : str or None
        Column with people; None lets each region count once.
    members : DataFrame or Series of bool
        A column a group: True where a region is in it, as :func:`spatialreg.assign_scheme` gives
        for overlapping schemes; or one column. Labelled as the frame is, for a panel also by code
        alone. Groups may overlap, and need not hold all regions.
    measure : str
        ``"T"``, ``"L"`` or ``"ge(alpha)"``, as for :func:`decompose_theil`.

    Returns
    -------
    DataFrame
        Index `group`, for a panel (`group`, `year`): `regions` in the group, `population_share`,
        `relative` (mean of the group over that of all), `between` the group and the rest,
        `within_group`, `within_rest`, their sum `total`, which is the index and the same for all
        groups, and `between_share`. The rows are not to be added up, as regions may be in several.
        A group without regions that have data has zero regions, NaN as its mean and no part
        between. ``attrs["definition"]`` says what was computed.

    Raises
    ------
    InputError
        The members are not bool or have a column twice, or what :func:`decompose_theil` raises.
    AlignmentError
        The members lack regions with data.

    Warns
    -----
    MissingDataWarning
        Regions without a value or population were left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import decompose_one_vs_rest
    >>> regions = pd.DataFrame({"income": [1.0, 3.0, 4.0, 4.0]}, index=list("abcd"))
    >>> rivers = pd.DataFrame({"north": [True, True, False, False],
    ...                        "south": [False, True, True, False]}, index=list("abcd"))
    >>> parts = decompose_one_vs_rest(regions, per_head="income", population=None, members=rivers)
    >>> parts[["regions", "between", "within_group", "within_rest", "total"]].round(4)
           regions  between  within_group  within_rest   total
    group
    north        2   0.0566        0.0436       0.0000  0.1002
    south        2   0.0140        0.0060       0.0803  0.1002
    """
    entropy = find_entropy(measure)
    rows = read_rows(frame_or_panel, per_head, population, positive=entropy.positive)
    tables = []
    for name, inside in _indicators(members, rows).items():
        labels = pd.DataFrame({"side": np.where(inside, "group", "rest")}, index=rows.index)
        parts = nested_parts(rows.y, rows.w, rows.years, labels, "unit", entropy)
        tables.append(_one_group(rows, inside, parts).assign(group=name))
    result = pd.concat(tables, ignore_index=True).set_index(["group", "year"])
    if not rows.panel:
        result = result.droplevel("year")
    counted = "once" if population is None else f"as its people ({population})"
    result.attrs["definition"] = (
        f"{entropy.words}; {per_head}, each region counted {counted}; each group against all "
        "other regions with data"
    )
    return result


def _indicators(members: pd.DataFrame | pd.Series, rows: Rows) -> dict[str, np.ndarray]:
    """Give each group's membership by row."""
    if isinstance(members, pd.Series):
        members = members.to_frame("group" if members.name is None else members.name)
    if not isinstance(members, pd.DataFrame) or members.shape[1] == 0:
        raise InputError(
            "members must be a table of bool, a column a group, or one Series of bool: "
            "assign_scheme(frame, scheme) gives it for an overlapping scheme"
        )
    require_unique(members.columns, "the columns of members")
    wrong = [name for name in members if not _is_indicator(members[name])]
    if wrong:
        raise InputError(
            "members must be bool without gaps, True where a region is in the group; "
            f"{some(map(repr, wrong))} is not: from a column of labels pd.get_dummies(column, "
            "dtype=bool) makes a table"
        )
    return {
        str(name): on_rows(members[name], rows.index, f"members {name!r}").to_numpy(dtype=bool)
        for name in members.columns
    }


def _is_indicator(column: pd.Series) -> bool:
    return pd.api.types.is_bool_dtype(column) and bool(column.notna().all())


def _one_group(rows: Rows, inside: np.ndarray, parts: pd.DataFrame) -> pd.DataFrame:
    years, position, share = rows.totals()
    value = np.bincount(position, share * rows.y)
    people = np.bincount(position, share * inside)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.bincount(position, share * inside * rows.y) / people / value
    component = parts.set_index(["component", "group", "year"])["value"]

    def of(kind: str, group: str) -> np.ndarray:
        found = component[(component.index.get_level_values(0) == kind)]
        found = found[found.index.get_level_values(1) == group].droplevel([0, 1])
        return found.reindex(years).fillna(0.0).to_numpy()

    table = pd.DataFrame(
        {
            "year": years,
            "regions": np.bincount(position, inside).astype(int),
            "population_share": people,
            "relative": relative,
            "between": of("between", "all"),
            "within_group": of("within", "group"),
            "within_rest": of("within", "rest"),
        }
    )
    table["total"] = table[["between", "within_group", "within_rest"]].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        table["between_share"] = table["between"] / table["total"]
    return table

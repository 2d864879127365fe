"""Does the answer hang on the level? The same measures by county, by prefecture and by province.

Regions are joined upward into the units of each level (value per head times people, summed, over
people), and the same measures are taken of each. Inequality can only fall on the way up; the table
says by how much, and which share of Theil's index is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..._align import some
from ...errors import InputError
from .._groups import read_levels, unit_of
from .._inputs import by_year, grid, is_panel
from .._measures import chosen, theil


def inequality_by_level(
    panel_or_frame: pd.DataFrame,
    *,
    per_head: str,
    population: str,
    by: str | pd.Series | Sequence[str | pd.Series],
    measures: Sequence[str] = ("gini", "theil", "mld", "cv"),
) -> pd.DataFrame:
    """Measures of inequality between the units of several levels, from the same regions.

    Parameters
    ----------
    panel_or_frame : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`); its rows are
        the finest level.
    per_head : str
        Column with the value per head, not negative.
    population : str
        Column with people: units are joined by them and count as them.
    by : str, Series, or a sequence of them
        The units of the levels above, outermost first (``["province", "prefecture"]``): a column,
        or a Series labelled as the frame is (for a panel also by code alone). Each unit lies in
        one unit of the level above, in all years.
    measures : sequence of str
        As for :func:`inequality`.

    Returns
    -------
    DataFrame
        By `level`, for a panel by (`level`, `year`), outermost first; the last level is that of
        the rows, named as their index, or ``"region"``. ``units``, their number with data; a
        column per measure; and ``between_share``, the share of Theil's T between the finest
        regions that lies between the units of the level (1 at the finest): the rest is lost by
        joining. NaN for a year without data. ``attrs["definition"]`` says in words what was
        computed.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric; a region has no unit at a level,
        or a unit lies in two units of the level above; a measure is unknown or not defined for a
        value of zero.
    AlignmentError
        A Series of units lacks regions.

    Warns
    -----
    MissingDataWarning
        Regions without a value or people were left out, at all levels.

    Notes
    -----
    The value of a unit is the mean of its regions' values, weighted by people. That is exact for
    values per head of these people; for a value per head of others (years of schooling of those
    aged 15 and over) people stand in for them.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import inequality_by_level
    >>> counties = pd.DataFrame(
    ...     {"income": [1.0, 3.0, 4.0, 4.0], "people": [1, 1, 1, 1], "province": list("wwee")},
    ...     index=pd.Index(list("abcd"), name="county"))
    >>> inequality_by_level(
    ...     counties, per_head="income", population="people", by="province",
    ...     measures=["gini", "theil"]).round(4)
              units    gini   theil  between_share
    level
    province      2  0.1667  0.0566          0.565
    county        4  0.2083  0.1002          1.000
    """
    asked = chosen(measures)
    positive = next((repr(m.name) for m in asked if m.positive), None)
    values, people = by_year(panel_or_frame, per_head, population, positive=positive)
    if values.empty:
        raise InputError(f"column {per_head!r} has no region with a value and people")
    levels = read_levels(panel_or_frame, by, values.index)
    finest = unit_of(panel_or_frame)
    levels[finest] = values.index.get_level_values(0)
    _require_nested(levels)
    panel = is_panel(panel_or_frame)
    years = values.index.get_level_values(1) if panel else None
    tables = {}
    for name in levels.columns:
        keys = [levels[name]] if years is None else [levels[name], years]
        joined = people.groupby(keys).sum()
        mean = (values * people).groupby(keys).sum() / joined
        rows, _, y, w = grid(panel_or_frame, mean, joined)
        columns = {"units": (w > 0).sum(axis=-1)} | {m.name: m.kernel(y, w) for m in asked}
        tables[name] = pd.DataFrame(columns, index=rows).assign(_theil=theil(y, w))
    result = pd.concat(tables, names=["level"])
    if not panel:
        result = result.droplevel(1)
    whole = tables[finest]["_theil"].to_numpy()
    part = result.pop("_theil").to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        result["between_share"] = part / np.tile(whole, len(tables))
    result.attrs["definition"] = (
        f"inequality of {per_head} between the units of each level, joined from {finest} by "
        f"{population}, each unit counting as its people, no small-sample correction; "
        + "; ".join(m.words for m in asked)
        + f"; between_share: Theil T of the level over Theil T between {finest} units"
    )
    return result


def _require_nested(levels: pd.DataFrame) -> None:
    """Raise unless each unit lies in one unit of the level above."""
    for above, below in zip(levels.columns[:-1], levels.columns[1:], strict=True):
        pairs = levels[[above, below]].drop_duplicates()
        torn = pairs.loc[pairs[below].duplicated(keep=False), below].unique()
        if len(torn):
            raise InputError(
                f"{len(torn)} units of {below!r} lie in more than one of {above!r} "
                f"({some(sorted(torn))}): levels must be nested, outermost first, in all years the "
                "same, and names that recur need their parent's beside them"
            )

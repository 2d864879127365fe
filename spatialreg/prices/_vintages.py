"""Vintages of one series side by side: what a revision changed, where two of them overlap.

Statistics are revised: after a census, after a change of definition. Levels of two vintages are
not to be joined; they are laid beside one another. Takes a panel per vintage and gives one frame
with a column each, and differences and ratios to the first where both have a value.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .._align import numeric_series, require_columns, require_panel
from ..errors import InputError


def compare_vintages(
    panels: Mapping[str, pd.DataFrame], *, value: str | Mapping[str, str]
) -> pd.DataFrame:
    """Lay vintages of a value side by side, with what each differs by from the first.

    Parameters
    ----------
    panels : mapping of str to DataFrame
        The panels by name of their vintage, each indexed (`code`, `year`); at least two. The
        first is what the others are compared with.
    value : str or mapping of str to str
        The column with the value; a mapping from vintage to column where the names differ.

    Returns
    -------
    DataFrame
        Index (`code`, `year`): every pair that any vintage has, sorted. Columns with two levels,
        ``kind`` and ``vintage``: ``value`` for each vintage, and for all but the first
        ``difference`` (vintage less the first) and ``ratio`` (vintage over the first), NaN where
        one of the two has no value, or the first is zero. ``attrs["definition"]`` says so in
        words; ``attrs["overlap"]`` has the number of rows in which a vintage and the first both
        have a value.

    Raises
    ------
    InputError
        There are fewer than two vintages, a panel is none, or a column is missing or not numeric.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> panels = {v: sr.datasets.provincial_panel(v) for v in ("2020-2022", "2020-2023")}
    >>> table = sr.prices.compare_vintages(panels, value="gdp_100m_yuan")
    >>> table["ratio"].xs("110000").round(4)
    vintage  2020-2023
    year
    2020        1.0712
    2021        1.0805
    2022        1.0886
    2023           NaN
    """
    if not isinstance(panels, Mapping) or len(panels) < 2:
        raise InputError(
            "panels must be a mapping with at least two vintages, for example "
            "{'2000-2019': panel, '2020 revision': revised}"
        )
    columns = _columns(panels, value)
    values = {}
    for vintage, panel in panels.items():
        what = f"the panel {vintage!r}"
        require_panel(panel, what)
        column = columns[vintage]
        require_columns(panel, [column], what)
        values[vintage] = numeric_series(panel[column], f"column {column!r} of {what}")
    table = pd.concat(values, axis=1, names=["vintage"]).sort_index()
    table.index.names = ["code", "year"]
    first, others = table.iloc[:, 0], table.iloc[:, 1:]
    result = pd.concat(
        {
            "value": table,
            "difference": others.sub(first, axis=0),
            "ratio": others.div(first.where(first != 0), axis=0),
        },
        axis=1,
        names=["kind"],
    )
    name = next(iter(panels))
    what = value if isinstance(value, str) else ", ".join(dict.fromkeys(columns.values()))
    result.attrs["definition"] = (
        f"{what} in {len(panels)} vintages; difference (vintage less {name}) and ratio (vintage "
        f"over {name}) where both have a value"
    )
    result.attrs["overlap"] = {
        str(vintage): int((others[vintage].notna() & first.notna()).sum()) for vintage in others
    }
    return result


def _columns(panels: Mapping[str, pd.DataFrame], value: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(value, str):
        return dict.fromkeys(panels, value)
    if set(value) != set(panels):
        raise InputError(
            f"value must name a column for each vintage ({', '.join(panels)}), not for "
            f"({', '.join(value)})"
        )
    return dict(value)

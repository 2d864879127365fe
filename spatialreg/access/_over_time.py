"""Access by region and year, as a panel: for its inequality and its clusters over time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
import pandas as pd

from .._align import require_one_of, require_unique, some
from .._dates import DateLike, last_day
from .._progress import each
from ..errors import InputError, MissingDataWarning
from ..transport import Network
from ._change_inputs import read_access, same_labels
from ._people import people_of


def access_series(
    network: Network,
    dates: Iterable[DateLike],
    indicator: Callable[[Network], pd.Series | pd.DataFrame],
    *,
    population: pd.Series | None = None,
    unreached: Literal["raise", "nan"] = "raise",
) -> pd.DataFrame:
    """Measure access on a network as it stood at several dates.

    Parameters
    ----------
    network : Network
        With edges that have days of opening.
    dates : iterable of date, str or int
        At most one a year; a year means its last day.
    indicator : callable
        Takes a network, gives access by region or a matrix of times, as in
        :func:`compare_networks`.
    population : Series, optional
        People by region, the same in all years: the panel then has a column ``people``.
    unreached : {"raise", "nan"}
        What to do where access is infinite: raise, or make it NaN, with a warning. The regions of
        which an inequality over time is measured then differ from year to year.

    Returns
    -------
    DataFrame
        A panel with the index (`code`, `year`) and the column ``access``, for
        ``sr.inequality(panel, per_head="access")`` and ``sr.moran_series(panel, graph,
        value="access")``. ``attrs["dates"]`` has the day of each year.

    Raises
    ------
    InputError
        There are no dates, two dates are of one year, or access is infinite and nothing was said of
        it.
    AlignmentError
        The indicator gives other regions at other dates, or people are missing.

    Warns
    -----
    MissingDataWarning
        Access was infinite and is now NaN.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> from spatialreg.access import access_series
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": "a", "end": "b", "minutes": [60.0, 30.0],
    ...     "opened": ["2000-01-01", "2010-01-01"]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> access_series(network, [2009, 2010],
    ...     lambda network: sr.travel_times(["a", "b"], ["a", "b"], network))
               access
    code year
    a    2009    60.0
         2010    30.0
    b    2009    60.0
         2010    30.0
    """
    require_one_of(unreached, ("raise", "nan"), "unreached")
    days = sorted(last_day(date) for date in dates)
    if not days:
        raise InputError("dates is empty: give at least one")
    years = [day.year for day in days]
    twice = sorted({year for year in years if years.count(year) > 1})
    if twice:
        raise InputError(f"a panel holds one date a year, and {some(twice)} has more: leave one")
    columns: dict[int, pd.Series] = {}
    for day in each(days, "access by date", total=len(days)):
        found = read_access(indicator(network.at(day)), f"access at {day:%Y-%m-%d}")
        if columns:
            same_labels(next(iter(columns.values())).index, found.index)
        columns[day.year] = found
    table = pd.DataFrame(columns)
    values = table.to_numpy()
    infinite = np.isinf(values)
    lost = table.index[np.flatnonzero(infinite.any(axis=1))]
    if len(lost) and unreached == "raise":
        raise InputError(
            f"access is infinite in {len(lost)} regions at some date ({some(lost)}): use a measure "
            "that is finite (people within reach, a potential), or unreached='nan', which leaves "
            "them out of those years"
        )
    if len(lost):
        warnings.warn(
            f"access is infinite in {len(lost)} of {len(table)} regions at some date, and NaN "
            f"there: {some(lost)}",
            MissingDataWarning,
            stacklevel=2,
        )
    codes = table.index.astype(str)
    require_unique(codes, "access, its labels written as text,")
    index = pd.MultiIndex.from_product([codes, sorted(columns)], names=["code", "year"])
    panel = pd.DataFrame({"access": np.where(infinite, np.nan, values).ravel()}, index=index)
    if population is not None:
        panel["people"] = np.repeat(people_of(population, table.index).to_numpy(), len(columns))
    panel = panel.sort_index()
    panel.attrs["dates"] = {day.year: f"{day:%Y-%m-%d}" for day in days}
    return panel

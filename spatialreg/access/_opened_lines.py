"""Which lines opened between two dates, in whole or in part."""

from __future__ import annotations

import pandas as pd

from .._dates import DateLike, last_day
from ..errors import InputError
from ..transport import Network


def opened_lines(network: Network, *, after: DateLike, until: DateLike) -> pd.DataFrame:
    """List the lines that opened, in whole or in part, after one day and by the end of another.

    Parameters
    ----------
    network : Network
        Dated: edges with ``opened``.
    after, until : date, str or int
        The first day is not counted, the last is; a year means its last day.

    Returns
    -------
    DataFrame
        By `line`, in the order of opening: ``opened`` (the first day in that span), ``edges``,
        ``km`` [km] that opened in it, and ``new`` (whether nothing of the line was open before).
        Edges of no line are left out, as are those that had closed again by the last day.

    Raises
    ------
    InputError
        `until` does not come after `after`, or no edge of a line has a day of opening.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> from spatialreg.access import opened_lines
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b", "a"], "end": ["b", "c", "c"], "minutes": 60.0,
    ...     "line": ["one", "one", "two"], "length_m": [1e5, 1e5, 2e5],
    ...     "opened": ["2008-06-01", "2012-06-01", "2015-06-01"]})
    >>> opened_lines(sr.Network.from_frames(nodes, edges), after=2010, until=2016)
             opened  edges     km    new
    line
    one  2012-06-01      1  100.0  False
    two  2015-06-01      1  200.0   True
    """
    first, last = last_day(after), last_day(until)
    if not first < last:
        raise InputError(
            f"until must come after `after`, not {last:%Y-%m-%d} after {first:%Y-%m-%d}"
        )
    edges = network.edges[network.edges["line"].notna()]
    if edges["opened"].isna().all():
        raise InputError("no edge of a line has a day in 'opened': the network is not dated")
    inside = (edges["opened"] > first) & (edges["opened"] <= last) & ~(edges["closed"] <= last)
    begun = edges.loc[edges["opened"].isna() | (edges["opened"] <= first), "line"].unique()
    table = (
        edges[inside]
        .assign(km=edges["length_m"] / 1000)
        .groupby("line")
        .agg(opened=("opened", "min"), edges=("opened", "size"), km=("km", "sum"))
    )
    table["new"] = ~table.index.isin(begun)
    return table.sort_values("opened", kind="stable")

"""Accessibility of regions through a network: travel times and indicator in one call."""

from __future__ import annotations

from itertools import chain
from typing import Literal

import geopandas as gpd
import pandas as pd

from .._dates import DateLike
from ..errors import InputError
from ..transport import Connectors, Network, region_points, travel_time_blocks
from ._decay import Weighting
from ._indicators import DAY_TRIP, Measure, access_from_times
from ._setting import Own


def accessibility(
    regions: gpd.GeoDataFrame,
    network: Network,
    *,
    measure: Measure = "mean_time",
    destinations: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    opportunities: pd.Series | str | None = None,
    date: DateLike | None = None,
    connectors: Connectors | None = None,
    decay: Weighting | None = None,
    threshold: float | None = None,
    own: Own | pd.Series | None = None,
    unreached: Literal["raise", "leave_out", "nan"] | None = None,
    share: bool = False,
    block: int = 1024,
) -> pd.Series:
    """Measure how easily each region gets to all others through a network.

    Parameters
    ----------
    regions : GeoDataFrame
        Points (seats), or polygons, for each of which a representative point stands.
    network : Network
    measure : {"mean_time", "location", "potential", "daily", "cumulative"}
        As in :func:`access_from_times`.
    destinations : GeoDataFrame or GeoSeries, optional
        Points or polygons; the regions themselves unless given.
    opportunities : Series or str, optional
        What lies at each destination (people, output, jobs), or the column of `destinations` (or of
        `regions`) that holds it. None counts each destination once.
    date : date, str or int, optional
        The network as it stood at the end of this day; a year means its last day.
    connectors : Connectors, optional
        How points are joined to the network.
    decay, threshold, own, unreached, share
        As in :func:`access_from_times`.
    block : int
        Origins whose times are held at once.

    Returns
    -------
    Series
        On the regions' index, named as the measure. ``attrs["definition"]`` says in words what was
        computed, ``attrs["times"]`` how the times were.

    Raises
    ------
    InputError, AlignmentError, CRSError, GeometryError
        As in :func:`access_from_times` and :func:`spatialreg.travel_times`.

    See Also
    --------
    access_from_times : The same from travel times of any origin.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "minutes": [60.0, 200.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> seats = nodes.assign(people=[10, 30, 20])
    >>> how = sr.Connectors(direct=False)
    >>> sr.accessibility(seats, network, measure="daily", opportunities="people",
    ...                  connectors=how).tolist()
    [40.0, 60.0, 50.0]
    """
    origins = _points(regions)
    ends = origins if destinations is None else _points(destinations)
    if isinstance(opportunities, str):
        frame = regions if destinations is None else destinations
        if not isinstance(frame, gpd.GeoDataFrame) or opportunities not in frame.columns:
            raise InputError(
                f"opportunities names the column {opportunities!r}, which "
                f"{'regions' if destinations is None else 'destinations'} have not"
            )
        opportunities = pd.Series(frame[opportunities])
    limit = threshold
    if measure == "daily" and threshold is None:
        limit = DAY_TRIP
    blocks = travel_time_blocks(
        origins,
        ends,
        network,
        block=block,
        date=date,
        connectors=connectors,
        cutoff=limit,
    )
    first = next(blocks)
    found = access_from_times(
        chain([first], blocks),
        measure=measure,
        opportunities=opportunities,
        decay=decay,
        threshold=threshold,
        own=own,
        unreached=unreached,
        share=share,
    )
    found.attrs["times"] = first.attrs["definition"]
    return found.reindex(regions.index)


def _points(places: gpd.GeoDataFrame | gpd.GeoSeries) -> gpd.GeoSeries:
    """Give points as they are, and a representative point for each polygon."""
    if (places.geom_type == "Point").all():
        return places.geometry
    return region_points(gpd.GeoDataFrame(geometry=places.geometry))

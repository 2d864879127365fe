"""The quickest time from places to any of some facilities, by one search from all facilities.

Takes points on both sides and a network, gives minutes by place; infinity where there is no way.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from .._nearby import nearest_points
from ..transport import Connectors, Network, nearest_facility


def minutes_to_nearest(
    places: gpd.GeoSeries,
    facilities: gpd.GeoSeries,
    network: Network,
    connectors: Connectors,
    limit: float = np.inf,
) -> np.ndarray:
    """Give the minutes from each place to the facility that is reached first.

    Parameters
    ----------
    places, facilities : GeoSeries
        Points in EPSG:4326; there may be no facility.
    network : Network
    connectors : Connectors
    limit : float
        Longer ways are not searched [min].

    Returns
    -------
    ndarray, shape (places,)
        [min]; infinity where no facility is reached within `limit`.
    """
    minutes = np.full(len(places), np.inf)
    if not len(places) or not len(facilities):
        return minutes
    if len(network.edges):
        cutoff = None if np.isinf(limit) else limit
        found = nearest_facility(
            places.reset_index(drop=True), facilities.reset_index(drop=True), network,
            connectors=connectors, cutoff=cutoff,
        )  # fmt: skip
        return found["minutes"].to_numpy()
    if connectors.direct:
        at, _, metres = nearest_points(places, facilities)
        straight = np.asarray(connectors.minutes(metres))
        minutes[at] = np.where(straight <= limit, straight, np.inf)
    return minutes

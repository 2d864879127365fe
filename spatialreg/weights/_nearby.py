"""Who is near whom: the nearest, those within a distance, and weights that fall with it."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from .._align import some
from ..errors import InputError
from ._distances import GroundPoints
from ._matrices import link_matrix

KERNELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bisquare": lambda z: (1 - np.minimum(z, 1.0) ** 2) ** 2,
    "gaussian": lambda z: np.exp(-(z**2) / 2),
    "triangular": lambda z: 1 - np.minimum(z, 1.0),
    "epanechnikov": lambda z: 1 - np.minimum(z, 1.0) ** 2,
}
# bandwidths at which the Gaussian, which never ends, is cut off: its weight there is 0.011
_REACH = {"gaussian": 3.0}


def nearest(points: GroundPoints, labels: pd.Index, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Give pairs of positions of each region and its `k` nearest."""
    if k >= len(labels):
        raise InputError(
            f"k={k} neighbours need at least {k + 1} regions, but there are {len(labels)}"
        )
    return points.nearest(k, labels)


def band(points: GroundPoints, threshold: float) -> sparse.csr_array:
    """Give links of weight one between all up to `threshold` apart [m]."""
    one, other, _ = points.within(threshold)
    return link_matrix(one, other, len(points))


def kernel_weights(
    points: GroundPoints,
    labels: pd.Index,
    kernel: str,
    bandwidth: float | None,
    k: int | None,
) -> sparse.csr_array:
    """Give weights that fall with distance: of one `bandwidth` [m], or of the `k`-th nearest's."""
    if k is None:
        scale = float(bandwidth or 0)
        one, other, distance = points.within(scale * _REACH.get(kernel, 1.0))
        weight = KERNELS[kernel](distance / scale)
    else:
        one, other = nearest(points, labels, k)
        distance = points.between(one, other)
        widest = np.zeros(len(points))
        np.maximum.at(widest, one, distance)
        if not widest.all():
            at = labels[widest == 0]
            raise InputError(
                f"the {k} nearest of {len(at)} regions ({some(at)}) lie where they do, so that "
                "their bandwidth is zero: take a larger k, or bandwidth="
            )
        weight = KERNELS[kernel](distance / widest[one])
    near = weight > 0
    return link_matrix(one[near], other[near], len(points), weight[near])


def covering_threshold(points: GroundPoints, shapes: gpd.GeoSeries) -> float:
    """Give the smallest distance that leaves no region alone, far islands not waited for."""
    farness = points.nearest_distance()
    if not shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        return float(farness.max())
    geometry = shapes.to_numpy()
    tree = shapely.STRtree(geometry)
    for i in np.argsort(-farness, kind="stable"):
        if len(tree.query(geometry[i], predicate="intersects")) > 1:
            return float(farness[i])
    return float(farness.max())  # no two of them touch: these are all islands

"""Flows between regions as lines on a map.

Takes a table with a row a flow and a point for each region; gives the table with lines, which
``spatialreg.layers`` draws in classes of the amount.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import linestrings

from ..._align import require_unique, some
from ...errors import AlignmentError, CRSError, GeometryError, InputError
from ...regions import tidy_code
from ._flows import flow_ends

_STEPS = 24  # parts of a curved line


def flow_lines(
    flows: pd.DataFrame,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    origin: str = "origin",
    destination: str = "destination",
    bend: float = 0.15,
) -> gpd.GeoDataFrame:
    """Lines from the origin to the destination of each flow, bent so that both ways are seen.

    Parameters
    ----------
    flows : DataFrame
        A row a line, with any columns beside the codes.
    points : GeoDataFrame or GeoSeries
        A point for each region (its seat, or ``representative_point()``), indexed by code.
    origin, destination : str
        Columns with the codes.
    bend : float
        How far the middle of a line stands off the straight one, as a share of its length, to the
        left of its direction; a flow and its return so lie apart. 0 gives straight lines.

    Returns
    -------
    GeoDataFrame
        The columns and index of `flows`, with lines from origin to destination in the reference
        system of `points`. The course of a curve means nothing.

    Raises
    ------
    InputError
        A column or code is missing, a region flows to itself, or `bend` is not between -1 and 1.
    AlignmentError
        A region has no point.
    CRSError
        `points` has no reference system.
    GeometryError
        A geometry is no point, or two regions of a flow stand at the same point.

    Examples
    --------
    >>> import geopandas as gpd
    >>> import pandas as pd
    >>> from spatialreg.disparity import flow_lines
    >>> seats = gpd.GeoSeries.from_xy([0, 100_000], [0, 0], index=["a", "b"], crs=3857)
    >>> flows = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "a"], "amount": [5, 1]})
    >>> lines = flow_lines(flows, seats, bend=0)
    >>> lines.geometry.to_wkt().tolist()
    ['LINESTRING (0 0, 100000 0)', 'LINESTRING (100000 0, 0 0)']
    """
    if not -1 <= bend <= 1:
        raise InputError(f"bend must be between -1 and 1, for example 0.15, not {bend!r}")
    codes = flow_ends(flows, origin, destination)
    at = _points(points)
    used = pd.Index(pd.unique(codes.to_numpy().ravel()))
    lacking = used.difference(at.index[~(at.isna() | at.is_empty)])
    if len(lacking):
        raise AlignmentError(
            f"points has no point for {len(lacking)} of {len(used)} regions of the flows "
            f"({some(lacking)}): index it by the same codes"
        )
    at = at.loc[used]
    xy = np.column_stack([at.x, at.y])
    start, end = (xy[used.get_indexer(pd.Index(codes[side]))] for side in ("origin", "destination"))
    same = flows.index[(start == end).all(axis=1)]
    if len(same):
        raise GeometryError(
            f"{len(same)} flows begin and end at the same point, at {some(same)}: give each region "
            "a point of its own"
        )
    columns = pd.DataFrame(flows.drop(columns="geometry", errors="ignore"))
    lines = _curves(start, end, bend, degrees=bool(at.crs.is_geographic))
    return gpd.GeoDataFrame(columns, geometry=lines, crs=at.crs)


def _points(points: gpd.GeoDataFrame | gpd.GeoSeries) -> gpd.GeoSeries:
    if not isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        raise InputError(
            f"points must be a GeoDataFrame or GeoSeries indexed by region, not "
            f"{type(points).__name__}"
        )
    at = points.geometry
    if at.crs is None:
        raise CRSError("points has no reference system: declare it with set_crs()")
    kinds = at.geom_type.dropna()
    other = kinds.index[kinds != "Point"]
    if len(other):
        raise GeometryError(
            f"points must hold points; {len(other)} geometries are of another kind, at "
            f"{some(other)}: take seats, or representative_point()"
        )
    at = at.set_axis(pd.Index([tidy_code(code) for code in at.index]))
    require_unique(at.index, "points")
    return at


def _curves(start: np.ndarray, end: np.ndarray, bend: float, *, degrees: bool) -> np.ndarray:
    """Give parabolas (quadratic Bezier curves) whose middle is `bend` of their length off."""
    if not bend:
        return linestrings(np.stack([start, end], axis=1))
    middle = (start + end) / 2
    along = end - start
    # a degree of longitude is shorter than one of latitude, by which the angle would be skew
    shorter = np.cos(np.radians(middle[:, 1])) if degrees else np.ones(len(middle))
    left = np.column_stack([-along[:, 1] / shorter, along[:, 0] * shorter])
    # a curve comes half as far out as its control point
    control = middle + 2 * bend * left
    t = np.linspace(0, 1, _STEPS + 1)[np.newaxis, :, np.newaxis]
    curve = (
        (1 - t) ** 2 * start[:, np.newaxis]
        + 2 * t * (1 - t) * control[:, np.newaxis]
        + t**2 * end[:, np.newaxis]
    )
    return linestrings(curve)

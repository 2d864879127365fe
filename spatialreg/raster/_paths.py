"""The way from a cell to its nearest source, along the codes that a travel-time surface keeps."""

from __future__ import annotations

import numpy as np
import shapely

from .._align import some
from ..errors import InputError
from ._inputs import cells_of, centres
from ._search import AT_SOURCE, COLUMN_STEP, NOWHERE, ROW_STEP
from ._surface import TravelTimeSurface


def trace_path(
    surface: TravelTimeSurface, start: shapely.Point | tuple[int, int]
) -> shapely.LineString:
    """Give the quickest way from a point to its nearest source.

    Parameters
    ----------
    surface : TravelTimeSurface
        Made with ``paths=True``.
    start : Point or (row, column)
        A point in the CRS of the surface, or a cell.

    Returns
    -------
    LineString
        From the centre of the first cell to that of the source's, through the centres between; of
        length 0 where they are one.

    Raises
    ------
    InputError
        The surface has no paths, `start` lies outside it, or nothing is reached from there.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg import raster
    >>> plain = raster.Raster(np.full((2, 3), 0.01), (1000, 0, 5e5, 0, -1000, 4e6), 32650)
    >>> surface = raster.travel_time_surface(plain, [(0, 0)], paths=True)
    >>> print(raster.trace_path(surface, (1, 2)))
    LINESTRING (502500 3998500, 501500 3998500, 500500 3999500)
    """
    if surface.back is None:
        raise InputError("the surface has no paths: make it with travel_time_surface(paths=True)")
    if isinstance(start, shapely.Point):
        rows, columns, inside = cells_of(surface, np.array([start.x]), np.array([start.y]))
        row, column, within = int(rows[0]), int(columns[0]), bool(inside[0])
    else:
        row, column = start
        within = 0 <= row < surface.shape[0] and 0 <= column < surface.shape[1]
    if not within:
        raise InputError(
            f"{start} lies outside the surface, which covers ({some(surface.bounds)}) in "
            f"{surface.shape[0]:,} x {surface.shape[1]:,} cells"
        )
    back = surface.back.values
    if back[row, column] == NOWHERE:
        raise InputError(f"no source is reached from {start}: its minutes are infinite")
    cells = [(row, column)]
    while back[row, column] != AT_SOURCE:
        code = back[row, column]
        row, column = row + int(ROW_STEP[code]), column + int(COLUMN_STEP[code])
        cells.append((row, column))
    x, y = centres(surface)
    way = np.array([(x[c], y[r]) for r, c in cells])
    return shapely.LineString(way if len(way) > 1 else np.repeat(way, 2, axis=0))

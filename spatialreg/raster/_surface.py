"""Travel time from everywhere to the nearest of many places, over a raster of friction.

Takes minutes per metre by cell and points (or cells), gives minutes by cell, and on request which
place is the nearest and the way there. A raster too large for memory is searched by tiles with its
buffers on disk, and ends at the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import require_one_of, some
from .._progress import working
from .._raster import Raster
from ..errors import GeometryError, InputError
from ._blocks import Block, blocks_of, disk_array, memory_array, read_block
from ._inputs import Grid, RasterLike, cells_of, in_memory, opened, require_same_crs
from ._search import NOBODY, NOWHERE, point_back, survey
from ._sizes import move_lengths
from ._tiles import Halves, spread_by_tiles

# cells a side of the blocks that a search in memory goes by: what it works on stays in the cache
SIDE = 512
SMALLEST_TILE = 8
_SAMPLE = 100_000


@dataclass(frozen=True, eq=False, repr=False)
class TravelTimeSurface(Raster):
    """Minutes to the nearest source by cell: a raster, with the way there where it was asked for.

    Attributes
    ----------
    nearest : Raster or None
        The position in `sources` of the nearest one, -1 where none is reached.
    back : Raster or None
        The next cell of the way there: 1 to 8 clockwise from north, 0 at a source, 255 where none
        is reached.
    sources : Index
        The labels of the sources.
    """

    nearest: Raster | None = None
    back: Raster | None = None
    sources: pd.Index = field(default_factory=lambda: pd.RangeIndex(0))


def travel_time_surface(
    friction: RasterLike,
    sources: gpd.GeoDataFrame | gpd.GeoSeries | np.ndarray,
    *,
    cutoff: float | None = None,
    paths: bool = False,
    missing: str = "raise",
    tile: int | None = None,
) -> TravelTimeSurface:
    """Give the minutes from each cell to the nearest source, over the quickest way.

    A move goes to one of the eight neighbours and costs its length times the mean friction of the
    two cells. Lengths are those of the grid, or geodesic where it is in degrees; a grid does not
    join at the 180th meridian. Friction is the same in both directions, so these are the times from
    the source too.

    Parameters
    ----------
    friction : Raster, open rasterio dataset or band
        Minutes per metre [min/m], positive; infinite where no one can pass.
        :func:`spatialreg.raster.friction` makes it.
    sources : GeoDataFrame or GeoSeries of points, or int array of shape (k, 2)
        In the CRS of `friction`; or rows and columns of cells. A source stands at the centre of its
        cell.
    cutoff : float, optional
        Minutes; cells further away are infinite. Saves time.
    paths : bool
        Give ``nearest`` and ``back`` too. Of equally near sources it is the one given earlier.
    missing : {"raise", "impassable"}
        What cells without friction are.
    tile : int, optional
        For rasters larger than memory: read an open dataset by tiles of so many cells a side, as
        needed, and keep everything in temporary files. The result is the same; its values are
        arrays on disk.

    Returns
    -------
    TravelTimeSurface
        A float32 raster of minutes [min], infinite where no source is reached.

    Raises
    ------
    InputError
        Friction is missing, zero or negative somewhere, or no pace; a source lies outside the grid
        or where no one can pass; `cutoff` is not positive.
    CRSError
        The CRS of sources and friction differ, or lengths in it are not those on the ground.

    References
    ----------
    Dial, R. (1969), "Algorithm 360: shortest-path forest with topological ordering",
    *Communications of the ACM* 12. Weiss, D. and others (2018), "A global map of travel time to
    cities to assess inequalities in accessibility in 2015", *Nature* 553.

    Examples
    --------
    A plain of 1 km cells, crossed at 6 km/h, with a source in the corner:

    >>> import numpy as np
    >>> from spatialreg import raster
    >>> plain = raster.Raster(np.full((2, 3), 0.01), (1000, 0, 5e5, 0, -1000, 4e6), 32650)
    >>> raster.travel_time_surface(plain, [(0, 0)]).values.round(1)
    array([[ 0. , 10. , 20. ],
           [10. , 14.1, 24.1]], dtype=float32)
    """
    grid: Grid = opened(friction, "friction")
    require_one_of(missing, ["raise", "impassable"], "missing")
    if cutoff is not None and not cutoff > 0:
        raise InputError(f"cutoff must be a positive number of minutes, not {cutoff!r}")
    if tile is None:
        grid = in_memory(friction, "friction")
    elif not tile >= SMALLEST_TILE:
        raise InputError(f"tile must be at least {SMALLEST_TILE} cells, not {tile!r}")
    if isinstance(grid, Raster) and grid.unit not in ("", "min/m"):
        raise InputError(
            f"friction must be in min/m, not {grid.unit}: 0.06 divided by a speed in km/h, as "
            "spatialreg.raster.friction does"
        )
    rows, columns, labels = _source_cells(grid, sources)
    lengths = move_lengths(grid)
    plan = blocks_of(grid.shape, tile or SIDE)
    width = _bucket_width(grid, plan, lengths, rows, columns, labels, missing)
    halves = (lengths[0] / 2, lengths[1] / 2, lengths[2] / 2)
    limit = np.inf if cutoff is None else float(cutoff)
    new = memory_array if tile is None else disk_array
    minutes = new(grid.shape, np.float64, np.inf)
    nearest = new(grid.shape if paths else (1, 1), np.int32, NOBODY)
    with working("searching"):
        spread_by_tiles(grid, halves, minutes, nearest, paths, rows, columns, limit, width, plan)
        rounded = new(grid.shape, np.float32)
        back = new(grid.shape, np.uint8) if paths else None
        for block in plan:
            rounded[block.inner] = minutes[block.inner]
            if back is not None:
                back[block.inner] = _ways_back(grid, halves, minutes, nearest, block)
    place: dict[str, Any] = {"transform": grid.transform, "crs": grid.crs}
    return TravelTimeSurface(
        rounded,
        **place,
        name="minutes",
        unit="min",
        description="Travel time to the nearest source",
        nearest=Raster(nearest, **place, nodata=NOBODY, name="nearest") if paths else None,
        back=None if back is None else Raster(back, **place, nodata=NOWHERE, name="back"),
        sources=labels,
    )


def _ways_back(
    grid: Grid, halves: Halves, minutes: np.ndarray, nearest: np.ndarray, block: Block
) -> np.ndarray:
    """Give the codes of the moves towards the sources, of one block."""
    outer = block.outer
    across, down, slant = (half[outer[0]] for half in halves)
    near = (np.ascontiguousarray(array[outer]) for array in (minutes, nearest))
    codes = np.empty(block.shape, np.uint8)
    point_back(read_block(grid, outer), across, down, slant, *near, block.window, codes)
    return codes


def _source_cells(grid: Grid, sources: Any) -> tuple[np.ndarray, np.ndarray, pd.Index]:
    """Give rows, columns and labels of the sources."""
    if isinstance(sources, gpd.GeoDataFrame | gpd.GeoSeries):
        require_same_crs(sources.crs, grid.crs, "sources", "friction")
        wrong = sources.index[(sources.geom_type != "Point") | sources.is_empty]
        if len(wrong):
            raise GeometryError(f"{len(wrong)} sources are no points, at {some(wrong)}")
        points = sources.geometry
        rows, columns, inside = cells_of(grid, points.x.to_numpy(), points.y.to_numpy())
        labels = sources.index
    else:
        cells = np.asarray(sources)
        if cells.ndim != 2 or cells.shape[1] != 2 or cells.dtype.kind not in "iu":
            raise InputError(
                "sources must be a GeoDataFrame of points, or whole numbers of shape (k, 2): row "
                "and column of each cell"
            )
        rows, columns = cells[:, 0].astype(np.int64), cells[:, 1].astype(np.int64)
        inside = (rows >= 0) & (rows < grid.shape[0])
        inside &= (columns >= 0) & (columns < grid.shape[1])
        labels = pd.RangeIndex(len(cells))
    if not len(labels):
        raise InputError("there is no source: give at least one point or cell")
    outside = labels[~inside]
    if len(outside):
        raise InputError(
            f"{len(outside)} of {len(labels)} sources lie outside the grid ({some(outside)}): "
            "leave them out, or give friction of a wider extent"
        )
    return rows, columns, labels


def _bucket_width(
    grid: Grid,
    plan: list[Block],
    lengths: tuple[np.ndarray, ...],
    rows: np.ndarray,
    columns: np.ndarray,
    labels: pd.Index,
    missing: str,
) -> float:
    """Check the friction, and give a width of buckets [min] that suits it.

    About the cost of a move between the tenth of cells that are passed most quickly: narrower
    buckets are mostly empty, in wider ones cells are done more than once.
    """
    without, wrong, samples = 0, 0, []
    at_source = np.zeros(len(rows))
    stride = max(1, grid.shape[0] * grid.shape[1] // _SAMPLE)
    for block in plan:
        values = read_block(grid, block.inner)
        counts = survey(values)
        without, wrong = without + counts[0], wrong + counts[1]
        samples.append(values.ravel()[::stride].astype(np.float64))
        here = block.holds(rows, columns)
        at_source[here] = values[rows[here] - block.top, columns[here] - block.left]
    if wrong:
        raise InputError(
            f"friction is zero or negative in {wrong:,} cells: it must be positive minutes per "
            "metre, and infinite where no one can pass"
        )
    if without and missing == "raise":
        raise InputError(
            f"friction is missing in {without:,} cells: fill them, or say missing='impassable'"
        )
    stuck = labels[~np.isfinite(at_source)]
    if len(stuck):
        raise InputError(
            f"{len(stuck)} of {len(labels)} sources stand where no one can pass ({some(stuck)}): "
            "move them to a cell with friction, or leave them out"
        )
    paces = np.concatenate([*samples, at_source])
    paces = paces[np.isfinite(paces)]
    move = min(float(np.median(length)) for length in lengths[:2])
    typical = float(np.exp(np.log(paces).mean()))
    return move * max(float(np.quantile(paces, 0.1)), typical / 64)

"""A raster in memory: values on a grid of cells that lies north up in a reference system.

It is what readers give and what every function of rasters takes and gives, so that the place, the
unit and the missing cells travel with the values. Missing is NaN in rasters of decimal numbers and
the value `nodata` in those of whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from .errors import CRSError, InputError


class OnGrid(Protocol):
    """What lies on a grid of cells: a raster in memory, or a band of an open dataset."""

    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def transform(self) -> Affine: ...
    @property
    def crs(self) -> CRS: ...


@dataclass(frozen=True, eq=False, repr=False)
class Raster:
    """Values on a grid of cells, north up.

    Attributes
    ----------
    values : ndarray, shape (rows, columns)
        The first row is the northernmost. Masked arrays are taken too. Decimal numbers are NaN
        where there is no value; whole numbers are `nodata` there.
    transform : affine.Affine
        From column and row to x and y, ``Affine(width, 0, left, 0, -height, top)``; its six numbers
        are taken too.
    crs : pyproj.CRS
        Anything that pyproj takes.
    nodata : number, optional
        What marks a missing cell, in whole numbers and in files. Decimal numbers equal to it become
        NaN.
    name, unit, description : str
        What the values are, in what, and in a sentence.

    Raises
    ------
    InputError
        The values are not two-dimensional or no numbers, the grid is turned or upside down, or
        `nodata` does not fit the type of the values.
    CRSError
        There is no CRS, or pyproj does not know it.

    Examples
    --------
    >>> import numpy as np
    >>> from spatialreg.raster import Raster
    >>> people = Raster(np.ones((2, 3)), (1000, 0, 0, 0, -1000, 2000), 32650, name="people")
    >>> people
    <Raster people: 2 x 3 cells of 1000 x 1000, float64, EPSG:32650>
    >>> people.bounds
    (0.0, 0.0, 3000.0, 2000.0)
    """

    values: np.ndarray
    transform: Affine
    crs: CRS
    nodata: float | int | None = None
    name: str = ""
    unit: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        transform = Affine(*tuple(self.transform)[:6])
        require_north_up(transform)
        object.__setattr__(self, "transform", transform)
        object.__setattr__(self, "crs", known_crs(self.crs))
        object.__setattr__(self, "values", _checked(self.values, self.nodata))

    def __repr__(self) -> str:
        rows, columns = self.shape
        wide, high = self.resolution
        authority = self.crs.to_authority()
        place = ":".join(authority) if authority else self.crs.name
        title = f" {self.name}" if self.name else ""
        unit = f" [{self.unit}]" if self.unit else ""
        return (
            f"<{type(self).__name__}{title}{unit}: {rows:,} x {columns:,} cells "
            f"of {wide:g} x {high:g}, {self.values.dtype}, {place}>"
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def decimal(self) -> bool:
        """Whether the values are decimal numbers, which are NaN where missing."""
        return self.values.dtype.kind == "f"

    @property
    def resolution(self) -> tuple[float, float]:
        """Width and height of a cell, in units of the CRS."""
        return self.transform.a, -self.transform.e

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, in units of the CRS."""
        return grid_bounds(self.transform, self.shape)

    def missing(self) -> np.ndarray:
        """Say of each cell whether it has no value."""
        if self.decimal:
            return np.isnan(self.values)
        if self.nodata is None:
            return np.zeros(self.shape, dtype=bool)
        return self.values == self.nodata

    def floats(self) -> np.ndarray:
        """Give the values as decimal numbers, NaN where missing; the array itself if it is so."""
        if self.decimal:
            return self.values
        wide = np.float32 if self.values.dtype.itemsize <= 2 else np.float64
        values = self.values.astype(wide)
        values[self.missing()] = np.nan
        return values

    def with_values(self, values: np.ndarray, **changes: Any) -> Raster:
        """Give other values on the same grid; the other attributes stay unless changed."""
        words = {"name": self.name, "unit": self.unit, "description": self.description}
        return Raster(values, self.transform, self.crs, **(words | changes))

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """Give the decimal numbers of a window of rows and columns, NaN where missing."""
        part = self.values[top:bottom, left:right]
        if self.decimal:
            return np.ascontiguousarray(part)
        return Raster(part, self.transform, self.crs, nodata=self.nodata).floats()

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Give the decimal numbers of some cells, NaN where missing."""
        found = self.values[rows, columns]
        numbers = found.astype(np.float64)
        if not self.decimal and self.nodata is not None:
            numbers[found == self.nodata] = np.nan
        return numbers

    def same_grid(self, other: OnGrid) -> bool:
        """Say whether the cells of `other` are these cells."""
        return (
            self.shape == other.shape
            and same_crs(self.crs, other.crs)
            and self.transform.almost_equals(other.transform, 1e-6 * min(self.resolution))
        )


def _checked(values: Any, nodata: float | int | None) -> np.ndarray:
    """Give the values as a plain array in which missing cells are marked."""
    array = np.ma.getdata(values)
    if array.ndim != 2 or array.size == 0:
        raise InputError(
            f"the values must have rows and columns, not the shape {array.shape}: pass one band"
        )
    if array.dtype.kind == "b":
        array = array.astype(np.uint8)
    if array.dtype.kind not in "iuf":
        raise InputError(f"the values must be numbers, not {array.dtype}")
    hidden = np.ma.getmask(values)
    decimal = array.dtype.kind == "f"
    if not decimal:
        if nodata is not None and not _fits(nodata, array.dtype):
            raise InputError(
                f"nodata {nodata!r} is no value of {array.dtype}: choose one that is, or give the "
                "values as decimal numbers"
            )
        if hidden is np.ma.nomask or not hidden.any():
            return array
        if nodata is None:
            raise InputError("masked whole numbers need nodata=, the value of missing cells")
        return np.where(hidden, array.dtype.type(nodata), array)
    if hidden is not np.ma.nomask and hidden.any():
        array = np.where(hidden, array.dtype.type(np.nan), array)
    if nodata is not None and not np.isnan(nodata):
        marked = array == array.dtype.type(nodata)
        if marked.any():
            array = np.where(marked, array.dtype.type(np.nan), array)
    return array


def _fits(nodata: float | int, dtype: np.dtype) -> bool:
    limits = np.iinfo(dtype)
    return float(nodata).is_integer() and limits.min <= nodata <= limits.max


def known_crs(crs: Any) -> CRS:
    """Give a pyproj CRS, or raise and say what was given."""
    if crs is None:
        raise CRSError("the raster has no CRS: declare it, for example crs='EPSG:4326'")
    try:
        # rasterio's own class is passed on as text
        return CRS.from_user_input(crs.to_wkt() if hasattr(crs, "to_wkt") else crs)
    except ProjError as error:
        raise CRSError(f"{crs!r} is no CRS that pyproj knows") from error


def same_crs(one: Any, other: Any) -> bool:
    """Say whether two systems give the same coordinates, whatever they are called."""
    return bool(CRS.from_user_input(one).equals(CRS.from_user_input(other), ignore_axis_order=True))


def require_north_up(transform: Affine, what: str = "the raster") -> None:
    """Raise where rows do not run from north to south and columns from west to east."""
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise InputError(
            f"{what} must lie north up, with the transform (width, 0, left, 0, -height, top), not "
            f"{tuple(transform)[:6]}: flip it, or warp it with spatialreg.raster.resample"
        )


def grid_bounds(transform: Affine, shape: Sequence[int]) -> tuple[float, float, float, float]:
    """Give left, bottom, right, top of a grid that lies north up."""
    left, top = transform.c, transform.f
    return (
        left,
        top + shape[0] * transform.e,
        left + shape[1] * transform.a,
        top,
    )

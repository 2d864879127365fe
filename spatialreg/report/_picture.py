"""A raster as a picture on the report's map: its classes in their colours, in Web Mercator.

The map stretches a picture between two corners of its own projection, so that cells are brought to
that first. The picture is a PNG with a table of colours, which deflates to a few dozen kilobytes.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from affine import Affine
from pyproj import CRS, Transformer

from ..errors import InputError
from ..layers import RasterLayer, colour_cells
from ..raster import Raster, resample

# pixels of the longer side
_LONGEST = 1000
_MERCATOR = CRS.from_epsg(3857)
# Web Mercator is a square that ends at this latitude
_NORTHERNMOST = 85.0511
_WORLD = (-180.0, -_NORTHERNMOST, 180.0, _NORTHERNMOST)
_POINTS_OF_A_SIDE = 21
_MOST_COLOURS = 255


def picture(
    layer: RasterLayer,
) -> tuple[str, list[list[float]], list[tuple[str, str]]]:
    """Draw a raster as the map shows it.

    Returns
    -------
    (str, list, list)
        The PNG as a data address; its corners ``[[south, west], [north, east]]`` [degrees]; the
        legend's (label, colour). Where several cells fall on a point, the class of most is shown.

    Raises
    ------
    InputError
        The raster has no value, or more classes than a PNG has colours.
    """
    codes, legend = colour_cells(layer)
    if len(legend) > _MOST_COLOURS:
        raise InputError(
            f"raster layer {layer.title!r} has {len(legend)} classes, and a picture has "
            f"{_MOST_COLOURS} colours at most: join classes"
        )
    raster = layer.raster
    cells = Raster(codes, raster.transform, raster.crs, nodata=-1)
    west, south, east, north = _degrees(raster)
    shown = resample(cells, _pixels((west, south, east, north), max(raster.shape)), "mode")
    colours = [colour for _, colour in legend]
    # colour 0 is the clear one
    image = base64.b64encode(png((shown.values + 1).astype(np.uint8), colours)).decode()
    corners = [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]]
    return f"data:image/png;base64,{image}", corners, legend


def png(codes: np.ndarray, colours: Sequence[str]) -> bytes:
    """Write codes of one byte as a PNG in which 0 is clear and the others are `colours`."""
    rows, columns = codes.shape
    palette = bytes(3) + b"".join(bytes.fromhex(colour[1:]) for colour in colours)
    # each row begins with the number of its filter: none
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)
    lines[:, 1:] = codes
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"tRNS", bytes(1)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _degrees(raster: Raster) -> tuple[float, float, float, float]:
    """Give west, south, east, north on the map: all of it where they span the date line."""
    to_degrees = Transformer.from_crs(raster.crs, 4326, always_xy=True)
    found = np.array(to_degrees.transform_bounds(*raster.bounds, _POINTS_OF_A_SIDE))
    west, south, east, north = np.clip(found, np.array(_WORLD)[[0, 1, 0, 1]], _WORLD[2:] * 2)
    if not np.isfinite(found).all() or west >= east or south >= north:
        return _WORLD
    return float(west), float(south), float(east), float(north)


def _pixels(box: tuple[float, float, float, float], cells: int) -> Raster:
    """Give the grid of the picture: square points, no more of them than there are cells."""
    to_mercator = Transformer.from_crs(4326, _MERCATOR, always_xy=True)
    (left, right), (bottom, top) = to_mercator.transform([box[0], box[2]], [box[1], box[3]])
    size = max(right - left, top - bottom) / min(cells, _LONGEST)
    columns, rows = (max(1, round(side / size)) for side in (right - left, top - bottom))
    transform = Affine((right - left) / columns, 0, left, 0, (bottom - top) / rows, top)
    return Raster(np.zeros((rows, columns), dtype=np.uint8), transform, _MERCATOR)

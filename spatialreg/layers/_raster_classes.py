"""The classes of a raster: which ranges or values there are, and the class of each cell.

The style file, the project and the report draw one raster with the classes that are cut here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .._raster import Raster
from ..errors import InputError
from ._brewer import brewer
from ._classes import Classes, classify
from ._styles import Categorised, Graduated

# values that classes are cut from; the exact cut of natural breaks takes the square of their number
_MOST = {"natural_breaks": 2_000}
_ENOUGH = 100_000


def require_raster_style(raster: Raster, style: object) -> None:
    """Raise unless `style` can draw `raster`.

    Raises
    ------
    InputError
        The style is of another kind or for another name, or a class is no number.
    """
    if not isinstance(style, Graduated | Categorised):
        raise InputError(
            f"a raster's style is Graduated or Categorised, not {type(style).__name__}"
        )
    if raster.name and style.column != raster.name:
        raise InputError(
            f"the style is for {style.column!r} and the raster is {raster.name!r}: give the style "
            "this name"
        )
    if isinstance(style, Categorised):
        for value, _, _ in style.classes:
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                raise InputError(f"the class {value!r} is no number: a raster has numbers only")


def raster_ranges(raster: Raster, style: Graduated) -> tuple[Classes, list[tuple[str, str]]]:
    """Give the classes of a raster of numbers, and (label with the unit, colour) of each.

    Of large rasters they are cut from an even sample with the least and largest value.

    Raises
    ------
    InputError
        There is no value to cut into classes.
    """
    values = _sample(raster, _MOST.get(style.scheme, _ENOUGH) if style.breaks is None else _ENOUGH)
    classes = classify(values, scheme=style.scheme, k=style.k, breaks=style.breaks)
    unit = f" {style.unit}" if style.unit else ""
    labels = [f"{label}{unit}" for label in classes.labels]
    return classes, list(zip(labels, brewer(style.palette, len(classes)), strict=True))


def cell_classes(
    raster: Raster, style: Graduated | Categorised
) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Give the class of each cell from 0, -1 where none is drawn, and the legend of them.

    Missing and infinite cells have no class, nor have values that a palette does not name.
    """
    codes = np.full(raster.shape, -1, dtype=np.int16)
    if isinstance(style, Graduated):
        classes, legend = raster_ranges(raster, style)
        values = raster.floats()
        finite = np.isfinite(values)
        # side="left" puts a value that equals a bound into the class below it
        found = np.searchsorted(classes.upper, values[finite], side="left")
        codes[finite] = np.minimum(found, len(classes) - 1)
        return codes, legend
    values = raster.floats()
    for number, (value, _, _) in enumerate(style.classes):
        codes[values == value] = number
    return codes, [(label, colour) for _, label, colour in style.classes]


def _sample(raster: Raster, most: int) -> pd.Series:
    """Give at most so many finite values, evenly taken, and the least and largest of all."""
    values = raster.floats()
    finite = values[np.isfinite(values)].astype(np.float64)
    if not len(finite):
        raise InputError("the raster has no finite value to cut into classes")
    taken = finite[:: max(1, -(-len(finite) // most))]
    return pd.Series(np.concatenate([taken, [finite.min(), finite.max()]]))

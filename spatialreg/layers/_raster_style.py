"""How QGIS draws a raster: a style file beside it, in the classes and colours of the other layers.

QGIS takes a file of the same name that ends in .qml without being asked. Ranges of numbers become a
discrete colour ramp, classes a palette. Cells without a value stay clear, and so do infinite ones:
QGIS draws neither.
"""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import pandas as pd

from .._raster import Raster
from ..errors import InputError
from ._atomic import beside
from ._brewer import brewer
from ._classes import classify
from ._layer import plain_text
from ._qml import QGIS_VERSION, xml_text
from ._styles import Categorised, Graduated

# values that classes are cut from; the exact cut of natural breaks takes the square of their number
_MOST = {"natural_breaks": 2_000}
_ENOUGH = 100_000


def write_raster_style(
    path: str | os.PathLike[str], raster: Raster, style: Graduated | Categorised
) -> Path:
    """Write the style of a raster file beside it, where QGIS finds it.

    Parameters
    ----------
    path : path
        Of the raster, as :func:`spatialreg.io.write_raster` wrote it.
    raster : Raster
    style : Graduated or Categorised
        Its ``column`` is the name of the raster. Of large rasters classes are cut from an even
        sample with the least and largest value.

    Returns
    -------
    Path
        Of the style, which ends in ``.qml``.

    Raises
    ------
    InputError
        The raster is not there, the style is of another kind or for another name, a class is no
        number, or there is no value to cut into classes.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> from spatialreg import io, layers, raster
    >>> minutes = raster.Raster(np.array([[10.0, 45.0, np.inf]]), (1, 0, 0, 0, -1, 1), 32650,
    ...                         name="minutes", unit="min")
    >>> path = io.write_raster(minutes, pathlib.Path(tempfile.mkdtemp()) / "minutes.tif")
    >>> style = layers.Graduated("minutes", breaks=[30, 60], palette="YlOrRd", unit="min")
    >>> layers.write_raster_style(path, minutes, style).name
    'minutes.qml'
    """
    target = Path(path)
    if not target.is_file():
        raise InputError(f"{target} is not there: write the raster first")
    if not isinstance(style, Graduated | Categorised):
        raise InputError(
            f"a raster's style is Graduated or Categorised, not {type(style).__name__}"
        )
    if raster.name and style.column != raster.name:
        raise InputError(
            f"the style is for {style.column!r} and the raster is {raster.name!r}: give the style "
            "this name"
        )
    root = Element("qgis", {"version": QGIS_VERSION, "styleCategories": "AllStyleCategories"})
    pipe = SubElement(root, "pipe")
    pipe.append(_ranges(raster, style) if isinstance(style, Graduated) else _palette(style))
    written = target.with_suffix(".qml")
    with beside(written) as fresh:
        fresh.write_text(xml_text(root), encoding="utf-8")
    return written


def _ranges(raster: Raster, style: Graduated) -> Element:
    """Give a renderer of numbers: each class holds what is not above its upper bound."""
    values = _sample(raster, _MOST.get(style.scheme, _ENOUGH) if style.breaks is None else _ENOUGH)
    classes = classify(values, scheme=style.scheme, k=style.k, breaks=style.breaks)
    colours = brewer(style.palette, len(classes))
    unit = f" {style.unit}" if style.unit else ""
    items = [
        (upper, f"{label}{unit}", colour)
        for upper, label, colour in zip(classes.upper, classes.labels, colours, strict=True)
    ]
    low, high = repr(classes.lower[0]), repr(classes.upper[-1])
    renderer = _renderer("singlebandpseudocolor", classificationMin=low, classificationMax=high)
    shader = SubElement(
        SubElement(renderer, "rastershader"),
        "colorrampshader",
        {
            "colorRampType": "DISCRETE",
            "classificationMode": "1",
            "clip": "0",
            "minimumValue": low,
            "maximumValue": high,
        },
    )
    for upper, label, colour in items:
        SubElement(
            shader,
            "item",
            {
                "value": repr(float(upper)),
                "label": plain_text(label),
                "color": colour,
                "alpha": "255",
            },
        )
    return renderer


def _palette(style: Categorised) -> Element:
    """Give a renderer of classes, whose values are whole numbers."""
    renderer = _renderer("paletted")
    palette = SubElement(renderer, "colorPalette")
    for value, label, colour in style.classes:
        if isinstance(value, bool) or not isinstance(value, int | float | np.number):
            raise InputError(f"the class {value!r} is no number: a raster has numbers only")
        SubElement(
            palette,
            "paletteEntry",
            {
                "value": f"{value:g}",
                "label": plain_text(label),
                "color": colour,
                "alpha": "255",
            },
        )
    return renderer


def _renderer(kind: str, **attributes: str) -> Element:
    renderer = Element(
        "rasterrenderer",
        {
            "type": kind,
            "band": "1",
            "opacity": "1",
            "alphaBand": "-1",
            "nodataColor": "",
            **attributes,
        },
    )
    SubElement(renderer, "rasterTransparency")
    return renderer


def _sample(raster: Raster, most: int) -> pd.Series:
    """Give at most so many finite values, evenly taken, and the least and largest of all."""
    values = raster.floats()
    finite = values[np.isfinite(values)].astype(np.float64)
    if not len(finite):
        raise InputError("the raster has no finite value to cut into classes")
    taken = finite[:: max(1, -(-len(finite) // most))]
    return pd.Series(np.concatenate([taken, [finite.min(), finite.max()]]))

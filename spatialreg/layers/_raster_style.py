"""How QGIS draws a raster: its style, in the classes and colours of the other layers.

Beside the raster it is a file of the same name that ends in .qml, which QGIS takes without being
asked; in a project it stands with the layer. Ranges of numbers become a discrete colour ramp,
classes a palette. Cells without a value stay clear, and so do infinite ones: QGIS draws neither.
"""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from .._raster import Raster
from ..errors import InputError
from ._atomic import beside
from ._layer import plain_text
from ._qml import QGIS_VERSION, xml_text
from ._raster_classes import raster_ranges, require_raster_style
from ._styles import Categorised, Graduated


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
    require_raster_style(raster, style)
    root = Element("qgis", {"version": QGIS_VERSION, "styleCategories": "AllStyleCategories"})
    root.append(raster_pipe(raster, style))
    written = target.with_suffix(".qml")
    with beside(written) as fresh:
        fresh.write_text(xml_text(root), encoding="utf-8")
    return written


def raster_pipe(raster: Raster, style: Graduated | Categorised) -> Element:
    """Give the element that a style file and a project's layer have in common."""
    pipe = Element("pipe")
    pipe.append(_ranges(raster, style) if isinstance(style, Graduated) else _palette(style))
    return pipe


def _ranges(raster: Raster, style: Graduated) -> Element:
    """Give a renderer of numbers: each class holds what is not above its upper bound."""
    classes, legend = raster_ranges(raster, style)
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
    for upper, (label, colour) in zip(classes.upper, legend, strict=True):
        SubElement(shader, "item", {"value": repr(float(upper)), **_drawn(label, colour)})
    return renderer


def _palette(style: Categorised) -> Element:
    """Give a renderer of classes, whose values are numbers."""
    renderer = _renderer("paletted")
    palette = SubElement(renderer, "colorPalette")
    for value, label, colour in style.classes:
        SubElement(palette, "paletteEntry", {"value": f"{value:g}", **_drawn(label, colour)})
    return renderer


def _drawn(label: str, colour: str) -> dict[str, str]:
    return {"label": plain_text(label), "color": colour, "alpha": "255"}


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

"""QGIS's elements for the layers of a project: where the data lie, what they are, their style."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

import numpy as np
from pyproj import CRS

from ._entries import Entry
from ._layer import Layer, plain_text
from ._qml import style_elements
from ._raster_layer import RasterLayer
from ._raster_style import raster_pipe


def map_layer(entry: Entry) -> Element:
    """Give the ``maplayer`` element of a layer."""
    if isinstance(entry.layer, Layer):
        return _vector(entry, entry.layer)
    return _raster(entry, entry.layer)


def reference_system(crs: CRS) -> Element:
    """Give the element by which QGIS knows a CRS."""
    element = Element("spatialrefsys")
    authority = crs.to_authority(min_confidence=100)
    geographic = "true" if crs.is_geographic else "false"
    for tag, text in (
        ("wkt", crs.to_wkt("WKT2_2019")),
        ("authid", ":".join(authority) if authority else ""),
        ("description", crs.name),
        ("geographicflag", geographic),
    ):
        SubElement(element, tag).text = text
    return element


def box_element(tag: str, window: Sequence[float]) -> Element:
    """Give west, south, east, north as QGIS writes them."""
    element = Element(tag)
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), window, strict=True):
        SubElement(element, name).text = repr(float(value))
    return element


def _vector(entry: Entry, layer: Layer) -> Element:
    element = Element(
        "maplayer",
        {
            "type": "vector",
            "geometry": layer.kind,
            "autoRefreshEnabled": "0",
            "refreshOnNotifyEnabled": "0",
            "hasScaleBasedVisibilityFlag": "0",
            "readOnly": "0",
            "simplifyDrawingHints": "0" if layer.kind == "Point" else "1",
            "simplifyDrawingTol": "1",
            "simplifyMaxScale": "1",
        },
    )
    _describe(element, entry, layer.frame.total_bounds, layer.frame.crs)
    SubElement(element, "provider", {"encoding": "UTF-8"}).text = entry.provider
    element.extend(style_elements(layer, list(entry.columns)))
    return element


def _raster(entry: Entry, layer: RasterLayer) -> Element:
    element = Element(
        "maplayer",
        {
            "type": "raster",
            "autoRefreshEnabled": "0",
            "refreshOnNotifyEnabled": "0",
            "hasScaleBasedVisibilityFlag": "0",
        },
    )
    _describe(element, entry, layer.raster.bounds, layer.raster.crs)
    SubElement(element, "provider").text = entry.provider
    missing = SubElement(element, "noData")
    SubElement(missing, "noDataList", {"bandNo": "1", "useSrcNoData": "1"})
    element.append(raster_pipe(layer.raster, layer.style))
    SubElement(element, "blendMode").text = "0"
    return element


def _describe(element: Element, entry: Entry, bounds: Sequence[float], crs: CRS) -> None:
    """Add what layers of all kinds have in common."""
    title, abstract = plain_text(entry.layer.title), plain_text(entry.layer.abstract)
    if np.isfinite(bounds).all():
        element.append(box_element("extent", bounds))
    SubElement(element, "id").text = entry.id
    SubElement(element, "datasource").text = entry.source
    SubElement(element, "layername").text = plain_text(entry.title)
    SubElement(element, "abstract").text = abstract
    SubElement(element, "srs").append(reference_system(crs))
    described = SubElement(element, "resourceMetadata")
    SubElement(described, "identifier").text = plain_text(entry.name)
    SubElement(described, "type").text = "dataset"
    SubElement(described, "title").text = title
    SubElement(described, "abstract").text = abstract

"""A layer's default style as QGIS reads it: renderer, aliases, the name shown for a feature."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ._layer import Layer, plain_text
from ._symbols import renderer

# the oldest version that the written elements are tested with
QGIS_VERSION = "3.22.0-Białowieża"
GEOMETRY_TYPES = {"Point": "0", "Line": "1", "Polygon": "2"}


def qml(layer: Layer, columns: list[str]) -> str:
    """Give the style of `layer` as the text of a QML file.

    Parameters
    ----------
    layer : Layer
    columns : list of str
        The columns as they are written, in their order.
    """
    root = Element("qgis", {"version": QGIS_VERSION, "styleCategories": "AllStyleCategories"})
    root.extend(style_elements(layer, columns))
    SubElement(root, "layerGeometryType").text = GEOMETRY_TYPES[layer.kind]
    return xml_text(root)


def style_elements(layer: Layer, columns: list[str]) -> list[Element]:
    """Give the elements that a style and a project's layer have in common."""
    aliases = Element("aliases")
    for number, column in enumerate(columns, start=1):
        SubElement(
            aliases,
            "alias",
            {"index": str(number), "field": column, "name": alias(layer, column)},
        )
    shown = Element("previewExpression")
    name = next((column for column in ("name", "name_zh", "code") if column in columns), "")
    shown.text = f'"{name}"' if name else ""
    elements = [renderer(layer), aliases, shown]
    for tag, text in (("blendMode", "0"), ("featureBlendMode", "0"), ("layerOpacity", "1")):
        element = Element(tag)
        element.text = text
        elements.append(element)
    return elements


def alias(layer: Layer, column: str) -> str:
    """Give the words that a user reads for a column; empty where its name stands for itself."""
    words = {str(key): value for key, value in layer.aliases.items()}
    return plain_text(words.get(column, ""))


def xml_text(root: Element) -> str:
    """Give an element as a document, one element a line."""
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"

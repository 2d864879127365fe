"""QGIS's elements for symbols and renderers, built from a layer and its style."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from .._palettes import NO_DATA
from ._layer import Layer, categories, plain_text, ranges
from ._styles import Categorised, Graduated, Simple

# borders of regions: grey that shows between pale classes, thinner where regions are many
_BORDER = "#777777"
_MANY = 500
# white round points and lines
_EDGE = "#ffffff"
_CASING = 0.2


def renderer(layer: Layer) -> Element:
    """Give the ``renderer-v2`` element that draws `layer` by its style."""
    style = layer.style
    if isinstance(style, Categorised):
        return _categorised(layer, style)
    if isinstance(style, Graduated):
        return _graduated(layer, style)
    element = _renderer("singleSymbol")
    SubElement(element, "symbols").append(_symbol(layer, "0", style.colour))
    return element


def _renderer(kind: str, **attributes: str) -> Element:
    return Element(
        "renderer-v2",
        {"type": kind, "enableorderby": "0", "forceraster": "0", "symbollevels": "0", **attributes},
    )


def _categorised(layer: Layer, style: Categorised) -> Element:
    element = _renderer("categorizedSymbol", attr=style.column)
    listed = SubElement(element, "categories")
    symbols = SubElement(element, "symbols")
    for number, (value, label, colour) in enumerate(categories(layer, style)):
        SubElement(
            listed,
            "category",
            {
                "value": value,
                "type": "string",
                "label": plain_text(label),
                "symbol": str(number),
                "render": "true",
            },
        )
        symbols.append(_symbol(layer, str(number), colour))
    return element


def _graduated(layer: Layer, style: Graduated) -> Element:
    """Give a graduated renderer, or rules where missing values need a class of their own."""
    classes, colours, missing = ranges(layer, style)
    bounds = list(zip(classes.lower, classes.upper, classes.labels, colours, strict=True))
    if missing:
        return _rules(layer, style, bounds)
    element = _renderer("graduatedSymbol", attr=style.column, graduatedMethod="GraduatedColor")
    listed = SubElement(element, "ranges")
    symbols = SubElement(element, "symbols")
    for number, (lower, upper, label, colour) in enumerate(bounds):
        SubElement(
            listed,
            "range",
            {
                "lower": repr(lower),
                "upper": repr(upper),
                "label": plain_text(label),
                "symbol": str(number),
                "render": "true",
            },
        )
        symbols.append(_symbol(layer, str(number), colour))
    return element


def _rules(layer: Layer, style: Graduated, bounds: list[tuple[float, float, str, str]]) -> Element:
    """QGIS's graduated renderer leaves missing values undrawn; rules draw them."""
    column = '"' + style.column.replace('"', '""') + '"'
    element = _renderer("RuleRenderer")
    rules = SubElement(element, "rules", {"key": f"{layer.id}_rules"})
    symbols = SubElement(element, "symbols")
    written = [
        (
            f"{column} <= {upper!r}" if number == 0 else
            f"{column} > {lower!r} AND {column} <= {upper!r}",
            label,
            colour,
        )
        for number, (lower, upper, label, colour) in enumerate(bounds)
    ]  # fmt: skip
    written.append((f"{column} IS NULL", style.no_data, NO_DATA))
    for number, (condition, label, colour) in enumerate(written):
        SubElement(
            rules,
            "rule",
            {
                "key": f"{layer.id}_rule_{number}",
                "filter": condition,
                "label": plain_text(label),
                "symbol": str(number),
            },
        )
        symbols.append(_symbol(layer, str(number), colour))
    return element


def _symbol(layer: Layer, name: str, colour: str) -> Element:
    kind, parts = _SYMBOLS[layer.kind](layer, colour)
    symbol = Element(
        "symbol",
        {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    for number, (class_, properties) in enumerate(parts, start=1):
        # only the uppermost part takes the colour when a user changes it
        locked = "0" if number == len(parts) else "1"
        part = SubElement(
            symbol, "layer", {"class": class_, "enabled": "1", "locked": locked, "pass": "0"}
        )
        options = SubElement(part, "Option", {"type": "Map"})
        for key, value in properties.items():
            SubElement(options, "Option", {"name": key, "type": "QString", "value": value})
    return symbol


def _simple(layer: Layer) -> Simple:
    """Give the measures of a layer's symbols: those of its style, else the usual ones."""
    return layer.style if isinstance(layer.style, Simple) else Simple("#000000")


_Parts = tuple[str, list[tuple[str, dict[str, str]]]]


def _fill(layer: Layer, colour: str) -> _Parts:
    simple = _simple(layer)
    hollow = simple.hollow
    thin = "0.06" if len(layer.frame) >= _MANY else "0.14"
    fill = {
        "color": _rgba(colour),
        "style": "no" if hollow else "solid",
        "outline_color": _rgba(colour if hollow else _BORDER),
        "outline_style": "dash" if hollow and simple.dash else "solid",
        "outline_width": f"{simple.width:g}" if hollow else thin,
        "outline_width_unit": "MM",
        "joinstyle": "round",
        "offset": "0,0",
        "offset_unit": "MM",
    }
    return "fill", [("SimpleFill", fill)]


def _line(layer: Layer, colour: str) -> _Parts:
    """Give a line above a white casing, which keeps it apart from any colour of regions."""
    simple = _simple(layer)
    width = simple.width
    casing = {
        "line_color": _rgba(_EDGE),
        "line_width": f"{width + 2 * _CASING:g}",
        "line_width_unit": "MM",
        "line_style": "solid",
        "capstyle": "round",
        "joinstyle": "round",
    }
    line = {
        "line_color": _rgba(colour),
        "line_width": f"{width:g}",
        "line_width_unit": "MM",
        "line_style": "solid",
        "use_custom_dash": "1" if simple.dash else "0",
        "customdash": f"{6 * width:g};{4 * width:g}",
        "customdash_unit": "MM",
        "capstyle": "flat" if simple.dash else "round",
        "joinstyle": "round",
    }
    return "line", [("SimpleLine", casing), ("SimpleLine", line)]


def _marker(layer: Layer, colour: str) -> _Parts:
    marker = {
        "name": "circle",
        "color": _rgba(colour),
        "size": f"{_simple(layer).size:g}",
        "size_unit": "MM",
        "outline_color": _rgba(_EDGE),
        "outline_style": "solid",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "angle": "0",
        "offset": "0,0",
        "offset_unit": "MM",
    }
    return "marker", [("SimpleMarker", marker)]


_SYMBOLS: dict[str, Callable[[Layer, str], _Parts]] = {
    "Polygon": _fill,
    "Line": _line,
    "Point": _marker,
}


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"

"""The legend of a QGIS project, and the order in which its layers are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from ._entries import Entry
from ._layer import plain_text

# rasters fill their whole extent: anything else lies above them
_DRAWN_FIRST = {"Raster": 0, "Polygon": 1, "Line": 2, "Point": 3}


def legend_tree(entries: Sequence[Entry]) -> Element:
    """Give the legend: groups in the order in which they first appear."""
    root = Element("layer-tree-group")
    SubElement(root, "customproperties")
    groups: dict[str, Element] = {"": root}
    for entry in entries:
        layer = entry.layer
        if layer.group not in groups:
            shown = any(e.layer.visible for e in entries if e.layer.group == layer.group)
            groups[layer.group] = SubElement(
                root,
                "layer-tree-group",
                {
                    "name": plain_text(layer.group),
                    "checked": "Qt::Checked",
                    "expanded": "1" if shown else "0",
                },
            )
            SubElement(groups[layer.group], "customproperties")
        node = SubElement(
            groups[layer.group],
            "layer-tree-layer",
            {
                "id": entry.id,
                "name": plain_text(entry.title),
                "source": entry.source,
                "providerKey": entry.provider,
                "checked": "Qt::Checked" if layer.visible else "Qt::Unchecked",
                "expanded": "1" if layer.visible else "0",
                "legend_exp": "",
                "patch_size": "-1,-1",
            },
        )
        SubElement(node, "customproperties")
    # a legend by theme would draw polygons of an upper group over the lines of a lower one
    drawn = draw_order(entries)
    custom = SubElement(
        root, "custom-order", {"enabled": "0" if drawn == _as_listed(entries) else "1"}
    )
    for entry in drawn:
        SubElement(custom, "item").text = entry.id
    return root


def draw_order(entries: Sequence[Entry]) -> list[Entry]:
    """Give them from top to bottom: points, lines, polygons, rasters, each as in the legend."""
    return sorted(_as_listed(entries), key=lambda entry: -_DRAWN_FIRST[entry.kind])


def _as_listed(entries: Sequence[Entry]) -> list[Entry]:
    """Give them as the legend shows them: by group, in the order of first appearance."""
    keys = [entry.layer.group or f"\0{entry.id}" for entry in entries]
    groups = list(dict.fromkeys(keys))
    order = sorted(range(len(keys)), key=lambda number: groups.index(keys[number]))
    return [entries[number] for number in order]

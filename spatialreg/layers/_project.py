"""The QGIS project: the layers grouped and styled, beside the GeoPackage and inside it."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import pyproj
from pyproj import CRS

from ..errors import CRSError, InputError
from ._atomic import beside
from ._frames import by_table, table_columns
from ._geopackage import require_layers, timestamp
from ._layer import Layer, plain_text
from ._qml import QGIS_VERSION, style_elements, xml_text

Extent = tuple[float, float, float, float]
_DRAWN_FIRST = {"Polygon": 0, "Line": 1, "Point": 2}
_MARGIN = 0.03
# the oldest date that a zip archive can hold
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_qgis_project(
    path: str | os.PathLike[str],
    gpkg: str | os.PathLike[str],
    layers: Sequence[Layer],
    *,
    title: str,
    crs: Any = "EPSG:4326",
    extent: Extent | None = None,
) -> Path:
    """Write a QGIS project of the layers of a GeoPackage, and store it in the GeoPackage too.

    Its paths are relative: the project and the GeoPackage can be moved together.

    Parameters
    ----------
    path : path
        Ends in ``.qgz``. An existing file is replaced, at once.
    gpkg : path
        What :func:`write_layers` wrote from the same layers.
    layers : sequence of Layer
        In the order of the legend, by group. Points are drawn above lines and these above
        polygons, in whatever order they stand.
    title : str
    crs : anything that pyproj takes
        The project's projection, for example the Albers projection of an atlas.
    extent : (west, south, east, north), optional
        What is shown at first, in units of `crs`; by default all visible layers.

    Returns
    -------
    Path
        Of the project.

    Raises
    ------
    InputError
        The GeoPackage is missing, lacks a layer, or cannot be reached by a relative path.
    CRSError
        pyproj does not know `crs`.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from spatialreg.layers import Layer, Simple, write_layers, write_qgis_project
    >>> seats = gpd.GeoDataFrame({"name": ["北京"]}, geometry=[Point(116.4, 39.9)], crs=4326)
    >>> layers = [Layer(name="seats", title="Seats", group="Base", frame=seats,
    ...                 style=Simple("#222222"))]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gpkg = write_layers(f"{folder}/study.gpkg", layers)
    ...     path = write_qgis_project(f"{folder}/study.qgz", gpkg, layers, title="Seats")
    ...     print(path.name)
    study.qgz
    """
    target, package = Path(path), Path(gpkg)
    if target.suffix.lower() != ".qgz":
        raise InputError(f"a QGIS project's name ends in .qgz, not {target.name!r}")
    require_layers(layers)
    _require_written(package, layers)
    known = _crs(crs)
    source = _relative(package, target.parent)
    content = _archive(
        f"{target.stem}.qgs", project_xml(source, layers, title=title, crs=known, extent=extent)
    )
    with beside(target) as fresh:
        fresh.write_bytes(content)
    with closing(sqlite3.connect(package)) as connection:
        store_project(connection, package.name, layers, title=title, crs=known, extent=extent)
    return target


def store_project(
    connection: sqlite3.Connection,
    gpkg: str,
    layers: Sequence[Layer],
    *,
    title: str,
    crs: Any = "EPSG:4326",
    extent: Extent | None = None,
) -> None:
    """Store the project in the open GeoPackage named `gpkg`, in the table that QGIS reads."""
    xml = project_xml(f"./{gpkg}", layers, title=title, crs=_crs(crs), extent=extent)
    content = _archive(f"{Path(gpkg).stem}.qgs", xml)
    metadata = {"last_modified_time": timestamp(), "last_modified_user": "spatialreg"}
    with connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS qgis_projects "
            "(name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
        )
        connection.execute(
            "INSERT OR REPLACE INTO qgis_projects VALUES (?, ?, ?)",
            # QGIS reads the archive from text in hexadecimal digits
            (plain_text(title), json.dumps(metadata), content.hex()),
        )


def project_xml(
    source: str,
    layers: Sequence[Layer],
    *,
    title: str,
    crs: CRS,
    extent: Extent | None = None,
) -> str:
    """Give the text of the project whose layers lie in the GeoPackage at `source`."""
    root = Element("qgis", {"version": QGIS_VERSION, "projectname": plain_text(title)})
    SubElement(root, "homePath", {"path": ""})
    SubElement(root, "title").text = plain_text(title)
    SubElement(root, "projectCrs").append(_reference_system(crs))
    root.append(_tree(source, layers))
    window = extent or _extent(layers, crs)
    canvas = SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "degrees" if crs.is_geographic else "meters"
    canvas.append(_box("extent", window))
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(_reference_system(crs))
    listed = SubElement(root, "projectlayers")
    tables = by_table(layers)
    for layer in layers:
        listed.append(_map_layer(source, layer, table_columns(tables[layer.stored_in])))
    order = SubElement(root, "layerorder")
    for layer in _draw_order(layers):
        SubElement(order, "layer", {"id": layer.id})
    root.append(_properties())
    view = SubElement(root, "ProjectViewSettings", {"UseProjectScales": "0"})
    SubElement(view, "Scales")
    west, south, east, north = (repr(float(value)) for value in window)
    shown = SubElement(
        view,
        "DefaultViewExtent",
        {"xmin": west, "ymin": south, "xmax": east, "ymax": north},
    )
    shown.append(_reference_system(crs))
    return xml_text(root)


def _tree(source: str, layers: Sequence[Layer]) -> Element:
    """Give the legend: groups in the order in which they first appear."""
    root = Element("layer-tree-group")
    SubElement(root, "customproperties")
    groups: dict[str, Element] = {"": root}
    for layer in layers:
        if layer.group not in groups:
            shown = any(other.visible for other in layers if other.group == layer.group)
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
        entry = SubElement(
            groups[layer.group],
            "layer-tree-layer",
            {
                "id": layer.id,
                "name": plain_text(layer.legend_title),
                "source": _data_source(source, layer),
                "providerKey": "ogr",
                "checked": "Qt::Checked" if layer.visible else "Qt::Unchecked",
                "expanded": "1" if layer.visible else "0",
                "legend_exp": "",
                "patch_size": "-1,-1",
            },
        )
        SubElement(entry, "customproperties")
    # a legend by theme would draw polygons of an upper group over the lines of a lower one
    drawn = _draw_order(layers)
    custom = SubElement(
        root, "custom-order", {"enabled": "0" if drawn == _as_listed(layers) else "1"}
    )
    for layer in drawn:
        SubElement(custom, "item").text = layer.id
    return root


def _as_listed(layers: Sequence[Layer]) -> list[Layer]:
    """Give the layers as the legend shows them: by group, in the order of first appearance."""
    groups = list(dict.fromkeys(layer.group or f"\0{layer.name}" for layer in layers))
    return sorted(layers, key=lambda layer: groups.index(layer.group or f"\0{layer.name}"))


def _draw_order(layers: Sequence[Layer]) -> list[Layer]:
    """Give the layers from top to bottom: points, lines, polygons, each as in the legend."""
    return sorted(_as_listed(layers), key=lambda layer: -_DRAWN_FIRST[layer.kind])


def _map_layer(source: str, layer: Layer, columns: list[str]) -> Element:
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
    bounds = layer.frame.total_bounds
    if np.isfinite(bounds).all():
        element.append(_box("extent", tuple(bounds)))
    SubElement(element, "id").text = layer.id
    SubElement(element, "datasource").text = _data_source(source, layer)
    SubElement(element, "layername").text = plain_text(layer.legend_title)
    SubElement(element, "abstract").text = plain_text(layer.abstract)
    SubElement(element, "srs").append(_reference_system(layer.frame.crs))
    described = SubElement(element, "resourceMetadata")
    SubElement(described, "identifier").text = plain_text(layer.name)
    SubElement(described, "type").text = "dataset"
    SubElement(described, "title").text = plain_text(layer.title)
    SubElement(described, "abstract").text = plain_text(layer.abstract)
    SubElement(element, "provider", {"encoding": "UTF-8"}).text = "ogr"
    element.extend(style_elements(layer, columns))
    return element


def _data_source(source: str, layer: Layer) -> str:
    return f"{source}|layername={layer.stored_in}"


def _reference_system(crs: CRS) -> Element:
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


def _properties() -> Element:
    properties = Element("properties")
    for group, name, kind, text in (
        ("SpatialRefSys", "ProjectionsEnabled", "int", "1"),
        ("Paths", "Absolute", "bool", "false"),
        ("Measurement", "DistanceUnits", "QString", "km"),
        ("Measurement", "AreaUnits", "QString", "km2"),
    ):
        found = properties.find(group)
        parent = SubElement(properties, group) if found is None else found
        SubElement(parent, name, {"type": kind}).text = text
    return properties


def _extent(layers: Sequence[Layer], crs: CRS) -> Extent:
    """Give what holds all visible layers, with a margin; the whole of all where none is visible."""
    shown = [layer for layer in layers if layer.visible] or list(layers)
    # the bounds of what is drawn: those of a box in degrees would be far wider when projected
    boxes = [layer.frame.geometry.to_crs(crs).total_bounds for layer in shown]
    finite = np.array([found for found in boxes if np.isfinite(found).all()])
    if not len(finite):
        return (-180.0, -90.0, 180.0, 90.0)
    west, south = finite[:, :2].min(axis=0)
    east, north = finite[:, 2:].max(axis=0)
    # one point has no width: a tenth of a degree, or ten kilometres
    least = 0.1 if crs.is_geographic else 10_000.0
    margin = max(_MARGIN * max(east - west, north - south), least / 2)
    return (
        float(west - margin), float(south - margin), float(east + margin), float(north + margin),
    )  # fmt: skip


def _box(tag: str, window: Sequence[float]) -> Element:
    element = Element(tag)
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), window, strict=True):
        SubElement(element, name).text = repr(float(value))
    return element


def _crs(crs: Any) -> CRS:
    try:
        known = CRS.from_user_input(crs)
        if known.name == "unknown":
            # QGIS shows this name; parameters alone give none
            method = known.coordinate_operation.method_name if known.coordinate_operation else ""
            known = CRS.from_json_dict(
                {**known.to_json_dict(), "name": f"{method} (study)".strip()}
            )
        return known
    except pyproj.exceptions.CRSError as error:
        raise CRSError(f"the project's CRS must be one that pyproj knows, not {crs!r}") from error


def _require_written(package: Path, layers: Sequence[Layer]) -> None:
    """Raise unless the GeoPackage holds the layers: QGIS opens a project without data silently."""
    if not package.is_file():
        raise InputError(f"there is no GeoPackage {package}: write it first with write_layers")
    with closing(sqlite3.connect(f"{package.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        held = {name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")}
    lacking = [layer.name for layer in layers if layer.stored_in not in held]
    if lacking:
        raise InputError(
            f"{package} lacks {len(lacking)} of the {len(layers)} layers ({', '.join(lacking[:5])}"
            "): write the same layers with write_layers first"
        )


def _relative(package: Path, folder: Path) -> str:
    try:
        relative = os.path.relpath(package.absolute(), folder.absolute())
    except ValueError as error:
        raise InputError(
            f"{package} and the project lie on different drives: put them side by side"
        ) from error
    slashes = Path(relative).as_posix()
    return slashes if slashes.startswith("../") else f"./{slashes}"


def _archive(name: str, text: str) -> bytes:
    """Give a zip archive of one file that is the same whenever and wherever it is made."""
    entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, text.encode("utf-8"), compresslevel=6)
    return buffer.getvalue()

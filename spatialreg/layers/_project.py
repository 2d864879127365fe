"""The QGIS project: the layers grouped and styled, beside the GeoPackage and inside it."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import pyproj
from pyproj import CRS

from ..errors import CRSError, InputError
from ._atomic import beside
from ._entries import Entry, raster_entries, relative, require_rasters, vector_entries
from ._geopackage import require_layers, timestamp
from ._layer import Layer, plain_text
from ._map_layers import box_element, map_layer, reference_system
from ._qml import QGIS_VERSION, xml_text
from ._raster_layer import RasterLayer
from ._tree import draw_order, legend_tree

Extent = tuple[float, float, float, float]
_MARGIN = 0.03
# the oldest date that a zip archive can hold
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_qgis_project(
    path: str | os.PathLike[str],
    gpkg: str | os.PathLike[str] | None,
    layers: Sequence[Layer],
    *,
    title: str,
    crs: Any = "EPSG:4326",
    extent: Extent | None = None,
    rasters: Mapping[str, RasterLayer] | Mapping[Path, RasterLayer] | None = None,
) -> Path:
    """Write a QGIS project of the layers of a GeoPackage, and store it in the GeoPackage too.

    Its paths are relative: the project, the GeoPackage and the rasters can be moved together.

    Parameters
    ----------
    path : path
        Ends in ``.qgz``. An existing file is replaced, at once.
    gpkg : path or None
        What :func:`write_layers` wrote from the same layers; None where there are rasters only.
    layers : sequence of Layer
        In the order of the legend, by group. Points are drawn above lines and these above
        polygons, in whatever order they stand.
    title : str
    crs : anything that pyproj takes
        The project's projection, for example the Albers projection of an atlas.
    extent : (west, south, east, north), optional
        What is shown at first, in units of `crs`; by default all visible layers.
    rasters : mapping of path to RasterLayer, optional
        By file, as :func:`spatialreg.io.write_raster` wrote it. They stand below the other layers
        in the legend, unless their group is one of these, and are drawn below them.

    Returns
    -------
    Path
        Of the project.

    Raises
    ------
    InputError
        There is neither layer nor raster, the GeoPackage or a raster's file is missing, the
        GeoPackage lacks a layer, or a file cannot be reached by a relative path.
    CRSError
        pyproj does not know `crs`.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd
    >>> import numpy as np
    >>> from shapely import Point
    >>> from spatialreg import io, raster
    >>> from spatialreg.layers import (
    ...     Graduated, Layer, RasterLayer, Simple, write_layers, write_qgis_project
    ... )
    >>> seats = gpd.GeoDataFrame({"name": ["北京"]}, geometry=[Point(116.4, 39.9)], crs=4326)
    >>> layers = [Layer(name="seats", title="Seats", group="Base", frame=seats,
    ...                 style=Simple("#222222"))]
    >>> minutes = raster.Raster(np.array([[10.0, 45.0]]), (1, 0, 116, 0, -1, 40), 4326,
    ...                         name="minutes", unit="min")
    >>> style = Graduated("minutes", breaks=[30, 60], unit="min")
    >>> surface = RasterLayer(title="Minutes to a seat", group="Surfaces", raster=minutes,
    ...                       style=style)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gpkg = write_layers(f"{folder}/study.gpkg", layers)
    ...     file = io.write_raster(minutes, f"{folder}/minutes.tif")
    ...     path = write_qgis_project(f"{folder}/study.qgz", gpkg, layers, title="Seats",
    ...                               rasters={file: surface})
    ...     print(path.name)
    study.qgz
    """
    target = Path(path)
    if target.suffix.lower() != ".qgz":
        raise InputError(f"a QGIS project's name ends in .qgz, not {target.name!r}")
    files = {Path(file): layer for file, layer in (rasters or {}).items()}
    require_rasters(files)
    package = None if gpkg is None else Path(gpkg)
    if package is not None or not files:
        require_layers(layers)
    if package is not None:
        _require_written(package, layers)
    elif layers:
        raise InputError(
            "layers need the GeoPackage that holds them: pass what write_layers wrote as gpkg"
        )
    known = _crs(crs)

    def seen_from(folder: Path) -> list[Entry]:
        held = [] if package is None else vector_entries(relative(package, folder), layers)
        return [*held, *raster_entries(files, folder)]

    xml = project_xml(seen_from(target.parent), title=title, crs=known, extent=extent)
    content = _archive(f"{target.stem}.qgs", xml)
    with beside(target) as fresh:
        fresh.write_bytes(content)
    if package is not None:
        entries = seen_from(package.parent)
        with closing(sqlite3.connect(package)) as connection:
            store_project(connection, package.name, entries, title=title, crs=known, extent=extent)
    return target


def store_project(
    connection: sqlite3.Connection,
    gpkg: str,
    entries: Sequence[Entry],
    *,
    title: str,
    crs: Any = "EPSG:4326",
    extent: Extent | None = None,
) -> None:
    """Store the project in the open GeoPackage named `gpkg`, in the table that QGIS reads."""
    xml = project_xml(entries, title=title, crs=_crs(crs), extent=extent)
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
    entries: Sequence[Entry], *, title: str, crs: CRS, extent: Extent | None = None
) -> str:
    """Give the text of the project of these layers."""
    root = Element("qgis", {"version": QGIS_VERSION, "projectname": plain_text(title)})
    SubElement(root, "homePath", {"path": ""})
    SubElement(root, "title").text = plain_text(title)
    SubElement(root, "projectCrs").append(reference_system(crs))
    root.append(legend_tree(entries))
    window = _extent(entries, crs) if extent is None else extent
    canvas = SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "degrees" if crs.is_geographic else "meters"
    canvas.append(box_element("extent", window))
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(reference_system(crs))
    listed = SubElement(root, "projectlayers")
    listed.extend(map_layer(entry) for entry in entries)
    order = SubElement(root, "layerorder")
    for entry in draw_order(entries):
        SubElement(order, "layer", {"id": entry.id})
    root.append(_properties())
    view = SubElement(root, "ProjectViewSettings", {"UseProjectScales": "0"})
    SubElement(view, "Scales")
    west, south, east, north = (repr(float(value)) for value in window)
    shown = SubElement(
        view,
        "DefaultViewExtent",
        {"xmin": west, "ymin": south, "xmax": east, "ymax": north},
    )
    shown.append(reference_system(crs))
    return xml_text(root)


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


def _extent(entries: Sequence[Entry], crs: CRS) -> Extent:
    """Give what holds all visible layers, with a margin; the whole of all where none is visible."""
    shown = [entry for entry in entries if entry.layer.visible] or list(entries)
    boxes = [entry.bounds(crs) for entry in shown]
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

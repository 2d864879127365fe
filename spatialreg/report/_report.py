"""Build the HTML report from findings, tables, figures and layers.

Everything stands in the one file: Leaflet (from the package xstatic-leaflet), the geometries as
GeoJSON, the figures as SVG or PNG. Text from data is never markup: it is escaped by the template,
or set as text by the script.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
from xstatic.pkg import leaflet

from .. import __version__
from ..io import replacing
from ..layers import Layer, RasterLayer
from ._map import map_data

_LARGEST_SVG = 400_000
_MOST_ROWS = 400


@dataclass(frozen=True)
class Report:
    """What a report holds.

    Attributes
    ----------
    title : str
    findings : sequence of (sentence, claim, table, figure)
        Sentences in order; the last three may be None.
    tables : mapping of str to DataFrame
        What stands as ``attrs["definition"]`` is printed under the table's name.
    figures : mapping of str to Path
        Name to an SVG file; a PNG of the same name beside it is taken where the SVG is large.
    layers : sequence of Layer
        Drawn on the map, in their groups.
    parameters, inputs : mapping
        Printed in full, so that every number can be traced.
    chapters : sequence of (str, int)
        Headings of the findings in order, each with how many stand under it; those that are left
        stand under none.
    rasters : mapping of path to RasterLayer
        Drawn on the map as pictures of at most a thousand points a side, which stand in the
        report; the file, which a link names, may lie beside it.
    """

    title: str
    findings: Sequence[tuple[str, int | None, str | None, str | None]]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    figures: Mapping[str, Path] = field(default_factory=dict)
    layers: Sequence[Layer] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    chapters: Sequence[tuple[str, int]] = ()
    rasters: Mapping[str, RasterLayer] | Mapping[Path, RasterLayer] = field(default_factory=dict)


def write_report(path: str | Path, report: Report) -> Path:
    """Write `report` as one HTML file.

    Parameters
    ----------
    path : str or Path
        Replaced at once when the file is complete.
    report : Report

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile, pathlib, spatialreg as sr
    >>> report = sr.report.Report("A title", [("One finding.", None, None, None)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = sr.write_report(pathlib.Path(folder) / "report.html", report)
    ...     "One finding." in path.read_text(encoding="utf-8")
    True
    """
    path = Path(path)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template("report.html").render(
        report=report,
        chapters=_chapters(report),
        version=__version__,
        css=_leaflet("leaflet.css") + _own("report.css"),
        leaflet_js=_leaflet("leaflet.js"),
        script=_own("report.js"),
        map_json=_map_json(report),
        figures={name: _figure(figure) for name, figure in report.figures.items()},
        tables={name: _table(table) for name, table in report.tables.items()},
        layers=_listed(report, path.parent),
        parameters=json.dumps(report.parameters, ensure_ascii=False, indent=2),
        inputs=[(name, _words(value)) for name, value in report.inputs.items()],
    )
    with replacing(path) as fresh:
        fresh.write_text(page, encoding="utf-8")
    return path


def _chapters(report: Report) -> list[dict[str, Any]]:
    """Lay the findings out under their headings, numbered through; an empty heading is none."""
    told = sum(size for _, size in report.chapters)
    rest = [("", len(report.findings) - told)]
    chapters, start = [], 0
    for title, size in [*report.chapters, *rest]:
        if size > 0:
            findings = report.findings[start : start + size]
            chapters.append({"title": title, "start": start + 1, "findings": findings})
        start += size
    return chapters


def _map_json(report: Report) -> str:
    if not report.layers and not report.rasters:
        return ""
    return _script_json(map_data(report.layers, list(report.rasters.values())))


def _listed(report: Report, folder: Path) -> list[tuple[str, str, str, str]]:
    """Give title, group and abstract of every layer, and of rasters the link to the file."""
    listed = [(layer.title, layer.group, layer.abstract, "") for layer in report.layers]
    for file, layer in report.rasters.items():
        relative = os.path.relpath(Path(file).absolute(), folder.absolute())
        listed.append((layer.title, layer.group, layer.abstract, quote(Path(relative).as_posix())))
    return listed


def _leaflet(name: str) -> str:
    """Read a file of Leaflet, without what it would fetch: images and the source map."""
    text = (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
    text = re.sub(r"url\([^)]*\)", "none", text) if name.endswith(".css") else text
    return re.sub(r"//# sourceMappingURL=\S+", "", text)


def _own(name: str) -> str:
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")


def _script_json(value: Any) -> str:
    """Write JSON that cannot close the script element in which it stands."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _figure(svg: Path) -> str:
    """Give the source of an image: the SVG, or where it is large the PNG beside it."""
    png = svg.with_suffix(".png")
    large = svg.stat().st_size > _LARGEST_SVG and png.exists()
    kind, source = ("png", png) if large else ("svg+xml", svg)
    return f"data:image/{kind};base64,{base64.b64encode(source.read_bytes()).decode()}"


def _table(table: pd.DataFrame) -> dict[str, Any]:
    flat = table.reset_index() if any(name is not None for name in table.index.names) else table
    shown = flat.head(_MOST_ROWS)
    numeric = [pd.api.types.is_numeric_dtype(dtype) for dtype in shown.dtypes]
    return {
        "columns": list(zip([str(c) for c in shown.columns], numeric, strict=True)),
        "rows": [[_words(value) for value in row] for row in shown.itertuples(index=False)],
        "left_out": len(flat) - len(shown),
        "definition": table.attrs.get("definition", ""),
    }


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.6g}"
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    return str(value)

"""A layer: a frame, how it is called, where it stands in the legend and how it is drawn."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from .._align import numeric_series, require_columns, some
from .._palettes import NO_DATA
from ..errors import CRSError, GeometryError, InputError
from ._brewer import brewer
from ._classes import Classes, classify
from ._styles import Categorised, Graduated, Style

_KINDS = {
    "Polygon": "Polygon", "MultiPolygon": "Polygon",
    "LineString": "Line", "MultiLineString": "Line", "LinearRing": "Line",
    "Point": "Point", "MultiPoint": "Point",
}  # fmt: skip
_TAKEN = re.compile(r"(gpkg_|sqlite_|rtree_|layer_styles$|qgis_projects$)", re.IGNORECASE)
# what XML 1.0 cannot hold, not even escaped
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer of a GeoPackage and of a QGIS project.

    Attributes
    ----------
    name : str
        The table's name in the GeoPackage.
    title : str
        The name in the legend.
    group : str
        The group of the legend; empty for none.
    frame : GeoDataFrame
        Polygons, lines or points (one kind), in any CRS; the index is written as a column.
    style : Categorised, Graduated or Simple
    aliases : mapping
        Column to the words that a user reads instead, with the unit: ``"Income [yuan]"``.
    abstract : str
        What the layer shows and how it was made.
    visible : bool
        Whether it is drawn when the project is opened.
    table : str
        The table of the GeoPackage that holds the layer, by default one of its own name. Layers of
        the same features may share a table: their geometry is then written once, and each keeps
        its own style.

    Raises
    ------
    InputError
        The name is empty or reserved, the style's column is missing, has values without a class or
        is not numeric where it must be, or an alias names no column.
    CRSError
        The frame has no CRS.
    GeometryError
        The frame mixes polygons, lines and points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from spatialreg.layers import Layer, Simple
    >>> seats = gpd.GeoDataFrame({"name": ["北京"]}, geometry=[Point(116.4, 39.9)], crs=4326)
    >>> Layer(name="seats", title="Seats", group="Base", frame=seats, style=Simple("#222222")).kind
    'Point'
    """

    name: str
    title: str
    group: str
    frame: gpd.GeoDataFrame = field(repr=False)
    style: Style
    aliases: Mapping[str, str] = field(default_factory=dict)
    abstract: str = ""
    visible: bool = True
    table: str = ""

    def __post_init__(self) -> None:
        what = f"layer {self.name!r}"
        for name in (self.name, self.stored_in):
            if not name.strip() or _TAKEN.match(name) or set(name) & set("|\"'/\\\0"):
                raise InputError(
                    "a layer's name must not be empty, hold quotes, bars or slashes, nor begin "
                    "like the tables of a GeoPackage itself (gpkg_, sqlite_, rtree_); it is "
                    f"{name!r}"
                )
        if not isinstance(self.frame, gpd.GeoDataFrame):
            raise InputError(f"{what} needs a GeoDataFrame, not {type(self.frame).__name__}")
        if self.frame.crs is None:
            raise CRSError(f"{what} has no CRS: declare it with set_crs()")
        kinds = sorted(self._kinds())
        if len(kinds) > 1 or "other" in kinds:
            raise GeometryError(
                f"{what} must hold polygons, lines or points, one of them; it holds "
                f"{some(sorted(self.frame.geom_type.dropna().unique()))}: make a layer of each"
            )
        columns = {*map(str, self.frame.columns), str(self.frame.index.name)}
        unknown = [column for column in self.aliases if str(column) not in columns]
        if unknown:
            raise InputError(
                f"{what} has aliases for columns that it lacks ({some(map(repr, unknown))}); its "
                f"columns are {some(map(repr, self.frame.columns), 12)}"
            )
        if isinstance(self.style, Categorised):
            self._check_classes(self.style, what)
        elif isinstance(self.style, Graduated):
            require_columns(self.frame, [self.style.column], what)
            numeric_series(
                self.frame[self.style.column].reset_index(drop=True),
                f"column {self.style.column!r} of {what}",
            )

    def _kinds(self) -> set[str]:
        return {_KINDS.get(kind, "other") for kind in self.frame.geom_type.dropna().unique()}

    def _check_classes(self, style: Categorised, what: str) -> None:
        require_columns(self.frame, [style.column], what)
        known = {class_text(value) for value, _, _ in style.classes}
        texts = self.frame[style.column].dropna().map(class_text)
        unknown = sorted(set(texts) - known)
        if unknown:
            raise InputError(
                f"column {style.column!r} of {what} has values without a class "
                f"({some(map(repr, unknown))}): add (value, label, colour) for each"
            )

    @property
    def stored_in(self) -> str:
        """The table of the GeoPackage that holds the layer."""
        return self.table or self.name

    @property
    def kind(self) -> str:
        """``"Polygon"``, ``"Line"`` or ``"Point"``; a layer without geometry counts as polygons."""
        return next(iter(self._kinds()), "Polygon")

    @property
    def id(self) -> str:
        """The layer's id in a project: from its name alone, so that the same study has the same."""
        return stable_id(self.name, self.name)

    @property
    def legend_title(self) -> str:
        """The title, with the unit of a graduated style where the title does not give it."""
        unit = self.style.unit if isinstance(self.style, Graduated) else ""
        return f"{self.title} [{unit}]" if unit and unit not in self.title else self.title


def stable_id(name: str, key: str) -> str:
    """Give an id that a reader knows again by `name`, one for each `key`."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{re.sub('[^A-Za-z0-9]', '_', name)[:40]}_{digest}"


def class_text(value: object) -> str:
    """Give a class as the text that is written: a whole float without its decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return plain_text(str(value))


def plain_text(text: str) -> str:
    """Drop the characters that XML cannot hold."""
    return _CONTROL.sub("", text)


def category_values(layer: Layer, style: Categorised) -> pd.Series:
    """Give the class column as it is written: text, missing values as their own class."""
    values = layer.frame[style.column].astype(object)
    return values.map(class_text, na_action="ignore").fillna(style.no_data).astype(str)


def categories(layer: Layer, style: Categorised) -> list[tuple[str, str, str]]:
    """Give (value, label, colour) for each class, with one for missing values where there are."""
    classes = [(class_text(value), label, colour) for value, label, colour in style.classes]
    missing = bool(layer.frame[style.column].isna().any())
    if missing and style.no_data not in {value for value, _, _ in classes}:
        classes.append((style.no_data, style.no_data, NO_DATA))
    return classes


def ranges(layer: Layer, style: Graduated) -> tuple[Classes, tuple[str, ...], bool]:
    """Give the classes of a graduated layer, their colours, and whether values are missing."""
    values = layer.frame[style.column].astype(float)
    # codes by position: the index of points or lines need not be unique
    classes = classify(
        values.reset_index(drop=True), scheme=style.scheme, k=style.k, breaks=style.breaks
    )
    colours = brewer(style.palette, len(classes)) if len(classes) else ()
    return classes, colours, bool(values.isna().any())


def colour_rows(layer: Layer) -> tuple[pd.Series, list[tuple[str, str]]]:
    """Give the colour of each row and the legend, as the layer is drawn in QGIS.

    Parameters
    ----------
    layer : Layer

    Returns
    -------
    (Series, list)
        Hex colours on the frame's index, and the legend's (label, colour) from top to bottom.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"x": [1.0, None]}, geometry=[Point(0, 0)] * 2, crs=4326)
    >>> style = Graduated("x", palette="Blues")
    >>> layer = Layer(name="p", title="P", group="", frame=frame, style=style)
    >>> colour_rows(layer)[1]
    [('1', '#9ecae1'), ('No data', '#d3d3d3')]
    """
    style = layer.style
    index = layer.frame.index
    if isinstance(style, Categorised):
        classes = categories(layer, style)
        shades = {value: colour for value, _, colour in classes}
        colours = category_values(layer, style).map(shades)
        return colours.rename("colour"), [(label, colour) for _, label, colour in classes]
    if isinstance(style, Graduated):
        cut, palette, missing = ranges(layer, style)
        by_row = [palette[code] if code >= 0 else NO_DATA for code in cut.codes]
        legend = list(zip(cut.labels, palette, strict=True))
        if missing:
            legend.append((style.no_data, NO_DATA))
        return pd.Series(by_row, index=index, name="colour", dtype=object), legend
    colours = pd.Series(style.colour, index=index, name="colour", dtype=object)
    return colours, [(layer.title, style.colour)]

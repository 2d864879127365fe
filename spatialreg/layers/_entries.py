"""The layers of a project, each with the place of its data as the project's folder sees it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pyproj import CRS, Transformer

from .._align import some
from ..errors import InputError
from ._frames import by_table, table_columns
from ._layer import Layer, stable_id
from ._raster_layer import RasterLayer

# to project a straight side as the bent line that it becomes
_POINTS_OF_A_SIDE = 21


@dataclass(frozen=True, eq=False)
class Entry:
    """A layer of a project.

    Attributes
    ----------
    layer : Layer or RasterLayer
    id : str
        Alike in every project of the same study.
    name : str
        Of the table or the file, for the layer's metadata.
    source : str
        Where its data lie, from the folder of the project.
    columns : tuple of str
        Of the table as it is written.
    """

    layer: Layer | RasterLayer
    id: str
    name: str
    source: str
    columns: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``"Raster"``, ``"Polygon"``, ``"Line"`` or ``"Point"``."""
        return self.layer.kind if isinstance(self.layer, Layer) else "Raster"

    @property
    def provider(self) -> str:
        """The part of QGIS that reads the data."""
        return "ogr" if isinstance(self.layer, Layer) else "gdal"

    @property
    def title(self) -> str:
        """The name in the legend; the labels of rasters carry the unit themselves."""
        return self.layer.legend_title if isinstance(self.layer, Layer) else self.layer.title

    def bounds(self, crs: CRS) -> np.ndarray:
        """Give west, south, east, north of what is drawn, in `crs`."""
        if isinstance(self.layer, Layer):
            # those of a box in degrees would be far wider when projected
            return self.layer.frame.geometry.to_crs(crs).total_bounds
        raster = self.layer.raster
        transformer = Transformer.from_crs(raster.crs, crs, always_xy=True)
        return np.array(transformer.transform_bounds(*raster.bounds, _POINTS_OF_A_SIDE))


def vector_entries(source: str, layers: Sequence[Layer]) -> list[Entry]:
    """Give the layers of the GeoPackage at `source`."""
    tables = by_table(layers)
    return [
        Entry(
            layer, layer.id, layer.name, f"{source}|layername={layer.stored_in}",
            tuple(table_columns(tables[layer.stored_in])),
        )
        for layer in layers
    ]  # fmt: skip


def raster_entries(rasters: Mapping[Path, RasterLayer], folder: Path) -> list[Entry]:
    """Give the rasters by their files, as `folder` sees them."""
    entries = []
    for path, layer in rasters.items():
        source = relative(path, folder)
        entries.append(Entry(layer, stable_id(path.stem, f"raster {source}"), path.stem, source))
    return entries


def require_rasters(rasters: Mapping[Path, RasterLayer]) -> None:
    """Raise unless each raster is a layer and its file is there."""
    for path, layer in rasters.items():
        if not isinstance(layer, RasterLayer):
            raise InputError(
                f"rasters must map each file to its RasterLayer; {path} leads to a "
                f"{type(layer).__name__}"
            )
    lacking = [str(path) for path in rasters if not path.is_file()]
    if lacking:
        raise InputError(
            f"{len(lacking)} of the {len(rasters)} rasters are not there ({some(lacking)}): write "
            "them first with spatialreg.io.write_raster"
        )


def relative(path: Path, folder: Path) -> str:
    """Give `path` as `folder` sees it, so that both can be moved together."""
    try:
        found = os.path.relpath(path.absolute(), folder.absolute())
    except ValueError as error:
        raise InputError(
            f"{path} and the project lie on different drives: put them side by side"
        ) from error
    slashes = Path(found).as_posix()
    return slashes if slashes.startswith("../") else f"./{slashes}"

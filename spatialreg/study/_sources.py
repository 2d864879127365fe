"""Where a study's inputs come from: files of the user's, or embedded data by name.

``china:province`` and its like name embedded data; anything else is a path from the folder of the
study file. Every input is read once and remembered with what identifies it, for the manifest.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from .. import datasets, disparity, io
from .._align import require_columns, require_unique, some
from ..errors import ConfigError, InputError
from ..transport import Network

_MAPS: dict[str, Callable[[], gpd.GeoDataFrame]] = {
    "china:province": lambda: datasets.china("province"),
    "china:prefecture": lambda: datasets.china("prefecture"),
    "china:county": lambda: datasets.china("county"),
    "us:states": lambda: datasets.us_states(),
    "mexico:states": lambda: datasets.mexico(),
}
_PANELS: dict[str, Callable[[], pd.DataFrame]] = {
    "china:provincial_panel": lambda: datasets.provincial_panel(),
    "china:provincial_panel_1978_1999": lambda: datasets.provincial_panel("1978-1999"),
    "us:incomes": lambda: datasets.us_incomes(),
    "mexico:gdp": lambda: datasets.mexico_gdp(),
}
_FACILITIES: dict[str, Callable[[], pd.DataFrame]] = {
    "china:hsr_stations": lambda: datasets.hsr_stations(),
    "china:hsr_lines": lambda: datasets.hsr_lines(),
    "china:expressways": lambda: datasets.expressways(2013),
    "china:expressway_places": lambda: datasets.expressway_places(2013),
    "china:expressway_control_places": lambda: datasets.expressway_places(2013).loc[
        lambda places: places["role"] == "control"
    ],
    "china:seats_county": lambda: datasets.seats("county"),
    "china:seats_prefecture": lambda: datasets.seats("prefecture"),
    "china:sea_lines": lambda: datasets.china_sea_lines(),
    "china:airports": lambda: datasets.airports(),
    "china:civil_airports": lambda: datasets.airports(civil=True),
}
_TABLES: dict[str, Callable[[], pd.DataFrame]] = {
    "china:national_series": lambda: datasets.national_series(),
    "china:panel_breaks": lambda: datasets.panel_breaks(),
    "china:poverty_counties": lambda: datasets.poverty_counties(),
    "china:county_census": lambda: datasets.county_census(codes="map"),
    "china:prefecture_census": lambda: datasets.county_census(codes="prefecture"),
    "china:services_standard": lambda: disparity.services_template(),
}
_NETWORKS: dict[str, Callable[[], io.NetworkFrames]] = {
    "china:hsr_network": lambda: datasets.hsr_network(),
}
_CLAIMS: dict[str, Callable[[], pd.DataFrame]] = {"china:claims": lambda: datasets.claims()}


class Sources:
    """Reads inputs by name or path, once each, and keeps the account of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.account: dict[str, dict[str, Any]] = {}
        self._memory: dict[str, Any] = {}

    def regions(self, source: str, **options: Any) -> gpd.GeoDataFrame:
        """Give a map, embedded or from a file."""
        return self._get(source, _MAPS, lambda path: io.read_regions(path, **options))

    def panel(self, source: str, *, code: str | None, year: str | None) -> pd.DataFrame:
        """Give a panel, embedded or from a file."""
        return self._get(
            source, _PANELS, lambda path: io.read_table(path, code=code, year=year or "year")
        )

    def facilities(self, source: str) -> pd.DataFrame:
        """Give facilities or lines: embedded, a vector file, or a table of listed places."""

        def read(path: Path) -> pd.DataFrame:
            if path.suffix.lower() in {".csv", ".xlsx", ".xls"}:
                return io.read_table(path)
            return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)

        return self._get(source, _FACILITIES, read)

    def places(self, source: str) -> pd.DataFrame:
        """Give points indexed by the code of their region: those of a file by its column code."""
        points = self.facilities(source)
        return points.set_index("code") if "code" in points.columns else points

    def table(self, source: str) -> pd.DataFrame:
        """Give a table, embedded or from a file."""
        return self._get(source, _TABLES, lambda path: io.read_table(path))

    def by_year(self, source: str) -> pd.DataFrame:
        """Give a table indexed by year, embedded or from a file with a column ``year``."""
        table = self.table(source)
        return table.set_index("year") if "year" in table.columns else table

    def by_code(self, source: str, regions: pd.Index) -> pd.DataFrame:
        """Give a table on the codes of `regions`, NaN where it has no row.

        Raises
        ------
        InputError
            A code stands twice, or none of the table's codes is among the regions.
        """
        table = self.table(source)
        if "code" in table.columns:
            table = table.set_index("code")
        require_unique(table.index, f"the table {source}")
        if not len(table.index.intersection(regions)):
            raise InputError(
                f"no code of the table {source} ({some(table.index)}) is among the regions "
                f"({some(regions)}): name its column of codes 'code', in the form of the map's"
            )
        return table.reindex(regions)

    def numbers(self, source: str, column: str, regions: pd.Index) -> pd.Series:
        """Give a column of a table as floats on the codes of `regions`, as :meth:`by_code` does.

        Raises
        ------
        InputError
            The table has no such column, or as in :meth:`by_code`.
        """
        table = self.by_code(source, regions)
        require_columns(table, [column], f"the table {source}")
        return table[column].astype(float)

    def network(self, source: str, build: Callable[[io.NetworkFrames | Path], Network]) -> Network:
        """Give the network that `build` makes of embedded frames, or of a file."""
        embedded = _NETWORKS.get(source)
        origin = self._path(source, {**_NETWORKS}) if embedded is None else embedded()
        network = build(origin)
        digest = {"sha256": _digest(origin)} if isinstance(origin, Path) else {}
        said = {
            key: value
            for key, value in network.edges.attrs.items()
            # the path that a reader was given says where this machine has the file
            if isinstance(value, str | int) and not (digest and key == "source")
        }
        self.account[source] = {"rows": len(network.edges), **digest, **said}
        return network

    @contextmanager
    def raster(self, source: str) -> Iterator[Any]:
        """Open a raster file of one band as a rasterio dataset: it may be larger than memory.

        Raises
        ------
        ConfigError
            There is no such file, it has several bands, or no CRS.
        InputError
            It is no raster.
        """
        path = self._path(source, {})
        with io.open_raster(path) as dataset:
            if dataset.count != 1:
                raise ConfigError(
                    f"{source} has {dataset.count} bands: write the one that is meant to a file of "
                    "its own"
                )
            if dataset.crs is None:
                raise ConfigError(f"{source} has no CRS: write one into the file")
            if source not in self.account:
                rows, columns = dataset.shape
                self.account[source] = {
                    "rows": rows, "columns": columns, "sha256": _digest(path)
                }  # fmt: skip
            yield dataset

    def claims(self, source: str) -> pd.DataFrame:
        """Give a register of claims by id: embedded, a TOML of [[claim]] tables, or a table."""

        def read(path: Path) -> pd.DataFrame:
            if path.suffix.lower() == ".toml":
                table = pd.DataFrame(tomllib.loads(path.read_text("utf-8-sig")).get("claim", []))
            else:
                table = io.read_table(path)
            wanted = ["section", "sentence", "test", "untestable_reason"]
            require_columns(table, wanted, f"the register {source}")
            return table.set_index("id") if "id" in table.columns else table

        return self._get(source, _CLAIMS, read)

    def check(self, source: str) -> None:
        """Raise if `source` is neither embedded nor a file."""
        known = {**_MAPS, **_PANELS, **_FACILITIES, **_TABLES, **_NETWORKS, **_CLAIMS}
        if source not in known:
            self._path(source, known)

    def _path(self, source: str, embedded: dict[str, Any]) -> Path:
        path = self.folder / source
        if not path.exists():
            raise ConfigError(
                f"{source!r} is neither a file below {self.folder} nor embedded data; "
                f"embedded are {some(embedded, 20)}"
            )
        return path

    def _get(self, source: str, embedded: dict[str, Any], read: Callable[[Path], Any]) -> Any:
        if source not in self._memory:
            if source in embedded:
                data = embedded[source]()
                self.account[source] = {
                    "rows": len(data),
                    **{k: str(v) for k, v in data.attrs.items() if isinstance(v, str | int)},
                }
            else:
                path = self._path(source, embedded)
                data = read(path)
                self.account[source] = {"rows": len(data), "sha256": _digest(path)}
            self._memory[source] = data
        return self._memory[source]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

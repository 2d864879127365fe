"""The cache of prepared layers: GeoParquet files in the user's cache folder.

A layer that takes long to prepare is written once and read afterwards. Its file name carries all
that it depends on, so a new release of the source, another tolerance or another algorithm makes
another file. One process prepares, others wait; a file is written beside and moved into place; a
file that cannot be read is prepared again.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import platformdirs
from filelock import FileLock, Timeout

from ..errors import RepairWarning, SpatialRegError

_VARIABLE = "SPATIALREG_CACHE"
_WAIT_SECONDS = 600


class CacheError(SpatialRegError, RuntimeError):
    """Another process holds the cache for longer than ten minutes."""


def cache_folder() -> Path:
    """Give the folder of prepared layers.

    It is the one that the environment variable ``SPATIALREG_CACHE`` names, else the user's cache
    folder of the platform. It may be deleted at any time.

    Examples
    --------
    >>> cache_folder().is_absolute()
    True
    """
    given = os.environ.get(_VARIABLE)
    path = Path(given).expanduser() if given else platformdirs.user_cache_path("spatialreg")
    return path.absolute()


def cached_layers(
    names: dict[str, str], wanted: str, build: Callable[[], dict[str, gpd.GeoDataFrame]]
) -> gpd.GeoDataFrame:
    """Read one of several layers that are prepared together, preparing all where it is lacking.

    Parameters
    ----------
    names : dict
        File stem of each layer, with all that the layer depends on.
    wanted : str
        The layer to give, a key of `names`.
    build : callable
        Prepares all layers; called only if the file of `wanted` is lacking or unreadable.

    Raises
    ------
    CacheError
        Another process prepares the layers and does not finish within ten minutes.

    Warns
    -----
    RepairWarning
        A cached file was unreadable and has been prepared again, or nothing can be written to the
        cache folder.
    """
    folder = cache_folder()
    paths = {layer: folder / f"{stem}.parquet" for layer, stem in names.items()}
    found = _read(paths[wanted])
    if found is not None:
        return found
    # one lock for the set: whoever comes second finds its layer written
    lock = FileLock(folder / f"{next(iter(names.values()))}.lock", timeout=_WAIT_SECONDS)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise CacheError(
            f"another process has held {folder} for {_WAIT_SECONDS} s: end it, "
            f"or set {_VARIABLE} to another folder"
        ) from error
    except OSError as error:
        _warn_unwritable(folder, error)
        return build()[wanted]
    try:
        found = _read(paths[wanted])
        return found if found is not None else _build(paths, wanted, build)
    finally:
        lock.release()


def _build(
    paths: dict[str, Path], wanted: str, build: Callable[[], dict[str, gpd.GeoDataFrame]]
) -> gpd.GeoDataFrame:
    """Prepare all layers, write them if the folder lets us, and give the one wanted."""
    layers = build()
    try:
        for layer, path in paths.items():
            _write(layers[layer], path)
    except OSError as error:
        _warn_unwritable(paths[wanted].parent, error)
    return layers[wanted]


def _warn_unwritable(folder: Path, error: OSError) -> None:
    warnings.warn(
        f"the cache folder {folder} cannot be written ({error}): the layer was prepared without "
        f"it and will be prepared again; set {_VARIABLE} to a folder of yours",
        RepairWarning,
        stacklevel=4,
    )


def _read(path: Path) -> gpd.GeoDataFrame | None:
    """Give the cached layer; None where there is none or it does not read."""
    if not path.exists():
        return None
    try:
        return gpd.read_parquet(path, page_checksum_verification=True)
    except Exception as error:  # whatever a damaged file makes the reader raise
        warnings.warn(
            f"the cached layer {path} does not read ({type(error).__name__}) and is prepared again",
            RepairWarning,
            stacklevel=5,
        )
        return None


def _write(frame: gpd.GeoDataFrame, path: Path) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        frame.to_parquet(beside, write_page_checksum=True)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)

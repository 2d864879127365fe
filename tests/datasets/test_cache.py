"""The cache of prepared layers: written once, whole or not at all, prepared again when damaged."""

import threading
import time

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from spatialreg.datasets._cache import CacheError, cache_folder, cached_layers
from spatialreg.errors import RepairWarning

NAMES = {"a": "a-v1", "b": "b-v1"}


def frame(value):
    return gpd.GeoDataFrame(
        {"value": [value]},
        index=pd.Index(["110000"], name="code"),
        geometry=[shapely.box(0, 0, 1, 1)],
        crs=4326,
    )


class Builder:
    def __init__(self, wait=0.0):
        self.calls, self.wait = 0, wait

    def __call__(self):
        self.calls += 1
        time.sleep(self.wait)
        return {"a": frame(1), "b": frame(2)}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SPATIALREG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_folder_is_the_one_named(folder, monkeypatch):
    assert cache_folder() == folder
    monkeypatch.delenv("SPATIALREG_CACHE")
    assert cache_folder().name == "spatialreg"


def test_layers_are_built_together_once(folder):
    build = Builder()
    assert cached_layers(NAMES, "a", build)["value"].to_list() == [1]
    second = cached_layers(NAMES, "b", build)
    assert second["value"].to_list() == [2]
    assert second.index.name == "code" and second.crs == "EPSG:4326"
    assert build.calls == 1
    assert sorted(path.name for path in folder.glob("*.parquet")) == [
        "a-v1.parquet",
        "b-v1.parquet",
    ]
    assert not list(folder.glob(".*")), "nothing half-written is left"


@pytest.mark.usefixtures("folder")
def test_another_name_is_another_layer():
    build = Builder()
    cached_layers(NAMES, "a", build)
    cached_layers({"a": "a-v2", "b": "b-v2"}, "a", build)
    assert build.calls == 2


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty"])
def test_damaged_layer_is_built_again(folder, damage):
    build = Builder()
    cached_layers(NAMES, "a", build)
    path = folder / "a-v1.parquet"
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        # inside the first data page, where only the checksum can tell
        content[30] ^= 0xFF
    path.write_bytes({"truncated": content[:200], "flipped": content, "empty": b""}[damage])
    with pytest.warns(RepairWarning, match="does not read"):
        again = cached_layers(NAMES, "a", build)
    assert again["value"].to_list() == [1]
    assert build.calls == 2
    assert cached_layers(NAMES, "a", build)["value"].to_list() == [1]
    assert build.calls == 2


def test_folder_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SPATIALREG_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(RepairWarning, match="cannot be written"):
        assert cached_layers(NAMES, "a", Builder())["value"].to_list() == [1]


def test_failure_of_the_builder_leaves_no_file(folder):
    def fail():
        raise OSError("no such source")

    with pytest.raises(OSError, match="no such source"):
        cached_layers(NAMES, "a", fail)
    assert not list(folder.glob("*.parquet"))
    assert cached_layers(NAMES, "a", Builder())["value"].to_list() == [1]


@pytest.mark.usefixtures("folder")
def test_one_builds_and_the_others_wait():
    build = Builder(wait=0.3)
    given = []

    def ask(layer):
        given.append(int(cached_layers(NAMES, layer, build)["value"].iloc[0]))

    threads = [threading.Thread(target=ask, args=(layer,)) for layer in "abab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [1, 1, 2, 2]
    assert build.calls == 1


def test_a_holder_that_does_not_finish(folder, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr("spatialreg.datasets._cache._WAIT_SECONDS", 0.1)
    folder.mkdir()
    with FileLock(folder / "a-v1.lock"), pytest.raises(CacheError, match="SPATIALREG_CACHE"):
        cached_layers(NAMES, "b", Builder())

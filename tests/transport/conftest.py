"""What several modules of these tests ask."""

from __future__ import annotations

import pytest

from spatialreg.io import read_gtfs
from spatialreg.transport import Timetable

from ..io.feeds import write_feed


@pytest.fixture(scope="session")
def timetable(tmp_path_factory) -> Timetable:
    """Give a Tuesday of the feed that is written by hand."""
    pytest.importorskip("gtfs_kit")
    return read_gtfs(write_feed(tmp_path_factory.mktemp("feed")), date="2024-03-05")

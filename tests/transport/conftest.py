"""What several modules of these tests ask."""

from __future__ import annotations

import pytest

from spatialreg.io import read_gtfs
from spatialreg.transport import Timetable
from spatialreg.transport._many_to_many._dissection import dissect
from spatialreg.transport._many_to_many._symbolic import lay_out

from ..io.feeds import write_feed
from .graphs import streets


@pytest.fixture(scope="session")
def timetable(tmp_path_factory) -> Timetable:
    """Give a Tuesday of the feed that is written by hand."""
    pytest.importorskip("gtfs_kit")
    return read_gtfs(write_feed(tmp_path_factory.mktemp("feed")), date="2024-03-05")


@pytest.fixture(params=[{}, {"deleted": 0.45}, {"links": 30}, {"side": 75}], ids=str)
def cut(request):
    """Give streets, the parts into which they are cut, and the fronts of these."""
    options = {"side": 30, **request.param}
    arcs = streets(**options)
    parts = dissect(arcs.tail, arcs.head, arcs.x, arcs.y, 2)
    return arcs, parts, lay_out(parts)

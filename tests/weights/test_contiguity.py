"""Polygons that meet: by hand, and against libpysal's strict builder on clean and careless maps."""

import pytest
from shapely.geometry import box

import spatialreg as sr
from spatialreg.errors import IsolateWarning

from .shapes import frame, neighbours

# --- borders as they come ---------------------------------------------------------------------


def test_borders_need_no_common_vertices():
    graph = sr.build_weights(
        frame({"long": box(0, 0, 1, 3), "short": box(1, 1, 2, 2), "low": box(1, -5, 2, 0.5)}),
        "rook",
    )
    assert set(graph["long"].index) == {"short", "low"}
    assert list(graph["short"].index) == ["long"]


def test_overlapping_polygons_are_neighbours():
    # the outlines cross in two points and share no line
    shapes = frame({"a": box(0, 0, 2, 2), "b": box(1.9, 0.5, 4, 3)})
    for method in ("queen", "rook"):
        assert neighbours(sr.build_weights(shapes, method), "a") == "b"


def test_tolerance_bridges_gaps():
    shapes = frame({"a": box(0, 0, 10, 10), "b": box(13, 0, 20, 10), "c": box(30, 0, 40, 10)})
    with pytest.warns(IsolateWarning, match="3 of 3"):
        sr.build_weights(shapes)
    with pytest.warns(IsolateWarning, match=r"1 of 3 .*\(c\)"):
        assert neighbours(sr.build_weights(shapes, tolerance=5), "a") == "b"


def test_tolerance_is_in_metres_for_degrees():
    gap = 0.001  # 111 m of latitude
    shapes = frame({"a": box(100, 30, 101, 31), "b": box(100, 31 + gap, 101, 32)}, crs="EPSG:4326")
    with pytest.warns(IsolateWarning):
        sr.build_weights(shapes, tolerance=90)
    assert neighbours(sr.build_weights(shapes, tolerance=130), "a") == "b"

"""Regions whose neighbours can be told by looking."""

import pytest
from shapely.geometry import box

from .shapes import frame


@pytest.fixture
def lattice():
    """Nine cells of 1 km; a b c in the lowest row, g h i in the highest."""
    cells = [box(x, y, x + 1000, y + 1000) for y in (0, 1000, 2000) for x in (0, 1000, 2000)]
    return frame(dict(zip("abcdefghi", cells, strict=True)))


@pytest.fixture
def coast():
    """Three cells of 1 km in a row, and one island 100 km east of the last."""
    return frame(
        {
            "p": box(0, 0, 1000, 1000),
            "q": box(1000, 0, 2000, 1000),
            "r": box(2000, 0, 3000, 1000),
            "island": box(103_000, 0, 104_000, 1000),
        }
    )

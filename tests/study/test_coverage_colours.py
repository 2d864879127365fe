"""The colours of the spans in which regions were reached: every class has its own."""

from __future__ import annotations

import pytest

from spatialreg.study.stages._coverage_drawn import _colours, blues


@pytest.mark.parametrize("count", [1, 2, 3, 8, 20])
def test_every_span_has_a_colour_of_its_own(count):
    assert len(set(blues(count))) == count


def test_ends_and_middle():
    # by hand: the ends and the middle of three are the three colours given
    assert blues(3) == ["#08306b", "#4292c6", "#c6dbef"]


def test_earliest_is_darkest_and_the_rest_is_grey():
    shades = _colours(["2011-2012", "not reached", "by 2008", "2009-2010", "No data"])
    assert list(shades) == ["by 2008", "2009-2010", "2011-2012", "not reached", "No data"]
    assert shades["by 2008"] == "#08306b"
    assert len(set(shades.values())) == 5

"""Figures of what is reached: what is drawn is what was given."""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
import pytest
from shapely import box

import spatialreg as sr
from spatialreg.access import compare_coverage, coverage_series, isochrones
from spatialreg.errors import AlignmentError, InputError


@pytest.fixture
def network():
    nodes = gpd.GeoDataFrame(
        index=["a", "b"], geometry=gpd.points_from_xy([10.0, 10.5], [50.0, 50.0]), crs=4326
    )
    edges = pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": [40.0]})
    return sr.Network.from_frames(nodes, edges)


@pytest.fixture
def regions():
    return gpd.GeoDataFrame(
        geometry=[box(10, 49.5, 10.5, 50.5), box(10.5, 49.5, 11, 50.5)], index=["x", "y"], crs=4326
    )


@pytest.fixture
def stations():
    return gpd.GeoDataFrame(
        {"opened": ["2010-06-01", "2015-01-01"]},
        geometry=gpd.points_from_xy([10.2, 10.8], [50, 50]), crs=4326,
    )  # fmt: skip


def legend_words(ax):
    return [words.get_text() for words in ax.get_legend().get_texts()]


@pytest.mark.parametrize("rings", [False, True])
def test_the_shortest_time_is_darkest_and_on_top(network, regions, rings):
    areas = isochrones(["a"], network, breaks=[10, 20, 30], rings=rings)
    ax = sr.plot.isochrone_map(
        areas, regions=regions, lines=network.edges, facilities=network.nodes
    )
    assert legend_words(ax) == ["10", "20", "30", "facilities (2)"]
    patches = ax.get_legend().get_patches()
    light = [sum(mpl.colors.to_rgb(patch.get_facecolor())) for patch in patches]
    assert light == sorted(light)
    drawn = [mpl.colors.to_hex(c.get_facecolor()[0]) for c in ax.collections[1:4]]
    assert drawn == [mpl.colors.to_hex(patch.get_facecolor()) for patch in patches][::-1]


def test_without_regions_the_areas_fill_the_frame(network):
    ax = sr.plot.isochrone_map(isochrones(["a"], network, breaks=[10]), title="An hour")
    assert ax.get_title(loc="left") == "An hour"


def test_nothing_reached_is_told(network):
    areas = isochrones(["a"], network, breaks=[10])
    with pytest.raises(InputError, match="nothing is reached"):
        sr.plot.isochrone_map(areas.iloc[:0])
    with pytest.raises(InputError, match="no column 'minutes'"):
        sr.plot.isochrone_map(areas.drop(columns="minutes"))


def test_a_line_a_definition_and_a_map_each(regions, stations):
    series = {
        "inside": coverage_series(regions, stations, dates=[2005, 2012, 2020]),
        "area": coverage_series(
            regions, stations, dates=[2005, 2012, 2020], definition="area_distance",
            threshold=30_000,
        ),
    }  # fmt: skip
    found = compare_coverage(series)
    ax = sr.plot.coverage_lines(found, mark=(pd.Timestamp("2013-01-01"), "plan"))
    for line, one in zip(ax.lines, series.values(), strict=False):
        assert line.get_ydata().tolist() == one.by_date["share"].tolist()
    assert legend_words(ax) == ["inside", "area"]
    reached = sr.plot.coverage_lines(found, column="reached_share")
    assert legend_words(reached) == ["area"]
    with pytest.raises(InputError, match="no definition has a population_share"):
        sr.plot.coverage_lines(found, column="population_share")
    first = sr.plot.coverage_maps(regions, found.covered, columns=3, title="All")
    maps = [a for a in first.figure.axes if a.axison]
    assert [a.get_title(loc="left") for a in maps][:2] == [
        "inside, 2005-12-31",
        "inside, 2012-12-31",
    ]
    assert len(maps) == 6
    assert legend_words(maps[1]) == ["reached (1)", "not reached (1)"]
    with pytest.raises(AlignmentError, match="is on the map"):
        sr.plot.coverage_maps(regions.set_axis(["p", "q"]), found.covered)
    with pytest.raises(InputError, match="nothing to draw"):
        sr.plot.coverage_maps(regions, found.covered.iloc[:, :0])
    with pytest.raises(InputError, match="columns must be"):
        sr.plot.coverage_maps(regions, found.covered, columns=0)


def test_one_day_has_no_lines(regions, stations):
    result = sr.coverage(regions, stations)
    with pytest.raises(InputError, match="of one day"):
        sr.plot.coverage_lines(compare_coverage({"a": result, "b": result}))

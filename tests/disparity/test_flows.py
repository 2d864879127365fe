"""Flows between regions: sums by hand, lines on a map, and each message."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from spatialreg.disparity import flow_lines, net_flows
from spatialreg.errors import (
    AlignmentError,
    CRSError,
    GeometryError,
    InputError,
    MissingDataWarning,
)


@pytest.fixture
def flows():
    return pd.DataFrame(
        {
            "origin": ["a", "a", "b", "a"],
            "destination": ["b", "c", "c", "b"],
            "amount": [6.0, 4.0, 1.0, 2.0],
            "year": [2000, 2000, 2001, 2001],
        }
    )


def test_sums_by_hand(flows):
    result = net_flows(
        flows,
        population=pd.Series({"a": 4, "b": 2, "c": 5, "z": 1}),
        budget=pd.Series({"a": 120.0, "b": 70.0, "c": np.nan}),
    )
    assert result.index.name == "code"
    assert result["given"].tolist() == [12, 1, 0]
    assert result["received"].tolist() == [0, 8, 5]
    assert result["net"].tolist() == [-12, 7, 5]
    assert result["partners"].tolist() == [2, 2, 2]
    assert result["net_per_head"].tolist() == [-3, 3.5, 1]
    assert result["share_of_budget"].iloc[:2].tolist() == pytest.approx([-0.1, 0.1])
    assert np.isnan(result["share_of_budget"].iloc[2])
    assert "net / budget" in result.attrs["definition"]


def test_by_year_with_every_region_in_every_year(flows):
    people = pd.Series(
        [1.0, 2, 1, 1, 5, 5],
        index=pd.MultiIndex.from_product([["a", "b", "c"], [2000, 2001]], names=["code", "year"]),
    )
    result = net_flows(flows, year="year", population=people, budget=pd.Series(10, index=[*"abc"]))
    assert result.index.tolist() == list(people.index)
    assert result["net"].tolist() == [-10, -2, 6, 1, 4, 1]
    assert result["partners"].tolist() == [2, 1, 1, 2, 1, 1]
    assert result["net_per_head"].tolist() == [-10, -1, 6, 1, 0.8, 0.2]
    assert result["share_of_budget"].tolist() == pytest.approx([-1, -0.2, 0.6, 0.1, 0.4, 0.1])
    assert result["net"].groupby("year").sum().tolist() == [0, 0]


def test_regions_without_a_flow_have_zeros(flows):
    result = net_flows(flows, regions=["c", "b", "a", "d"])
    assert result.index.tolist() == ["c", "b", "a", "d"]
    assert result.loc["d"].tolist() == [0, 0, 0, 0]


def test_codes_are_tidied():
    flows = pd.DataFrame(
        {"origin": [110000, 310000], "destination": ["650000 ", "530000.0"], "amount": [1, 2]}
    )
    result = net_flows(flows, population=pd.Series({110000: 2, 310000: 1, 530000: 1, 650000: 1}))
    assert result.index.tolist() == ["110000", "310000", "530000", "650000"]
    assert result["net_per_head"].tolist() == [-0.5, -2, 2, 1]


def test_missing_amounts_are_told(flows):
    flows.loc[1, "amount"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 4 flows have no 'amount' .*: 1"):
        result = net_flows(flows)
    assert result.loc["c", "received"] == 1


def test_rows_in_any_order_and_nothing_changed(flows):
    mixed = flows.sample(frac=1, random_state=5)
    before = mixed.copy()
    pd.testing.assert_frame_equal(net_flows(mixed, year="year"), net_flows(flows, year="year"))
    pd.testing.assert_frame_equal(mixed, before)


@pytest.mark.parametrize(
    ("change", "arguments", "error", "message"),
    [
        (lambda f: f["amount"], {}, InputError, "flows must be a DataFrame"),
        (lambda f: f, {"origin": "giver"}, InputError, "no column 'giver'"),
        (lambda f: f, {"amount": "sum"}, InputError, "no column 'sum'"),
        (lambda f: f, {"year": "when"}, InputError, "no column 'when'"),
        (lambda f: f.assign(origin=[None, "a", "b", "a"]), {}, InputError, "1 flows have no 'orig"),
        (lambda f: f.assign(destination="a"), {}, InputError, "3 flows begin and end in the same"),
        (lambda f: f.assign(amount=-1.0), {}, InputError, "must not be negative; 4 flows"),
        (lambda f: f.assign(amount="x"), {}, InputError, "must be numeric"),
        (lambda f: f.assign(year=2000.5), {"year": "year"}, InputError, "whole years; 4 flows"),
        (lambda f: f.iloc[:0], {}, InputError, "no flow with an amount"),
        (lambda f: f, {"regions": "abc"}, InputError, r"pass \['abc'\]"),
        (lambda f: f, {"regions": ["a", "b"]}, AlignmentError, "1 regions that regions lacks .c"),
        (lambda f: f, {"regions": ["a", "b", "c", "a"]}, AlignmentError, "regions has 1 labels"),
        (lambda f: f, {"population": pd.Series({"a": 1})}, AlignmentError, "lacks 2 of the"),
        (lambda f: f, {"budget": pd.Series({"a": 1, "b": 0, "c": 1})}, InputError, "zero; .* at b"),
        (
            lambda f: f,
            {"budget": pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 2000)]))},
            AlignmentError,
            "budget must be labelled by region",
        ),
    ],
)
def test_each_message(flows, change, arguments, error, message):
    with pytest.raises(error, match=message):
        net_flows(change(flows), **arguments)


# lines -----------------------------------------------------------------------------------------


@pytest.fixture
def seats():
    return gpd.GeoSeries([Point(0, 0), Point(100, 0), Point(0, 50)], index=[*"abc"], crs=3857)


def test_bent_lines_lie_left_of_their_direction(seats):
    """100 long and bent by a tenth: the middle is 10 off, to the north going east, and back."""
    flows = pd.DataFrame(
        {"origin": ["a", "b"], "destination": ["b", "a"], "amount": [5, 1]}, index=["there", "back"]
    )
    lines = flow_lines(flows, seats, bend=0.1)
    there, back = lines.geometry
    assert there.coords[0] == (0, 0) and there.coords[-1] == (100, 0)
    assert back.coords[0] == (100, 0) and back.coords[-1] == (0, 0)
    assert there.interpolate(0.5, normalized=True).distance(Point(50, 10)) < 1e-9
    assert back.interpolate(0.5, normalized=True).distance(Point(50, -10)) < 1e-9
    assert lines.index.tolist() == ["there", "back"]
    assert lines.columns.tolist() == ["origin", "destination", "amount", "geometry"]
    assert lines.crs == seats.crs


def test_straight_lines(seats):
    flows = pd.DataFrame({"origin": ["c"], "destination": ["b"]})
    lines = flow_lines(flows, gpd.GeoDataFrame(geometry=seats), bend=0)
    assert lines.geometry.iloc[0].wkt == "LINESTRING (0 50, 100 0)"


def test_degrees_are_bent_as_on_the_ground():
    """At 60 degrees north a degree of longitude is half as long as one of latitude."""
    seats = gpd.GeoSeries([Point(0, 60), Point(20, 60)], index=["a", "b"], crs=4326)
    line = flow_lines(pd.DataFrame({"origin": ["a"], "destination": ["b"]}), seats, bend=0.1)
    middle = line.geometry.iloc[0].interpolate(0.5, normalized=True)
    # 20 degrees of longitude are 10 of latitude long: a tenth of it is one
    assert (middle.x, middle.y) == pytest.approx((10, 61), abs=1e-9)


def test_a_layer_can_draw_them_in_classes(seats):
    from spatialreg.layers import Graduated, Layer

    flows = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "c"], "amount": [5.0, 1.0]})
    layer = Layer(name="flows", title="Flows", group="", frame=flow_lines(flows, seats),
                  style=Graduated("amount"))  # fmt: skip
    assert layer.kind == "Line"


@pytest.mark.parametrize(
    ("change", "arguments", "error", "message"),
    [
        (lambda s: s, {"bend": 2}, InputError, "bend must be between"),
        (lambda s: s.to_frame(), {}, InputError, "points must be a GeoDataFrame"),
        (lambda s: s.set_crs(None, allow_override=True), {}, CRSError, "no reference system"),
        (lambda s: s.buffer(1), {}, GeometryError, "3 geometries are of another kind"),
        (lambda s: s.drop("b"), {}, AlignmentError, "no point for 1 of 2 regions .* .b"),
        (lambda s: s.set_axis(["a", "b", "b"]), {}, AlignmentError, "points has 1 labels"),
        (lambda s: gpd.GeoSeries([Point(1, 1)] * 3, s.index, s.crs), {}, GeometryError,
         "begin and end at the same point"),
    ],
)  # fmt: skip
def test_each_message_of_lines(seats, change, arguments, error, message):
    flows = pd.DataFrame({"origin": ["a"], "destination": ["b"]})
    points = pd.DataFrame(seats) if "must be a Geo" in message else change(seats)
    with pytest.raises(error, match=message):
        flow_lines(flows, points, **arguments)

"""Circles of cities and hinterlands, by hand."""

import numpy as np
import pandas as pd
import pytest

from spatialreg.access import city_circles, city_rings, hinterlands
from spatialreg.errors import AlignmentError, InputError

LABELS = ["x", "y", "a", "b", "c"]
MINUTES = pd.DataFrame({"x": [5.0, 70, 60, 61, np.inf], "y": [75.0, 0, 200, 61, 119]}, index=LABELS)
PEOPLE = pd.Series({"x": 50, "y": 20, "a": 10, "b": 15, "c": 5})
FIRST, SECOND, BEYOND, NOT = "up to 60 min", "60 to 120 min", "beyond 120 min", "not reached"


def test_rings():
    rings = city_rings(MINUTES, ["x", "y"])
    assert rings["x"].tolist() == [FIRST, SECOND, FIRST, SECOND, NOT]
    assert rings["y"].tolist() == [SECOND, FIRST, BEYOND, SECOND, SECOND]
    assert rings["x"].cat.ordered
    assert rings["x"].cat.categories.tolist() == [FIRST, SECOND, BEYOND, NOT]
    assert city_rings(MINUTES, "x", breaks=[90])["x"].tolist() == ["up to 90 min"] * 4 + [NOT]


def test_circles():
    output = pd.Series(2.0, LABELS)
    table = city_circles(MINUTES, "x", population=PEOPLE, output=output)
    assert table.index.names == ["city", "ring"]
    found = table.loc["x"]
    assert found["regions"].tolist() == [2, 2, 0, 1]
    assert found["population"].tolist() == [60, 35, 0, 5]
    assert found["population_share"].tolist() == pytest.approx([0.6, 0.35, 0, 0.05])
    assert found["population_within"].tolist() == pytest.approx(
        [60, 95, np.nan, np.nan], nan_ok=True
    )
    assert found["regions_within"].tolist()[:2] == [2, 4]
    assert found["output"].sum() == 10
    assert "output_within" in found
    both = city_circles(MINUTES, ["y", "x"], population=PEOPLE)
    assert both.loc["y", "population"].tolist() == [20, 70, 10, 0]
    pd.testing.assert_frame_equal(both.loc["x"], found[both.columns])


def test_the_city_is_in_its_first_ring_whatever_its_own_time():
    times = pd.DataFrame({"x": [np.inf, 10]}, index=["x", "a"])
    assert city_rings(times, "x")["x"].tolist() == [FIRST, FIRST]
    assert np.isinf(times.loc["x", "x"])


def test_from_the_city_takes_its_rows():
    times = pd.DataFrame([[0.0, 30, 90], [200, 0, 200]], index=["x", "y"], columns=list("xya"))
    assert city_rings(times, "x", direction="from")["x"].tolist() == [FIRST, FIRST, SECOND]
    assert city_rings(times, ["y"], direction="from")["y"].tolist() == [BEYOND, FIRST, BEYOND]
    assert city_rings(times, "x")["x"].tolist() == [FIRST, BEYOND]


def test_shapes_and_orders():
    expected = city_circles(MINUTES, ["x", "y"], population=PEOPLE)
    table = MINUTES.rename_axis("origin").reset_index()
    table = table.melt(id_vars="origin", var_name="destination", value_name="minutes").dropna()
    for times in (
        MINUTES.iloc[::-1, ::-1],
        (MINUTES.iloc[i : i + 2] for i in range(0, 5, 2)),
        table.sample(frac=1, random_state=3),
    ):
        found = city_circles(times, ["x", "y"], population=PEOPLE.iloc[::-1])
        pd.testing.assert_frame_equal(found, expected)


def test_hinterlands():
    found = hinterlands(MINUTES)
    assert found["city"].tolist() == ["x", "y", "x", "x", "y"]  # of equal times the first
    assert found["minutes"].tolist() == [5, 0, 60, 61, 119]
    assert found["second"].tolist()[:4] == ["y", "x", "y", "y"]
    assert found["margin"].tolist() == [70, 70, 140, 0, np.inf]
    near = hinterlands(MINUTES, threshold=60)
    assert near["city"].tolist()[:3] == ["x", "y", "x"]
    assert near["city"].isna().tolist() == [False, False, False, True, True]
    assert near["minutes"].tolist()[3:] == [np.inf, np.inf]
    assert near["margin"].tolist() == [np.inf] * 5
    only = hinterlands(MINUTES, cities=["y"])
    assert only["city"].tolist() == ["y"] * 5
    mixed = hinterlands(iter([MINUTES.iloc[3:, ::-1], MINUTES.iloc[:3]]))
    pd.testing.assert_frame_equal(mixed.loc[LABELS], found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: city_rings(MINUTES, "q"), r"1 cities are no destinations of times \(q\)"),
        (lambda: city_rings(MINUTES, "q", direction="from"), "no origins of times"),
        (lambda: city_rings(MINUTES, []), "city must name one city or several"),
        (lambda: city_rings(MINUTES, "x", direction="both"), "direction must be one of"),
        (lambda: city_rings(MINUTES, "x", breaks=[]), "breaks must be rising"),
        (lambda: city_rings(MINUTES, "x", breaks=[60, 30]), "breaks must be rising"),
        (lambda: city_rings(MINUTES, "x", breaks=[0, 30]), "breaks must be rising"),
        (lambda: city_circles(MINUTES, "x", population=PEOPLE.head(3)), r"lacks 2 regions .*b, c"),
        (lambda: hinterlands(MINUTES, cities=["q"]), "no destinations"),
        (lambda: hinterlands(MINUTES, threshold=0), "threshold must be above zero"),
    ],
)
def test_arguments(call, message):
    with pytest.raises((InputError, AlignmentError), match=message):
        call()

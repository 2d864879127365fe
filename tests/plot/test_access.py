"""Figures of access: classes, curves and words."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from spatialreg import plot
from spatialreg.errors import AlignmentError, InputError
from spatialreg.plot._minute_classes import round_limits

REGIONS = gpd.GeoDataFrame(
    {"name": ["甲", "乙", "丙", "丁"]},
    geometry=[box(i, 40, i + 1, 41) for i in range(4)],
    index=list("abcd"),
    crs=4326,
)
MINUTES = pd.Series({"c": 100.0, "a": 12.0, "b": np.inf})
PEOPLE = pd.Series({"a": 5, "b": 3, "c": 2, "d": 9})


def legend(ax):
    return [words.get_text() for words in ax.get_legend().get_texts()]


def test_map_of_minutes():
    ax = plot.minutes_map(REGIONS, MINUTES, label="name", legend="到最近车站的时间", title="可达性")
    words = legend(ax)
    assert words[0] == "up to 15 min (1)"
    assert words[-2:] == ["Not reached (1)", "No data (1)"]
    assert sum(int(w.split("(")[1].rstrip(")")) for w in words) == 4
    ax = plot.minutes_map(REGIONS, MINUTES, breaks=[30, 60])
    assert legend(ax)[:3] == ["up to 30 min (1)", "30 min to 60 min (0)", "over 60 min (1)"]
    before = MINUTES.copy()
    plot.minutes_map(REGIONS, MINUTES.iloc[::-1])
    pd.testing.assert_series_equal(MINUTES, before)
    with pytest.raises(AlignmentError, match="no region of the times"):
        plot.minutes_map(REGIONS, pd.Series({"q": 1.0}))
    for breaks in ([60, 30], []):
        with pytest.raises(InputError, match="breaks must be rising"):
            plot.minutes_map(REGIONS, MINUTES, breaks=breaks)
    with pytest.raises(InputError, match="negative at a"):
        plot.minutes_map(REGIONS, MINUTES.replace(12, -12))
    assert legend(plot.minutes_map(REGIONS, MINUTES * np.inf))[-1] == "No data (1)"


def test_round_limits():
    assert round_limits(pd.Series([10.0, 20, 30, 40])) == [15, 20, 30, 45]
    many = round_limits(pd.Series(np.linspace(1, 1000, 500)))
    assert len(many) == 6 and many[-1] == 1440
    assert many == sorted(many)
    assert round_limits(pd.Series([100.0, 5000.0]))[-1] == 5760  # four days


def test_people_by_minutes():
    ax = plot.people_by_minutes(MINUTES, population=PEOPLE, marks=[60], xlabel="分钟")
    time, share = ax.lines[0].get_data()
    assert list(time[:3]) == [0, 12, 100]
    assert list(share) == pytest.approx([0, 0.5, 0.7, 0.7])  # b is never reached
    assert [t.get_text() for t in ax.texts] == ["50%"]
    assert ax.get_legend() is None
    groups = pd.Series({"a": "west", "b": "west", "c": "east"})
    assert ax.get_ylabel() == "share of people"
    of_floor = plot.people_by_minutes(MINUTES, population=PEOPLE, of="floor area")
    assert of_floor.get_ylabel() == "share of floor area"
    ax = plot.people_by_minutes(MINUTES, population=PEOPLE, by=groups, limit=120)
    assert legend(ax) == ["east", "west"]
    assert ax.lines[1].get_ydata()[-1] == pytest.approx(5 / 8)
    assert ax.get_xlim() == (0, 120)
    ordered = groups.astype(pd.CategoricalDtype(["west", "east"]))
    assert legend(plot.people_by_minutes(MINUTES, population=PEOPLE, by=ordered))[0] == "west"
    ax = plot.people_by_minutes({"2010": MINUTES, "2020": MINUTES / 2}, population=PEOPLE)
    assert legend(ax) == ["2010", "2020"]
    with pytest.raises(InputError, match="by= divides one Series"):
        plot.people_by_minutes({"2010": MINUTES}, population=PEOPLE, by=groups)
    with pytest.raises(AlignmentError, match=r"population lacks 2 regions \(b, c\)"):
        plot.people_by_minutes(MINUTES, population=PEOPLE[["a"]])
    with pytest.raises(InputError, match="there are no people"):
        plot.people_by_minutes(MINUTES, population=PEOPLE * 0)


def test_lorenz_of_access():
    access = pd.Series({"a": 1.0, "b": 3.0})
    ax = plot.access_lorenz({"2010": access, "2020": access * 0 + 1}, title="t")
    assert legend(ax) == ["equality", "2010", "2020"]
    assert list(ax.lines[1].get_ydata()) == pytest.approx([0, 0.25, 1])
    assert ax.get_xlabel().startswith("share of regions")
    of_beds = plot.access_lorenz(access, population=PEOPLE, of="beds")
    assert of_beds.get_xlabel() == "share of beds, those with the least access first"
    ax = plot.access_lorenz(access.rename("potential"), population=PEOPLE)
    assert legend(ax)[1] == "potential"
    assert list(ax.lines[1].get_xdata()) == pytest.approx([0, 5 / 8, 1])
    with pytest.raises(InputError, match="access must be a Series by region"):
        plot.access_lorenz([1, 2])

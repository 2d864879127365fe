"""Periods: half-open years, gaps, and every message."""

from __future__ import annotations

import pandas as pd
import pytest

from spatialreg import regions
from spatialreg.errors import InputError

OWN = pd.DataFrame({"id": ["a", "b"], "start": [2000, 2005], "end": [2005, None]})


def test_a_boundary_year_opens_a_period():
    given = regions.assign_period([1999, 2000, 2004, 2005, 2030], OWN)
    assert given.iloc[1:].tolist() == ["a", "a", "b", "b"]
    assert pd.isna(given.iloc[0])


def test_years_between_plans_are_in_none():
    # 1963-1965 were years of adjustment between the second and the third plan
    given = regions.assign_period(pd.Index([1962, 1963, 1965, 1966]), "five_year_plans")
    assert given.isna().tolist() == [False, True, True, False]
    assert given[[1962, 1966]].tolist() == ["fyp_02", "fyp_03"]


def test_series_and_panels_keep_their_index():
    years = pd.Series([2006, 2001], index=["x", "y"])
    assert regions.assign_period(years, OWN).to_dict() == {"x": "b", "y": "a"}
    index = pd.MultiIndex.from_product([["110000"], [2001, 2005]], names=["code", "year"])
    panel = pd.DataFrame({"v": [1.0, 2.0]}, index=index)
    result = regions.assign_period(panel, OWN)
    assert result.index.equals(index)
    assert result.tolist() == ["a", "b"]
    mixed = regions.assign_period(panel.iloc[::-1], OWN)
    pd.testing.assert_series_equal(mixed.loc[index], result)


def test_every_embedded_set_is_half_open_and_does_not_overlap():
    listed = regions.list_periods()
    for name, table in listed.groupby("set"):
        first, last = int(table["start"].min()), int(table["start"].max())
        found = regions.assign_period(range(first, last + 1), str(name))
        starts = table.set_index("start")["id"]
        assert found[list(starts.index)].tolist() == starts.tolist()


@pytest.mark.parametrize(
    ("years", "periods", "message"),
    [
        ([2000], "no_such", "the set of periods must be one of 'five_year_plans'"),
        ([2000], OWN.drop(columns="end"), "has no column 'end'"),
        ([2000], OWN.assign(end=[2006, None]), "periods overlap .a and b."),
        ([2000], OWN.assign(end=[2000, None]), "must end after they start .a do not."),
        ([2000.5], OWN, "years must be whole numbers; 2000.5"),
        (["soon"], OWN, "years must be whole numbers; 'soon'"),
        (pd.DataFrame({"year": [2000]}), OWN, "no level 'year' in its index"),
    ],
)
def test_messages(years, periods, message):
    with pytest.raises(InputError, match=message):
        regions.assign_period(years, periods)

"""Inequality of access: the house's measures of it, and what is particular to minutes."""

import numpy as np
import pandas as pd
import pytest

from spatialreg import disparity
from spatialreg.access import access_inequality
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

REGIONS = list("abcd")
MINUTES = pd.DataFrame({2010: [30.0, 60, 90, 120], 2020: [30.0, 30, 60, 60]}, index=REGIONS)
PEOPLE = pd.Series({"a": 4, "b": 3, "c": 2, "d": 1})
ZONE = pd.Series({"a": "w", "b": "w", "c": "e", "d": "e"}, name="zone")


def test_by_date():
    found = access_inequality(MINUTES, population=PEOPLE, by=ZONE, measures=["gini", "theil"])
    assert found.index.tolist() == [2010, 2020]
    assert found.index.name == "date"
    assert found.loc[2010, "mean"] == pytest.approx((120 + 180 + 180 + 120) / 10)
    # 2020: 7 people with 30 and 3 with 60 minutes: mean 39, Gini = share of the far less 0.3
    assert found.loc[2020, "gini"] == pytest.approx(180 / 390 - 0.3)
    assert found.loc[2020, "theil_within"] == pytest.approx(0, abs=1e-12)
    assert found.loc[2020, "between_share"] == pytest.approx(1)
    for date in (2010, 2020):
        row = found.loc[date]
        assert row["theil_between"] + row["theil_within"] == pytest.approx(row["theil"])
        assert row["gini"] == pytest.approx(disparity.gini(MINUTES[date], population=PEOPLE))
        assert row["reached_share"] == 1


def test_one_date_and_regions_that_count_once():
    found = access_inequality(MINUTES[2010], measures=["gini"])
    assert found.index.tolist() == [2010]
    assert found["gini"].iloc[0] == pytest.approx(disparity.gini(MINUTES[2010]))
    assert "by" not in found and "theil_between" not in found
    assert found.attrs["definition"].endswith("each region counting once")


def test_what_is_not_reached():
    cut = MINUTES.replace(120, np.inf)
    with pytest.raises(InputError, match=r"1 regions have infinite access \(d\)"):
        access_inequality(cut, population=PEOPLE)
    rest = access_inequality(cut, population=PEOPLE, unreached="leave_out", measures=["gini"])
    assert rest["reached_share"].tolist() == pytest.approx([0.9, 1])
    assert rest["regions"].tolist() == [3, 4]
    assert rest["gini"].iloc[0] == pytest.approx(
        disparity.gini(MINUTES[2010].head(3), population=PEOPLE.head(3))
    )
    speed = access_inequality(cut, population=PEOPLE, of="inverse", measures=["gini"])
    ease = pd.Series([1 / 30, 1 / 60, 1 / 90, 0], REGIONS)
    assert speed["gini"].iloc[0] == pytest.approx(disparity.gini(ease, population=PEOPLE))
    assert speed["reached_share"].iloc[0] == pytest.approx(0.9)


def test_missing_regions_are_left_out_once_for_all_dates():
    holes = MINUTES.copy()
    holes.loc["d", 2010] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 4 regions .* left out there: d") as told:
        found = access_inequality(holes, population=PEOPLE, by=ZONE)
    assert len(told) == 1
    assert found["regions"].tolist() == [3, 4]


def test_a_region_without_access_needs_no_group():
    holes = MINUTES.copy()
    holes.loc["d"] = np.nan
    with pytest.warns(MissingDataWarning, match="left out there: d"):
        found = access_inequality(holes, population=PEOPLE, by=ZONE.where(ZONE.index != "d"))
    assert found["theil_between"].notna().all()
    with pytest.raises(InputError, match="group"):
        access_inequality(MINUTES, population=PEOPLE, by=ZONE.where(ZONE.index != "d"))


def test_order_makes_no_difference():
    expected = access_inequality(MINUTES, population=PEOPLE, by=ZONE)
    mixed = access_inequality(
        MINUTES.loc[list("dbca")], population=PEOPLE.iloc[::-1], by=ZONE.loc[list("cdab")]
    )
    pd.testing.assert_frame_equal(mixed, expected)


def test_a_scheme():
    codes = ["110000", "120000", "510000", "650000"]
    minutes = pd.Series([30.0, 40, 120, 300], codes)
    found = access_inequality(minutes, by="four_segments")
    groups = pd.Series(["east", "east", "west", "west"], codes)
    expected = access_inequality(minutes, by=groups)
    assert found["theil_between"].iloc[0] == pytest.approx(expected["theil_between"].iloc[0])
    with pytest.raises(InputError, match="groups that overlap"):
        access_inequality(minutes, by=_overlapping())


def _overlapping():
    from spatialreg.regions import Scheme

    groups = [{"id": "p", "members": ["110000", "120000"]}, {"id": "q", "members": ["110000"]}]
    return Scheme.from_dict({"name": "both", "group": groups})


def test_access_that_rises_with_people_is_no_total():
    people = pd.Series(np.arange(1.0, 21), [f"r{i}" for i in range(20)])
    found = access_inequality(people * 3, population=people)  # would warn of totals elsewhere
    assert found["gini"].iloc[0] > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: access_inequality(MINUTES, of="speed"), "of must be one of"),
        (lambda: access_inequality(MINUTES, unreached="nan"), "unreached must be one of"),
        (lambda: access_inequality(MINUTES, of="inverse", unreached="leave_out"), "is not used"),
        (lambda: access_inequality(MINUTES - 60), "must not be negative; it is at a, b"),
        (lambda: access_inequality([1, 2]), "not list"),
        (lambda: access_inequality(MINUTES[[]]), "has no column"),
        (lambda: access_inequality(MINUTES.astype(str) + "x"), "access must be numeric"),
        (lambda: access_inequality(MINUTES * 0, of="inverse"), "4 regions have an access of zero"),
        (lambda: access_inequality(MINUTES, population=PEOPLE.head(2)), r"lacks 2 regions .*c, d"),
        (lambda: access_inequality(MINUTES, population=-PEOPLE), "must not be negative"),
        (lambda: access_inequality(MINUTES, population=PEOPLE * np.inf), "4 infinite values"),
        (lambda: access_inequality(MINUTES, by=ZONE.head(3)), r"by lacks 1 regions .*\(d\)"),
        (
            lambda: access_inequality(MINUTES.replace(120, 0), measures=["mld"]),
            "takes the logarithm",
        ),
        (lambda: access_inequality(MINUTES[[2010]] * np.inf), "no region with people and a finite"),
    ],
)
def test_arguments(call, message):
    with pytest.raises((InputError, AlignmentError), match=message):
        call()

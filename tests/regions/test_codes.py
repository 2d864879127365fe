"""Codes: every way of writing one, what is refused, and names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialreg import regions
from spatialreg.errors import InputError, MissingDataWarning

# by GB/T 2260: 110000 Beijing, 110101 Dongcheng, 440100 Guangzhou
WRITTEN = [
    ("110000", "110000"),
    ("110000 ", "110000"),
    ("\ufeff110000", "110000"),
    ("'110000", "110000"),
    (110000, "110000"),
    (110000.0, "110000"),
    ("110000.0", "110000"),
    (np.int64(110000), "110000"),
    (np.float64(110000), "110000"),
    ("１１００００", "110000"),
    (110101000000, "110101"),
    ("110101000000", "110101"),
    ("110101000", "110101"),
    ("156110101", "110101"),
    (11, "110000"),
    ("11", "110000"),
    ("4401", "440100"),
    (4401.0, "440100"),
    ("北京市", "110000"),
    ("北京", "110000"),
    ("北　京", "110000"),
    ("内蒙古自治区", "150000"),
    ("Inner Mongolia", "150000"),
    ("beijing municipality", "110000"),
    ("香港", "810000"),
]


@pytest.mark.parametrize(("given", "code"), WRITTEN)
def test_every_way_of_writing_a_code(given, code):
    assert regions.normalise_code(given) == code


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "missing"),
        (float("nan"), "missing"),
        ("  ", "missing"),
        ("110101001000", "a unit below the county"),
        ("110101001", "a unit below the county"),
        ("99", "there is no province 99"),
        ("990101", "there is no province 99"),
        ("100000", "the country as a whole"),
        ("12345", "a code has 2, 4, 6, 9 or 12 digits"),
        ("1101.5", "a code has 2, 4, 6, 9 or 12 digits"),
        ("1.1e5", "neither a code nor a known name"),
        ("越秀区", "neither a code nor a known name"),
    ],
)
def test_what_is_refused_and_why(given, message):
    with pytest.raises(InputError, match=message):
        regions.normalise_code(given)


def test_truth_values_are_no_codes():
    with pytest.raises(InputError, match="must be text or a whole number, not True"):
        regions.normalise_code(True)


def test_all_provinces_by_all_their_names():
    # the 34 names are those of the table that the package carries; each must find its own code
    from spatialreg import datasets

    table = datasets.provinces()
    for column in ("name_zh", "name_en", "short_zh", "short_en"):
        found = regions.normalise_codes(table[column])
        assert found.tolist() == table.index.tolist(), column


def test_names_below_the_province_need_names():
    names = pd.Series({"110105": "朝阳区", "220104": "朝阳区", "440104": "越秀区"})
    assert regions.normalise_code("越秀区", names=names) == "440104"
    assert regions.normalise_code("越秀", names=names) == "440104"
    assert regions.normalise_code("越秀区", names=dict(names)) == "440104"
    with pytest.raises(InputError, match=r"2 regions bear this name \(110105, 220104\)"):
        regions.normalise_code("朝阳区", names=names)


def test_a_name_of_a_province_and_a_county_is_nobodys():
    # 海南 is the province 460000 and, short, the district 海南区 (150303) of Wuhai
    names = pd.Series({"150303": "海南区", "220200": "吉林市", "110100": "北京市"})
    with pytest.raises(InputError, match="2 regions bear this name"):
        regions.normalise_code("海南", names=names)
    assert regions.normalise_code("海南区", names=names) == "150303"
    assert regions.normalise_code("吉林市", names=names) == "220200"
    # the municipality and its one prefecture are the same place: the level asked for decides
    assert regions.normalise_code("北京", names=names) == "110100"


def test_a_series_keeps_its_index_and_gives_the_account():
    given = pd.Series([110000.0, None, "上海", "somewhere"], index=list("abcd"), name="where")
    before = given.copy()
    with pytest.warns(MissingDataWarning, match="2 values mean no region.*'somewhere'"):
        codes = regions.normalise_codes(given)
    pd.testing.assert_series_equal(given, before)
    expected = pd.Series(
        ["110000", None, "310000", None], index=list("abcd"), name="code", dtype="str"
    )
    pd.testing.assert_series_equal(codes, expected)
    assert codes.attrs["changed"] == {"110000.0": "110000", "上海": "310000"}
    assert codes.attrs["unrecognised"]["somewhere"] == "neither a code nor a known name"


def test_order_does_not_matter():
    given = pd.Series([g for g, _ in WRITTEN], dtype=object)
    mixed = given.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(
        regions.normalise_codes(mixed).sort_index(), regions.normalise_codes(given)
    )


def test_normalise_codes_takes_a_series():
    with pytest.raises(InputError, match="takes a Series, not list"):
        regions.normalise_codes(["110000"])


def test_codes_of_other_countries_are_no_adcodes():
    assert not regions.holds_adcodes(["01", "02", "04"])  # US states
    assert not regions.holds_adcodes(["01001", "06037"])  # US counties
    assert not regions.holds_adcodes(["MX02", "MX05"])
    assert not regions.holds_adcodes([])
    assert regions.holds_adcodes(["110000", "120000"])
    # a line of the sea among 34 provinces does not make it another country's map
    assert regions.holds_adcodes(["110000"] * 34 + ["100000_JD"])


def test_tidying_leaves_leading_zeros():
    assert regions.tidy_code("01") == "01"
    assert regions.tidy_code(" 01001 ") == "01001"
    assert regions.tidy_code(1.5) == "1.5"
    assert regions.tidy_code(pd.NA) is None


def test_level_of_refuses_what_is_no_adcode():
    with pytest.raises(InputError, match="no six-digit code"):
        regions.level_of("01")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("密云县", "密云"),
        ("从化市", "从化"),
        ("连南瑶族自治县", "连南瑶族"),
        ("沙县", "沙县"),
        ("城区", "城区"),
        ("内蒙古自治区", "内蒙古"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("Hunan Province", "hunan"),
        ("Los Angeles County", "los angeles"),
    ],
)
def test_bare_names(name, bare):
    assert regions.bare_name(name) == bare

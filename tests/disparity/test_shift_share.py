"""Shift-share: worked out by hand, over two years and chained, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import shift_share, shift_share_rates
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning


@pytest.fixture
def panel():
    """Two regions, two industries, three years."""
    return sr.to_panel(
        pd.DataFrame(
            {
                "code": ["a", "b"] * 3,
                "year": [2000, 2000, 2005, 2005, 2010, 2010],
                "farms": [50.0, 50.0, 45.0, 45.0, 40.0, 50.0],
                "mills": [50.0, 150.0, 70.0, 180.0, 80.0, 200.0],
            }
        )
    )


def test_classic_parts_by_hand(panel):
    result = shift_share(panel)
    assert result.index.names == ["code", "industry", "year"]
    assert result.columns.tolist() == ["change", "national", "mix", "competitive"]
    # nation 300 -> 370, farms 100 -> 90, mills 200 -> 280
    g, farms, mills = 70 / 300, -0.1, 0.4
    expected = {
        ("a", "farms", 2010): [-10, 50 * g, 50 * (farms - g), -10 - 50 * farms],
        ("a", "mills", 2010): [30, 50 * g, 50 * (mills - g), 30 - 50 * mills],
        ("b", "farms", 2010): [0, 50 * g, 50 * (farms - g), 0 - 50 * farms],
        ("b", "mills", 2010): [50, 150 * g, 150 * (mills - g), 50 - 150 * mills],
    }
    assert result.index.tolist() == list(expected)
    for row, values in expected.items():
        assert result.loc[row].tolist() == pytest.approx(values), row
    words = result.attrs["definition"]
    for part in ("dunn", "farms, mills", "from 2000 to 2010", "the sum of the regions"):
        assert part in words


def test_homothetic_parts_by_hand(panel):
    result = shift_share(panel, method="esteban", industries=["farms", "mills"])
    classic = shift_share(panel)
    # a has 100: at the nation's structure 100/3 farms and 200/3 mills; growth -0.2 and 0.6
    farms, mills = -0.2 - -0.1, 0.6 - 0.4
    a = result.xs("a")
    assert a["competitive"].tolist() == pytest.approx([100 / 3 * farms, 200 / 3 * mills])
    expected = [(50 - 100 / 3) * farms, (50 - 200 / 3) * mills]
    assert a["allocation"].tolist() == pytest.approx(expected)
    shared = ["change", "national", "mix"]
    pd.testing.assert_frame_equal(result[shared], classic[shared])
    assert "allocation" in result.attrs["definition"]


def test_steps_of_a_chain_are_each_a_classic_analysis(panel):
    chain = shift_share(panel, dynamic=True)
    first = shift_share(panel, end=2005)
    second = shift_share(panel, start=2005)
    pd.testing.assert_frame_equal(
        chain.xs(2005, level="year", drop_level=False), first, check_names=True
    )
    pd.testing.assert_frame_equal(chain.xs(2010, level="year", drop_level=False), second)
    assert "in 2 steps" in chain.attrs["definition"]
    # the change over all is that of the ends; the parts are not
    summed = chain.groupby(["code", "industry"]).sum()
    ends = shift_share(panel).droplevel("year")
    np.testing.assert_allclose(summed["change"], ends["change"])
    assert not np.allclose(summed["mix"], ends["mix"])
    # a chain of one step is the same
    pd.testing.assert_frame_equal(shift_share(panel, start=2005, dynamic=True), second)


def test_one_region_against_a_nation(panel):
    nation = panel.groupby("year").sum().sample(frac=1, random_state=2)
    alone = shift_share(panel.xs("a", drop_level=False), nation=nation)
    pd.testing.assert_frame_equal(alone, shift_share(panel).xs("a", drop_level=False))
    assert "the nation given" in alone.attrs["definition"]


def test_an_industry_that_is_new_is_all_competitive(panel):
    frame = panel.assign(chips=[0.0, 5.0, 9.0, 0.0, 0.0, 0.0])
    result = shift_share(frame).xs("chips", level="industry")
    assert result.loc[("a", 2010)].tolist() == [9, 0, 0, 9]
    assert result.loc[("b", 2010)].tolist() == [0, 0, 0, 0]


def test_an_industry_that_is_new_in_a_region_grows_from_nothing(panel):
    frame = panel.assign(chips=[0.0, 5.0, 9.0, 10.0, 10.0, 10.0])
    assert shift_share(frame).loc[("a", "chips", 2010)].tolist() == [9, 0, 0, 9]
    with pytest.raises(InputError, match=r"growth of 1 industries .*\('a', 'chips'\).*'dunn'"):
        shift_share(frame, method="esteban")


def test_rows_in_any_order_to_the_last_digit(panel):
    mixed = panel.sample(frac=1, random_state=4)
    before = mixed.copy()
    for arguments in ({}, {"method": "esteban", "dynamic": True}):
        pd.testing.assert_frame_equal(
            shift_share(mixed, **arguments), shift_share(panel, **arguments), check_exact=True
        )
    pd.testing.assert_frame_equal(mixed, before)


def test_a_region_with_a_hole_is_left_out_of_all_years(panel):
    third = sr.to_panel(
        pd.DataFrame({"code": "c", "year": [2000, 2005, 2010], "farms": 1.0, "mills": 2.0})
    )
    frame = pd.concat([panel, third])
    frame.loc[("c", 2005), "mills"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 3 regions lack .*: c") as caught:
        result = shift_share(frame, dynamic=True)
    assert {w.filename for w in caught} == {__file__}
    pd.testing.assert_frame_equal(result, shift_share(panel, dynamic=True))
    # the hole is in no year that the ends use
    assert shift_share(frame).xs("c").notna().all(axis=None)
    # a region without any row in the years used
    with pytest.warns(MissingDataWarning, match="1 of 3 regions lack .*: c"):
        gone = shift_share(frame.drop(index=[("c", 2000), ("c", 2010)]))
    pd.testing.assert_frame_equal(gone, shift_share(panel))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"method": "gerfin"}, InputError, "method must be one of 'dunn', 'esteban'"),
        ({"start": 1999}, InputError, r"start 1999 is not in the panel.* 2000, 2005, 2010"),
        ({"end": 2020}, InputError, "end 2020 is not in the panel"),
        ({"start": 2010}, InputError, "a start before the end, not 2010 and 2010"),
        ({"industries": ["farms"]}, InputError, "1 industries given, and at least 2"),
        ({"industries": ["farms", "docks"]}, InputError, "no column 'docks'"),
        ({"nation": 3}, InputError, "nation must be a DataFrame indexed by year"),
        (
            {"nation": pd.DataFrame({"farms": [1.0]})},
            InputError,
            "the nation has no column 'mills'",
        ),
        (
            {"nation": pd.DataFrame({"farms": 900.0, "mills": 900.0}, index=[2000])},
            AlignmentError,
            r"lacks values in 1 years used \(2010\)",
        ),
        (
            {"nation": pd.DataFrame({"farms": 900.0, "mills": 250.0}, index=[2000, 2010])},
            InputError,
            "less than its regions together in 1 cells, first in 'mills' in 2010",
        ),
        (
            {"nation": pd.DataFrame({"farms": -900.0, "mills": 900.0}, index=[2000, 2010])},
            InputError,
            "column 'farms' of the nation must not be negative",
        ),
    ],
)
def test_each_message(panel, arguments, error, message):
    with pytest.raises(error, match=message):
        shift_share(panel, **arguments)


def test_messages_about_the_panel(panel):
    with pytest.raises(InputError, match="levels code and year"):
        shift_share(panel.reset_index())
    with pytest.raises(InputError, match="must not be negative"):
        shift_share(panel.assign(farms=-1.0))
    with pytest.raises(InputError, match="the nation is zero at the start"):
        shift_share(panel.assign(farms=[0, 1, 1] * 2, mills=[0, 1, 1] * 2))
    lonely = panel.drop(index=[("a", 2010), ("b", 2000)])
    with pytest.raises(InputError, match="no region has a value for all industries in all years"):
        shift_share(lonely)
    with pytest.raises(InputError, match="column 'farms' must be numeric"):
        shift_share(panel.assign(farms="x"), industries=["farms", "mills"])


def test_rates_a_year_by_hand(panel):
    result = shift_share_rates(panel)
    # a 100 -> 115 -> 120, b 200 -> 225 -> 250, the nation 300 -> 340 -> 370, over ten years
    growth = {"a": 15 / 100 + 5 / 115, "b": 25 / 200 + 25 / 225}
    national = 40 / 300 + 30 / 340
    # farms 100 -> 90 -> 90, mills 200 -> 250 -> 280
    mix = {
        "a": (50 * -0.1 + 50 * 0.25) / 100 + (45 * 0 + 70 * 0.12) / 115 - national,
        "b": (50 * -0.1 + 150 * 0.25) / 200 + (45 * 0 + 180 * 0.12) / 225 - national,
    }
    assert result.index.name == "code"
    for code, row in result.iterrows():
        own = growth[code] - national - mix[code]
        expected = [growth[code], national, mix[code], own]
        assert row.tolist() == pytest.approx([10 * x for x in expected])  # per cent over ten years
    assert "divided by the 10 years" in result.attrs["definition"]
    whole = shift_share_rates(panel, by=pd.Series({"a": "all of it", "b": "all of it"}))
    assert whole.index.tolist() == ["all of it"]
    assert whole.iloc[0].tolist() == pytest.approx([10 * national, 10 * national, 0, 0], abs=1e-12)


def test_rates_where_there_is_nothing_or_no_group(panel):
    panel = panel.copy()
    panel.loc[("a", 2000)] = 0.0
    assert shift_share_rates(panel).loc["a"].isna().all()
    assert shift_share_rates(panel, start=2005).notna().all(axis=None)
    with pytest.raises(AlignmentError, match="lacks 1 regions with data"):
        shift_share_rates(panel, by=pd.Series({"a": "west"}))
    with pytest.raises(InputError, match="start 1990 is not in the panel"):
        shift_share_rates(panel, start=1990)

"""Answers compared: directions, where they part and on what, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialreg.disparity import compare_answers
from spatialreg.errors import AlignmentError, InputError

CHOICES = pd.MultiIndex.from_product(
    [["constant", "current"], ["weighted", "unweighted"]], names=["prices", "weighting"]
)


@pytest.fixture
def series():
    # constant weighted, constant unweighted, current weighted, current unweighted
    rows = [[10.0, 10, 10, 10], [9, 8, 11, 9], [8, 7, 12, 10], [8, 7, 13, 9]]
    return pd.DataFrame(rows, index=[2000, 2001, 2002, 2003], columns=CHOICES)


def test_each_year_and_the_one_before_by_hand(series):
    frame = compare_answers(series).frame
    assert frame[["from", "to"]].to_numpy().tolist() == [[2000, 2001], [2001, 2002], [2002, 2003]]
    assert frame[["rose", "fell", "unchanged"]].to_numpy().tolist() == [
        [1, 3, 0], [2, 2, 0], [1, 1, 2],
    ]  # fmt: skip
    # 2001: current weighted alone rose: turning prices or weighting turns the sign
    # 2002: both at current prices rose; 2003: the two at current prices part by weighting
    assert frame["hangs_on"].tolist() == ["prices, weighting", "prices", "weighting"]
    assert frame["parts"].all()


def test_changes_are_of_every_variant(series):
    changes = compare_answers(series, spans=[(2000, 2003)]).changes
    assert changes["direction"].tolist() == ["fell", "fell", "rose", "fell"]
    assert changes["relative_change"].tolist() == pytest.approx([-0.2, -0.3, 0.3, -0.1])
    assert changes[["prices", "weighting"]].to_numpy().tolist() == [list(c) for c in CHOICES]


def test_what_is_small_is_no_change(series):
    frame = compare_answers(series, spans=[(2000, 2001)], tolerance=0.1).frame
    # 10 to 9 and 10 to 11 are changes of a tenth
    assert frame.loc[0, ["rose", "fell", "unchanged", "parts"]].tolist() == [0, 1, 3, False]
    assert "up to 0.1" in compare_answers(series, tolerance=0.1).definition


def test_rounding_is_no_change():
    frame = pd.DataFrame({"a": [0.3, 0.1 + 0.2], "b": [1.0, 2.0]}, index=[1, 2])
    assert compare_answers(frame).changes["direction"].tolist() == ["unchanged", "rose"]


def test_missing_and_zero(series):
    series.iloc[1, 0] = np.nan
    series.iloc[0, 2] = 0.0
    changes = compare_answers(series, spans=[(2000, 2001)]).changes
    assert changes["direction"].tolist() == ["no value", "fell", "rose", "fell"]
    assert changes["relative_change"].isna().tolist() == [True, False, True, False]
    assert compare_answers(series, spans=[(2000, 2001)]).frame.loc[0, "no_value"] == 1


def test_combinations_may_lack(series):
    """Two variants that differ in both choices part, and hang on neither alone."""
    frame = compare_answers(series.iloc[:, [1, 2]], spans=[(2000, 2003)]).frame
    assert (frame.loc[0, "parts"], frame.loc[0, "hangs_on"]) == (True, "")


def test_a_choice_without_a_name_is_the_variant(series):
    plain = series.set_axis(list("abcd"), axis=1)
    result = compare_answers(plain)
    assert result.by == ("variant",)
    assert result.frame["hangs_on"].tolist() == ["variant"] * 3


def test_rows_may_come_in_any_order(series):
    result = compare_answers(series.iloc[[2, 0, 3, 1]])
    pd.testing.assert_frame_equal(result.frame, compare_answers(series).frame)


def test_the_input_stays_as_it_was(series):
    before = series.copy()
    compare_answers(series, spans=[(2000, 2003)], tolerance=0.1)
    pd.testing.assert_frame_equal(series, before)


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        (lambda s: s.iloc[:, 0], {}, InputError, "a column a variant, not Series"),
        (lambda s: s.set_axis(list("abcd")), {}, InputError, "indexed by whole years"),
        (lambda s: s.set_axis([1, 1, 2, 3]), {}, AlignmentError, "more than once"),
        (lambda s: s.iloc[:, [0, 0]], {}, AlignmentError, "columns of the series"),
        (lambda s: s.iloc[:1], {}, InputError, "not 1 and 4"),
        (lambda s: s.iloc[:, :1], {}, InputError, "not 4 and 1"),
        (lambda s: s.replace(7.0, np.inf), {}, InputError, "infinite"),
        (lambda s: s.rename_axis(columns=["prices", None]), {}, InputError, "need names"),
        (lambda s: s.rename_axis(columns=["from", "to"]), {}, InputError, "must not be named"),
        (lambda s: s, {"spans": []}, InputError, "spans is empty"),
        (lambda s: s, {"spans": [(1999, 2001)]}, InputError, "no year 1999"),
        (lambda s: s, {"spans": [(2001, 2001)]}, InputError, "end after it starts"),
        (lambda s: s, {"tolerance": -0.1}, InputError, "zero or more"),
    ],
)
def test_messages(series, change, options, error, message):
    with pytest.raises(error, match=message):
        compare_answers(change(series), **options)

"""What must hold for any targets: units, mirrors, and the status that a pace implies."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spatialreg as sr
from spatialreg.disparity import evaluate_targets

ORDER = ["no data", "off track", "at risk", "on track"]
series = st.lists(st.floats(1, 100).map(lambda x: round(x, 3)), min_size=3, max_size=8)
threshold = st.floats(1, 100).map(lambda x: round(x, 3))


def judged(values, bound, direction="at least", **changes):
    panel = sr.to_panel(
        pd.DataFrame({"code": "a", "year": range(2000, 2000 + len(values)), "x": values})
    )
    target = {"name": "x", "column": "x", "direction": direction, "threshold": bound,
              "target_year": 2012} | changes  # fmt: skip
    return evaluate_targets(panel, pd.DataFrame([target])).frame.iloc[0]


@given(values=series, bound=threshold, factor=st.sampled_from([0.125, 0.5, 4.0, 1024.0]))
@settings(max_examples=30, deadline=None)
def test_the_unit_does_not_matter(values, bound, factor):
    one, other = judged(values, bound), judged([v * factor for v in values], bound * factor)
    assert one["status"] == other["status"]
    assert other["projection"] == pytest.approx(one["projection"] * factor, rel=1e-9, abs=1e-6)


@given(values=series, bound=threshold)
@settings(max_examples=30, deadline=None)
def test_at_most_is_the_mirror_of_at_least(values, bound):
    mirrored = judged([-v for v in values], -bound, "at most")
    one = judged(values, bound)
    assert one["status"] == mirrored["status"]
    assert one["low"] == pytest.approx(-mirrored["high"], rel=1e-9, abs=1e-9)


@given(values=series, bound=threshold, step=st.floats(0.5, 20))
@settings(max_examples=30, deadline=None)
def test_a_harder_threshold_is_never_easier(values, bound, step):
    easy, hard = (ORDER.index(judged(values, b)["status"]) for b in (bound, bound + step))
    assert hard <= easy


@given(values=series, bound=threshold)
@settings(max_examples=30, deadline=None)
def test_the_projection_reaches_where_the_pace_is_the_required_one(values, bound):
    row = judged(values, bound)
    margin = row["actual_pace"] - row["required_pace"]
    if abs(margin) > 1e-6:
        assert (margin > 0) == (row["projection"] > bound)

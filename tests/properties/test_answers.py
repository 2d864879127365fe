"""What must hold of any comparison of answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialreg.disparity import compare_answers


@st.composite
def variants(draw):
    """Give some years of a measure in every combination of two to three choices."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=3).filter(lambda s: max(s) > 1))
    names = ["measure", "prices", "weighting"][: len(sizes)]
    columns = pd.MultiIndex.from_product([range(n) for n in sizes], names=names)
    years = draw(st.integers(2, 5))
    cells = st.lists(
        st.integers(1, 9), min_size=len(columns) * years, max_size=len(columns) * years
    )
    values = np.array(draw(cells), dtype=float).reshape(years, -1)
    return pd.DataFrame(values, index=range(2000, 2000 + years), columns=columns)


@settings(max_examples=60, deadline=None)
@given(variants(), st.integers(0, 2**32 - 1))
def test_order_and_scale_do_not_matter(series, seed):
    rng = np.random.default_rng(seed)
    frame = compare_answers(series).frame
    mixed = series.iloc[rng.permutation(len(series)), rng.permutation(series.shape[1])]
    scaled = mixed * rng.uniform(0.1, 10, mixed.shape[1])
    pd.testing.assert_frame_equal(compare_answers(scaled).frame, frame)


@settings(max_examples=60, deadline=None)
@given(variants())
def test_backwards_a_rise_is_a_fall(series):
    frame = compare_answers(series).frame
    back = compare_answers(series.set_axis(-series.index)).frame.iloc[::-1]
    assert back["rose"].tolist() == frame["fell"].tolist()
    assert back["hangs_on"].tolist() == frame["hangs_on"].tolist()


@settings(max_examples=60, deadline=None)
@given(variants())
def test_what_hangs_parts_and_counts_add_up(series):
    frame = compare_answers(series).frame
    assert frame.loc[frame["hangs_on"] != "", "parts"].all()
    counts = frame[["rose", "fell", "unchanged", "no_value"]].sum(axis=1)
    assert (counts == series.shape[1]).all()
    # with every combination there and no variant unchanged, one step alone must turn the sign
    certain = frame[frame["parts"] & (frame["unchanged"] == 0)]
    assert (certain["hangs_on"] != "").all()


@settings(max_examples=40, deadline=None)
@given(variants())
def test_a_wide_tolerance_leaves_nothing_to_part(series):
    assert not compare_answers(series, tolerance=10.0).frame["parts"].any()

"""What must hold for any regions: the axioms of inequality measures, and exact addition."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spatialreg as sr
from spatialreg import disparity

# some of the regions that are drawn have values that rise with their people
pytestmark = pytest.mark.filterwarnings("ignore::spatialreg.errors.TotalsWarning")

MEASURES = {
    "gini": disparity.gini,
    "theil": disparity.theil,
    "mld": disparity.mld,
    "cv": disparity.cv,
    "hoover": disparity.hoover,
    "palma": disparity.palma,
    "sd_log": disparity.sd_log,
    "max_min": disparity.max_min_ratio,
    "quantile_ratio": disparity.quantile_ratio,
    "ge(2)": lambda y, population=None: disparity.ge(y, 2, population=population),
    "ge(-1)": lambda y, population=None: disparity.ge(y, -1, population=population),
    "atkinson(0.5)": lambda y, population=None: disparity.atkinson(y, 0.5, population=population),
    "atkinson(2)": lambda y, population=None: disparity.atkinson(y, 2, population=population),
}
# measures that a transfer between any two regions moves: ratios and Hoover see some of them only,
# and the spread of logarithms may rise by a transfer among the very rich
BLUNT = ("hoover", "palma", "sd_log", "max_min", "quantile_ratio")
STRICT = [name for name in MEASURES if name not in BLUNT]

value = st.floats(0.01, 1e5)
region = st.tuples(value, st.integers(1, 40), st.sampled_from("wes"), st.sampled_from("pqrs"))
anywhere = st.lists(region, min_size=2, max_size=25)


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["income", "people", "zone", "kind"])
    return frame.set_index(pd.Index([f"{i:03d}" for i in range(len(frame))], name="code"))


@pytest.mark.parametrize("name", MEASURES)
@given(rows=anywhere, factor=st.floats(1e-3, 1e3))
@settings(max_examples=40, deadline=None)
def test_the_unit_of_value_and_of_people_does_not_matter(name, rows, factor):
    frame = frame_of(rows)
    measure = MEASURES[name]
    scaled = measure(frame["income"] * factor, population=frame["people"] * 7)
    expected = measure(frame["income"], population=frame["people"])
    assert scaled == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", MEASURES)
@given(rows=st.lists(region, min_size=2, max_size=8))
@settings(max_examples=40, deadline=None)
def test_people_are_copies_of_their_region(name, rows):
    """Weights of people equal each region repeated as often as it has people, unweighted."""
    frame = frame_of(rows)
    repeated = frame.loc[frame.index.repeat(frame["people"])].reset_index(drop=True)
    expected = MEASURES[name](repeated["income"])
    weighted = MEASURES[name](frame["income"], population=frame["people"])
    assert weighted == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", MEASURES)
@given(rows=anywhere, copies=st.integers(2, 4))
@settings(max_examples=25, deadline=None)
def test_a_country_and_its_copies_are_as_unequal(name, rows, copies):
    frame = frame_of(rows)
    many = pd.concat([frame] * copies, ignore_index=True)
    expected = MEASURES[name](frame["income"], population=frame["people"])
    result = MEASURES[name](many["income"], population=many["people"])
    assert result == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("name", MEASURES)
@given(rows=anywhere, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter_at_all(name, rows, seed):
    frame = frame_of(rows)
    mixed = frame.sample(frac=1, random_state=seed)
    expected = MEASURES[name](frame["income"], population=frame["people"])
    assert MEASURES[name](mixed["income"], population=frame["people"]) == expected


@pytest.mark.parametrize("name", MEASURES)
@given(rows=anywhere)
@settings(max_examples=25, deadline=None)
def test_no_measure_is_negative(name, rows):
    frame = frame_of(rows)
    # the sum of terms of either sign may miss an exact zero by its rounding
    assert MEASURES[name](frame["income"], population=frame["people"]) >= -1e-15


@pytest.mark.parametrize("name", STRICT)
@given(rows=anywhere, part=st.floats(0.05, 0.95), pick=st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_giving_to_a_poorer_region_lowers_inequality(name, rows, part, pick):
    """Pigou and Dalton: a transfer of total value that does not swap the two regions."""
    frame = frame_of(rows)
    rich = frame["income"].idxmax()
    others = frame.index.drop(rich)
    poor = others[pick % len(others)]
    gap = frame.loc[rich, "income"] - frame.loc[poor, "income"]
    before = MEASURES[name](frame["income"], population=frame["people"])
    people = frame["people"]
    # what closes the gap: both at their common mean
    sent = part * gap / (1 / people[rich] + 1 / people[poor])
    after_income = frame["income"].copy()
    after_income[rich] -= sent / people[rich]
    after_income[poor] += sent / people[poor]
    after = MEASURES[name](after_income, population=people)
    if gap > 1e-3 * frame["income"].mean():
        assert after < before + 1e-12
    mean = (frame["income"] * people).sum() / people.sum()
    if gap > 0.2 * mean and people.sum() < 100:
        assert after < before


@given(rows=anywhere)
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("by", ["zone", ["zone", "kind"], ["kind", "zone"]])
@pytest.mark.parametrize("measure", ["T", "L"])
def test_between_and_within_add_up_to_the_index(rows, weighted, by, measure):
    frame = frame_of(rows)
    population = "people" if weighted else None
    result = sr.decompose_theil(
        frame, per_head="income", population=population, by=by, measure=measure
    )
    index = disparity.theil if measure == "T" else disparity.mld
    total = index(frame["income"], population=frame["people"] if weighted else None)
    whole = result.frame[result.frame["group"] == "all"]
    assert whole["value"].sum() == pytest.approx(total, abs=1e-12)
    assert (whole["value"] > -1e-12).all()
    single = result.frame[result.frame["group"] != "all"]
    assert single["value"].sum() == pytest.approx(total, abs=1e-12)


@given(rows=anywhere)
@settings(max_examples=50, deadline=None)
def test_lorenz_curve_is_convex_below_the_diagonal_and_gives_the_gini(rows):
    frame = frame_of(rows)
    curve = disparity.lorenz(frame["income"], population=frame["people"])
    x, y = curve["population_share"].to_numpy(), curve["value_share"].to_numpy()
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert (y <= x + 1e-12).all()
    slope = np.diff(y) / np.diff(x)
    assert (np.diff(slope) >= -1e-9 * slope[1:]).all()
    gini = disparity.gini(frame["income"], population=frame["people"])
    assert gini == pytest.approx(1 - 2 * np.trapezoid(y, x), abs=1e-12)


@given(
    rows=st.lists(region, min_size=2, max_size=12),
    growth=st.lists(st.floats(60, 160), min_size=5, max_size=5),
    base=st.integers(2000, 2005),
    other=st.integers(2000, 2005),
)
@settings(max_examples=40, deadline=None)
def test_constant_prices_of_two_base_years_differ_by_one_factor_a_region(rows, growth, base, other):
    frame = frame_of(rows)
    years = range(2000, 2006)
    panel = sr.to_panel(
        pd.concat(
            frame.reset_index().assign(year=year, index=([100.0, *growth])[year - 2000])
            for year in years
        )
    )
    arguments = {"value": "income", "growth_index": "index"}
    first = sr.constant_prices(panel, **arguments, base_year=base)
    second = sr.constant_prices(panel, **arguments, base_year=other)
    factor = (first / second).groupby("code")
    np.testing.assert_allclose(factor.max(), factor.min(), rtol=1e-12)

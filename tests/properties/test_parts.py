"""What must hold for any regions: every decomposition adds up, and sees only what it should."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import spatialreg as sr
from spatialreg import disparity

# a drawn column may rise with people as totals do; the caution is right, and not what is tested
pytestmark = pytest.mark.filterwarnings("ignore::spatialreg.errors.TotalsWarning")
COLUMNS = {"per_head": "income", "population": "people"}
MEASURES = ["T", "L", "ge(2)", "ge(-1)", "ge(0.5)"]

value = st.floats(0.1, 1e4)
region = st.tuples(
    value, value, st.integers(1, 40), st.integers(1, 40),
    st.sampled_from("wes"), st.sampled_from("pqrs"), st.sampled_from("xy"),
)  # fmt: skip
anywhere = st.lists(region, min_size=2, max_size=25)


def frame_of(rows):
    names = ["income", "later", "people", "people_later", "zone", "province", "county"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.set_index(pd.Index([f"{i:03d}" for i in range(len(frame))], name="code"))


def panel_of(rows):
    frame = frame_of(rows)
    later = frame.assign(income=frame["later"], people=frame["people_later"])
    both = [frame.assign(year=2000), later.assign(year=2010)]
    return sr.to_panel(pd.concat(both).reset_index())


def index(frame, measure):
    alpha = {"T": 1, "L": 0}.get(measure) if measure in "TL" else float(measure[3:-1])
    return disparity.ge(frame["income"], alpha, population=frame["people"])


def close(expected):
    return pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@given(rows=anywhere)
@settings(max_examples=20, deadline=None)
def test_every_depth_of_groups_and_every_region_adds_up(measure, rows):
    frame = frame_of(rows)
    total = index(frame, measure)
    within = []
    for by in (["zone"], ["zone", "province"], ["zone", "province", "county"]):
        parts = sr.decompose_theil(frame, **COLUMNS, by=by, measure=measure)
        whole = parts.frame[parts.frame["group"] == "all"].set_index("level")["value"]
        single = parts.frame[parts.frame["group"] != "all"]["value"]
        assert whole.sum() == close(total)
        assert single.sum() == close(total)
        assert (whole >= -1e-12 * max(total, 1)).all()
        assert parts.units["contribution"].sum() == close(total)
        assert parts.units["within"].sum() == close(whole["code"])
        assert (parts.units[["contribution", "within"]] >= 0).all(axis=None)
        within.append(whole["code"])
    # finer groups leave less inside
    assert within[0] >= within[1] - 1e-9 * max(total, 1)
    assert within[1] >= within[2] - 1e-9 * max(total, 1)


@pytest.mark.parametrize("measure", MEASURES)
@given(rows=anywhere, factor=st.floats(0.01, 100))
@settings(max_examples=20, deadline=None)
def test_a_change_adds_up_and_back_is_the_negative_of_forth(measure, rows, factor):
    arguments = COLUMNS | {"by": ["zone", "province"], "measure": measure}
    panel = panel_of(rows)
    parts = disparity.decompose_change(panel, **arguments, start=2000, end=2010)
    before, after = (index(panel.xs(year, level="year"), measure) for year in (2000, 2010))
    scale = max(before, after, parts.frame["from_population"].abs().max(), 1)
    tight = pytest.approx(after - before, abs=1e-12 * scale)
    assert parts.change == tight
    assert parts.from_population + parts.from_relative == tight
    for table in (parts.frame.query("group != 'all'"), parts.units):
        assert table["change"].sum() == tight
        both = table["from_population"] + table["from_relative"]
        np.testing.assert_allclose(both, table["change"], rtol=0, atol=1e-12 * scale)
    years = panel.index.get_level_values("year")
    swapped = panel.set_axis(panel.index.set_levels([2010, 2000], level="year"))
    swapped = swapped.assign(income=swapped["income"] * np.where(years == 2000, factor, 1))
    back = disparity.decompose_change(swapped, **arguments, start=2000, end=2010)
    assert back.from_population == pytest.approx(-parts.from_population, abs=1e-10 * scale)
    assert back.from_relative == pytest.approx(-parts.from_relative, abs=1e-10 * scale)


@given(rows=anywhere, factor=st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_dagum_adds_up_and_no_part_is_negative(rows, factor):
    frame = frame_of(rows)
    parts = disparity.decompose_gini(frame, **COLUMNS, by="zone")
    expected = disparity.gini(frame["income"], population=frame["people"])
    assert parts.total == pytest.approx(expected, abs=1e-12)
    assert parts.frame["value"].sum() == pytest.approx(expected, abs=1e-12)
    assert (parts.frame["value"] >= 0).all()
    pairs = parts.pairs
    assert pairs["relative_affluence"].between(0, 1).all()
    assert pairs["gini"].between(0, 1).all()
    # group means lie further apart than affluence less transvariation can tell only by rounding
    mean = parts.groups.set_index("group")["relative"]
    gap = mean.loc[pairs["group"]].to_numpy() - mean.loc[pairs["other"]].to_numpy()
    net = pairs["affluence"] - pairs["transvariation_moment"]
    np.testing.assert_allclose(net, gap, atol=1e-11)
    scaled = frame.assign(income=frame["income"] * factor, people=frame["people"] * 3)
    again = disparity.decompose_gini(scaled, **COLUMNS, by="zone")
    np.testing.assert_allclose(again.frame["value"], parts.frame["value"], atol=1e-11)


@given(rows=anywhere)
@settings(max_examples=20, deadline=None)
def test_layers_that_do_not_overlap_have_no_transvariation(rows):
    frame = frame_of(rows)
    cuts = np.quantile(frame["income"], [1 / 3, 2 / 3])
    frame["layer"] = np.digitize(frame["income"], cuts).astype(str)
    parts = disparity.decompose_gini(frame, **COLUMNS, by="layer")
    assert (parts.pairs["transvariation_moment"] == 0).all()
    assert parts.frame.set_index("component").loc["transvariation", "value"] == 0


@pytest.mark.parametrize("measure", ["T", "L", "ge(2)"])
@given(rows=anywhere)
@settings(max_examples=20, deadline=None)
def test_shapley_values_of_schemes_add_up(measure, rows):
    frame = frame_of(rows)
    schemes = ["zone", "province", "county"]
    parts = disparity.decompose_shapley(frame, **COLUMNS, schemes=schemes, measure=measure)
    total = index(frame, measure)
    assert parts.total == close(total)
    assert parts.frame["value"].sum() == close(parts.between)
    assert (parts.frame["value"] >= -1e-12 * max(total, 1)).all()
    assert parts.between <= total + 1e-12 * max(total, 1)
    crossed = frame[schemes].agg("/".join, axis=1).rename("cell")
    split = sr.decompose_theil(frame, **COLUMNS, by=crossed, measure=measure).frame
    whole = split[(split["group"] == "all") & (split["component"] == "between")]
    assert parts.between == close(whole["value"].iloc[0])


@pytest.mark.parametrize(
    ("measure", "method"),
    [("gini", "natural"), ("theil", "natural"), ("cv", "natural"), ("ge(2)", "natural"),
     ("gini", "shapley"), ("mld", "shapley"), ("atkinson(0.5)", "shapley")],
)  # fmt: skip
@given(rows=anywhere)
@settings(max_examples=20, deadline=None)
def test_sources_add_up(measure, method, rows):
    frame = frame_of(rows)
    frame["mines"] = frame["income"].iloc[::-1].to_numpy() / 2
    sources = ["income", "later", "mines"]
    parts = disparity.decompose_sources(
        frame, sources=sources, population="people", measure=measure, method=method
    )
    total = frame.assign(y=frame[sources].sum(axis=1))
    expected = sr.inequality(total, per_head="y", population="people", measures=[measure])
    assert parts.total == close(expected[measure].iloc[0])
    assert parts.frame["value"].sum() == close(parts.total)
    assume(parts.total > 1e-6)
    assert parts.frame["share"].sum() == pytest.approx(1, rel=1e-9)
    assert parts.frame["source_share"].sum() == pytest.approx(1, rel=1e-12)
    assert parts.frame["covariance_share"].sum() == pytest.approx(1, rel=1e-9)
    if method == "natural":
        assert parts.frame["elasticity"].sum() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("measure", MEASURES)
@given(rows=anywhere)
@settings(max_examples=20, deadline=None)
def test_each_group_and_the_rest_add_up_to_the_same_index(measure, rows):
    frame = frame_of(rows)
    members = pd.DataFrame(
        {"west": frame["zone"] == "w", "x": frame["county"] == "x", "all": True}, index=frame.index
    )
    parts = disparity.decompose_one_vs_rest(frame, **COLUMNS, members=members, measure=measure)
    total = index(frame, measure)
    for row in parts.itertuples():
        assert row.between + row.within_group + row.within_rest == close(total)
        assert row.total == close(total)

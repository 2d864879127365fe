"""Theil's index taken apart: by hand, exactly additive at any depth, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import AlignmentError, InputError, MissingDataWarning

COLUMNS = {"per_head": "income", "population": "people"}


def components(result):
    """Give the rows of the components, without the single groups."""
    return result.frame[result.frame["group"] == "all"]


def single(result):
    return result.frame[result.frame["group"] != "all"]


def test_one_level_by_hand():
    """Groups w (1, 3) and e (4, 4): means 2 and 4, country 3, value shares 1/3 and 2/3."""
    frame = pd.DataFrame(
        {"income": [1.0, 3.0, 4.0, 4.0], "people": 1, "zone": list("wwee")}, index=list("abcd")
    )
    result = sr.decompose_theil(frame, **COLUMNS, by="zone")
    value = result.frame.set_index(["component", "group"])["value"]
    assert value["between", "w"] == pytest.approx(1 / 3 * np.log(2 / 3), rel=1e-14)
    assert value["between", "e"] == pytest.approx(2 / 3 * np.log(4 / 3), rel=1e-14)
    theil_w = 0.25 * np.log(0.5) + 0.75 * np.log(1.5)
    assert value["within", "w"] == pytest.approx(theil_w / 3, rel=1e-14)
    assert value["within", "e"] == 0
    assert result.by == ("zone",)
    assert result.total == pytest.approx(disparity.theil(frame["income"]), rel=1e-14)
    assert result.frame["level"].unique().tolist() == ["zone", "region"]

    log = sr.decompose_theil(frame, **COLUMNS, by="zone", measure="L")
    value = log.frame.set_index(["component", "group"])["value"]
    assert value["between", "w"] == pytest.approx(0.5 * np.log(3 / 2), rel=1e-14)
    assert value["between", "e"] == pytest.approx(0.5 * np.log(3 / 4), rel=1e-14)
    mld_w = -(np.log(0.5) + np.log(1.5)) / 2
    assert value["within", "w"] == pytest.approx(mld_w / 2, rel=1e-14)


@pytest.mark.parametrize(("measure", "index"), [("T", disparity.theil), ("L", disparity.mld)])
@pytest.mark.parametrize("weighted", [True, False])
def test_components_equal_the_index_of_smoothed_regions(regions, measure, index, weighted):
    """Between groups is the index after every region got its group's mean (Shorrocks 1980)."""
    result = sr.decompose_theil(
        regions,
        per_head="income",
        population="people" if weighted else None,
        by="zone",
        measure=measure,
    )
    people = regions["people"] if weighted else pd.Series(1, index=regions.index)
    total_value = (regions["income"] * people).groupby(regions["zone"]).transform("sum")
    total_people = people.groupby(regions["zone"]).transform("sum")
    smoothed = index(total_value / total_people, population=people)
    value = components(result).set_index("component")["value"]
    assert value["between"] == pytest.approx(smoothed, abs=1e-14)
    whole = index(regions["income"], population=people)
    assert value["within"] == pytest.approx(whole - smoothed, abs=1e-14)
    assert result.total == pytest.approx(whole, abs=1e-14)


@pytest.mark.parametrize(("measure", "index"), [("T", disparity.theil), ("L", disparity.mld)])
def test_within_is_the_weighted_index_of_each_group(regions, measure, index):
    result = sr.decompose_theil(regions, **COLUMNS, by="zone", measure=measure)
    within = single(result).query("component == 'within'").set_index("group")["value"]
    value = regions["income"] * regions["people"]
    weight = value if measure == "T" else regions["people"]
    for zone, rows in regions.groupby("zone"):
        share = weight[rows.index].sum() / weight.sum()
        expected = share * index(rows["income"], population=rows["people"])
        assert within[zone] == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("measure", ["T", "L"])
def test_nested_levels_agree_with_single_ones(regions, measure):
    nested = sr.decompose_theil(regions, **COLUMNS, by=["zone", "province"], measure=measure)
    value = components(nested).set_index("level")["value"]
    assert value.index.tolist() == ["zone", "province", "region"]
    outer = components(sr.decompose_theil(regions, **COLUMNS, by="zone", measure=measure))
    inner = components(sr.decompose_theil(regions, **COLUMNS, by="province", measure=measure))
    between_zones, within_zones = outer["value"]
    between_provinces, within_provinces = inner["value"]
    assert value["zone"] == pytest.approx(between_zones, abs=1e-14)
    # province q lies in zone w, p in w, r in e: provinces nest, so their levels subtract
    assert value["province"] == pytest.approx(between_provinces - between_zones, abs=1e-14)
    assert value["region"] == pytest.approx(within_provinces, abs=1e-14)
    assert value["province"] + value["region"] == pytest.approx(within_zones, abs=1e-14)


def test_inner_groups_are_taken_inside_the_outer_ones():
    """Urban and rural stand in both zones: four groups, told apart by their parent."""
    frame = pd.DataFrame(
        {
            "income": [1.0, 2.0, 3.0, 4.0],
            "people": [1, 2, 3, 4],
            "zone": list("eeww"),
            "kind": ["rural", "urban"] * 2,
        },
        index=list("abcd"),
    )
    result = sr.decompose_theil(frame, **COLUMNS, by=["zone", "kind"])
    kinds = single(result).query("level == 'kind'")
    assert list(zip(kinds["parent"], kinds["group"], strict=True)) == [
        ("e", "rural"), ("e", "urban"), ("w", "rural"), ("w", "urban"),
    ]  # fmt: skip
    assert components(result).set_index("level").loc["region", "value"] == pytest.approx(0)
    deeper = sr.decompose_theil(frame.assign(code=frame.index), **COLUMNS,
                                by=["zone", "kind", "code"])  # fmt: skip
    last = single(deeper).query("level == 'code'")
    assert last["parent"].tolist() == ["e / rural", "e / urban", "w / rural", "w / urban"]


def test_single_groups_add_up_to_their_component(panel):
    result = sr.decompose_theil(panel, **COLUMNS, by="zone")
    added = single(result).groupby(["year", "level", "component"])["value"].sum()
    whole = components(result).set_index(["year", "level", "component"])["value"]
    pd.testing.assert_series_equal(added.sort_index(), whole.sort_index(), rtol=1e-12)
    shares = components(result).groupby("year")["share"].sum()
    np.testing.assert_allclose(shares, 1, rtol=1e-13)


@pytest.mark.parametrize(("measure", "index"), [("T", disparity.theil), ("L", disparity.mld)])
def test_a_panel_is_each_year_alone(panel, measure, index):
    result = sr.decompose_theil(panel, **COLUMNS, by="zone", measure=measure)
    assert result.total is None
    assert result.frame.columns[0] == "year"
    assert set(result.frame["level"]) == {"zone", "code"}
    for year, part in result.frame.groupby("year"):
        one = panel.xs(year, level="year")
        alone = sr.decompose_theil(one, **COLUMNS, by="zone", measure=measure)
        pd.testing.assert_frame_equal(part.drop(columns="year").reset_index(drop=True), alone.frame)
        assert alone.total == pytest.approx(
            index(one["income"], population=one["people"]), abs=1e-12
        )


def test_groups_may_change_from_year_to_year(panel):
    moved = panel.copy()
    moved.loc[("00", 2004), "zone"] = "s"
    before = sr.decompose_theil(panel, **COLUMNS, by="zone").frame
    after = sr.decompose_theil(moved, **COLUMNS, by="zone").frame
    same = before["year"] < 2004
    pd.testing.assert_frame_equal(before[same], after[same])
    assert not np.allclose(before.loc[~same, "value"], after.loc[~same, "value"])


def test_groups_as_a_series_by_region_or_by_row(panel):
    expected = sr.decompose_theil(panel, **COLUMNS, by="zone").frame
    bare = panel.drop(columns="zone")
    by_row = panel["zone"].sample(frac=1, random_state=1)
    by_code = panel["zone"].xs(2000, level="year").sample(frac=1, random_state=2)
    for groups in (by_row, by_code, [by_code]):
        result = sr.decompose_theil(bare, **COLUMNS, by=groups)
        pd.testing.assert_frame_equal(result.frame, expected)
    unnamed = sr.decompose_theil(bare, **COLUMNS, by=by_code.rename(None))
    assert unnamed.by == ("group 1",)


def test_groups_of_numbers_and_categories(regions):
    expected = sr.decompose_theil(regions, **COLUMNS, by="zone").frame
    categories = regions.assign(zone=pd.Categorical(regions["zone"], categories=["x", "w", "e"]))
    pd.testing.assert_frame_equal(
        sr.decompose_theil(categories, **COLUMNS, by="zone").frame, expected
    )
    numbers = regions.assign(zone=regions["zone"].map({"e": 1, "w": 2}))
    np.testing.assert_array_equal(
        sr.decompose_theil(numbers, **COLUMNS, by="zone").frame["value"], expected["value"]
    )


def test_rows_in_any_order(panel):
    mixed = panel.sample(frac=1, random_state=5)
    before = mixed.copy()
    result = sr.decompose_theil(mixed, **COLUMNS, by="zone")
    expected = sr.decompose_theil(panel, **COLUMNS, by="zone")
    pd.testing.assert_frame_equal(result.frame, expected.frame)
    pd.testing.assert_frame_equal(mixed, before)


def test_zero_values_count_under_t(regions):
    regions["income"] = [0.0, 0.0, 0.0, 4.0, 2.0, 10.0]  # the whole zone w has nothing
    result = sr.decompose_theil(regions, **COLUMNS, by=["zone", "province"])
    expected = disparity.theil(regions["income"], population=regions["people"])
    assert result.total == pytest.approx(expected, abs=1e-14)
    assert result.frame["value"].notna().all()
    with pytest.raises(InputError, match=r"Theil L takes the logarithm .*3 rows \(a, b, c\)"):
        sr.decompose_theil(regions, **COLUMNS, by="zone", measure="L")


def test_equality_has_no_shares(regions):
    regions["income"] = 2.0
    result = sr.decompose_theil(regions, **COLUMNS, by="zone")
    assert result.total == 0
    assert result.frame["share"].isna().all()


def test_missing_data_are_left_out_before_groups_are_asked_for(regions):
    """A region without data needs no group; the rest is as if it were not there."""
    regions.loc["f", "income"] = np.nan
    regions.loc["f", "zone"] = None
    with pytest.warns(MissingDataWarning, match=r"1 of 6 rows .*: f"):
        result = sr.decompose_theil(regions, **COLUMNS, by="zone")
    expected = sr.decompose_theil(regions.drop(index="f"), **COLUMNS, by="zone")
    pd.testing.assert_frame_equal(result.frame, expected.frame)


def test_the_result_says_what_it_is(regions):
    result = sr.decompose_theil(regions, **COLUMNS, by="zone")
    assert "people" in result.measure
    assert "Theil T" in repr(result)
    once = sr.decompose_theil(regions, per_head="income", population=None, by="zone")
    assert "counted once" in once.measure


MORE = pd.Series(list("wwee"), index=list("abcd"), name="far")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"measure": "G"}, InputError, r"measure must be 'T', 'L' or 'ge\(alpha\)' .*not 'G'"),
        ({"by": "nowhere"}, InputError, "no column 'nowhere'"),
        ({"by": []}, InputError, "at least one grouping"),
        ({"by": ["zone", "zone"]}, InputError, "by has 'zone' twice"),
        ({"by": "holed"}, InputError, r"1 rows with data have no group in 'holed' \(b\).*fillna"),
        ({"by": "summed"}, InputError, "'summed' has a group called 'all'"),
        ({"by": MORE}, AlignmentError, r"'far' lacks 2 regions with data \(e, f\)"),
        ({"by": pd.concat([MORE, MORE])}, AlignmentError, "more than once"),
        ({"by": "region"}, InputError, "name of the index, 'region'"),
        ({"per_head": "wealth"}, InputError, "no column 'wealth'"),
        ({"population": "souls"}, InputError, "no column 'souls'"),
        ({"per_head": "nothing"}, InputError, "no region with people and a value above zero"),
        ({"per_head": "debt"}, InputError, "column 'debt' must not be negative"),
    ],
)
def test_each_message(regions, arguments, error, message):
    regions = regions.assign(
        holed=["w", None, "w", "e", "e", "e"],
        summed=["all", "w", "w", "e", "e", "e"],
        region=list("wwweee"),
        nothing=0.0,
        debt=[1.0, -1, 1, 1, 1, 1],
    )
    with pytest.raises(error, match=message):
        sr.decompose_theil(regions, **COLUMNS | {"by": "zone"} | arguments)


def test_messages_of_a_panel(panel):
    with pytest.raises(AlignmentError, match="2 index levels and the frame 1"):
        sr.decompose_theil(panel.xs(2000, level="year"), **COLUMNS, by=panel["zone"])
    panel.loc[(slice(None), 2002), "income"] = 0.0
    with pytest.raises(InputError, match="zero everywhere in 2002"):
        sr.decompose_theil(panel, **COLUMNS, by="zone")

"""The parts of many samples at once: equal to the decomposition of each sample."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity._decomposition import _nested_draws
from spatialreg.disparity._decomposition._nested_draws import NestedParts
from spatialreg.errors import InputError

BY = ["zone", "province"]


@pytest.fixture
def counties():
    """Sixty regions in ten provinces in three zones, three years, some without people."""
    rng = np.random.default_rng(2)
    rows = [
        {
            "code": f"{i:02d}", "year": 2000 + t, "income": rng.lognormal(2, 0.5),
            "people": rng.integers(0, 9), "province": f"p{i % 10}", "zone": "nsw"[i % 10 % 3],
        }
        for i in range(60)
        for t in range(3)
    ]  # fmt: skip
    return sr.to_panel(pd.DataFrame(rows)).drop(index=("07", 2001))


@pytest.mark.parametrize("measure", ["T", "L"])
def test_each_sample_is_decomposed_as_the_frame_of_its_rows(counties, measure):
    codes = counties.index.get_level_values("code").unique().sort_values()
    wide = counties[["income", "people"]].unstack("year")
    people = wide["people"].fillna(0).to_numpy(float)
    value = people * wide["income"].fillna(0).to_numpy()
    paths = counties[BY].groupby("code").first()
    counts = np.random.default_rng(1).multinomial(60, [1 / 60] * 60, size=20)
    found = NestedParts(people, value, paths, 1.0 if measure == "T" else 0.0)(counts)
    assert found.shape == (20, 3, 3)
    for sample, count in zip(found, counts, strict=True):
        for t, year in enumerate((2000, 2001, 2002)):
            one = counties.xs(year, level="year")
            rows = one.loc[[c for c in np.repeat(codes, count) if c in one.index]]
            parts = sr.decompose_theil(
                rows.reset_index(drop=True), per_head="income", population="people", by=BY,
                measure=measure,
            ).frame  # fmt: skip
            expected = parts[parts["group"] == "all"]["value"]
            np.testing.assert_allclose(sample[t], expected, atol=1e-13)


@pytest.mark.parametrize("alpha", [2.0, -0.5, 0.5])
def test_parts_of_any_order_add_up_to_the_index(counties, alpha):
    one = counties.xs(2000, level="year").query("people > 0")
    people = one[["people"]].to_numpy(float)
    kernel = NestedParts(people, people * one[["income"]].to_numpy(), one[BY], alpha)
    parts = kernel(np.ones((1, len(one)), dtype=int))[0, 0]
    total = sr.disparity.ge(one["income"], alpha, population=one["people"])
    assert parts.sum() == pytest.approx(total, abs=1e-13)
    assert (parts > 0).all()


@pytest.mark.parametrize("interval", ["bca", "percentile", "jackknife"])
def test_bounds_stand_beside_their_components(counties, interval):
    seed = {} if interval == "jackknife" else {"rng": 3, "replicates": 299}
    arguments = {"per_head": "income", "population": "people", "by": BY}
    plain = sr.decompose_theil(counties, **arguments)
    result = sr.decompose_theil(counties, **arguments, ci=0.9, interval=interval, **seed)
    columns = plain.frame.columns
    pd.testing.assert_frame_equal(result.frame[columns], plain.frame)
    whole = result.frame[result.frame["group"] == "all"]
    assert (whole["low"] < whole["high"]).all()
    assert (whole["share_low"] < whole["share_high"]).all()
    # a bound far from its component would belong to another one
    assert ((whole["low"] < whole["value"]) & (whole["value"] < whole["high"])).mean() > 0.8
    assert result.frame.loc[result.frame["group"] != "all", "low"].isna().all()
    assert "0.9 intervals" in result.measure


def test_bounds_are_those_of_samples_within_the_outermost_groups(counties, monkeypatch):
    """The quantiles of samples drawn row by row within each zone, with the same numbers."""
    one = counties.xs(2000, level="year").query("people > 0").sort_index()
    arguments = {"per_head": "income", "population": "people", "by": BY}
    result = sr.decompose_theil(
        one, **arguments, ci=0.8, interval="percentile", replicates=60, rng=9
    ).frame
    uniform = np.random.default_rng(9).random((60, len(one)))
    blocks = [one.index[one["zone"] == zone] for zone in "nsw"]
    sampled = []
    for row in uniform:
        drawn, start = [], 0
        for members in blocks:
            part = row[start : start + len(members)]
            drawn += list(members[(part * len(members)).astype(int)])
            start += len(members)
        parts = sr.decompose_theil(one.loc[drawn].reset_index(drop=True), **arguments).frame
        sampled.append(parts[parts["group"] == "all"]["value"].to_numpy())
    low, high = np.quantile(sampled, [0.1, 0.9], axis=0)
    whole = result[result["group"] == "all"]
    np.testing.assert_allclose(whole["low"], low, rtol=1e-10)
    np.testing.assert_allclose(whole["high"], high, rtol=1e-10)
    monkeypatch.setattr(_nested_draws, "_BLOCK", 7)
    again = sr.decompose_theil(
        one, **arguments, ci=0.8, interval="percentile", replicates=60, rng=9
    ).frame
    pd.testing.assert_frame_equal(again, result)


def test_messages(counties):
    arguments = {"per_head": "income", "population": "people", "by": "zone"}
    with pytest.raises(InputError, match="rng is used for intervals only"):
        sr.decompose_theil(counties, **arguments, rng=1)
    counties.loc[("03", 2001), "zone"] = "elsewhere"
    with pytest.raises(InputError, match=r"by 'zone' must be the same .* 1 regions .*: 03"):
        sr.decompose_theil(counties, **arguments, ci=0.9, rng=1)
    assert len(sr.decompose_theil(counties, **arguments).frame)

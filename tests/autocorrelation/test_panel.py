"""A global statistic by year is that of each year."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning

from .conftest import lattice_graph

COLUMNS = [
    "statistic", "expected", "lower", "upper", "z_score", "p_value", "p_analytic", "n", "isolates",
]  # fmt: skip
BAND = ["lower", "upper"]


@pytest.fixture
def graph():
    return lattice_graph(4)


@pytest.fixture
def panel(graph):
    rng = np.random.default_rng(4)
    index = pd.MultiIndex.from_product([graph.unique_ids, [2000, 2005, 2010]])
    frame = pd.DataFrame({"x": rng.normal(size=48), "other": 1.0}, index=index)
    frame.index.names = ["code", "year"]
    return frame


def series(panel, graph, **options):
    return sr.moran_series(panel, graph, value="x", permutations=199, **options)


def test_each_year_is_that_of_moran(panel, graph):
    panel.loc[("ab", 2005), "x"] = np.nan
    frame = series(panel, graph, rng=7, alternative="greater")
    assert list(frame.columns) == COLUMNS
    assert frame.index.name == "year"
    assert frame["n"].to_list() == [16, 15, 16]
    for year in frame.index:
        y = panel["x"].xs(year, level="year")
        one = sr.moran(y, graph, permutations=199, alternative="greater", rng=7)
        for column in frame.columns.drop(BAND):
            assert frame.loc[year, column] == getattr(one, column)
        # of 199 permutations 0.025 * 200 = 5: the fifth from either end
        null = np.sort(one.null_distribution)
        assert frame.loc[year, BAND].to_list() == pytest.approx([null[4], null[-5]], rel=1e-12)


def test_what_lies_outside_the_band_has_a_small_p_value(graph):
    """Whatever the data: 0.025 of 999 + 1 is 25, a whole number."""
    rng = np.random.default_rng(8)
    years = range(1900, 1960)
    slope = np.repeat(np.arange(4), 4)[:, None] * np.linspace(0, 1.2, 60)
    index = pd.MultiIndex.from_product([graph.unique_ids, years], names=["code", "year"])
    panel = pd.DataFrame({"x": (rng.normal(size=(16, 60)) + slope).ravel()}, index=index)
    frame = sr.moran_series(panel, graph, value="x", permutations=999, rng=2)
    outside = (frame["statistic"] < frame["lower"]) | (frame["statistic"] > frame["upper"])
    small = frame["p_value"] <= 0.05
    assert 5 < small.sum() < 55
    # a permutation that equals the observed value is the only case in which they may differ
    assert (outside == small).mean() > 0.95
    assert not (outside & ~small).any()


def test_another_statistic(panel, graph):
    def doubled(y, graph, **options):
        result = sr.moran(y, graph, **options)
        return replace(result, statistic=2 * result.statistic)

    frame = series(panel, graph, rng=7, statistic=doubled)
    plain = series(panel, graph, rng=7)
    assert (frame["statistic"] == 2 * plain["statistic"]).all()
    assert (frame["p_value"] == plain["p_value"]).all()
    geary = series(panel, graph, rng=7, statistic=sr.autocorrelation.geary)
    y = panel["x"].xs(2005, level="year")
    one = sr.autocorrelation.geary(y, graph, permutations=199, rng=7)
    assert (geary.loc[2005, ["statistic", "p_value"]] == [one.statistic, one.p_value]).all()
    with pytest.raises(InputError, match="statistic must be 'moran' or a function"):
        series(panel, graph, statistic="geary's")
    with pytest.raises(InputError, match=r"must give a GlobalResult, .* not float"):
        series(panel, graph, statistic=lambda *_, **__: 0.5)


def test_other_warnings_of_a_statistic_come_through(panel, graph):
    def warning(y, graph, **options):
        warnings.warn("by the way", RuntimeWarning, stacklevel=1)
        return sr.moran(y, graph, **options)

    with pytest.warns(RuntimeWarning, match="by the way"):
        series(panel, graph, rng=7, statistic=warning)


def test_other_years_and_the_order_of_rows_change_nothing(panel, graph):
    before = panel.copy(deep=True)
    whole = series(panel, graph, rng=7)
    shuffled = series(panel.sample(frac=1, random_state=3), graph, rng=7)
    late = series(panel.drop(2000, level="year"), graph, rng=7)
    pd.testing.assert_frame_equal(shuffled, whole)
    pd.testing.assert_frame_equal(late, whole.loc[[2005, 2010]])
    pd.testing.assert_frame_equal(panel, before)


def test_a_generator_goes_on_from_year_to_year(panel, graph):
    same = panel.copy()
    for year in (2005, 2010):
        same.loc[pd.IndexSlice[:, year], "x"] = same["x"].xs(2000, level="year").to_numpy()
    by_generator = series(same, graph, rng=np.random.default_rng(1))["p_value"]
    by_int = series(same, graph, rng=1)["p_value"]
    assert len(set(by_int)) == 1
    assert len(set(by_generator)) > 1


def test_a_row_that_lacks_is_a_value_that_lacks(panel, graph):
    frame = series(panel.drop([("aa", 2010), ("ab", 2010)]), graph, rng=7)
    assert frame["n"].to_list() == [16, 16, 14]


def test_years_without_data_are_nan_and_reported(panel, graph):
    panel.loc[pd.IndexSlice[:, 2005], "x"] = np.nan
    panel.loc[pd.IndexSlice[:, 2010], "x"] = 3.5
    with pytest.warns(MissingDataWarning, match=r"2 of 3 years .*\(2005, 2010\); in 2005: y has"):
        frame = series(panel, graph, rng=7)
    assert frame.loc[[2005, 2010], COLUMNS[:-2]].isna().all(axis=None)
    assert frame["n"].to_list() == [16, 0, 16]
    with pytest.raises(InputError, match="for none of 2 years; in 2005: y has values for 0"):
        series(panel.drop(2000, level="year"), graph)


def test_isolates_of_some_years_are_reported_once(panel):
    chain = {"aa": ["ab"], "ab": ["aa", "ac"], "ac": ["ab", "ad"], "ad": ["ac", "ba"]}
    rest = [f"{r}{c}" for r in "bcd" for c in "abcd"]
    ring = {label: [rest[i - 1], rest[(i + 1) % 12]] for i, label in enumerate(rest)}
    panel.loc[("ab", [2000, 2010]), "x"] = np.nan
    with pytest.warns(IsolateWarning, match=r"for 2 of 3 years \(2000, 2010\).* \(aa\)") as caught:
        series(panel, Graph.from_dicts({**chain, **ring}), rng=1)
    assert len(caught) == 1


def test_messages(panel, graph):
    with pytest.raises(InputError, match="the panel has no column 'z'"):
        sr.moran_series(panel, graph, value="z")
    with pytest.raises(InputError, match="must have the index levels code and year"):
        sr.moran_series(panel.reset_index(), graph, value="x")
    with pytest.raises(InputError, match="column 'x' in 2000 has 1 infinite values, at aa"):
        series(panel.replace(panel["x"].iloc[0], np.inf), graph)
    with pytest.raises(InputError, match="alternative must be one of"):
        series(panel, graph, alternative="both")
    with pytest.raises(AlignmentError, match="the graph lacks 1 of the 16"):
        series(panel.rename(index={"aa": "zz"}, level="code"), graph)
    fewer = panel.drop("aa", level="code")
    with pytest.raises(AlignmentError, match="the graph has 1 regions that y lacks"):
        series(fewer, graph)
    assert series(fewer, graph, subset=True, rng=1)["n"].to_list() == [15] * 3


# --- local ------------------------------------------------------------------------------------


def local(panel, graph, **options):
    return sr.autocorrelation.lisa_series(panel, graph, value="x", permutations=199, **options)


def test_each_year_is_that_of_lisa(panel, graph):
    panel.loc[("ab", 2005), "x"] = np.nan
    options = {"alternative": "greater", "alpha": 0.2, "correction": "fdr_bh", "rng": 7}
    frame = local(panel, graph, **options)
    assert frame.index.equals(panel.index)
    for year in (2000, 2005, 2010):
        y = panel["x"].xs(year, level="year")
        one = sr.lisa(y, graph, permutations=199, **options).frame
        pd.testing.assert_frame_equal(frame.xs(year, level="year"), one)
    assert frame.loc[("ab", 2005), "cluster"] == "No data"
    mixed = panel.sample(frac=1, random_state=3)
    other = local(mixed, graph, **options)
    assert other.index.equals(mixed.index)
    pd.testing.assert_frame_equal(other.reindex(frame.index), frame)


def test_years_without_local_statistics(panel, graph):
    panel.loc[pd.IndexSlice[:, 2005], "x"] = 3.5
    with pytest.warns(MissingDataWarning, match=r"1 of 3 years have no local .*\(2005\); in 2005"):
        frame = local(panel, graph, rng=1)
    empty = frame.xs(2005, level="year")
    assert (empty["cluster"] == "No data").all()
    assert (empty["y"] == 3.5).all()
    assert empty[["statistic", "p_value", "quadrant"]].isna().all(axis=None)
    with pytest.raises(InputError, match="alpha must lie"):
        local(panel, graph, alpha=0)

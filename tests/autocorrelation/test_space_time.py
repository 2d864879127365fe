"""Moran's I over space and time: by hand, by enumeration, and against esda."""

from __future__ import annotations

from itertools import permutations

import esda
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.autocorrelation import lisa_space_time, moran_space_time
from spatialreg.autocorrelation._space_time import _moments
from spatialreg.errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning

from .conftest import CHAIN, islands_graph, lattice_graph


def panel_of(rows: dict[int, list[float]], labels: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([labels, rows], names=["code", "year"])
    return pd.DataFrame({"x": np.array(list(rows.values())).T.ravel()}, index=index)


def overall(panel, graph, **options):
    return moran_space_time(panel, graph, value="x", **{"permutations": 199, "rng": 1, **options})


def local(panel, graph, **options):
    return lisa_space_time(panel, graph, value="x", **{"permutations": 199, "rng": 1, **options})


@pytest.fixture
def lattice():
    graph = lattice_graph(4)
    rng = np.random.default_rng(3)
    base = rng.normal(size=16)
    rows = {year: list(base + rng.normal(0, 0.6, 16)) for year in range(2000, 2006)}
    return panel_of(rows, list(graph.unique_ids)), graph


def test_by_hand():
    # a chain; before z = -2, -1, 0, 3 (1, 2, 3, 6), now z = 3, -2, -1, 0 (6, 1, 2, 3); squares 14
    # neighbours' mean before: a -1, b -1, c 1, d 0; times now: -3 + 2 - 1 + 0 = -2; S0 = 4 = n
    panel = panel_of({2000: [1, 2, 3, 6], 2005: [6, 1, 2, 3]}, list("abcd"))
    graph = Graph.from_dicts(CHAIN).transform("r")
    frame = overall(panel, graph, lag=5)
    assert frame.index.to_list() == [2005]
    assert frame.loc[2005, "statistic"] == pytest.approx(-2 / 14)
    # sum of x y: -6 + 2 + 0 + 0 = -4; r = -4 / 14, over -(n - 1)
    assert frame.loc[2005, "expected"] == pytest.approx(4 / 14 / 3)
    own = local(panel, graph, lag=5).xs(2005, level="year")
    # (n - 1) / n of the products in standard deviations, sqrt(14 / 4)
    products = np.array([-3, 2, -1, 0])
    assert own["statistic"].to_numpy() == pytest.approx(3 / 4 * products / (14 / 4))
    assert own["y"].to_list() == [6, 1, 2, 3]
    assert own["before"].to_list() == [1, 2, 3, 6]
    assert own["lag"].to_list() == [2, 2, 4, 3]


@pytest.mark.parametrize("transform", ["r", "b", "lopsided"])
def test_moments_and_p_values_are_those_of_all_rearrangements(transform):
    """Six regions: 720 rearrangements of the pairs, in one-way and unequal weights too."""
    labels = list("abcdef")
    rows = {"a": "bc", "b": "ac", "c": "abd", "d": "ce", "e": "df", "f": "e"}
    if transform == "lopsided":
        rows = {**rows, "f": "", "a": "bcd"}
        weights = {i: {j: 1 / (2 + k) for k, j in enumerate(js)} for i, js in rows.items() if js}
        weights["f"] = {"f": 0}
        graph = Graph.from_weights_dict(weights)
    else:
        graph = Graph.from_dicts({k: list(v) for k, v in rows.items()}).transform(transform)
    now, before = [1.5, -2.25, 0.5, 8, -1, 3], [2.0, -1, 0.25, 5, 1, -3]
    x, y = (np.array(v) - np.mean(v) for v in (now, before))
    dense = graph.sparse.toarray()
    scale = 6 / dense.sum() / np.sqrt((x @ x) * (y @ y))
    every = [np.array(order) for order in permutations(range(6))]
    all_of_them = scale * np.array([x[o] @ dense @ y[o] for o in every])
    observed = scale * (x @ dense @ y)
    frame = overall(
        panel_of({1: before, 2: now}, labels), graph, permutations=20_000, alternative="greater"
    )
    row = frame.loc[2]
    assert row["statistic"] == pytest.approx(observed)
    assert row["expected"] == pytest.approx(all_of_them.mean())
    z_score = (observed - all_of_them.mean()) / all_of_them.std()
    assert row["z_score"] == pytest.approx(z_score)
    share = (all_of_them >= observed - 1e-12).mean()
    assert row["p_value"] == pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / 20_000))


def test_moments_of_what_cannot_vary():
    # everyone is everyone's neighbour: the sum is that of all pairs, in any arrangement
    graph = Graph.from_dicts({k: [o for o in "abcde" if o != k] for k in "abcde"})
    x, y = np.array([0.1, 0.2, 0.4, 0.7, 1.3]), np.array([3, 1, 4, 1, 5.0])
    frame = overall(panel_of({1: list(x), 2: list(y)}, list("abcde")), graph)
    assert np.isnan(frame.loc[2, "z_score"])
    assert frame.loc[2, "p_value"] == 1
    z = [(v - v.mean()) / v.std() for v in (x, y)]
    assert _moments(*z, graph.sparse.tocsr())[1] == 0


def test_without_time_it_is_morans_i(lattice):
    panel, graph = lattice
    y = panel["x"].xs(2000, level="year")
    same = panel_of({1: list(y), 2: list(y)}, list(y.index))
    frame = overall(same, graph)
    one = sr.moran(y, graph, permutations=199, rng=1)
    for column in ("statistic", "expected", "z_score", "p_analytic"):
        assert frame.loc[2, column] == pytest.approx(getattr(one, column), rel=1e-10)


@pytest.mark.parametrize("lag", [1, 2])
def test_statistics_are_those_of_esda_and_of_the_definition(lattice, lag):
    panel, graph = lattice
    frame, own = overall(panel, graph, lag=lag), local(panel, graph, lag=lag)
    assert frame.index.to_list() == list(range(2000 + lag, 2006))
    values = panel["x"].unstack("year").loc[graph.unique_ids]
    z = (values - values.mean()) / values.std(ddof=0)
    for year in frame.index:
        now, before = values[year].to_numpy(), values[year - lag].to_numpy()
        peer = esda.Moran_BV(now, before, graph.to_W(), permutations=0)
        assert frame.loc[year, "statistic"] == pytest.approx(peer.I, rel=1e-10)
        expected = 15 / 16 * z[year] * (graph.sparse @ z[year - lag].to_numpy())
        ours = own["statistic"].xs(year, level="year").loc[graph.unique_ids]
        assert ours.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


def test_persistence_alone_is_no_likeness():
    """Places at random that never change: histories say so, a shuffled past does not.

    With past and present the same, products of the two directions of a link are the same too: the
    variance is twice that with the past shuffled, and a test at 0.05 is called where a normal score
    exceeds 1.96 / sqrt(2), in 16.6 % of cases: 50 of 300, with a deviation of 6.4.
    """
    graph, rng = lattice_graph(5, "b"), np.random.default_rng(9)
    called = {"histories": 0, "past": 0}
    for seed in range(300):
        past = rng.normal(size=25)
        present = past + rng.normal(0, 0.05, 25)
        panel = panel_of({1: list(past), 2: list(present)}, list(graph.unique_ids))
        called["histories"] += overall(panel, graph, rng=seed).loc[2, "p_value"] <= 0.05
        x, y = (pd.Series(v, graph.unique_ids) for v in (present, past))
        shuffled = sr.autocorrelation.moran_bv(x, y, graph, permutations=199, rng=seed)
        called["past"] += shuffled.p_value <= 0.05
    assert 4 <= called["histories"] <= 28  # binomial, 5 % of 300: mean 15, deviation 3.8
    assert 31 <= called["past"] <= 69


def test_each_year_is_that_of_bivariate_lisa(lattice):
    panel, graph = lattice
    panel = panel.copy()
    panel.loc[("ab", 2002), "x"] = np.nan
    options = {"alpha": 0.2, "alternative": "greater", "correction": "fdr_bh", "rng": 5}
    frame = local(panel, graph, **options)
    assert frame.index.equals(panel.index)
    values = panel["x"].unstack("year")
    for year in (2001, 2002, 2003):
        one = sr.autocorrelation.lisa_bv(
            values[year], values[year - 1], graph, permutations=199, **options
        ).frame
        ours = frame.xs(year, level="year")
        for column in ("statistic", "p_value", "p_adjusted", "quadrant", "cluster"):
            pd.testing.assert_series_equal(ours[column], one[column])
    for year in (2002, 2003):
        assert frame.loc[("ab", year), "cluster"] == "No data"
    first = frame.xs(2000, level="year")
    assert (first["cluster"] == "No data").all()
    assert first["statistic"].isna().all()
    assert (first["y"] == values[2000]).all()


def test_gaps_and_missing_years(lattice):
    panel, graph = lattice
    gappy = panel.drop(2003, level="year")
    assert overall(gappy, graph).index.to_list() == [2001, 2002, 2005]
    assert overall(gappy, graph, lag=2).index.to_list() == [2002, 2004]
    panel = panel.copy()
    panel.loc[pd.IndexSlice[:, 2003], "x"] = 1.0
    with pytest.warns(MissingDataWarning, match=r"2 of 5 years have no space-time Moran's I"):
        frame = overall(panel, graph)
    assert frame["statistic"].isna().to_list() == [False, False, True, True, False]
    with pytest.warns(MissingDataWarning, match="2 of 5 years have no space-time local"):
        own = local(panel, graph)
    assert (own["cluster"].xs(2004, level="year") == "No data").all()
    panel.loc[("aa", 2001), "x"] = np.nan
    with pytest.warns(MissingDataWarning):
        assert overall(panel, graph)["n"].to_list() == [15, 15, 16, 16, 16]


def test_isolates():
    graph = islands_graph(["z"], CHAIN)
    panel = panel_of({1: [1, 2, 3, 6, 3], 2: [6, 1, 2, 3, 3]}, list("abcdz"))
    # as by hand above, and an island at both means: only n changes
    frame = overall(panel, graph)
    assert frame.loc[2, "statistic"] == pytest.approx(5 / 4 * -2 / 14)
    assert frame.loc[2, ["n", "isolates"]].to_list() == [5, 1]
    assert local(panel, graph).loc[("z", 2), "cluster"] == "Isolate"
    panel = panel.astype(float)
    panel.loc[("c", 1), "x"] = np.nan
    with pytest.warns(IsolateWarning, match=r"for 1 of 1 years \(2\).*\(d\)"):
        overall(panel, graph)


def test_order_of_rows_changes_nothing_and_nothing_is_mutated(lattice):
    panel, graph = lattice
    before = panel.copy(deep=True)
    mixed = panel.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(overall(panel, graph), overall(mixed, graph))
    one, other = local(panel, graph), local(mixed, graph)
    assert other.index.equals(mixed.index)
    pd.testing.assert_frame_equal(other.reindex(one.index), one)
    pd.testing.assert_frame_equal(panel, before)


@pytest.mark.parametrize("function", [overall, local])
def test_messages(lattice, function):
    panel, graph = lattice
    for options, message in (
        ({"lag": 0}, "lag must be a whole number of years of at least 1, not 0"),
        ({"lag": 1.0}, "not 1.0"),
        ({"lag": True}, "not True"),
        ({"lag": 30}, "no two of the 6 years of the panel are 30 apart"),
        ({"permutations": 0}, "at least 1"),
        ({"alternative": "both"}, "alternative must be one of"),
    ):
        with pytest.raises(InputError, match=message):
            function(panel, graph, **options)
    with pytest.raises(AlignmentError, match="the graph lacks 1"):
        function(panel.rename(index={"aa": "zz"}, level=0), graph)
    with pytest.raises(InputError, match="index levels code and year"):
        function(panel.reset_index(), graph)

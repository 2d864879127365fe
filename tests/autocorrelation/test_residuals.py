"""Moran's I of residuals: its moments by eigenvalues, its permutations by enumeration."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import spatialreg as sr
from spatialreg.autocorrelation import moran_residuals
from spatialreg.errors import AlignmentError, InputError

from .conftest import lattice_graph
from .family import table, weights


def fit(y, columns):
    """Give what least squares leaves of y."""
    return y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]


def index(e, dense):
    return len(e) / dense.sum() * (e @ dense @ e) / (e @ e)


@pytest.fixture
def case(field):
    y, graph = field
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"a": rng.normal(size=36), "b": y / 3 + rng.normal(size=36)}, y.index)
    return y, frame, graph, graph.sparse.toarray()


@pytest.mark.parametrize("constant", [True, False])
def test_statistic_and_moments(case, constant):
    """I is ``u'Au / u'u`` for normal u in the dimensions that X leaves: see its eigenvalues there.

    Its mean is theirs, its variance twice their sum of squares about it over d (d + 2).
    """
    y, frame, graph, dense = case
    columns = frame.to_numpy()
    if constant:
        columns = np.column_stack([np.ones(36), columns])
    k = columns.shape[1]
    left = np.linalg.svd(columns.T)[2][k:]
    both = (dense + dense.T) / 2
    values = np.linalg.eigvalsh(left @ both @ left.T) * 36 / dense.sum()
    result = moran_residuals(y, frame, graph, constant=constant, permutations=9, rng=1)
    assert result.statistic == pytest.approx(index(fit(y.to_numpy(), columns), dense))
    assert result.expected == pytest.approx(values.mean())
    assert result.variance == pytest.approx(2 * values.var() / (36 - k + 2))
    assert result.assumption == "normality"


def test_a_constant_alone_is_morans_i(field):
    y, graph = field
    ones = pd.Series(1.0, y.index, name="one")
    for constant in (True, False):
        result = moran_residuals(y, ones, graph, constant=constant, permutations=199, rng=3)
        plain = sr.moran(y, graph, assumption="normality", permutations=199, rng=3)
        for name in ("statistic", "expected", "variance", "z_score", "p_analytic"):
            assert getattr(result, name) == pytest.approx(getattr(plain, name), rel=1e-9)
        assert result.p_value == plain.p_value
        np.testing.assert_allclose(result.null_distribution, plain.null_distribution, atol=1e-12)


def test_permutations_are_regressed_again():
    """The null distribution is drawn from all 720 rearranged and again regressed residuals."""
    graph, dense = weights(binary=False)
    data = table()
    columns = np.column_stack([np.ones(6), data["x"]])
    e = fit(data["y"].to_numpy(), columns)
    every = [index(fit(e[list(p)], columns), dense) for p in permutations(range(6))]
    result = moran_residuals(data["y"], data["x"], graph, permutations=20_000, rng=1)
    assert result.statistic == pytest.approx(every[0])
    null = result.null_distribution
    distance = np.abs(np.sort(every)[np.searchsorted(np.sort(every), null - 1e-9) % 720] - null)
    assert distance.max() < 1e-8
    assert null.mean() == pytest.approx(np.mean(every), abs=5 * np.std(every) / np.sqrt(20_000))
    share = np.mean(np.array(every) >= every[0] - 1e-9)
    above = moran_residuals(
        data["y"], data["x"], graph, permutations=20_000, alternative="greater", rng=1
    )
    assert above.p_value == pytest.approx(share, abs=5 * np.sqrt(0.25 / 20_000) + 1e-4)


def test_renumbered_regions_change_no_moment(case, monkeypatch):
    """Large jobs number regions anew: the regressors have to follow."""
    from spatialreg.autocorrelation import _residuals
    from spatialreg.autocorrelation._pairs import pairs_of

    y, frame, graph, _ = case
    plain = moran_residuals(y, frame, graph, permutations=9999, rng=1)
    monkeypatch.setattr(_residuals, "pairs_of", lambda matrix: pairs_of(matrix, large=1))
    other = moran_residuals(y, frame, graph, permutations=9999, rng=1)
    assert other.statistic == pytest.approx(plain.statistic)
    assert other.variance == pytest.approx(plain.variance)
    a, b = plain.null_distribution, other.null_distribution
    assert not np.allclose(a, b)
    assert a.mean() == pytest.approx(b.mean(), abs=6 * a.std() / 100)
    assert a.std() == pytest.approx(b.std(), rel=0.05)


def test_residuals_of_an_earlier_fit_give_the_same(case):
    y, frame, graph, _ = case
    e = pd.Series(fit(y.to_numpy(), np.column_stack([np.ones(36), frame])), y.index)
    one = moran_residuals(y, frame, graph, permutations=99, rng=1)
    other = moran_residuals(e, frame, graph, permutations=99, rng=1)
    assert other.statistic == pytest.approx(one.statistic)
    assert other.p_value == one.p_value


def test_units_of_the_regressors_do_not_matter(case):
    y, frame, graph, _ = case
    one = moran_residuals(y, frame, graph, permutations=99, rng=1)
    scaled = pd.DataFrame({"a": 1e9 * frame["a"] + 5e9, "b": frame["b"] - 2 * frame["a"]})
    other = moran_residuals(1e6 + 100 * y, scaled, graph, permutations=99, rng=1)
    assert other.statistic == pytest.approx(one.statistic, rel=1e-6)
    assert other.variance == pytest.approx(one.variance, rel=1e-6)
    assert other.p_value == one.p_value


def test_the_order_of_rows_changes_nothing(case):
    y, frame, graph, _ = case
    one = moran_residuals(y, frame, graph, permutations=99, rng=1)
    other = moran_residuals(
        y.sample(frac=1, random_state=1), frame[::-1], graph, permutations=99, rng=1
    )
    assert (one.statistic, one.p_value) == (other.statistic, other.p_value)


def test_regions_without_a_regressor_are_left_out(case):
    y, frame, graph, _ = case
    gone = y.index[[4, 9]]
    holes, short = frame.copy(), y.copy()
    holes.loc[gone[0], "a"] = np.nan
    short[gone[1]] = np.nan
    rest = y.index.difference(gone)
    pairs = graph.adjacency.reset_index()
    pairs = pairs[pairs["focal"].isin(rest) & pairs["neighbor"].isin(rest)]
    smaller = Graph.from_arrays(pairs["focal"], pairs["neighbor"], np.ones(len(pairs)))
    expected = moran_residuals(
        y[rest], frame.loc[rest], smaller.transform("r"), permutations=99, rng=1
    )
    result = moran_residuals(short, holes, graph, permutations=99, rng=1)
    assert (result.n, result.missing) == (34, 2)
    assert result.statistic == pytest.approx(expected.statistic)
    assert result.variance == pytest.approx(expected.variance)
    assert result.p_value == expected.p_value


def test_what_cannot_be_regressed_raises(case):
    y, frame, graph, _ = case
    for regressors, message in (
        (frame.assign(c=frame["a"] + frame["b"]), r"1 of 4 regressors follow from the others"),
        (frame.assign(y=2 * y - 3), "explain y entirely"),
        (frame.assign(c="x"), "regressor 'c' must be numeric; 36 values are not"),
        (frame.assign(c=np.inf), "regressor 'c' has 36 infinite values"),
        (frame.to_numpy(), "must be a DataFrame with a column for each, or a Series, not ndarray"),
        (frame[[]], "has no columns: for a constant alone use moran"),
        (pd.DataFrame(np.random.default_rng(1).normal(size=(36, 34)), y.index), "leave 1 of 36"),
    ):
        with pytest.raises(InputError, match=message):
            moran_residuals(y, regressors, graph, permutations=9)
    with pytest.raises(AlignmentError, match=r"1 regions are in one of y and regressors.*\(aa\)"):
        moran_residuals(y, frame.iloc[1:], graph, permutations=9)
    with pytest.raises(AlignmentError, match="regressors has 1 labels more than once"):
        moran_residuals(y, pd.concat([frame, frame.iloc[:1]]), graph, permutations=9)
    with pytest.raises(InputError, match="y is constant"):
        moran_residuals(0 * y, frame, graph, permutations=9)


def test_it_finds_what_the_regression_leaves():
    """A trend that the regressor explains is gone; a patch that it does not explain stays."""
    graph = lattice_graph(12)
    rng = np.random.default_rng(7)
    trend = pd.Series(np.repeat(np.arange(12.0), 12), graph.unique_ids)
    y = trend + rng.normal(size=144)
    assert sr.moran(y, graph, permutations=999, rng=1).p_value == 0.002
    explained = moran_residuals(y, trend, graph, permutations=999, rng=1)
    assert explained.p_value > 0.05
    patch = pd.Series(np.tile(np.repeat([0.0, 3.0], 6), 12), graph.unique_ids)
    assert moran_residuals(y + patch, trend, graph, permutations=999, rng=1).p_value == 0.002

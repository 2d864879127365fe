"""Densities by hand, the count of modes on mixtures that are known, and each message."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import spatialreg as sr
from spatialreg.disparity import densities, modes, stochastic_kernel
from spatialreg.disparity._dynamics import _modes
from spatialreg.errors import InputError, MissingDataWarning


def panel_of(rows, years=(2000, 2001)):
    wide = pd.DataFrame(rows, index=pd.Index(years, name="year"))
    return sr.to_panel(wide.melt(ignore_index=False, var_name="code", value_name="y").reset_index())


@pytest.fixture
def panel():
    """Means 2 and 4: relative values 0.5 1 1.5 in either year."""
    return panel_of({"a": [1.0, 2.0], "b": [2.0, 4.0], "c": [3.0, 6.0]})


def test_a_density_is_a_mean_of_kernels(panel):
    curves = densities(panel, value="y", bandwidth=0.2, points=50)
    grid = curves.index.to_numpy()
    assert (grid[0], grid[-1]) == pytest.approx((0.5 - 0.6, 1.5 + 0.6))
    kernels = [norm.pdf(grid, at, 0.2) for at in (0.5, 1.0, 1.5)]
    for year in (2000, 2001):
        np.testing.assert_allclose(curves[year], np.mean(kernels, axis=0), rtol=1e-12)
        assert curves.attrs["bandwidth"][year] == pytest.approx(0.2)
    assert curves.attrs["regions"] == {2000: 3, 2001: 3}


def test_people_weigh_kernels_and_the_mean(panel):
    """With 1, 1 and 2 people the means are 2.25 and 4.5."""
    people = panel.assign(n=[1, 1, 1, 1, 2, 2])
    curves = densities(people, value="y", population="n", bandwidth=0.2, points=50)
    grid = curves.index.to_numpy()
    at, share = np.array([1, 2, 3]) / 2.25, np.array([1, 1, 2]) / 4
    expected = sum(s * norm.pdf(grid, a, 0.2) for a, s in zip(at, share, strict=True))
    np.testing.assert_allclose(curves[2000], expected, rtol=1e-12)
    assert "people (n)" in curves.attrs["definition"]
    # where nobody lives there is no kernel, and the mean is of the others
    empty = panel.assign(n=[1, 1, 1, 1, 0, 0])
    pd.testing.assert_frame_equal(
        densities(empty, value="y", population="n", bandwidth=0.2),
        densities(panel.drop(index="c", level="code"), value="y", bandwidth=0.2),
        check_exact=False,
    )


@pytest.mark.parametrize(("rule", "factor"), [("silverman", 0.75 * 3), ("scott", 3)])
def test_rules_of_thumb(panel, rule, factor):
    # the standard deviation of 0.5 1 1.5 is 0.5
    width = densities(panel, value="y", bandwidth=rule).attrs["bandwidth"][2000]
    assert width == pytest.approx(0.5 * factor**-0.2)


def test_values_as_they_are_on_one_grid(panel):
    curves = densities(panel, value="y", relative=False, bandwidth=1, years=[2001, 2000])
    assert curves.columns.tolist() == [2001, 2000]
    assert (curves.index[0], curves.index[-1]) == pytest.approx((-2, 9))
    assert (curves[2000] * np.gradient(curves.index)).sum() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("between", [0.4, 2.0, 30.0])
def test_two_values_melt_at_half_their_distance(between):
    """Two equal normal densities have one mode just where they are two sd or less apart."""
    critical = _modes._critical_bandwidth(np.array([1.0, 1.0 + between]), 1)
    assert critical == pytest.approx(between / 2, rel=1e-5)


def test_modes_are_counted_where_they_are():
    values = np.array([0.0, 0.1, 5.0, 5.1, 20.0])
    assert _modes._count_modes(values, 0.5) == 3
    assert _modes._count_modes(values, 3.5) == 2
    assert _modes._count_modes(values, 20) == 1
    assert _modes._critical_bandwidth(values, 2) < _modes._critical_bandwidth(values, 1)


def test_two_humps_are_found_and_one_is_not():
    rng = np.random.default_rng(8)
    one = rng.normal(10, 1, 120)
    two = np.concatenate([rng.normal(8, 0.5, 60), rng.normal(12, 0.5, 60)])
    panel = panel_of({f"{i:03d}": pair for i, pair in enumerate(zip(one, two, strict=True))})
    table = modes(panel, value="y", replicates=199, rng=3)
    assert table["modes"].tolist() == [1, 2]
    assert table.loc[2000, "p_value"] > 0.1
    assert table.loc[2001, "p_value"] == 1 / 200
    assert modes(panel, value="y", at_most=2, replicates=99, rng=3).loc[2001, "p_value"] > 0.1
    # a year by itself, and at another scale
    again = modes(panel, value="y", years=[2001], relative=False, replicates=199, rng=3)
    assert again.loc[2001, "p_value"] == table.loc[2001, "p_value"]
    assert again.loc[2001, "critical_bandwidth"] == pytest.approx(
        table.loc[2001, "critical_bandwidth"] * two.mean(), rel=1e-5
    )


def test_a_stochastic_kernel_is_a_density_in_each_row():
    rng = np.random.default_rng(9)
    first = rng.normal(10, 1, 40)
    panel = panel_of({f"{i:02d}": [v, v + rng.normal(0, 0.3)] for i, v in enumerate(first)})
    kernel = stochastic_kernel(panel, value="y", relative=False, points=300)
    inner = kernel.loc[9:11]
    width = np.gradient(kernel.columns.to_numpy())
    np.testing.assert_allclose((inner * width).sum(axis=1), 1, atol=0.01)
    # regions stay where they are: the mean of the later value is near the earlier one
    centre = (inner * width * kernel.columns.to_numpy()).sum(axis=1)
    assert np.abs(centre - inner.index).max() < 0.35
    assert kernel.attrs["moves"] == 40


def test_missing_pairs_are_named(panel):
    holes = panel.copy()
    holes.loc[("c", 2001), "y"] = np.nan
    with pytest.warns(MissingDataWarning, match="1 of 6 pairs .*c 2001"):
        curves = densities(holes, value="y", bandwidth=0.2)
    # a and b alone, over their mean 3
    grid = curves.index.to_numpy()
    expected = (norm.pdf(grid, 2 / 3, 0.2) + norm.pdf(grid, 4 / 3, 0.2)) / 2
    np.testing.assert_allclose(curves[2001], expected, rtol=1e-12)


def test_rows_in_any_order():
    rng = np.random.default_rng(1)
    panel = panel_of({f"{i:02d}": rng.lognormal(size=2) for i in range(20)})
    mixed = panel.sample(frac=1, random_state=5)
    for function, more in (
        (densities, {}),
        (stochastic_kernel, {}),
        (modes, {"replicates": 49, "rng": 2}),
    ):
        pd.testing.assert_frame_equal(
            function(panel, value="y", **more), function(mixed, value="y", **more)
        )


@pytest.mark.parametrize(
    ("function", "change", "arguments", "message"),
    [
        (densities, lambda p: p.reset_index(), {}, "levels code and year"),
        (densities, lambda p: p, {"value": "x"}, "no column 'x'"),
        (densities, lambda p: p, {"population": "n"}, "no column 'n'"),
        (densities, lambda p: p.assign(n=-1), {"population": "n"}, "must not be negative"),
        (densities, lambda p: p, {"years": [1990]}, "no 1990"),
        (densities, lambda p: p, {"years": []}, "at least one year"),
        (densities, lambda p: p, {"points": 1}, "points must be"),
        (densities, lambda p: p, {"bandwidth": "wide"}, "bandwidth must be"),
        (densities, lambda p: p, {"bandwidth": -1}, "bandwidth must be"),
        (densities, lambda p: p * 0 + 1, {}, "2000 has fewer than two different values"),
        (densities, lambda p: p - 9, {}, "mean of 'y' is not above zero"),
        (modes, lambda p: p, {"at_most": 0}, "at_most must be"),
        (modes, lambda p: p, {"replicates": 0}, "replicates must be"),
        (modes, lambda p: p, {"at_most": 3}, "3 different values .* too few for a test of 3 modes"),
        (stochastic_kernel, lambda p: p, {"points": 1}, "points must be"),
        (stochastic_kernel, lambda p: p, {"bandwidth": 1}, "'silverman' or 'scott'"),
        (stochastic_kernel, lambda p: p, {}, "3 pairs of values 1 years apart that do not spread"),
    ],
)
def test_each_message(panel, function, change, arguments, message):
    with pytest.raises(InputError, match=message):
        function(change(panel), **{"value": "y", **arguments})

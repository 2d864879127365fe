"""Beta convergence: speeds by hand, who takes part, and each message."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy import stats

import spatialreg as sr
from spatialreg.disparity._convergence._growth_tables import suggested_model
from spatialreg.disparity._convergence._impacts import impacts
from spatialreg.disparity._convergence._regression import least_squares
from spatialreg.disparity._convergence._speed import speed_of
from spatialreg.errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning


def ring(codes, transform="r"):
    """Each region and the next two are neighbours of one another."""
    n = len(codes)
    pairs = {(i, (i + step) % n) for i in range(n) for step in (1, 2)}
    pairs |= {(j, i) for i, j in pairs}
    focal, neighbor = zip(*sorted(pairs), strict=True)
    codes = np.asarray(codes)
    graph = Graph.from_arrays(codes[list(focal)], codes[list(neighbor)], np.ones(len(pairs)))
    return graph.transform(transform)


@pytest.fixture
def wide():
    """Thirteen regions in a ring, growing towards one another with shocks that neighbours share."""
    rng = np.random.default_rng(1)
    codes = [f"r{i:02d}" for i in range(13)]
    level = rng.normal(3, 0.6, 13)
    frames = []
    for year in range(2000, 2013):
        frames.append(
            pd.DataFrame(
                {
                    "code": codes,
                    "year": year,
                    "income": np.exp(level),
                    "school": rng.normal(8, 2, 13),
                    "roads": rng.lognormal(9, 1, 13),
                }
            )
        )
        own = rng.normal(0, 0.03, 13)
        shared = own + 0.8 * (np.roll(own, 1) + np.roll(own, -1))
        level = level + 0.05 - 0.04 * (level - 3) + shared
    return sr.to_panel(pd.concat(frames))


@pytest.fixture
def graph(wide):
    return ring(wide.index.get_level_values(0).unique())


# speed and half-life ----------------------------------------------------------------------------


@pytest.mark.parametrize(("years", "b"), [(1, -0.5), (10, -0.05), (80, -1 / 160)])
def test_a_gap_that_halves_within_the_period(years, b):
    """1 + b T = 1/2: the half-life is T, the speed ln 2 / T, and d speed / d b = -1 / (1/2)."""
    speed = speed_of(b, 0.001, years, 2.0)
    assert speed.speed == pytest.approx(np.log(2) / years, rel=1e-14)
    assert speed.half_life == pytest.approx(years, rel=1e-14)
    assert speed.speed_std_error == pytest.approx(0.002, rel=1e-14)
    # d (ln 2 / s) / d s = -ln 2 / s^2 = -T^2 / ln 2
    assert speed.half_life_std_error == pytest.approx(0.002 * years**2 / np.log(2), rel=1e-13)
    assert speed.speed_low == pytest.approx(np.log(2) / years - 0.004, rel=1e-13)
    assert speed.speed_high == pytest.approx(np.log(2) / years + 0.004, rel=1e-13)
    assert speed.half_life_low == pytest.approx(np.log(2) / speed.speed_high, rel=1e-14)
    assert speed.half_life_high == pytest.approx(np.log(2) / speed.speed_low, rel=1e-14)
    assert speed.note == "converging"


def test_an_interval_that_reaches_zero_has_no_longest_half_life():
    speed = speed_of(-0.05, 0.02, 10, 2.0)  # ln 2 / 10 = 0.069, less 2 x 0.04
    assert speed.speed_low < 0
    assert speed.half_life_high == np.inf
    assert speed.half_life_low > 0
    assert "interval holds a speed of zero" in speed.note


def test_a_gap_that_widens_has_a_negative_speed_and_no_half_life():
    speed = speed_of(0.1, 0.01, 10, 2.0)  # twofold in ten years
    assert speed.speed == pytest.approx(-np.log(2) / 10, rel=1e-14)
    assert np.isnan([speed.half_life, speed.half_life_low, speed.half_life_high]).all()
    assert "diverging" in speed.note


def test_a_gap_that_stays():
    speed = speed_of(0.0, 0.01, 10, 2.0)
    assert (speed.speed, speed.half_life) == (0.0, np.inf)
    assert str(speed.speed) == "0.0"
    assert "stays" in speed.note


@pytest.mark.parametrize("b", [-0.1, -0.25])
def test_regions_that_change_places_have_no_speed(b):
    speed = speed_of(b, 0.01, 10, 2.0)
    assert np.isnan([speed.speed, speed.speed_low, speed.half_life, speed.half_life_high]).all()
    assert "undefined" in speed.note and "not above zero" in speed.note


# equations --------------------------------------------------------------------------------------


def test_four_regions_by_hand():
    """ln y 0, 1, 2, 3, then 4, 4, 5, 5 two years on: growth 2, 1.5, 1.5, 1; slope -0.3."""
    frame = pd.DataFrame(
        {
            "code": list("abcd") * 2,
            "year": [2000] * 4 + [2002] * 4,
            "y": np.exp([0, 1, 2, 3, 4, 4, 5, 5]),
        }
    )
    result = sr.beta_convergence(sr.to_panel(frame), value="y")
    # means 1.5 and 1.5; sum of products -1.5, of squares 5; residuals .05, -.15, .15, -.05
    assert result.beta == pytest.approx(-0.3, rel=1e-12)
    assert result.frame.loc["constant", "estimate"] == pytest.approx(1.95, rel=1e-12)
    np.testing.assert_allclose(result.residuals, [0.05, -0.15, 0.15, -0.05], atol=1e-12)
    assert result.frame.loc["log_initial", "std_error"] == pytest.approx(
        (0.05 / 2 / 5) ** 0.5, rel=1e-12
    )
    assert result.r2 == pytest.approx(1 - 0.05 / 0.5, rel=1e-12)
    assert result.speed == pytest.approx(-np.log(0.4) / 2, rel=1e-12)
    assert (result.period, result.n, result.regions, result.missing) == (2, 4, 4, 0)
    assert "T = 2 years, 2000 to 2002" in result.definition
    assert result.impacts.empty and result.diagnostics.empty
    assert list(result.impacts.columns) == list(result.frame.columns)


def test_observations_are_what_was_regressed(wide):
    result = sr.beta_convergence(wide, value="income", step=6)
    table = wide["income"].unstack()
    seen = result.observations
    assert seen.index.equals(result.residuals.index)
    for code, year in [("r00", 2000), ("r07", 2006)]:
        first, last = table.loc[code, year], table.loc[code, year + 6]
        expected = [np.log(first), np.log(last / first) / 6]
        assert seen.loc[(code, year)].tolist() == pytest.approx(expected, rel=1e-12)
    slope = np.polyfit(seen["log_initial"], seen["growth"], 1)[0]
    assert slope == pytest.approx(result.beta, rel=1e-9)


@pytest.mark.parametrize(
    ("lag", "error", "robust_lag", "robust_error", "model"),
    [
        (0.30, 0.40, 0.01, 0.01, "ols"),  # the robust tests are not looked at
        (0.03, 0.40, 0.90, 0.01, "lag"),
        (0.30, 0.04, 0.01, 0.90, "error"),
        (0.01, 0.01, 0.02, 0.60, "lag"),
        (0.01, 0.01, 0.60, 0.02, "error"),
        (0.01, 0.01, 0.60, 0.70, "lag or error"),
        (0.01, 0.01, 0.02, 0.03, "lag or error"),
        (np.nan, 0.01, 0.02, 0.03, ""),
    ],
)
def test_the_model_that_the_tests_point_to(lag, error, robust_lag, robust_error, model):
    names = ["LM lag", "LM error", "Robust LM lag", "Robust LM error"]
    tests = pd.DataFrame({"p_value": [lag, error, robust_lag, robust_error]}, index=names)
    assert suggested_model(tests, 0.05) == model


def test_without_a_graph_no_model_is_suggested(wide, graph):
    assert sr.beta_convergence(wide, value="income").suggested == ""
    tested = sr.beta_convergence(wide, value="income", graph=graph, ci=0.9)
    assert tested.suggested == suggested_model(tested.diagnostics, 0.1) != ""


def test_the_level_of_the_intervals(wide, graph):
    """Least squares by t with n - 2 degrees of freedom, the likelihood by the normal."""
    for model, quantile in (("ols", stats.t.ppf(0.95, 11)), ("lag", stats.norm.ppf(0.95))):
        result = sr.beta_convergence(wide, value="income", graph=graph, model=model, ci=0.9)
        for table in (result.frame, result.impacts):
            if model == "lag" or table is result.frame:
                reach = quantile * table["std_error"]
                np.testing.assert_allclose(table["high"], table["estimate"] + reach, rtol=1e-12)
                np.testing.assert_allclose(table["low"], table["estimate"] - reach, rtol=1e-12)
        speeds = result.speeds
        reach = quantile * speeds["speed_std_error"]
        np.testing.assert_allclose(speeds["speed_high"], speeds["speed"] + reach, rtol=1e-12)


def test_newey_west_by_hand():
    """Residuals 1, -1, -1, 1 on a constant alone: products at lag 1 are -1, 1, -1."""
    fit = least_squares(np.array([2.0, 0, 0, 2]), np.ones((4, 1)))
    # (4 + 2 x 1/2 x -1) / 16, times 4 / 3
    assert fit.newey_west(1, 3)[0, 0] == pytest.approx(3 / 16 * 4 / 3, rel=1e-14)


def test_impacts_vary_as_their_derivatives_say():
    """The delta method's slopes against differences of the impacts themselves."""
    graph = ring([f"{i}" for i in range(9)])
    w = graph.sparse.tocsr()
    rng = np.random.default_rng(2)
    half = rng.normal(size=(4, 4))
    covariance = half @ half.T
    estimates = np.array([0.3, -0.8, 0.4, 0.35])  # constant, beta, theta, rho

    def of(values, theta):
        place = (1, 2 if theta else None)
        return impacts(w, values[3], values, covariance, [place], 3)[0]

    for theta in (True, False):
        for kind in ("direct", "indirect", "total"):
            slopes = [
                (of(estimates + step, theta)[kind].estimate
                 - of(estimates - step, theta)[kind].estimate) / 2e-6
                for step in np.eye(4) * 1e-6
            ]  # fmt: skip
            variance = slopes @ covariance @ slopes
            assert of(estimates, theta)[kind].variance == pytest.approx(variance, rel=1e-6)


def test_total_impact_is_the_multiplier_where_rows_sum_to_one(wide, graph):
    result = sr.beta_convergence(wide, value="income", graph=graph, model="lag")
    rho = result.frame.loc["rho", "estimate"]
    total = result.impacts.loc[("log_initial", "total"), "estimate"]
    assert total == pytest.approx(result.beta / (1 - rho), rel=1e-10)


@pytest.mark.parametrize("model", ["ols", "lag", "error", "durbin"])
@pytest.mark.parametrize("step", [None, 4])
def test_any_order_of_rows_and_of_the_graph(wide, graph, model, step):
    arguments = {"value": "income", "controls": ["school"], "model": model, "step": step}
    expected = sr.beta_convergence(wide, graph=graph, **arguments)
    mixed = wide.sample(frac=1, random_state=3)
    adjacency = graph.adjacency.sample(frac=1, random_state=4)
    other = Graph(adjacency).transform("r")
    before, links = mixed.copy(), other.adjacency.copy()
    result = sr.beta_convergence(mixed, graph=other, **arguments)
    for name in ("frame", "speeds", "impacts", "diagnostics"):
        pd.testing.assert_frame_equal(getattr(result, name), getattr(expected, name), rtol=1e-12)
    pd.testing.assert_series_equal(result.residuals.sort_index(), expected.residuals.sort_index())
    assert result.residuals.index.get_level_values(0)[0] == mixed.index[0][0]
    pd.testing.assert_frame_equal(mixed, before)
    pd.testing.assert_series_equal(other.adjacency, links)


def test_periods_that_do_not_fill_the_panel(wide):
    result = sr.beta_convergence(wide, value="income", step=5)
    assert (result.start, result.end, result.period, result.periods, result.n) == (
        2000, 2010, 5, 2, 26,
    )  # fmt: skip
    assert "2000 to 2010 in 2 periods of 5 years" in result.definition
    assert result.covariance == "cluster"
    assert result.residuals.index.names == ["code", "year"]
    assert result.residuals.index.get_level_values("year").unique().tolist() == [2000, 2005]


def test_controls_are_those_of_the_first_year(wide):
    later = wide.copy()
    later.loc[(slice(None), range(2001, 2013)), "school"] = np.nan
    arguments = {"value": "income", "controls": ["school"]}
    pd.testing.assert_frame_equal(
        sr.beta_convergence(later, **arguments).frame, sr.beta_convergence(wide, **arguments).frame
    )


@pytest.mark.parametrize("model", ["ols", "durbin"])
def test_regions_that_lack_a_number_leave_the_panel_and_the_graph(wide, graph, model):
    holes = wide.copy()
    holes.loc[("r03", 2012), "income"] = np.nan
    holes.loc[("r07", 2000), "school"] = np.nan
    holes.loc[("r05", 2006), "income"] = np.nan  # a year that is not needed
    arguments = {"value": "income", "controls": ["school"], "model": model}
    with pytest.warns(MissingDataWarning, match="2 of 13 regions lack .*: r03, r07"):
        result = sr.beta_convergence(holes, graph=graph, **arguments)
    rest = wide.drop(index=["r03", "r07"], level="code")
    links = graph.adjacency.reset_index()
    links = links[~links["focal"].isin(["r03", "r07"]) & ~links["neighbor"].isin(["r03", "r07"])]
    smaller = Graph.from_arrays(
        links["focal"].to_numpy(), links["neighbor"].to_numpy(), np.ones(len(links))
    ).transform("r")
    expected = sr.beta_convergence(rest, graph=smaller, **arguments)
    pd.testing.assert_frame_equal(result.frame, expected.frame)
    pd.testing.assert_frame_equal(result.diagnostics, expected.diagnostics)
    assert result.missing == 2
    assert result.residuals.index[result.residuals.isna()].tolist() == ["r03", "r07"]


def test_a_region_that_is_not_in_the_first_year_at_all(wide):
    with pytest.warns(MissingDataWarning, match="1 of 13 regions .*r04"):
        result = sr.beta_convergence(wide.drop(index=[("r04", 2000)]), value="income")
    assert result.regions == 12


def test_an_isolate_stays_in_and_one_that_was_made_is_reported(wide):
    codes = wide.index.get_level_values(0).unique()
    graph = ring(codes[:-1])
    links = graph.adjacency.reset_index()
    links.loc[len(links)] = ["r12", "r00", 1.0]
    graph = Graph.from_arrays(
        links["focal"].to_numpy(), links["neighbor"].to_numpy(), np.ones(len(links))
    ).transform("r")
    holes = wide.copy()
    holes.loc[("r00", 2000), "income"] = np.nan
    with (
        pytest.warns(IsolateWarning, match="1 regions have no neighbour with data .r12"),
        pytest.warns(MissingDataWarning),
    ):
        result = sr.beta_convergence(holes, value="income", graph=graph, model="lag")
    assert result.regions == 12
    assert np.isfinite(result.frame["std_error"]).all()
    # without a neighbour, the isolate's answer does not reach the multiplier 1 / (1 - rho)
    rho = result.frame.loc["rho", "estimate"]
    total = result.impacts.loc[("log_initial", "total"), "estimate"]
    assert total == pytest.approx(result.beta * (11 / (1 - rho) + 1) / 12, rel=1e-9)


def test_a_graph_of_more_regions(wide):
    graph = ring([*wide.index.get_level_values(0).unique(), "zz"])
    with pytest.raises(AlignmentError, match="has 1 regions that y lacks"):
        sr.beta_convergence(wide, value="income", graph=graph)
    result = sr.beta_convergence(wide, value="income", graph=graph, subset=True, model="lag")
    assert result.regions == 13


def test_a_likelihood_without_a_highest_point(wide):
    """Where all are neighbours of all, the lag is the mean less a share of the own value."""
    codes = wide.index.get_level_values(0).unique()
    focal, neighbor = np.nonzero(~np.eye(13, dtype=bool))
    everyone = Graph.from_arrays(codes[focal], codes[neighbor], np.ones(len(focal))).transform("r")
    for model, name in (("lag", "rho"), ("error", "lambda")):
        with pytest.raises(InputError, match=f"highest at the edge .* {name} = -1.0000"):
            sr.beta_convergence(wide, value="income", graph=everyone, model=model)


def test_the_import_brings_no_spreg():
    code = (
        "import sys, spatialreg.disparity as d; d.beta_convergence; print('spreg' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_it_prints_well(wide, graph, capsys):
    result = sr.beta_convergence(wide, value="income", graph=graph, model="error")
    assert "half_life" in repr(result) and "frame: 3 rows x 6 columns" in repr(result)
    assert "<table>" in result._repr_html_()
    assert capsys.readouterr().out == ""  # spreg prints the names of its classes


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda p: p.reset_index(), {}, "levels code and year"),
        (None, {"value": "wealth"}, "no column 'wealth'"),
        (None, {"controls": ["wealth"]}, "no column 'wealth'"),
        (None, {"controls": "school"}, "must be a list of columns"),
        (None, {"controls": ["school", "school"]}, "each once"),
        (None, {"controls": ["income"]}, "without 'income'"),
        (lambda p: p.rename(columns={"roads": "rho"}), {"controls": ["rho"]}, "'rho' bear names"),
        (lambda p: p.rename(columns={"roads": "lag_x"}), {"controls": ["lag_x"]}, "rename these"),
        (lambda p: p.assign(income="much"), {}, "must be numeric"),
        (lambda p: p.assign(income=0.0), {}, "above zero; 26 values are not, at .'r00', 2000"),
        (lambda p: p.assign(income=-1.0), {}, "must be above zero"),
        (lambda p: p.loc[(slice(None), [2000]), :], {}, "has 1 years"),
        (None, {"start": 2005, "end": 2005}, "start is 2005 and end is 2005"),
        (None, {"end": 2020}, "lacks the years 2020 .* it has 2000, 2001"),
        (None, {"step": 0}, "whole number of years from 1 on"),
        (None, {"step": 2.5}, "whole number of years from 1 on"),
        (None, {"step": 5, "end": 2012}, "not hold whole periods of 5 years: end at 2010"),
        (None, {"step": 50}, "not hold whole periods of 50 years"),
        (None, {"model": "sar"}, "model must be one of 'ols', 'lag'"),
        (None, {"effects": "time"}, "effects must be one of None, 'region'"),
        (None, {"covariance": "HC3"}, "covariance must be one of None, 'classic'"),
        (None, {"ci": 95}, "between 0 and 1"),
        (None, {"model": "lag"}, "needs a graph"),
        (None, {"subset": True}, "subset is about a graph"),
        (None, {"effects": "region"}, "need a panel of growth periods"),
        (None, {"effects": "year", "step": 12}, "at least two periods, but 2000 to 2012"),
        (None, {"covariance": "cluster"}, "needs several periods a region"),
        (None, {"covariance": "HC1", "effects": "region", "step": 3}, "take 'cluster'"),
        (lambda p: p.assign(school=1.0), {"controls": ["school"]}, "cannot be told apart"),
        (lambda p: p.assign(school=3 * p["roads"]), {"controls": ["school", "roads"]},
         "'(school|roads)' cannot be told apart from the constant"),
        (lambda p: p.assign(school=p.groupby("code")["school"].transform("first")),
         {"controls": ["school"], "effects": "region", "step": 3},
         "'school' cannot be told apart from the effects .region"),
        (lambda p: p.assign(school=p.groupby("year")["school"].transform("first")),
         {"controls": ["school"], "effects": "year", "step": 3}, "cannot be told apart"),
        (lambda p: p.loc[["r00", "r01"]], {}, "2 observations do not suffice for 2 coef"),
    ],
)  # fmt: skip
def test_each_message(wide, change, arguments, message):
    panel = wide if change is None else change(wide)
    with pytest.raises(InputError, match=message):
        sr.beta_convergence(panel, **{"value": "income", **arguments})


@pytest.mark.parametrize(
    ("make", "arguments", "error", "message"),
    [
        (lambda g: g.to_W(), {}, InputError, "must be a libpysal.graph.Graph, not W"),
        (lambda g: g.transform("b"), {"model": "lag"}, InputError, r"transform\('r'\)"),
        (lambda g: g, {"model": "lag", "covariance": "HC1"}, InputError, "is for least squares"),
        (lambda g: ring(sorted(g.unique_ids)[:-1]), {}, AlignmentError, "lacks 1 of the 13"),
        (lambda g: Graph(-g.adjacency), {}, InputError, "negative, missing or infinite weights"),
        (lambda g: g.assign_self_weight(1.0), {}, InputError, "regions on themselves"),
        (lambda g: Graph.from_arrays(g.unique_ids, g.unique_ids, np.zeros(g.n)), {}, InputError,
         "no two of the regions"),
    ],
)  # fmt: skip
def test_each_message_about_the_graph(wide, graph, make, arguments, error, message):
    with pytest.raises(error, match=message):
        sr.beta_convergence(wide, value="income", graph=make(graph), **arguments)

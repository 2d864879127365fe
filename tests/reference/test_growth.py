"""Convergence against published figures, spreg, R, and equations written out here.

The specification of the published figures: growth per year over 80 years, (ln y_2009 - ln y_1929) /
80, on ln y_1929; libpysal's ``states48.gal`` with standardised rows; maximum likelihood of spreg.
Growth over the whole period gives the same R squared, rho and lambda, but a beta of -0.732.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal import io as pysal_io
from libpysal.graph import Graph
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

import spatialreg as sr
from spatialreg.disparity import sigma_convergence

SCRIPT = Path(__file__).with_name("growth.R")


@pytest.fixture(scope="module")
def incomes():
    return sr.datasets.us_incomes()


@pytest.fixture(scope="module")
def states48():
    """Contiguity of the states as libpysal has it, by row of the table of incomes."""
    w = pysal_io.open(examples.get_path("states48.gal")).read()
    table = pd.read_csv(examples.get_path("usjoin.csv"))
    codes = table["STATE_FIPS"].astype(str).str.zfill(2)
    pairs = [(codes[int(i)], codes[int(j)]) for i in w.neighbors for j in w.neighbors[i]]
    focal, neighbor = zip(*pairs, strict=True)
    return Graph.from_arrays(np.array(focal), np.array(neighbor), np.ones(len(pairs))).transform(
        "r"
    )


@pytest.fixture(scope="module")
def conditioned(incomes):
    """Incomes with a control made up from the labels, so that no equation has one column only."""
    rng = np.random.default_rng(11)
    return incomes.assign(control=rng.normal(size=len(incomes)) + incomes["income"] / 10_000)


def arrays(panel, start, end, step=None):
    """Give growth per year, ln initial value and the control, by period, then region."""
    years = [start, end] if step is None else list(range(start, end + 1, step))
    logs = np.log(panel["income"]).unstack().sort_index()
    control = panel["control"].unstack().sort_index() if "control" in panel else None
    rows = [
        np.column_stack(
            [(logs[b] - logs[a]) / (b - a), logs[a], *([] if control is None else [control[a]])]
        )
        for a, b in pairwise(years)
    ]
    table = np.vstack(rows)
    return table[:, 0], table[:, 1:], len(rows)


def dense(graph, panel):
    codes = panel.index.get_level_values(0).unique().sort_values()
    wide = graph.adjacency.unstack(fill_value=0.0).reindex(index=codes, columns=codes)
    return wide.fillna(0.0).to_numpy()


# published figures -----------------------------------------------------------------------------


def test_us_states_1929_to_2009_by_least_squares(incomes):
    result = sr.beta_convergence(incomes, value="income", start=1929, end=2009)
    assert result.beta == pytest.approx(-0.00915322, abs=5e-9)
    assert result.r2 == pytest.approx(0.884389, abs=5e-7)
    # by hand: 1 - 0.00915322 x 80 = 0.2677424, ln of it -1.3177299, over 80; ln 2 over that
    assert result.speed == pytest.approx(1.3177299 / 80, rel=1e-6)
    assert result.half_life == pytest.approx(42.0813, abs=1e-3)


@pytest.mark.parametrize(
    ("model", "name", "published", "digits"),
    [("lag", "rho", 0.165654, 5e-7), ("error", "lambda", 0.3719, 5e-5)],
)
def test_us_states_1929_to_2009_in_space(incomes, states48, model, name, published, digits):
    result = sr.beta_convergence(incomes, value="income", graph=states48, model=model)
    assert result.frame.loc[name, "estimate"] == pytest.approx(published, abs=digits)


# equations written out --------------------------------------------------------------------------


@pytest.mark.parametrize("covariance", ["classic", "HC1"])
def test_a_cross_section_by_normal_equations(conditioned, covariance):
    y, x, _ = arrays(conditioned, 1950, 1990)
    x = np.column_stack([np.ones(len(y)), x])
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ x.T @ y
    u = y - x @ b
    n, k = x.shape
    v = inverse * (u @ u) / (n - k)
    if covariance == "HC1":
        v = inverse @ (x.T @ np.diag(u**2) @ x) @ inverse * n / (n - k)
    result = sr.beta_convergence(
        conditioned, value="income", start=1950, end=1990, controls=["control"],
        covariance=covariance,
    )  # fmt: skip
    np.testing.assert_allclose(result.frame["estimate"], b, rtol=1e-9)
    np.testing.assert_allclose(result.frame["std_error"], np.sqrt(np.diag(v)), rtol=1e-9)
    p = 2 * student.sf(np.abs(b) / np.sqrt(np.diag(v)), n - k)
    np.testing.assert_allclose(result.frame["p_value"], p, rtol=1e-8)
    reach = student.ppf(0.975, n - k) * np.sqrt(np.diag(v))
    np.testing.assert_allclose(result.frame["low"], b - reach, rtol=1e-8)


def with_dummies(x, periods, effects):
    """Put a column for every region and period beside `x`: least squares with dummies (LSDV)."""
    n = len(x) // periods
    columns = [x]
    if effects is None:
        columns.append(np.ones((len(x), 1)))
    if effects in ("region", "region+year"):
        columns.append(np.tile(np.eye(n), (periods, 1)))
    if effects in ("year", "region+year"):
        years = np.repeat(np.eye(periods), n, axis=0)
        columns.append(years[:, 1:] if effects == "region+year" else years)
    return np.hstack(columns)


@pytest.mark.parametrize("effects", [None, "region", "year", "region+year"])
@pytest.mark.parametrize("covariance", ["classic", "cluster"])
def test_a_panel_by_least_squares_with_dummies(conditioned, effects, covariance):
    y, x, periods = arrays(conditioned, 1929, 2009, 10)
    full = with_dummies(x, periods, effects)
    inverse = np.linalg.inv(full.T @ full)
    b = inverse @ full.T @ y
    u = y - full @ b
    n, k = full.shape
    regions = n // periods
    if covariance == "classic":
        v = inverse * (u @ u) / (n - k)
    else:
        meat = np.zeros((k, k))
        for region in range(regions):
            score = full[region::regions].T @ u[region::regions]
            meat += np.outer(score, score)
        # dummies of regions lie within the clusters and are not counted, but for one constant
        counted = k if effects in (None, "year") else k - regions + 1
        v = inverse @ meat @ inverse * regions / (regions - 1) * (n - 1) / (n - counted)
    result = sr.beta_convergence(
        conditioned, value="income", step=10, controls=["control"], effects=effects,
        covariance=covariance,
    )  # fmt: skip
    rows = ["log_initial", "control"]
    np.testing.assert_allclose(result.frame.loc[rows, "estimate"], b[:2], rtol=1e-8)
    errors = np.sqrt(np.diag(v))[:2]
    np.testing.assert_allclose(result.frame.loc[rows, "std_error"], errors, rtol=1e-7)
    likelihood = -n / 2 * (np.log(2 * np.pi) + np.log(u @ u / n) + 1)
    assert result.log_likelihood == pytest.approx(likelihood, rel=1e-10)
    assert result.aic == pytest.approx(2 * (k + 1) - 2 * likelihood, rel=1e-10)
    np.testing.assert_allclose(
        result.residuals.unstack().sort_index().to_numpy().T.ravel(), u, atol=1e-12
    )


def lag_by_hand(y, x, w):
    """Maximum likelihood of y = rho W y + X b + u, with the expected information."""
    n = len(y)
    project = np.eye(n) - x @ np.linalg.solve(x.T @ x, x.T)
    own, lagged = project @ y, project @ (w @ y)

    def minus(rho):
        e = own - rho * lagged
        return n / 2 * np.log(e @ e / n) - np.linalg.slogdet(np.eye(n) - rho * w)[1]

    rho = minimize_scalar(minus, bounds=(-0.999, 0.999), method="bounded",
                          options={"xatol": 1e-12}).x  # fmt: skip
    b = np.linalg.solve(x.T @ x, x.T @ (y - rho * w @ y))
    e = own - rho * lagged
    s2 = e @ e / n
    a = w @ np.linalg.inv(np.eye(n) - rho * w)
    axb = a @ (x @ b)
    k = x.shape[1]
    information = np.zeros((k + 2, k + 2))
    information[:k, :k] = x.T @ x / s2
    information[:k, k] = information[k, :k] = x.T @ axb / s2
    information[k, k] = np.trace(a @ a) + np.trace(a.T @ a) + axb @ axb / s2
    information[k, k + 1] = information[k + 1, k] = np.trace(a) / s2
    information[k + 1, k + 1] = n / (2 * s2**2)
    likelihood = -minus(rho) - n / 2 * (np.log(2 * np.pi) + 1)
    return b, rho, np.sqrt(np.diag(np.linalg.inv(information))), likelihood


def error_by_hand(y, x, w):
    """Maximum likelihood of y = X b + e, e = lambda W e + u."""
    n = len(y)

    def fit(lam):
        filter_ = np.eye(n) - lam * w
        xs, ys = filter_ @ x, filter_ @ y
        b = np.linalg.solve(xs.T @ xs, xs.T @ ys)
        return b, ys - xs @ b, xs

    def minus(lam):
        u = fit(lam)[1]
        return n / 2 * np.log(u @ u / n) - np.linalg.slogdet(np.eye(n) - lam * w)[1]

    lam = minimize_scalar(minus, bounds=(-0.999, 0.999), method="bounded",
                          options={"xatol": 1e-12}).x  # fmt: skip
    b, u, xs = fit(lam)
    s2 = u @ u / n
    a = w @ np.linalg.inv(np.eye(n) - lam * w)
    corner = np.array(
        [
            [np.trace(a @ a) + np.trace(a.T @ a), np.trace(a) / s2],
            [np.trace(a) / s2, n / (2 * s2**2)],
        ]
    )
    errors = np.sqrt([*np.diag(s2 * np.linalg.inv(xs.T @ xs)), np.linalg.inv(corner)[0, 0]])
    return b, lam, errors, -minus(lam) - n / 2 * (np.log(2 * np.pi) + 1)


@pytest.mark.parametrize("effects", [None, "region", "year", "region+year"])
@pytest.mark.parametrize("model", ["lag", "error", "durbin"])
def test_a_panel_in_space_with_every_dummy_written_out(conditioned, states48, effects, model):
    y, x, periods = arrays(conditioned, 1929, 2009, 20)
    w = np.kron(np.eye(periods), dense(states48, conditioned))
    if model == "durbin":
        x = np.hstack([x, w @ x])
    by_hand = error_by_hand if model == "error" else lag_by_hand
    b, spatial, errors, likelihood = by_hand(y, with_dummies(x, periods, effects), w)
    k, full = x.shape[1], len(b)
    result = sr.beta_convergence(
        conditioned, value="income", step=20, controls=["control"], effects=effects, model=model,
        graph=states48,
    )  # fmt: skip
    names = ["log_initial", "control", "lag_log_initial", "lag_control"][:k]
    # the likelihood is flat to rounding within some 1e-7 of its maximum
    np.testing.assert_allclose(result.frame.loc[names, "estimate"], b[:k], rtol=1e-5)
    assert result.frame["estimate"].iloc[-1] == pytest.approx(spatial, abs=1e-6)
    correction = (periods / (periods - 1)) ** 0.5 if effects in ("region", "region+year") else 1
    np.testing.assert_allclose(
        result.frame.loc[names, "std_error"], errors[:k] * correction, rtol=1e-5
    )
    assert result.frame["std_error"].iloc[-1] == pytest.approx(errors[full] * correction, rel=1e-5)
    assert result.log_likelihood == pytest.approx(likelihood, rel=1e-9)
    assert result.aic == pytest.approx(2 * (full + 2) - 2 * likelihood, rel=1e-9)


# spreg ------------------------------------------------------------------------------------------


def quietly(function, *arguments, **keywords):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **keywords)


def test_spreg_called_directly(conditioned, states48):
    # the summaries that 1.8 prints do not work with today's numpy; what we call of it does
    spreg = pytest.importorskip("spreg", minversion="1.9")
    y, x, _ = arrays(conditioned, 1929, 2009)
    w = states48.to_W()
    assert w.id_order == sorted(w.id_order)
    arguments = {"value": "income", "controls": ["control"], "graph": states48}
    ols = quietly(spreg.OLS, y, x, w=w, spat_diag=True, moran=True)
    result = sr.beta_convergence(conditioned, **arguments)
    np.testing.assert_allclose(result.frame["estimate"], ols.betas.ravel(), rtol=1e-8)
    np.testing.assert_allclose(result.frame["std_error"], ols.std_err, rtol=1e-8)
    expected = [*(ols.moran_res[0:1]), *(t[0] for t in (ols.lm_lag, ols.lm_error, ols.rlm_lag,
                ols.rlm_error, ols.lm_sarma))]  # fmt: skip
    np.testing.assert_allclose(result.diagnostics["statistic"], expected, rtol=1e-8)
    for model, call, more in (
        ("lag", spreg.ML_Lag, {}),
        ("durbin", spreg.ML_Lag, {"slx_lags": 1}),
        ("error", spreg.ML_Error, {}),
    ):
        peer = quietly(call, y, x, w, method="full", **more)
        result = sr.beta_convergence(conditioned, **arguments, model=model)
        np.testing.assert_allclose(result.frame["estimate"], peer.betas.ravel(), rtol=3e-4)
        np.testing.assert_allclose(result.frame["std_error"], peer.std_err, rtol=1e-4)
        assert result.log_likelihood == pytest.approx(float(peer.logll), rel=1e-8)
        assert result.r2 == pytest.approx(peer.pr2, rel=1e-4)


def test_the_standard_errors_of_spregs_ord_method_are_not_those_of_the_likelihood(
    conditioned, states48
):
    """Why "ord" is not used: for contiguity it takes tr(A'A) of another matrix than A."""
    spreg = pytest.importorskip("spreg", minversion="1.9")
    y, x, _ = arrays(conditioned, 1929, 2009)
    w = states48.to_W()
    assert w.id_order == sorted(w.id_order)
    *_, errors, _ = lag_by_hand(y, np.column_stack([np.ones(len(y)), x]), w.full()[0])
    ours = sr.beta_convergence(
        conditioned, value="income", controls=["control"], graph=states48, model="lag"
    ).frame.loc["rho", "std_error"]
    ord_ = quietly(spreg.ML_Lag, y, x, w, method="ord").std_err[-1]
    assert ours == pytest.approx(errors[3], rel=1e-5)
    assert ord_ != pytest.approx(errors[3], rel=1e-3)


def test_spregs_panels_with_effects_of_regions(conditioned, states48):
    spreg = pytest.importorskip("spreg", minversion="1.9")
    y, x, _ = arrays(conditioned, 1929, 2009, 20)
    w = states48.to_W()
    for model, call in (("lag", spreg.ML_LagFE), ("error", spreg.ML_ErrorFE)):
        peer = quietly(call, y[:, None], x, w)
        result = sr.beta_convergence(
            conditioned, value="income", step=20, controls=["control"], effects="region",
            model=model, graph=states48,
        )  # fmt: skip
        np.testing.assert_allclose(result.frame["estimate"], peer.betas.ravel(), rtol=1e-4)
        assert result.log_likelihood == pytest.approx(float(np.squeeze(peer.logll)), rel=1e-8)


@pytest.mark.parametrize("effects", [None, "region", "year", "region+year"])
def test_multiplier_tests_of_a_panel_from_their_formulas(conditioned, states48, effects):
    """Elhorst (2014), chapter 3: e'(I x W)e and e'(I x W)y, over what they vary by."""
    y, x, periods = arrays(conditioned, 1929, 2009, 10)
    full = with_dummies(x, periods, effects)
    single = dense(states48, conditioned)
    w = np.kron(np.eye(periods), single)
    b = np.linalg.lstsq(full, y, rcond=None)[0]
    e = y - full @ b
    s2 = e @ e / len(y)
    trace = periods * np.trace((single + single.T) @ single)
    wxb = w @ full @ b
    left = wxb - full @ np.linalg.lstsq(full, wxb, rcond=None)[0]
    j = left @ left / s2 + trace
    for_error, for_lag = e @ w @ e / s2, e @ w @ y / s2
    expected = [
        for_lag**2 / j,
        for_error**2 / trace,
        (for_lag - for_error) ** 2 / (j - trace),
        (for_error - trace / j * for_lag) ** 2 / (trace * (1 - trace / j)),
        (for_lag - for_error) ** 2 / (j - trace) + for_error**2 / trace,
    ]
    result = sr.beta_convergence(
        conditioned, value="income", controls=["control"], step=10, effects=effects, graph=states48
    )
    rows = result.diagnostics.drop(index="Moran's I", errors="ignore")
    np.testing.assert_allclose(rows["statistic"], expected, rtol=1e-7)
    assert ("Moran's I" in result.diagnostics.index) == (effects in (None, "year"))


# impacts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["lag", "durbin"])
def test_impacts_from_the_answer_of_every_region_to_every_region(conditioned, states48, model):
    """LeSage and Pace (2009): all derivatives, one region at a time."""
    result = sr.beta_convergence(
        conditioned, value="income", controls=["control"], graph=states48, model=model
    )
    w = dense(states48, conditioned)
    n = len(w)

    def by_hand(estimates):
        b = dict(zip(result.frame.index, estimates, strict=True))
        rows = []
        for name in ("log_initial", "control"):
            answer = np.empty((n, n))
            for j in range(n):
                unit = np.zeros(n)
                unit[j] = 1
                right = b[name] * unit + b.get(f"lag_{name}", 0.0) * (w @ unit)
                answer[:, j] = np.linalg.solve(np.eye(n) - b["rho"] * w, right)
            direct, total = np.trace(answer) / n, answer.sum() / n
            rows += [direct, total - direct, total]
        return np.array(rows)

    estimates = result.frame["estimate"].to_numpy()
    np.testing.assert_allclose(result.impacts["estimate"], by_hand(estimates), rtol=1e-9)
    assert result.speed == result.speeds.loc["direct", "speed"]
    b = result.impacts.loc[("log_initial", "total"), "estimate"]
    assert result.speeds.loc["total", "speed"] == pytest.approx(-np.log(1 + 80 * b) / 80, rel=1e-12)


# R ----------------------------------------------------------------------------------------------


def has_packages() -> bool:
    program = shutil.which("Rscript")
    ask = "quit(status = !all(sapply(c('spdep', 'plm', 'sandwich'), requireNamespace)))"
    return (
        program is not None
        and subprocess.run([program, "-e", ask], check=False, capture_output=True).returncode == 0
    )


@pytest.fixture(scope="module")
def r(conditioned, states48, tmp_path_factory):
    if not has_packages():
        pytest.skip("needs Rscript and its packages spdep, plm and sandwich")
    folder = tmp_path_factory.mktemp("r")
    y, x, _ = arrays(conditioned, 1929, 2009)
    names = ["growth", "initial", "control"]
    pd.DataFrame(np.column_stack([y, x]), columns=names).to_csv(folder / "cross.csv", index=False)
    y, x, periods = arrays(conditioned, 1929, 2009, 10)
    panel = pd.DataFrame(np.column_stack([y, x]), columns=names)
    panel["region"] = np.tile(np.arange(48), periods)
    panel["year"] = np.repeat(np.arange(periods), 48)
    panel.to_csv(folder / "panel.csv", index=False)
    focal, neighbor = np.nonzero(dense(states48, conditioned))
    edges = pd.DataFrame({"from": focal + 1, "to": neighbor + 1})
    edges.to_csv(folder / "edges.csv", index=False)
    sd = np.log(conditioned["income"]).groupby("year").std()
    sd.rename("sd").to_csv(folder / "series.csv")
    subprocess.run(["Rscript", str(SCRIPT), str(folder)], check=True)
    return pd.read_csv(folder / "results.csv", index_col="name")["value"]


def test_r_cross_section_and_its_tests(conditioned, states48, r):
    arguments = {"value": "income", "controls": ["control"], "graph": states48}
    result = sr.beta_convergence(conditioned, **arguments)
    rows = ["(Intercept)", "initial", "control"]
    for column, name in (("estimate", "cross.estimate"), ("std_error", "cross.classic")):
        np.testing.assert_allclose(
            result.frame[column], [r[f"{name}.{row}"] for row in rows], rtol=1e-8
        )
    robust = sr.beta_convergence(conditioned, **arguments, covariance="HC1")
    np.testing.assert_allclose(
        robust.frame["std_error"], [r[f"cross.hc1.{row}"] for row in rows], rtol=1e-8
    )
    assert result.log_likelihood == pytest.approx(r["cross.fit.loglik"], rel=1e-10)
    assert result.aic == pytest.approx(r["cross.fit.aic"], rel=1e-10)
    moran = result.diagnostics.loc["Moran's I"]
    for column, name in (("statistic", "I"), ("expected", "expected"), ("z_score", "z"),
                         ("p_value", "p")):  # fmt: skip
        assert moran[column] == pytest.approx(r[f"moran.{name}"], rel=1e-7)
    names = {"LM lag": "LMlag", "LM error": "LMerr", "Robust LM lag": "RLMlag",
             "Robust LM error": "RLMerr", "LM SARMA": "SARMA"}  # fmt: skip
    for ours, theirs in names.items():
        row = result.diagnostics.loc[ours]
        assert row["statistic"] == pytest.approx(r[f"lm.{theirs}"], rel=1e-7)
        assert row["p_value"] == pytest.approx(r[f"lmp.{theirs}"], rel=1e-7)


@pytest.mark.parametrize(
    ("effects", "name"), [(None, "pooled"), ("region", "region"), ("year", "year"),
                          ("region+year", "both")]
)  # fmt: skip
def test_r_panels(conditioned, r, effects, name):
    arguments = {"value": "income", "controls": ["control"], "step": 10, "effects": effects}
    rows, theirs = ["log_initial", "control"], ["initial", "control"]
    classic = sr.beta_convergence(conditioned, **arguments, covariance="classic").frame.loc[rows]
    for column, label in (("estimate", "estimate"), ("std_error", "classic")):
        expected = [r[f"{name}.{label}.{row}"] for row in theirs]
        np.testing.assert_allclose(classic[column], expected, rtol=1e-7)
    clustered = sr.beta_convergence(conditioned, **arguments).frame.loc[rows, "std_error"]
    n, periods = 48 * 8, 8
    # plm's without correction; ours counts slopes and a constant, and the constants of years
    counted = 3 + (periods - 1 if effects in ("year", "region+year") else 0)
    factor = (48 / 47 * (n - 1) / (n - counted)) ** 0.5
    expected = [r[f"{name}.cluster.{row}"] * factor for row in theirs]
    np.testing.assert_allclose(clustered, expected, rtol=1e-7)


def test_r_trend_of_dispersion(conditioned, r):
    trend = sigma_convergence(conditioned, value="income").attrs["trend"]
    assert trend["lags"] == r["trend.lags"]
    assert trend["slope"] == pytest.approx(r["trend.slope"], rel=1e-8)
    assert trend["std_error"] == pytest.approx(r["trend.error"], rel=1e-8)
    p = 2 * student.sf(abs(r["trend.slope"] / r["trend.error"]), 81 - 2)
    assert trend["p_value"] == pytest.approx(p, rel=1e-6)

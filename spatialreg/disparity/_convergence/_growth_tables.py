"""The tables of a convergence result, from estimates.

Takes the estimates of an equation of growth and the impacts that follow from them, and gives the
frames of coefficients, impacts and speeds, the residuals on the caller's regions, and the words
that say what was done.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse, stats

from ._growth_data import INITIAL, Growth
from ._growth_models import SPATIAL, Fit
from ._impacts import impacts
from ._speed import Speed, speed_of

Answers = dict[tuple[str, str], tuple[float, float]]
_EFFECTS = {
    None: "",
    "region": ", with effects of regions",
    "year": ", with effects of periods",
    "region+year": ", with effects of regions and periods",
}
_WORDS = {
    "ols": "least squares",
    "lag": "spatial lag model, maximum likelihood",
    "error": "spatial error model, maximum likelihood",
    "durbin": "spatial Durbin model, maximum likelihood",
    "classic": "errors taken as independent and of one variance",
    "HC1": "errors taken as independent, of unequal variance (HC1)",
    "cluster": "errors of a region may depend on one another, regions taken as independent",
}


def coefficients(
    estimate: np.ndarray, variance: np.ndarray, dof: float, quantile: float
) -> pd.DataFrame:
    """Give estimates with their inference, a row each."""
    error = np.sqrt(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": error,
            "statistic": statistic,
            "p_value": np.maximum(
                2 * stats.t.sf(np.abs(statistic), dof), np.finfo(float).tiny
            ),  # NaN stays NaN
            "low": estimate - quantile * error,
            "high": estimate + quantile * error,
        }
    )


def impacts_of(fit: Fit, growth: Growth, matrix: sparse.csr_matrix) -> Answers:
    """Give estimate and variance by variable and kind; nothing without a spatial lag."""
    if "rho" not in fit.names:
        return {}
    place = {name: i for i, name in enumerate(fit.names)}
    found = impacts(
        matrix,
        fit.estimate[-1],
        fit.estimate,
        fit.covariance,
        [(place[name], place.get(f"lag_{name}")) for name in growth.names],
        place["rho"],
    )
    return {
        (name, kind): (impact.estimate, impact.variance)
        for name, kinds in zip(growth.names, found, strict=True)
        for kind, impact in kinds.items()
    }


def impact_frame(answers: Answers, quantile: float) -> pd.DataFrame:
    """Give a row a variable and kind of impact."""
    numbers = np.array(list(answers.values())).reshape(-1, 2)
    frame = coefficients(numbers[:, 0], numbers[:, 1], np.inf, quantile)
    names = list(answers) if answers else [(), ()]
    make = pd.MultiIndex.from_tuples if answers else pd.MultiIndex.from_arrays
    return frame.set_axis(make(names, names=["variable", "impact"]))


def speeds_of(
    fit: Fit,
    answers: Answers,
    period: int,
    quantile: float,
) -> dict[str, Speed]:
    """Give the speeds that belong to the coefficient of ln initial value, and to its impacts."""
    place = fit.names.index(INITIAL)
    rows = {"coefficient": (fit.estimate[place], fit.covariance[place, place])}
    rows |= {kind: answers[INITIAL, kind] for kind in ("direct", "total") if answers}
    return {
        name: speed_of(float(estimate), float(np.sqrt(variance)), period, quantile)
        for name, (estimate, variance) in rows.items()
    }


def speed_frame(speeds: dict[str, Speed]) -> pd.DataFrame:
    """Give a row a speed."""
    return pd.DataFrame(
        [vars(speed) for speed in speeds.values()], index=pd.Index(list(speeds), name="of")
    )


def by_region(
    values: np.ndarray, name: str, growth: Growth, panel: pd.DataFrame, step: int | None
) -> pd.Series:
    """Give observations on the caller's regions, in a panel also by first year of the period."""
    everyone = panel.index.get_level_values(0).unique()
    table = pd.DataFrame(
        values.reshape(len(growth.years), -1), index=growth.years, columns=growth.codes
    )
    if step is None:
        return table.iloc[0].reindex(everyone).rename(name)
    index = pd.MultiIndex.from_product([everyone, growth.years], names=panel.index.names)
    return pd.Series(table.T.reindex(everyone).to_numpy().ravel(), index=index, name=name)


def suggested_model(diagnostics: pd.DataFrame, alpha: float) -> str:
    """Say which model the Lagrange multiplier tests point to (Anselin 2005)."""
    if diagnostics.empty or diagnostics.loc[["LM lag", "LM error"], "p_value"].isna().any():
        return ""
    p = diagnostics["p_value"]
    for tests in ("LM", "Robust LM"):
        rejected = [model for model in ("lag", "error") if p[f"{tests} {model}"] < alpha]
        if len(rejected) == 1:
            return rejected[0]
        if not rejected and tests == "LM":
            return "ols"
    return "lag or error"


def definition_of(
    value: str,
    growth: Growth,
    controls: Sequence[str],
    model: str,
    effects: str | None,
    covariance: str,
) -> str:
    """Say in words what was estimated."""
    periods = len(growth.years)
    when = f"{growth.years[0]} to {growth.end}"
    if periods > 1:
        when += f" in {periods} periods of {growth.period} years"
    given = f", given {', '.join(map(str, controls))} in the first year" if len(controls) else ""
    spatial = f"; {SPATIAL[model]} is the spatial coefficient" if model in SPATIAL else ""
    return (
        f"growth of {value} per year, difference of logarithms over T = {growth.period} years, "
        f"{when}, on its logarithm in the first year{given}{_EFFECTS[effects]}, of "
        f"{len(growth.codes)} regions, each counting once; {_WORDS[model]}{spatial}; "
        f"{_WORDS[covariance]}"
    )

"""Do poorer regions grow faster (beta convergence), and how fast does the gap close.

Takes a panel of a value and, for models in space, the weights, and gives a result: the equation's
coefficients, the speed of convergence and the half-life, the impacts where growth spills over, and
the tests that tell whether it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse, stats

from ..._align import require_one_of
from ..._results import ConvergenceResult
from ...errors import InputError
from ._growth_data import INITIAL, growth_periods, matrix_of
from ._growth_models import (
    design_of,
    fit_ols,
    fit_spatial,
    likelihood_ratio,
    spatial_tests,
)
from ._growth_tables import (
    by_region,
    coefficients,
    definition_of,
    impact_frame,
    impacts_of,
    speed_frame,
    speeds_of,
    suggested_model,
)

if TYPE_CHECKING:
    from libpysal.graph import Graph

_MODELS = ("ols", "lag", "error", "durbin")
_EFFECTS = (None, "region", "year", "region+year")
_COVARIANCES = (None, "classic", "HC1", "cluster")


def beta_convergence(
    panel: pd.DataFrame,
    *,
    value: str,
    start: int | None = None,
    end: int | None = None,
    step: int | None = None,
    controls: Sequence[str] = (),
    graph: Graph | None = None,
    model: str = "ols",
    effects: str | None = None,
    covariance: str | None = None,
    ci: float = 0.95,
    subset: bool = False,
) -> ConvergenceResult:
    """Regress growth per year on the logarithm of the initial value.

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`).
    value : str
        Column with the value per head, above zero; over time at constant prices
        (:func:`spatialreg.constant_prices`). Each region counts once.
    start, end : int, optional
        First and last year; those of the panel unless told.
    step : int, optional
        Years in a period. Without it there is one period from `start` to `end`, a cross-section.
        With it periods follow one another without overlap, and growth of all of them is
        estimated together; if `end` is not told, years after the last whole period are not used.
    controls : sequence of str
        Columns of which regions may differ in the long run (conditional convergence), taken in
        the first year of each period and as they are: logarithms are the caller's to take.
    graph : libpysal.graph.Graph, optional
        Who is whose neighbour. With it the result has tests for dependence in space, and `model`
        may be a spatial one, which needs standardised rows.
    model : {"ols", "lag", "error", "durbin"}
        Least squares; or, by maximum likelihood, growth that depends on the growth of neighbours
        ("lag"), on it and on the neighbours' initial value and controls ("durbin"), or errors that
        depend on the errors of neighbours ("error").
    effects : {None, "region", "year", "region+year"}
        Own constants of regions, of periods, or of both; only with `step`. With constants of
        regions each converges to its own level, and its initial value depends on past errors: in
        short panels beta is then too far below zero, by an amount in the order of 1 / periods
        (Nickell 1981), and the speed is too high.
    covariance : {None, "classic", "HC1", "cluster"}
        Of least squares. "classic" unless told, and "cluster" (by region) in a panel. "HC1" allows
        unequal variances. Spatial models have only that of the likelihood, "classic".
    ci : float
        Level of the intervals.
    subset : bool
        Allow a graph wider than the panel.

    Returns
    -------
    ConvergenceResult
        ``frame`` with the coefficients (those of periods are not shown), ``beta``, ``speed``,
        ``half_life``, ``speeds`` with their intervals, ``impacts``, ``diagnostics``, ``suggested``
        (the model that these tests point to), ``observations``, ``residuals`` and ``definition``.

    Raises
    ------
    InputError
        A column or a year is missing, a value is not above zero, a column follows from others,
        too few regions have data, the rows of the graph are not standardised, or an argument is
        given that is not used.
    AlignmentError
        The graph lacks regions of the panel, or has others.

    Warns
    -----
    MissingDataWarning
        Regions lack a number in a year that is needed and were left out of all periods.
    IsolateWarning
        Regions have lost all neighbours by this.

    Notes
    -----
    Growth per year g = (ln y_end - ln y_start) / T is fitted by a + b ln y_start + controls (Barro
    and Sala-i-Martin 1992). Of growth over the whole period the coefficient is b T. The speed is
    -ln(1 + b T) / T, the half-life ln 2 / speed; both are NaN where 1 + b T is not above zero, and
    the half-life too where the gap widens. Their standard errors are by the delta method; the
    interval of the half-life is that of the speed, turned.

    In lag and Durbin models a coefficient is not the answer to a change: ``impacts`` are, with the
    mean answer of a region to its own change (direct), to that of all others (indirect), and to
    that of all (total; LeSage and Pace 2009), with standard errors by the delta method. Speeds
    of all three are in ``speeds``; ``speed`` is that of the direct impact.

    Estimates and tests of spatial models are those of spreg (Anselin 1988; Anselin and others
    1996). They assume errors that are normal and of one variance. Tests are of the residuals of
    least squares; with effects of regions their means are taken out before (Elhorst 2014), and
    Moran's I, whose moments do not hold then, is left out. Covariances of spatial models with
    effects of regions are multiplied by periods / (periods - 1) (Lee and Yu 2010).

    Spatial models hold matrices of observations x observations in memory.

    That beta is below zero does not say that dispersion falls: see :func:`sigma_convergence`. An
    error in the first year's value alone makes beta negative.

    Examples
    --------
    >>> import spatialreg as sr
    >>> result = sr.beta_convergence(sr.datasets.us_incomes(), value="income")
    >>> result.frame[["estimate", "std_error"]].round(5)
                 estimate  std_error
    coefficient
    constant      0.11015    0.00311
    log_initial  -0.00915    0.00049
    >>> round(result.speed, 4), round(result.half_life, 1), result.note
    (0.0165, 42.1, 'converging')
    """
    covariance = _require_arguments(model, effects, covariance, graph, step, ci, subset)
    growth = growth_periods(panel, value, controls, start, end, step)
    if effects is not None and len(growth.years) < 2:
        raise InputError(
            f"effects={effects!r} need at least two periods, but {growth.years[0]} to "
            f"{growth.end} holds one of {growth.period} years: choose a shorter step"
        )
    matrix = None if graph is None else matrix_of(graph, growth, subset=subset)
    plain = design_of(growth, effects, None)
    fit = fit_ols(plain, covariance)
    diagnostics = pd.DataFrame()
    if matrix is not None:
        diagnostics = spatial_tests(plain, matrix)
        if model != "ols":
            _require_standardised(matrix)
            design = design_of(growth, effects, matrix) if model == "durbin" else plain
            ols, fit = fit, fit_spatial(design, matrix, model)
            diagnostics = pd.concat([diagnostics, likelihood_ratio(model, fit, ols)])
    quantile = float(stats.t.ppf((1 + ci) / 2, fit.dof))
    answers = {} if matrix is None else impacts_of(fit, growth, matrix)
    speeds = speeds_of(fit, answers, growth.period, quantile)
    leading = speeds["direct" if answers else "coefficient"]
    frame = coefficients(fit.estimate, np.diag(fit.covariance), fit.dof, quantile)
    return ConvergenceResult(
        definition=definition_of(value, growth, controls, model, effects, covariance),
        model=model,
        effects=effects,
        covariance=covariance,
        start=int(growth.years[0]),
        end=growth.end,
        period=growth.period,
        periods=len(growth.years),
        n=len(growth.growth),
        regions=len(growth.codes),
        missing=len(growth.left_out),
        beta=speeds["coefficient"].estimate,
        speed=leading.speed,
        half_life=leading.half_life,
        note=leading.note,
        r2=fit.r2,
        log_likelihood=fit.log_likelihood,
        aic=2 * fit.parameters - 2 * fit.log_likelihood,
        frame=frame.set_axis(pd.Index(fit.names, name="coefficient")),
        speeds=speed_frame(speeds),
        impacts=impact_frame(answers, quantile),
        diagnostics=diagnostics,
        suggested=suggested_model(diagnostics, 1 - ci),
        observations=pd.concat(
            [
                by_region(growth.x[:, 0], INITIAL, growth, panel, step),
                by_region(growth.growth, "growth", growth, panel, step),
            ],
            axis=1,
        ),
        residuals=by_region(fit.residuals, "residual", growth, panel, step),
    )


def _require_arguments(
    model: str,
    effects: str | None,
    covariance: str | None,
    graph: Graph | None,
    step: int | None,
    ci: float,
    subset: bool,
) -> str:
    """Check arguments against one another and give the covariance that is meant."""
    require_one_of(model, _MODELS, "model")
    require_one_of(effects, _EFFECTS, "effects")
    require_one_of(covariance, _COVARIANCES, "covariance")
    if not 0 < ci < 1:
        raise InputError(f"ci must be a level between 0 and 1, for example 0.95, not {ci!r}")
    if graph is None and model != "ols":
        raise InputError(
            f"model={model!r} needs a graph of neighbours: make one with spatialreg.build_weights"
        )
    if graph is None and subset:
        raise InputError("subset is about a graph, and there is none: leave it out")
    if effects is not None and step is None:
        raise InputError(
            f"effects={effects!r} need a panel of growth periods: say their length in years with "
            "step, for example step=5"
        )
    if model != "ols":
        if covariance not in (None, "classic"):
            raise InputError(
                f"covariance={covariance!r} is for least squares; model={model!r} has that of the "
                "likelihood: leave it out"
            )
        return "classic"
    if covariance == "cluster" and step is None:
        raise InputError(
            "covariance='cluster' needs several periods a region: say their length with step, or "
            "take 'HC1'"
        )
    if covariance == "HC1" and effects in ("region", "region+year"):
        raise InputError(
            "covariance='HC1' is not consistent with effects of regions (Stock and Watson 2008): "
            "take 'cluster'"
        )
    return covariance or ("classic" if step is None else "cluster")


def _require_standardised(matrix: sparse.csr_matrix) -> None:
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    if not np.allclose(sums[sums != 0], 1, rtol=0, atol=1e-9):
        raise InputError(
            f"spatial models need rows that sum to 1, but those of the graph sum to "
            f"{sums.min():.4g} to {sums.max():.4g}: pass graph.transform('r')"
        )

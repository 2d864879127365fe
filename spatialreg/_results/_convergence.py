"""What an equation of convergence gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class ConvergenceResult(_Printed):
    """An equation of growth on initial value.

    Attributes
    ----------
    definition : str
        What was estimated, in words.
    model, covariance : str
    effects : str or None
    start, end, period, periods : int
        First and last year, years in a period, number of periods.
    n, regions, missing : int
        Observations, regions used, and regions left out for missing values.
    beta : float
        Coefficient of ln initial value [per year].
    speed, half_life : float
        Of convergence [per year], [years]; of the direct impact where the model has one. NaN where
        they are not defined; `note` says why.
    note : str
        Converging, diverging or undefined.
    r2 : float
        Share of variance explained, in spatial models the squared correlation of fitted and
        observed growth; with effects of regions, of the variation within regions.
    log_likelihood, aic : float
        The criterion of Akaike counts coefficients, effects and the variance of the errors.
    frame : DataFrame
        A row a coefficient: estimate, std_error, statistic, p_value, low, high.
    speeds : DataFrame
        A row for ``coefficient`` and, in models with a spatial lag, ``direct`` and ``total``
        impact of ln initial value: estimate, std_error, speed, half_life with std_error, low and
        high of each, note.
    impacts : DataFrame
        By variable and impact (direct, indirect, total): estimate, std_error, statistic, p_value,
        low, high. Empty unless the model has a spatial lag.
    diagnostics : DataFrame
        A row a test: statistic, expected, z_score, dof, p_value. Empty without a graph.
    suggested : str
        The model that the Lagrange multiplier tests point to at the level 1 - ci: ``"ols"`` where
        neither that of a lag nor that of an error rejects least squares, ``"lag"`` or ``"error"``
        where one does, or where both do and one of the robust tests; ``"lag or error"`` where both
        do and the robust tests do not tell them apart (Anselin 2005). Empty without a graph.
    observations : DataFrame
        ``log_initial`` and ``growth`` [per year], on the index of `residuals`.
    residuals : Series
        By region, in a panel by region and first year of the period; NaN for regions left out.
    """

    definition: str
    model: str
    effects: str | None
    covariance: str
    start: int
    end: int
    period: int
    periods: int
    n: int
    regions: int
    missing: int
    beta: float
    speed: float
    half_life: float
    note: str
    r2: float
    log_likelihood: float
    aic: float
    frame: pd.DataFrame = field(repr=False)
    speeds: pd.DataFrame = field(repr=False)
    impacts: pd.DataFrame = field(repr=False)
    diagnostics: pd.DataFrame = field(repr=False)
    suggested: str
    observations: pd.DataFrame = field(repr=False)
    residuals: pd.Series = field(repr=False)

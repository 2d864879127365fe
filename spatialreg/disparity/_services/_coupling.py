"""Do systems develop together? Coupling, development and coordination of two or more scores.

The three basic targets (equal access to public services, balanced connectivity of infrastructure,
similar living standards) are such systems. Takes a frame with their scores, gives a frame.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, require_one_of, some
from ...errors import InputError, MissingDataWarning
from .._inputs import require_frame

_FORMS = {
    "standard": "C = n (prod U)^(1/n) / sum U, the geometric over the arithmetic mean",
    "liao": "C = (prod U / (mean U)^n)^2 (Liao 1999, exponent 2)",
    "wang": "C = sqrt((1 - mean abs(Ui - Uj) over pairs) x (prod (U / max U))^(1/(n-1))) "
    "(Wang et al. 2021)",
}
# Liao 1999, upper half 0.5-1 coordinated, lower half not; names in English are our translation
GRADES = [
    "Extreme imbalance",
    "Severe imbalance",
    "Moderate imbalance",
    "Mild imbalance",
    "Near imbalance",
    "Bare coordination",
    "Primary coordination",
    "Intermediate coordination",
    "Good coordination",
    "Quality coordination",
]


def coupling(
    frame_or_panel: pd.DataFrame,
    *,
    systems: Sequence[str],
    weights: Mapping[str, float] | None = None,
    form: str = "standard",
) -> pd.DataFrame:
    """Coupling coordination degree of two or more systems.

    Parameters
    ----------
    frame_or_panel : DataFrame
        One row a region, or a panel indexed (`code`, `year`).
    systems : sequence of str
        Two or more columns with scores above 0 and at most 1, such as the aspects of
        :func:`composite_index` (with a floor, so that none is 0).
    weights : mapping, optional
        Weight of each system in the comprehensive index, above 0; divided by their sum. Equal
        unless told.
    form : {"standard", "liao", "wang"}
        The coupling degree. ``"standard"``: n (prod U)^(1/n) / sum U. ``"liao"``: (prod U /
        (mean U)^n)^2, which Liao (1999) put forward for two systems. ``"wang"``: sqrt((1 - d) x
        (prod (U / max U))^(1/(n-1))), d the mean of abs(Ui - Uj) over pairs, which Wang et al.
        (2021) put forward since the standard form crowds near 1.

    Returns
    -------
    DataFrame
        On the caller's index: ``coupling`` C, from 0 to 1, 1 where all systems are equal;
        ``development`` T, the weighted mean of the systems; ``coordination`` D = sqrt(C T);
        ``grade``, the ten classes of Liao (1999): tenths of D, the lower bound inside, 1 in the
        last. ``attrs["definition"]`` says what was computed.

    Raises
    ------
    InputError
        Fewer than two systems; a column is missing, not numeric, or not above 0 and at most 1; a
        weight is missing, not above 0, or of no system.

    Warns
    -----
    MissingDataWarning
        Rows lack a system; they are NaN.

    Notes
    -----
    Every form is 1 where all systems are equal, at whatever level: C says how alike the scores
    are, T how high, and D mixes both. Print errors are widespread (Wang, Kong, Ren, Zhi and Dai
    2021, Journal of Natural Resources 36(3)): without the factor n, (prod U / (sum U)^n)^(1/n),
    the largest C of n systems is 1/n; with the products of pairs, prod U / prod (Ui + Uj), it is
    2^(-n(n-1)/2) and the root does not fit for more than two systems. D from such forms cannot be
    graded by tenths. D rests on how each system was standardised, and says nothing about whether
    one acts on the other. Other authors close the classes above, not below.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import coupling
    >>> scores = pd.DataFrame({"services": [0.4, 0.9], "roads": [0.4, 0.1]}, index=["a", "b"])
    >>> coupling(scores, systems=["services", "roads"]).round(3)
       coupling  development  coordination               grade
    a       1.0          0.4         0.632  Primary coordination
    b       0.6          0.5         0.548     Bare coordination
    """
    require_one_of(form, list(_FORMS), "form")
    require_frame(frame_or_panel)
    names = _systems(systems)
    require_columns(frame_or_panel, names, "the frame")
    scores = pd.DataFrame(
        {name: numeric_series(frame_or_panel[name], f"column {name!r}") for name in names},
        index=frame_or_panel.index,
    )
    share = _shares(weights, names)
    _require_scores(scores)
    _warn(scores)
    u = scores.to_numpy()
    with np.errstate(invalid="ignore"):
        degree = _degree(u, form)
        development = u @ share
        coordination = np.sqrt(degree * development)
    result = pd.DataFrame(
        {"coupling": degree, "development": development, "coordination": coordination},
        index=scores.index,
    )
    result["grade"] = _grades(coordination)
    told = ", ".join(f"{name} {value:.4g}" for name, value in zip(names, share, strict=True))
    result.attrs["definition"] = (
        f"coupling coordination of {len(names)} systems: {_FORMS[form]}; T = weighted mean ({told})"
        "; D = sqrt(C T); ten classes of D by tenths, lower bound inside (Liao 1999)"
    )
    return result


def _degree(u: np.ndarray, form: str) -> np.ndarray:
    n = u.shape[1]
    if form == "wang":
        first, second = np.triu_indices(n, 1)
        apart = np.abs(u[:, first] - u[:, second]).mean(axis=1)
        level = (u / u.max(axis=1, keepdims=True)).prod(axis=1) ** (1 / (n - 1))
        return np.sqrt((1 - apart) * level)
    # by logarithms, which do not underflow; rounding may pass 1 where all are equal
    ratio = np.exp(np.log(u).mean(axis=1)) / u.mean(axis=1)
    ratio = np.minimum(ratio, 1.0)
    return ratio if form == "standard" else ratio ** (2 * n)


def _grades(coordination: np.ndarray) -> pd.Categorical[str]:
    place = np.full(len(coordination), -1, dtype=np.int8)
    known = ~np.isnan(coordination)
    # 0.3 times 10 is exact in print only: a rounding error must not lower the class
    place[known] = np.minimum(np.floor(coordination[known] * 10 + 1e-9), 9).astype(np.int8)
    return pd.Categorical.from_codes(place, categories=pd.Index(GRADES), ordered=True)


def _systems(systems: Sequence[str]) -> list[str]:
    if isinstance(systems, str):
        raise InputError(f"systems must be a sequence of columns, two or more, not {systems!r}")
    names = list(systems)
    if len(set(names)) < max(2, len(names)):
        raise InputError(f"systems must name two or more different columns, not {names!r}")
    return names


def _shares(weights: Mapping[str, float] | None, names: list[str]) -> np.ndarray:
    if weights is None:
        return np.full(len(names), 1 / len(names))
    if not isinstance(weights, Mapping) or set(weights) != set(names):
        raise InputError(
            f"weights must be a mapping with a weight for each system, {some(names)}, and no other"
        )
    values = np.array([float(weights[name]) for name in names])
    if not (np.isfinite(values) & (values > 0)).all():
        raise InputError("weights must be numbers above zero")
    return values / values.sum()


def _require_scores(scores: pd.DataFrame) -> None:
    wrong = ((scores <= 0) | (scores > 1)).any(axis=1)
    if wrong.any():
        rows = scores.index[wrong]
        raise InputError(
            f"systems must have scores above 0 and at most 1; {len(rows)} rows do not "
            f"({some(rows)}): standardise them, and where the worst is 0 pass floor=0.01 to "
            "composite_index"
        )


def _warn(scores: pd.DataFrame) -> None:
    lacking = scores.index[scores.isna().any(axis=1)]
    if len(lacking):
        warnings.warn(
            f"{len(lacking)} of {len(scores)} rows lack a system and are NaN: {some(lacking)}",
            MissingDataWarning,
            stacklevel=3,
        )

"""Do plants of an industry lie closer together than chance and their sizes let expect? One index.

A few large plants make an industry look concentrated wherever they stand. The index of Ellison and
Glaeser takes that away: it needs totals by region and industry, and the sizes of plants (or their
Herfindahl index) by industry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..._align import numeric_series, some
from ...errors import AlignmentError, InputError
from ._industries import Industries, read_industries, reference_words


def ellison_glaeser(
    table: pd.DataFrame,
    *,
    industries: Sequence[str] | None = None,
    plant_sizes: pd.Series | None = None,
    plant_herfindahl: pd.Series | None = None,
    reference: str | pd.Series | None = None,
) -> pd.DataFrame:
    """Index of Ellison and Glaeser: concentration beyond that of plants thrown at random.

    Parameters
    ----------
    table, industries, reference
        As for :func:`location_quotient`; totals are jobs, of the same plants as `plant_sizes`.
    plant_sizes : Series, optional
        Jobs of each plant, indexed by its industry (which then stands once a plant); for a panel
        by (`industry`, `year`), or by industry alone for all years. Either this or the next.
    plant_herfindahl : Series, optional
        The sum of squared shares of plants in their industry, indexed by industry, or
        (`industry`, `year`); above 0, up to 1 (one plant).

    Returns
    -------
    DataFrame
        By `industry`, for a panel by (`industry`, `year`): ``value``, the index gamma (0: as
        random; above 0.05 strong, below 0.02 weak, in the words of its authors; below 0
        dispersed); ``raw``, the sum of squared differences G; ``expected``, its mean if plants
        chose at random; ``plant_herfindahl``; and with `plant_sizes` ``z_score``, G less its mean
        over its standard deviation at random. Not normally distributed where plants are few. NaN
        for an industry that is zero, has one plant, or where one region has all of the reference.
        ``attrs["definition"]`` says in words what was computed.

    Raises
    ------
    InputError
        Neither or both of `plant_sizes` and `plant_herfindahl` are given, or hold what cannot be;
        and as for :func:`location_quotient`.
    AlignmentError
        Plants of an industry (in a year) are missing.

    Warns
    -----
    MissingDataWarning
        As for :func:`location_quotient`.

    Notes
    -----
    With shares s of regions in the industry and x in the reference, G = sum (s - x)^2, and plant
    Herfindahl H: gamma = (G - (1 - sum x^2) H) / ((1 - sum x^2) (1 - H)), and under random choice
    var(G) = 2 (H^2 (sum x^2 - 2 sum x^3 + (sum x^2)^2) - sum z^4 (sum x^2 - 4 sum x^3 +
    3 (sum x^2)^2)), z the plants' shares (Ellison and Glaeser 1997). Random choice draws a region
    for each plant with probability x, plants independent of one another.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import ellison_glaeser
    >>> jobs = pd.DataFrame({"mills": [60, 40], "all": [500, 500]}, index=["a", "b"])
    >>> plants = pd.Series([40, 20, 40], index=["mills"] * 3)
    >>> ellison_glaeser(jobs, plant_sizes=plants, reference="all").round(4)
               value   raw  expected  plant_herfindahl  z_score
    industry
    mills     -0.5    0.02      0.18              0.36  -0.8165
    """
    block = read_industries(table, industries, reference=reference, least=2)
    fourth = None
    if plant_sizes is not None and plant_herfindahl is None:
        sizes = _sizes(plant_sizes)
        levels = list(range(sizes.index.nlevels))
        share = sizes / sizes.groupby(level=levels).transform("sum")
        h, fourth = (
            _by_industry(block, (share**power).groupby(level=levels).sum(), "plant_sizes")
            for power in (2, 4)
        )
    elif plant_herfindahl is not None and plant_sizes is None:
        h = _by_industry(block, _herfindahl(plant_herfindahl), "plant_herfindahl")
    else:
        given = "neither" if plant_sizes is None else "both"
        raise InputError(
            f"{given} of plant_sizes and plant_herfindahl given, and one is needed: the index "
            "takes away what few large plants do. Without sizes of plants use locational_gini or "
            "theil_concentration, which do not"
        )
    result = block.by_industry(_columns(block, h, fourth))
    result.attrs["definition"] = (
        "Ellison-Glaeser index gamma = (G - (1 - sum x^2) H) / ((1 - sum x^2) (1 - H)), G = sum "
        f"(s - x)^2, s the region's share in the industry, x in {reference_words(reference)}, H "
        "the Herfindahl index of plants"
    )
    return result


def _columns(block: Industries, h: np.ndarray, fourth: np.ndarray | None) -> dict[str, np.ndarray]:
    """Compute the columns, each as years x industries."""
    with np.errstate(invalid="ignore", divide="ignore"):
        s = block.totals / block.totals.sum(axis=1, keepdims=True)
        x = (block.reference / block.reference.sum(axis=1, keepdims=True))[..., np.newaxis]
        raw = ((s - x) ** 2).sum(axis=1)
        x2, x3 = (x**2).sum(axis=1), (x**3).sum(axis=1)
        expected = (1 - x2) * h
        known = (h < 1) & (x2 < 1)
        value = np.where(known, (raw - expected) / ((1 - x2) * (1 - h)), np.nan)
        columns = {"value": value, "raw": raw, "expected": expected, "plant_herfindahl": h}
        if fourth is not None:
            variance = 2 * (h**2 * (x2 - 2 * x3 + x2**2) - fourth * (x2 - 4 * x3 + 3 * x2**2))
            spread = np.sqrt(np.maximum(variance, 0.0))
            columns["z_score"] = np.where(
                known & (spread > 1e-12), (raw - expected) / spread, np.nan
            )
    absent = block.totals.sum(axis=1) == 0
    return {name: np.where(absent, np.nan, column) for name, column in columns.items()}


def _sizes(plants: pd.Series) -> pd.Series:
    """Give the sizes of plants as they stand; their labels are not unique."""
    if not isinstance(plants, pd.Series):
        raise InputError(
            "plant_sizes must be a Series with a row a plant, indexed by its industry, not "
            f"{type(plants).__name__}: frame.set_index('industry')['jobs']"
        )
    values = numeric_series(plants.reset_index(drop=True), "plant_sizes")
    bad = plants.index[(values.isna() | (values <= 0)).to_numpy()]
    if len(bad):
        raise InputError(
            f"plant_sizes must be above zero; {len(bad)} are missing, zero or negative, in "
            f"{some(bad.unique())}: leave those plants out"
        )
    return pd.Series(values.to_numpy(), index=plants.index)


def _herfindahl(given: pd.Series) -> pd.Series:
    values = numeric_series(given, "plant_herfindahl")
    bad = values.index[values.isna() | (values <= 0) | (values > 1)]
    if len(bad):
        raise InputError(
            f"plant_herfindahl must be above 0 and at most 1; {len(bad)} values are not, at "
            f"{some(bad)}: on the scale to 10,000 divide by 10,000"
        )
    return values


def _by_industry(block: Industries, values: pd.Series, what: str) -> np.ndarray:
    """Bring values by industry, or industry and year, to years x industries."""
    rows = block.by_industry({"x": np.zeros((len(block.totals), len(block.names)))}).index
    wanted = rows
    if rows.nlevels > 1 and values.index.nlevels == 1:
        wanted = rows.get_level_values(0)
    elif rows.nlevels != values.index.nlevels:
        raise AlignmentError(
            f"{what} has {values.index.nlevels} index levels and the industries {rows.nlevels}: "
            "index it by industry, or for a panel by (industry, year)"
        )
    # an industry without jobs has no plants
    present = (block.totals.sum(axis=1) > 0).T.ravel()
    lacking = wanted[~wanted.isin(values.index) & present].unique()
    if len(lacking):
        raise AlignmentError(
            f"{what} lacks {len(lacking)} of the industries ({some(lacking)}): index it by the "
            "names of the columns, or name the industries that have plants, industries=[...]"
        )
    return values.reindex(wanted).to_numpy().reshape(len(block.names), -1).T

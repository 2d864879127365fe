"""Totals of regions spread over cells by weights, so that their sums come back exactly.

Cells on a border belong to both sides by their shares, so one factor a region does not do: each
cell's factor is made of those of its regions, and they are solved for together.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import splu

from .._align import some
from .._raster import Raster
from ..errors import InputError
from ._exact import extract

_ROUNDS = 200
_EXACT, _NEAR = 1e-12, 1e-9
_SHORTEST = 1e-6


def spread_totals(geometry: gpd.GeoSeries, totals: pd.Series, weights: Raster) -> np.ndarray:
    """Give the cells of the surface with these sums that departs least from the weights.

    It is v = w exp(F' m), F the shares of cells by region, where m makes the convex function
    sum(v) - T'm least; Newton's method finds it. Regions without a total are NaN; a total of zero
    empties each cell that the region touches.
    """
    weigh = weights.floats().ravel()
    if (weigh < 0).any():
        raise InputError("weights must not be negative: say nodata= where that marks missing cells")
    known = totals.notna().to_numpy()
    negative = totals.index[(totals < 0).to_numpy()]
    if len(negative):
        raise InputError(
            f"{len(negative)} totals are negative, at {some(negative)}: spread their positive and "
            "negative parts one by one"
        )
    shares = _shares(geometry, weights)
    cells = np.full(len(weigh), np.nan)
    inside = np.asarray(shares[known].sum(axis=0)).ravel() > 0
    cells[inside] = 0
    total = totals.to_numpy()
    empty = np.asarray(shares[known & (total == 0)].sum(axis=0)).ravel() > 0
    asked = np.flatnonzero(known & (total > 0))
    used = np.flatnonzero(inside & ~empty & (np.nan_to_num(weigh) > 0))
    part = shares[asked][:, used]
    weight = weigh[used].astype(np.float64)
    held = part @ weight
    bare = totals.index[asked[held <= 0]]
    if len(bare):
        raise InputError(
            f"{len(bare)} regions have a total and no weights to spread it by ({some(bare)}): give "
            "them a weight somewhere, or spread evenly, without weights="
        )
    cells[used] = _fit(part, weight, total[asked], held)
    return cells.reshape(weights.shape)


def _shares(geometry: gpd.GeoSeries, weights: Raster) -> sparse.csr_array:
    """Give the share of each cell that lies in each region, a row a region."""
    table = extract(weights, geometry, ["cell_id", "coverage"])
    lengths = table[0].map(len).to_numpy()
    if not lengths.sum():
        return sparse.csr_array((len(geometry), weights.shape[0] * weights.shape[1]))
    columns = np.concatenate(table[0].to_list())
    share = np.concatenate(table[1].to_list()).astype(np.float64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    size = weights.shape[0] * weights.shape[1]
    return sparse.csr_array((share, columns, starts), shape=(len(geometry), size))


def _fit(
    shares: sparse.csr_array, weight: np.ndarray, total: np.ndarray, held: np.ndarray
) -> np.ndarray:
    """Solve for the factors, and give the cells."""
    if not len(total):
        return np.zeros(len(weight))
    logs = np.log(total / held)
    power = shares.T @ logs
    for _ in range(_ROUNDS):
        value = weight * np.exp(power)
        gap = total - shares @ value
        if np.abs(gap / total).max() <= _EXACT:
            return value
        try:
            step = splu(((shares * value) @ shares.T).tocsc()).solve(gap)
        except RuntimeError:  # singular: two regions have the same cells
            break
        rise = shares.T @ step
        size = 1 / max(1.0, float(rise.max()))  # the exponential runs away where a step is long
        # halve it until the convex function falls
        here, slope = value.sum() - total @ logs, -(gap @ step)
        while size > _SHORTEST:
            there = (weight * np.exp(power + size * rise)).sum() - total @ (logs + size * step)
            if there <= here + 1e-4 * size * slope + 1e-12 * abs(here):
                break
            size /= 2
        logs, power = logs + size * step, power + size * rise
    if np.abs(gap / total).max() <= _NEAR:
        return value
    raise InputError(
        "the cells are too large for these regions: several share the same few cells, so no "
        "surface has all these totals; use smaller cells"
    )

"""What becomes of regions without neighbours: kept, joined to the nearest, or refused."""

from __future__ import annotations

import warnings
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import sparse

from .._align import some
from ..errors import InputError, IsolateWarning
from . import _distances
from ._matrices import link_matrix


def treat_isolates(
    matrix: sparse.csr_array, shapes: gpd.GeoSeries, isolates: str, notes: dict[str, Any]
) -> sparse.csr_array:
    """Give the matrix with its isolates treated; what was joined is written into `notes`."""
    alone = np.flatnonzero((matrix.sum(axis=1) == 0) & (matrix.sum(axis=0) == 0))
    if not len(alone):
        return matrix
    labels = shapes.index[alone]
    words = f"{len(alone)} of {len(shapes)} regions have no neighbour ({some(labels)})"
    if np.isfinite(notes["threshold_m"]):
        words += f" within {notes['threshold_m'] / 1000:.6g} km"
    if isolates == "raise":
        raise InputError(
            f"{words}: isolates='nearest' joins each to its nearest region, isolates='keep' "
            "leaves them alone"
        )
    if isolates == "keep":
        warnings.warn(
            f"{words}; they get NaN from local statistics. isolates='nearest' joins each to its "
            "nearest region",
            IsolateWarning,
            stacklevel=3,
        )
        return matrix
    partner, metres = _distances.nearest_outline(shapes, alone)
    notes["joined"] = dict(zip(labels, shapes.index[partner], strict=True))
    joins = [
        f"{a} to {b}, {d / 1000:.3g} km"
        for (a, b), d in zip(notes["joined"].items(), metres, strict=True)
    ]
    warnings.warn(
        f"{words} and were joined to the nearest: {some(joins)}", IsolateWarning, stacklevel=3
    )
    weight = matrix.data.min() if matrix.nnz else 1.0
    joined = link_matrix(
        np.concatenate([alone, partner]),
        np.concatenate([partner, alone]),
        len(shapes),
        np.full(2 * len(alone), weight),
    )
    joined.data[:] = np.minimum(joined.data, weight)  # two isolates may choose one another
    return sparse.csr_array(matrix + joined)


def tell_isolates(matrix: sparse.csr_array, labels: pd.Index, isolates: str, words: str) -> None:
    """Warn of regions that a table leaves without a neighbour, or raise."""
    alone = labels[matrix.sum(axis=1) == 0]
    if not len(alone):
        return
    message = f"{len(alone)} of {len(labels)} regions {words} ({some(alone)})"
    if isolates == "raise":
        raise InputError(f"{message}: isolates='keep' leaves them alone")
    warnings.warn(f"{message}; they get NaN from local statistics", IsolateWarning, stacklevel=3)

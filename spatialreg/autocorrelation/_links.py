"""Weights that say only who is a neighbour of whom."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from ..errors import InputError


def links_of(matrix: sparse.csr_array, statistic: str) -> sparse.csr_array:
    """Give every link the weight 1.

    Rows whose weights are all equal are binary weights, standardised or not: nothing is lost. Where
    they are not equal, what they say would be thrown away, so that the caller has to ask for it.

    Raises
    ------
    InputError
        A region's weights are not all equal.
    """
    counts = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(len(counts)), counts)
    mean = np.asarray(matrix.sum(axis=1)) / np.maximum(counts, 1)
    unequal = np.abs(matrix.data - mean[rows]) > 1e-9 * mean[rows]
    if unequal.any():
        raise InputError(
            f"{statistic} needs to know who is a neighbour and not how near, but "
            f"{len(np.unique(rows[unequal]))} regions have unequal weights: pass "
            "graph.transform('b'), or a graph of contiguity, of k neighbours or of a distance band"
        )
    ones = np.ones(len(matrix.data))
    return sparse.csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)

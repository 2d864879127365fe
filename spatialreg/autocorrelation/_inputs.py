"""The one validator of this package: values and weights on the same sorted labels.

Whatever order the rows of the caller's inputs have, what comes out is sorted by label, so that
permutations drawn by position give every label the same p-value.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import align_to_graph, numeric_series, some
from ..errors import InputError, IsolateWarning

EPS = float(np.finfo(float).eps)
FEWEST = 4  # the variance under randomisation divides by (n - 1)(n - 2)(n - 3)


@dataclass(frozen=True)
class Inputs:
    """Values and weights of the regions that have a value, in sorted-label order.

    Attributes
    ----------
    given : Series
        The caller's values as float, on the caller's index.
    y : Series
        The values that are not missing.
    z : ndarray
        `y` in standard deviations from its mean (sum of squares n).
    matrix : csr_array
        Weights, row `i` holding the neighbours of region `i`; no diagonal, no stored zeros.
    isolated : ndarray of bool
        Regions without neighbours.
    cut_off : Index
        Those of them that had neighbours before regions without a value were left out.
    noise : float
        Rounding error, in standard deviations, that a centred value may carry.
    """

    given: pd.Series
    y: pd.Series
    z: np.ndarray
    matrix: sparse.csr_array
    isolated: np.ndarray
    cut_off: pd.Index
    noise: float

    @property
    def n(self) -> int:
        """Number of regions with a value."""
        return len(self.y)

    @property
    def missing(self) -> int:
        """Number of regions left out."""
        return len(self.given) - len(self.y)


def prepare(y: pd.Series, graph: Graph, *, subset: bool) -> Inputs:
    """Check and align values and weights.

    Raises
    ------
    InputError
        `y` is not a numeric Series, is constant, or has values for fewer than four regions;
        `graph` is no Graph, has negative or infinite weights or weights of regions on themselves,
        or joins no two regions that have a value.
    AlignmentError
        Labels are doubled, or differ between `y` and `graph`.
    """
    given = numeric_series(y)
    if not isinstance(graph, Graph):
        raise InputError(
            f"graph must be a libpysal.graph.Graph, not {type(graph).__name__}: make one with "
            "spatialreg.build_weights, or with Graph.from_W from older weights"
        )
    _require_plain_weights(graph)
    values, restricted = align_to_graph(given, graph, subset=subset)
    if len(values) < FEWEST:
        raise InputError(
            f"y has values for {len(values)} of its {len(given)} regions, but autocorrelation "
            f"needs at least {FEWEST}: fill the others or choose a year with data"
        )
    z, noise = _standardise(values)
    matrix = weights_matrix(restricted, values.index)
    isolated = np.diff(matrix.indptr) == 0
    if isolated.all():
        raise InputError(
            f"no two of the {len(values)} regions with a value are neighbours: widen the weights "
            "(a larger threshold or k), or join islands with isolates='nearest'"
        )
    lonely = values.index[isolated]
    return Inputs(given, values, z, matrix, isolated, lonely.difference(graph.isolates), noise)


def warn_of_cut_off(inputs: Inputs) -> None:
    """Report regions that lost all neighbours because these have no value."""
    if len(inputs.cut_off):
        warnings.warn(
            f"{len(inputs.cut_off)} regions have no neighbour with a value "
            f"({some(inputs.cut_off)}) and count as isolates: fill in their neighbours' values or "
            "leave them out of y too",
            IsolateWarning,
            stacklevel=3,
        )


def weights_matrix(graph: Graph, labels: pd.Index) -> sparse.csr_array:
    """Give the weights of `graph` as a matrix in the order of `labels`, found by label.

    The zero self-loops by which the graph marks isolates do not come along.
    """
    adjacency = graph.adjacency
    focal = labels.get_indexer(adjacency.index.get_level_values("focal"))
    neighbor = labels.get_indexer(adjacency.index.get_level_values("neighbor"))
    weight = adjacency.to_numpy(dtype=float)
    real = weight != 0
    return sparse.csr_array(
        (weight[real], (focal[real], neighbor[real])), shape=(len(labels), len(labels))
    )


def _require_plain_weights(graph: Graph) -> None:
    adjacency = graph.adjacency
    weight = adjacency.to_numpy(dtype=float)
    focal = adjacency.index.get_level_values("focal")
    bad = focal[~np.isfinite(weight) | (weight < 0)].unique()
    if len(bad):
        raise InputError(
            f"weights must be finite and not negative; those of {len(bad)} regions are not "
            f"({some(bad)}): inverse distances of coincident points are infinite, for example"
        )
    own = focal[
        (focal.to_numpy() == adjacency.index.get_level_values("neighbor").to_numpy())
        & (weight != 0)
    ]
    if len(own):
        raise InputError(
            f"{len(own)} regions have a weight on themselves ({some(own)}), but Moran's I compares "
            "a region with others: take them off with graph.assign_self_weight(0)"
        )


def _standardise(values: pd.Series) -> tuple[np.ndarray, float]:
    y = values.to_numpy()
    size = float(np.abs(y).max())
    if np.ptp(y) <= 4 * EPS * size:
        raise InputError(
            f"y is constant ({y[0]:g} in all {len(y)} regions with a value), so that it has no "
            "autocorrelation: check the column and the year"
        )
    # in units of the largest value, so that squares neither overflow nor vanish
    centred = y / size
    centred -= centred.mean()
    scale = float(np.sqrt(np.mean(centred**2)))
    return centred / scale, 4 * EPS / scale

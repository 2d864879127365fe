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
from ..errors import AlignmentError, InputError, IsolateWarning

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
    places : ndarray of int
        Where in `given` each of the regions stands.
    """

    given: pd.Series
    y: pd.Series
    z: np.ndarray
    matrix: sparse.csr_array
    isolated: np.ndarray
    cut_off: pd.Index
    noise: float
    places: np.ndarray

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
    links = _links(graph)
    _require_plain_weights(links)
    _require_same_labels(given, graph, subset)
    places = _sorted_places(given)
    values = given.iloc[places]
    if len(values) < FEWEST:
        raise InputError(
            f"y has values for {len(values)} of its {len(given)} regions, but autocorrelation "
            f"needs at least {FEWEST}: fill the others or choose a year with data"
        )
    z, noise = _standardise(values)
    matrix = _matrix(links, values.index, standardised=graph.transformation == "R")
    isolated = np.diff(matrix.indptr) == 0
    if isolated.all():
        raise InputError(
            f"no two of the {len(values)} regions with a value are neighbours: widen the weights "
            "(a larger threshold or k), or join islands with isolates='nearest'"
        )
    cut_off = values.index[isolated]
    if len(cut_off):
        cut_off = cut_off.difference(graph.isolates)
    return Inputs(given, values, z, matrix, isolated, cut_off, noise, places)


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

    The zero self-loops by which the graph marks isolates do not come along, nor do links of regions
    that are not in `labels`.
    """
    return _matrix(_links(graph), labels, standardised=False)


@dataclass(frozen=True)
class _Links:
    """The links of a graph, with numbers in place of labels.

    A graph of a million regions has six million links but only a million labels: what can be done
    with the numbers of labels is never done with the labels of links.

    Attributes
    ----------
    labels : Index
        Each label once.
    focal, neighbor : ndarray of int
        Numbers of labels.
    weight : ndarray of float
    """

    labels: pd.Index
    focal: np.ndarray
    neighbor: np.ndarray
    weight: np.ndarray


def _links(graph: Graph) -> _Links:
    adjacency = graph.adjacency
    (labels, others), (focal, neighbor) = adjacency.index.levels, adjacency.index.codes
    if not (labels is others or labels.equals(others)):
        number = labels.get_indexer(others)
        neighbor = number[neighbor]
        if (neighbor < 0).any():
            strange = others[number < 0]
            raise InputError(
                f"the graph has {len(strange)} neighbours that are none of its regions "
                f"({some(strange)}): give each a row of its own, if only as an isolate"
            )
    return _Links(labels, focal, neighbor, adjacency.to_numpy(dtype=float, copy=True))


def _require_plain_weights(links: _Links) -> None:
    weight = links.weight
    # NaN fails both comparisons
    if not (weight.min(initial=0.0) >= 0 and weight.max(initial=0.0) < np.inf):
        numbers = links.focal[~np.isfinite(weight) | (weight < 0)]
        bad = links.labels[pd.unique(numbers)]
        raise InputError(
            f"weights must be finite and not negative; those of {len(bad)} regions are not "
            f"({some(bad)}): inverse distances of coincident points are infinite, for example"
        )
    loops = links.focal == links.neighbor
    own = links.labels[links.focal[loops & (weight != 0)]]
    if len(own):
        raise InputError(
            f"{len(own)} regions have a weight on themselves ({some(own)}), but Moran's I compares "
            "a region with others: take them off with graph.assign_self_weight(0)"
        )


def _require_same_labels(given: pd.Series, graph: Graph, subset: bool) -> None:
    ids = graph.unique_ids
    if given.index.equals(ids):
        return
    known = ids.get_indexer(given.index) >= 0
    if not known.all() or (len(ids) > len(given) and not subset):
        align_to_graph(given, graph, subset=subset)  # raises, and names the labels


def _sorted_places(given: pd.Series) -> np.ndarray:
    """Give the positions of the values that are not missing, in the order of their labels."""
    places = np.flatnonzero(given.notna().to_numpy())
    labels = given.index
    if labels.is_monotonic_increasing:
        return places
    try:
        return places[labels[places].argsort()]
    except TypeError as error:
        raise AlignmentError(
            "the labels of y are of several types, which have no common order: make all of them "
            "text, y.index.astype(str), in y and in the regions of the graph"
        ) from error


def _matrix(links: _Links, labels: pd.Index, *, standardised: bool) -> sparse.csr_array:
    """Put the weights between `labels` in their order, neighbours of a row in the same order.

    Where links are left out, rows of `standardised` weights are made to sum to one again.
    """
    n = len(labels)
    focal, neighbor, weight = links.focal, links.neighbor, links.weight
    beyond = False
    if not links.labels.equals(labels):
        number = labels.get_indexer(links.labels).astype(np.int32)
        focal, neighbor = number[focal], number[neighbor]
        within = (focal >= 0) & (neighbor >= 0)
        beyond = not within.all()
        keep = within & (weight != 0)
    else:
        keep = weight != 0
    if not keep.all():
        focal, neighbor, weight = focal[keep], neighbor[keep], weight[keep]
    ascending = np.diff(focal) > 0
    ascending |= (np.diff(focal) == 0) & (np.diff(neighbor) > 0)
    if ascending.all():
        indptr = np.zeros(n + 1, dtype=np.int32)
        np.cumsum(np.bincount(focal, minlength=n), out=indptr[1:])
        matrix = sparse.csr_array((weight, neighbor.astype(np.int32), indptr), shape=(n, n))
    else:
        matrix = sparse.csr_array((weight, (focal, neighbor)), shape=(n, n))
        matrix.sort_indices()
    if beyond and standardised:
        cards = np.diff(matrix.indptr)
        matrix.data = matrix.data / np.repeat(matrix.sum(axis=1), cards)
    return matrix


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

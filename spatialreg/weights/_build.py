"""Build graphs of regions by contiguity or by distance, and treat those without neighbours."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph
from scipy import sparse

from .._align import require_one_of, require_unique, some
from ..errors import GeometryError, InputError, IsolateWarning
from . import _distances

Method = Literal["queen", "rook", "knn", "distance_band", "kernel"]
METHODS = ("queen", "rook", "knn", "distance_band", "kernel")
_USED_BY = {
    "k": ("knn",),
    "threshold": ("distance_band",),
    "bandwidth": ("kernel",),
    "tolerance": ("queen",),
    "order": ("queen", "rook"),
}


def build_weights(
    regions: gpd.GeoDataFrame | gpd.GeoSeries,
    method: Method = "queen",
    *,
    k: int | None = None,
    threshold: float | None = None,
    bandwidth: float | None = None,
    order: int = 1,
    tolerance: float | None = None,
    isolates: Literal["keep", "nearest", "raise"] = "keep",
    transform: Literal["r", "b", "d", "v", "o"] = "r",
) -> Graph:
    """Build the graph of who is whose neighbour.

    Parameters
    ----------
    regions : GeoDataFrame or GeoSeries
        Its index holds the codes.
    method : {"queen", "rook", "knn", "distance_band", "kernel"}
        Polygons that share a point (queen) or a stretch of border (rook); overlapping polygons
        count as neighbours in both. Or, between representative points: the `k` nearest regions;
        all regions up to `threshold` away; all nearer than `bandwidth`, with weights
        ``(1 - (d / bandwidth)**2)**2`` (the bisquare kernel).
    k : int
        Number of neighbours, for "knn". Of equally distant ones, those first by label are taken.
    threshold : float
        Greatest distance [m], for "distance_band". None takes the smallest that leaves no region
        alone. Polygons that touch no other and lie farther than any region that does are not
        waited for: they are left as isolates with a warning.
    bandwidth : float
        Distance at which weights reach zero [m], for "kernel".
    order : int
        For "queen" and "rook": neighbours are those that take exactly `order` steps to reach.
    tolerance : float
        For "queen": gap up to which polygons still count as touching [m], for boundaries that do
        not quite meet.
    isolates : {"keep", "nearest", "raise"}
        What to do with regions without neighbours. "nearest" joins each, in both directions, to the
        region with the nearest outline, with the smallest weight that the graph has.
    transform : {"r", "b", "d", "v", "o"}
        libpysal's transformation of weights: row-standardised, binary, doubly standardised,
        variance-stabilising, or as they are.

    Returns
    -------
    libpysal.graph.Graph
        In the order of `regions`. Its attribute ``build_notes`` (a dict) says the method, the
        threshold [m] and which isolates were joined to which region;
        :func:`describe_weights` prints them. Transforming the graph drops the attribute.

    Raises
    ------
    InputError
        An argument is missing, out of range, or not used by the method; ``isolates="raise"`` and
        there are some.
    AlignmentError
        A code stands in the index twice.
    GeometryError
        Geometries are missing, empty or invalid, or contiguity is asked of points or lines.
    CRSError
        Distances are needed and the regions have no reference system.

    Warns
    -----
    IsolateWarning
        Regions have no neighbour, or had none and were joined to the nearest.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> graph["06"].round(2).to_dict()  # California: Arizona, Nevada, Oregon
    {'04': 0.33, '32': 0.33, '41': 0.33}
    """
    _check_arguments(
        method, k=k, threshold=threshold, bandwidth=bandwidth, order=order, tolerance=tolerance
    )
    require_one_of(isolates, ("keep", "nearest", "raise"), "isolates")
    require_one_of(str(transform).lower(), ("r", "b", "d", "v", "o"), "transform")
    shapes = _checked_shapes(regions, polygons=method in ("queen", "rook"))
    notes: dict[str, Any] = {"method": method, "threshold_m": np.nan, "joined": {}}
    if method in ("queen", "rook"):
        matrix = _contiguity(shapes, method, tolerance)
        if order > 1:
            steps = Graph.from_sparse(matrix, ids=shapes.index).higher_order(order)
            matrix = sparse.csr_array(steps.sparse)
    else:
        points = _distances.ground_points(shapes)
        if method == "knn":
            matrix = _nearest(points, shapes.index, int(k or 0))
        elif method == "kernel":
            matrix = _bisquare(points, float(bandwidth or 0))
        else:
            chosen = _covering_threshold(points, shapes) if threshold is None else threshold
            notes["threshold_m"] = float(chosen)
            matrix = _band(points, notes["threshold_m"])
    matrix = _treat_isolates(matrix, shapes, isolates, notes)
    graph = Graph.from_sparse(matrix, ids=shapes.index)
    if str(transform).lower() != "o":
        graph = graph.transform(transform)
    graph.build_notes = notes
    return graph


def _check_arguments(method: str, **given: Any) -> None:
    require_one_of(method, METHODS, "method")
    for name, value in given.items():
        used = method in _USED_BY[name]
        if value != (1 if name == "order" else None) and not used:
            raise InputError(
                f"{name}={value!r} is not used by method {method!r} (it belongs to "
                f"{' and '.join(_USED_BY[name])}): leave it out or choose another method"
            )
        if used and name in ("k", "order"):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                raise InputError(
                    f"{name} must be a whole number of at least 1 for method {method!r}, "
                    f"not {value!r}"
                )
        elif used and value is not None and not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be above zero and finite [m], not {value!r}")
    if method == "kernel" and given["bandwidth"] is None:
        raise InputError("method 'kernel' needs bandwidth, the distance of weight zero [m]")


def _checked_shapes(regions: Any, *, polygons: bool) -> gpd.GeoSeries:
    if not isinstance(regions, gpd.GeoDataFrame | gpd.GeoSeries):
        raise InputError(
            f"regions must be a GeoDataFrame or GeoSeries, not {type(regions).__name__}"
        )
    require_unique(regions.index, "regions")
    shapes = regions.geometry
    if len(shapes) < 2:
        raise InputError(f"regions must be at least two, not {len(shapes)}")
    for bad, words, mend in (
        (shapes.isna() | shapes.is_empty, "have no geometry", "drop them or fill them in"),
        (~shapes.is_valid, "have invalid geometry", "repair them with .make_valid()"),
    ):
        if bad.any():
            at = shapes.index[bad]
            raise GeometryError(f"{len(at)} regions {words} ({some(at)}): {mend}")
    other = shapes.index[~shapes.geom_type.isin(["Polygon", "MultiPolygon"])]
    if polygons and len(other):
        raise GeometryError(
            f"contiguity needs polygons; {len(other)} regions are not ({some(other)} is "
            f"{shapes[other[0]].geom_type}): use method 'knn' or 'distance_band' for points"
        )
    return shapes


def _contiguity(shapes: gpd.GeoSeries, method: str, tolerance: float | None) -> sparse.csr_array:
    """Join polygons that meet, by their geometry: borders need not share vertices."""
    if tolerance is None:
        geometry = shapes.to_numpy()
        one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    else:
        geometry = _distances.planar(shapes).to_numpy()
        one, other = shapely.STRtree(geometry).query(
            geometry, predicate="dwithin", distance=tolerance
        )
    one, other = one[one != other], other[one != other]
    if method == "rook":
        pairs = geometry[one], geometry[other]
        # the borders share a line, or the interiors an area
        shared = shapely.relate_pattern(*pairs, "****1****")
        shared |= shapely.relate_pattern(*pairs, "2********")
        one, other = one[shared], other[shared]
    return _links(one, other, len(shapes))


def _nearest(points: _distances.GroundPoints, labels: pd.Index, k: int) -> sparse.csr_array:
    if k >= len(labels):
        raise InputError(
            f"k={k} neighbours need at least {k + 1} regions, but there are {len(labels)}"
        )
    one, other = points.nearest(k, labels)
    return _links(one, other, len(labels))


def _band(points: _distances.GroundPoints, threshold: float) -> sparse.csr_array:
    one, other, _ = points.within(threshold)
    return _links(one, other, len(points))


def _bisquare(points: _distances.GroundPoints, bandwidth: float) -> sparse.csr_array:
    one, other, distance = points.within(bandwidth)
    weight = (1 - np.minimum(distance / bandwidth, 1.0) ** 2) ** 2
    near = weight > 0
    return _links(one[near], other[near], len(points), weight[near])


def _covering_threshold(points: _distances.GroundPoints, shapes: gpd.GeoSeries) -> float:
    """Give the smallest distance that leaves no region alone, far islands not waited for."""
    nearest = points.nearest_distance()
    if not shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        return float(nearest.max())
    geometry = shapes.to_numpy()
    tree = shapely.STRtree(geometry)
    for i in np.argsort(-nearest, kind="stable"):
        if len(tree.query(geometry[i], predicate="intersects")) > 1:
            return float(nearest[i])
    return float(nearest.max())  # no two of them touch: these are all islands


def _links(
    one: np.ndarray, other: np.ndarray, n: int, weight: np.ndarray | None = None
) -> sparse.csr_array:
    values = np.ones(len(one)) if weight is None else weight
    return sparse.csr_array((values, (one, other)), shape=(n, n))


def _treat_isolates(
    matrix: sparse.csr_array, shapes: gpd.GeoSeries, isolates: str, notes: dict[str, Any]
) -> sparse.csr_array:
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
    joined = _links(
        np.concatenate([alone, partner]),
        np.concatenate([partner, alone]),
        len(shapes),
        np.full(2 * len(alone), weight),
    )
    joined.data[:] = np.minimum(joined.data, weight)  # two isolates may choose one another
    return sparse.csr_array(matrix + joined)

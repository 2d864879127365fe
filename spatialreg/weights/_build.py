"""Build graphs of regions by contiguity or by distance."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import geopandas as gpd
import numpy as np
from libpysal.graph import Graph
from scipy import sparse

from .._align import require_one_of, require_unique, some
from .._graph import graph_from_matrix, standardised_rows
from ..errors import GeometryError, InputError, PrecisionWarning
from . import _distances
from ._contiguity import Contiguity, contiguity, gaps
from ._isolates import treat_isolates
from ._matrices import link_matrix, pair_matrix, steps_away
from ._nearby import KERNELS, band, covering_threshold, kernel_weights, nearest

Method = Literal["queen", "rook", "knn", "distance_band", "kernel"]
Kernel = Literal["bisquare", "gaussian", "triangular", "epanechnikov"]
Transform = Literal["r", "b", "d", "v", "o"]
METHODS = ("queen", "rook", "knn", "distance_band", "kernel")
_USED_BY = {
    "k": ("knn", "kernel"),
    "threshold": ("distance_band",),
    "bandwidth": ("kernel",),
    "kernel": ("kernel",),
    "tolerance": ("queen", "rook"),
    "order": ("queen", "rook"),
    "lower_order": ("queen", "rook"),
}
_DEFAULTS = {"order": 1, "lower_order": False}
# a layer with more suspicious gaps than one in so many borders is told of without being asked: one
# strait that is drawn narrow does not make a layer careless
_MISSES_ALLOWED = 1000


def build_weights(
    regions: gpd.GeoDataFrame | gpd.GeoSeries,
    method: Method = "queen",
    *,
    k: int | None = None,
    threshold: float | None = None,
    bandwidth: float | None = None,
    kernel: Kernel | None = None,
    order: int = 1,
    lower_order: bool = False,
    tolerance: float | None = None,
    isolates: Literal["keep", "nearest", "raise"] = "keep",
    transform: Transform = "r",
) -> Graph:
    """Build the graph of who is whose neighbour.

    Parameters
    ----------
    regions : GeoDataFrame or GeoSeries
        Its index holds the codes.
    method : {"queen", "rook", "knn", "distance_band", "kernel"}
        Polygons that share a point (queen) or a stretch of border (rook); overlapping polygons
        count as neighbours in both. Or, between representative points: the `k` nearest regions;
        all regions up to `threshold` away; or with weights that fall with distance.
    k : int
        Number of neighbours, for "knn". Of equally distant ones, those first by label are taken.
        For "kernel", instead of `bandwidth`: each region's bandwidth is the distance to its `k`-th
        nearest, and none farther is a neighbour.
    threshold : float
        Greatest distance [m], for "distance_band". None takes the smallest that leaves no region
        alone. Polygons that touch no other and lie farther than any region that does are not
        waited for: they are left as isolates with a warning (Xisha and Nansha among the counties
        of China). Points cannot be told for islands, so all of them are waited for.
    bandwidth : float
        Scale of the kernel [m], the same for all regions, for "kernel".
    kernel : {"bisquare", "gaussian", "triangular", "epanechnikov"}
        With ``z = d / bandwidth``: ``(1 - z**2)**2`` (the default), ``1 - z`` or ``1 - z**2``, all
        zero from the bandwidth on; or ``exp(-z**2 / 2)``, cut off at three bandwidths.
    order : int
        For "queen" and "rook": neighbours are those that take exactly `order` steps to reach.
    lower_order : bool
        Whether those that take fewer steps than `order` are neighbours, too.
    tolerance : float
        For "queen" and "rook": width of the gaps to look over [m], for outlines that do not quite
        meet. Two on either side of a third region are not joined. Rook neighbours then need borders
        that run side by side, no farther apart than this, for at least about the tolerance's
        length.
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
        threshold and the tolerance [m], which isolates were joined to which region, and the near
        misses: how many there are, which, and the widest gap [m]. They are the pairs that do not
        meet but lie within the tolerance (and were joined for that) or, where none was asked,
        whose borders run side by side within a thousandth of the median region's side (and were
        not joined). :func:`describe_weights` prints the notes. Transforming the graph drops them.

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
    PrecisionWarning
        No tolerance was asked and there is more than one near miss in a thousand borders.

    Notes
    -----
    Contiguity is exact: two polygons are queen neighbours where they have a point in common, also
    where the corner of one lies on the side of another or where outlines cross. Vertices in common
    settle most pairs without geometry; the rest are tested by it. In a layer without overlaps the
    result is that of ``Graph.build_contiguity(strict=True)`` in libpysal. Where polygons overlap,
    be it by a sliver, libpysal's strict builder does not count them as neighbours.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graph = sr.build_weights(states, "queen")
    >>> graph["06"].round(2).to_dict()  # California: Arizona, Nevada, Oregon
    {'04': 0.33, '32': 0.33, '41': 0.33}
    """
    _check_arguments(
        method, k=k, threshold=threshold, bandwidth=bandwidth, kernel=kernel, order=order,
        lower_order=lower_order, tolerance=tolerance,
    )  # fmt: skip
    require_one_of(isolates, ("keep", "nearest", "raise"), "isolates")
    require_one_of(str(transform).lower(), ("r", "b", "d", "v", "o"), "transform")
    shapes = _checked_shapes(regions, polygons=method in ("queen", "rook"))
    notes: dict[str, Any] = {"method": method, "threshold_m": np.nan, "joined": {}}
    if method in ("queen", "rook"):
        found = contiguity(shapes, method, tolerance)
        _note_misses(notes, shapes, found, tolerance)
        matrix = pair_matrix(found.pairs.one, found.pairs.other, len(shapes))
        if order > 1:
            matrix = steps_away(matrix, order, lower=lower_order)
    else:
        points = _distances.ground_points(shapes)
        if method == "knn":
            matrix = link_matrix(*nearest(points, shapes.index, int(k or 0)), len(shapes))
        elif method == "kernel":
            matrix = kernel_weights(points, shapes.index, kernel or "bisquare", bandwidth, k)
        else:
            chosen = covering_threshold(points, shapes) if threshold is None else threshold
            notes["threshold_m"] = float(chosen)
            matrix = band(points, notes["threshold_m"])
    matrix = treat_isolates(matrix, shapes, isolates, notes)
    graph = transformed(matrix, shapes.index, transform)
    graph.build_notes = notes
    return graph


def transformed(matrix: sparse.csr_array, labels: Any, transform: str) -> Graph:
    """Give the graph of `matrix` with its weights transformed."""
    letter = str(transform).upper()
    if letter == "R":
        return graph_from_matrix(standardised_rows(matrix), labels, "R")
    graph = graph_from_matrix(matrix, labels)
    return graph if letter == "O" else graph.transform(letter)


def _note_misses(
    notes: dict[str, Any], shapes: gpd.GeoSeries, found: Contiguity, tolerance: float | None
) -> None:
    pairs = found.misses
    width = gaps(shapes, pairs)
    labels = list(zip(shapes.index[pairs.one], shapes.index[pairs.other], strict=True))
    notes["tolerance_m"] = np.nan if tolerance is None else float(tolerance)
    notes["near_misses"] = len(labels)
    notes["near_miss_pairs"] = labels
    notes["near_miss_gap_m"] = float(width.max()) if len(width) else np.nan
    if tolerance is not None or len(labels) * _MISSES_ALLOWED <= len(found.pairs.one):
        return
    unit = "units of the layer" if shapes.crs is None else "m"
    reach = f"{width.max():.3g} {unit}"
    mend = (
        "set_crs() and tolerance=" if shapes.crs is None else f"tolerance={width.max() * 1.1:.2g}"
    )
    warnings.warn(
        f"{len(labels)} pairs of regions run side by side up to {reach} apart without touching "
        f"({some(f'{a} and {b}' for a, b in labels)}): they are no neighbours. If they should be, "
        f"pass {mend}; if the gaps are real, any smaller tolerance keeps them",
        PrecisionWarning,
        stacklevel=3,
    )


def _check_arguments(method: str, **given: Any) -> None:
    require_one_of(method, METHODS, "method")
    for name, value in given.items():
        used = method in _USED_BY[name]
        if value != _DEFAULTS.get(name) and not used:
            raise InputError(
                f"{name}={value!r} is not used by method {method!r} (it belongs to "
                f"{' and '.join(_USED_BY[name])}): leave it out or choose another method"
            )
        if used:
            _check_value(method, name, value)
    if method == "kernel" and (given["bandwidth"] is None) == (given["k"] is None):
        raise InputError(
            "method 'kernel' needs bandwidth, its scale for all regions [m], or k, whose distance "
            "is each region's own; not both"
        )
    if given["lower_order"] and given["order"] == 1:
        raise InputError("lower_order=True needs an order above 1: there is none below it")


def _check_value(method: str, name: str, value: Any) -> None:
    if name == "kernel":
        require_one_of(value, (None, *KERNELS), "kernel")
    elif name == "lower_order":
        require_one_of(value, (True, False), "lower_order")
    elif name in ("k", "order"):
        optional = name == "k" and method == "kernel"
        if optional and value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise InputError(
                f"{name} must be a whole number of at least 1 for method {method!r}, not {value!r}"
            )
    elif value is not None and not (np.isfinite(value) and value > 0):
        raise InputError(f"{name} must be above zero and finite [m], not {value!r}")


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

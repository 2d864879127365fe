"""Graphs from travel times: regions are neighbours that are quickly reached from one another.

Takes times as a square frame or as pairs, and gives a graph by limit, by number, or with weights
that fall with time, on which every measure of autocorrelation runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import require_one_of, require_unique, some
from ..errors import AlignmentError, InputError
from ._build import Transform, transformed
from ._isolates import tell_isolates
from ._matrices import link_matrix

Decay = Literal["inverse", "exponential", "gaussian"] | Callable[[np.ndarray], np.ndarray]
Symmetric = Literal["mean", "min", "max"]
_LONG = ("origin", "destination", "minutes")
_DECAYS: dict[str, Callable[..., np.ndarray]] = {
    "inverse": lambda t, _: 1 / t,
    "exponential": lambda t, scale: np.exp(-t / scale),
    "gaussian": lambda t, scale: np.exp(-((t / scale) ** 2) / 2),
}


def weights_from_times(
    times: pd.DataFrame | pd.Series,
    *,
    cutoff: float | None = None,
    k: int | None = None,
    decay: Decay | None = None,
    scale: float | None = None,
    symmetric: Symmetric | None = None,
    regions: Any = None,
    isolates: Literal["keep", "raise"] = "keep",
    transform: Transform = "r",
) -> Graph:
    """Build a graph of regions that are quickly reached from one another.

    Parameters
    ----------
    times : DataFrame or Series
        A square frame of travel times, a row an origin and a column a destination; or pairs that
        are within reach, as a frame with the columns ``origin``, ``destination`` and ``minutes``
        or a Series with both in its index. Missing and infinite times are out of reach; a
        region's time to itself does not count.
    cutoff : float
        Neighbours are reached in at most this time, in the unit of `times`.
    k : int
        Neighbours are the `k` that are reached first; of equal times, those first by label. With
        `cutoff`, those of them that are within it.
    decay : {"inverse", "exponential", "gaussian"} or callable
        How weights fall with time `t`: ``1 / t``, ``exp(-t / scale)`` or
        ``exp(-(t / scale)**2 / 2)``; or a function of an array of times, for example
        :func:`spatialreg.access.linear`, where a weight of zero is no link. None gives every
        neighbour the same weight. Without `cutoff` and `k`, all that are within reach are
        neighbours.
    scale : float
        The time in "exponential" and "gaussian".
    symmetric : {"mean", "min", "max"}
        Take this of the times there and back before anything else, so that a link goes both ways
        and weighs the same (before `transform`). "min" links what is reached one way; "mean" and
        "max" need both. With `k` links may still go one way: to be among the nearest is not
        mutual.
    regions : Index or sequence
        For pairs: all regions, where one may have no pair at all.
    isolates : {"keep", "raise"}
        What to do with regions that reach no other.
    transform : {"r", "b", "d", "v", "o"}
        As in :func:`build_weights`.

    Returns
    -------
    libpysal.graph.Graph
        In the order of the origins, or of `regions`. A region's neighbours are those that it
        reaches; the way back may take longer, so links need not go both ways. Its
        ``build_notes`` say how it was built.

    Raises
    ------
    InputError
        None of `cutoff`, `k` and `decay` is given; an argument is out of range or not used; times
        are negative, not numeric, or zero where they are divided by; a weight is negative or not
        finite; ``isolates="raise"`` and there are some.
    AlignmentError
        Origins and destinations are not the same regions, or a pair stands twice.

    Warns
    -----
    IsolateWarning
        Regions reach no other.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> minutes = pd.DataFrame([[0, 30, 90], [30, 0, 60], [90, 60, 0]], list("abc"), list("abc"))
    >>> sr.weights.weights_from_times(minutes, cutoff=60)["b"].to_dict()
    {'a': 0.5, 'c': 0.5}
    """
    _check(cutoff=cutoff, k=k, decay=decay, scale=scale)
    require_one_of(isolates, ("keep", "raise"), "isolates")
    require_one_of(str(transform).lower(), ("r", "b", "d", "v", "o"), "transform")
    if symmetric is not None:
        require_one_of(symmetric, ("mean", "min", "max"), "symmetric")
    labels, one, other, time = _links(times, regions)
    if symmetric is not None:
        one, other, time = _both_ways(one, other, time, len(labels), symmetric)
    keep = np.ones(len(time), dtype=bool) if cutoff is None else time <= cutoff
    if k is not None:
        keep &= _among_first(labels, one, other, time, k)
    one, other, time = one[keep], other[keep], time[keep]
    weight = _weights(labels, one, other, time, decay, scale)
    linked = weight > 0
    matrix = link_matrix(one[linked], other[linked], len(labels), weight[linked])
    words = "reach no other" + ("" if cutoff is None else f" within {cutoff:g}")
    tell_isolates(matrix, labels, isolates, words)
    graph = transformed(matrix, labels, transform)
    graph.build_notes = {
        "method": "times", "cutoff": cutoff, "k": k, "scale": scale, "symmetric": symmetric,
        "decay": getattr(decay, "words", None) or getattr(decay, "__name__", decay),
    }  # fmt: skip
    return graph


def _check(
    *, cutoff: float | None, k: int | None, decay: Decay | None, scale: float | None
) -> None:
    if cutoff is None and k is None and decay is None:
        raise InputError("say who is a neighbour: cutoff=, k= or decay= (or several of them)")
    if not callable(decay):
        require_one_of(decay, (None, *_DECAYS), "decay")
    if k is not None and (isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1):
        raise InputError(f"k must be a whole number of at least 1, not {k!r}")
    for name, value in (("cutoff", cutoff), ("scale", scale)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} must be above zero and finite, not {value!r}")
    if (scale is not None) != (decay in ("exponential", "gaussian")):
        raise InputError(
            f"scale={scale!r} does not go with decay={decay!r}: 'exponential' and 'gaussian' need "
            "it, nothing else uses it"
        )


def _weights(
    labels: pd.Index,
    one: np.ndarray,
    other: np.ndarray,
    time: np.ndarray,
    decay: Decay | None,
    scale: float | None,
) -> np.ndarray:
    if decay == "inverse" and (time == 0).any():
        at = np.flatnonzero(time == 0)
        raise InputError(
            f"{len(at)} times are zero ({_pairs(labels, one[at], other[at])}), and decay='inverse' "
            "divides by them: use another decay, or add the time within regions"
        )
    if decay is None:
        return np.ones(len(time))
    if not callable(decay):
        return _DECAYS[decay](time, scale)
    return decayed(decay, time, lambda bad: _pairs(labels, one[bad], other[bad]))


def decayed(
    decay: Callable[[np.ndarray], np.ndarray],
    time: np.ndarray,
    name_pairs: Callable[[np.ndarray], str],
    mend: str = "",
) -> np.ndarray:
    """Give the weight of each time, and raise where a decay gives none.

    `name_pairs` names the pairs at fault by their positions; `mend` ends the message about them.
    """
    given = decay(time.copy())
    try:
        weight = np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"decay must give numbers: {error}") from error
    if weight.shape != time.shape:
        raise InputError(
            f"decay must give one weight for each time, and gave an array of shape {weight.shape} "
            f"for {len(time)} times: write it for arrays, with numpy's functions"
        )
    bad = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    if len(bad):
        raise InputError(
            f"decay gives no finite weight of zero or more for {len(bad)} pairs "
            f"({name_pairs(bad)}){mend}"
        )
    return weight


def _both_ways(
    one: np.ndarray, other: np.ndarray, time: np.ndarray, n: int, how: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give links both ways with the mean, the least or the greatest of the times there and back."""
    first, second = np.minimum(one, other), np.maximum(one, other)
    times = pd.Series(time).groupby(first.astype(np.int64) * n + second)
    joint = times.agg(how)
    if how != "min":
        joint = joint[times.size() == 2]
    first, second = np.divmod(joint.index.to_numpy(), n)
    return (
        np.concatenate([first, second]),
        np.concatenate([second, first]),
        np.tile(joint.to_numpy(), 2),
    )


def _links(times: Any, regions: Any = None) -> tuple[pd.Index, np.ndarray, np.ndarray, np.ndarray]:
    """Give the regions, and positions of origin and destination and the time of all in reach."""
    if isinstance(times, pd.DataFrame) and set(_LONG) <= set(times.columns):
        times = times.set_index(list(_LONG[:2]))[_LONG[2]]
    if isinstance(times, pd.DataFrame):
        if regions is not None:
            raise InputError(
                "regions= is not used by a square frame, whose labels are the regions: leave it out"
            )
        labels = times.index
        require_unique(labels, "times")
        require_unique(times.columns, "times, in its columns,")
        _require_same(labels, times.columns)
        table = _numbers(times)[labels].to_numpy()
        one, other = (a.ravel() for a in np.indices(table.shape))
        time = table.ravel()
    elif isinstance(times, pd.Series) and times.index.nlevels == 2:
        require_unique(times.index, "times")
        origins, destinations = (times.index.get_level_values(i) for i in (0, 1))
        if regions is None:
            labels = origins.unique().rename(None)
            _require_same(labels, destinations.unique())
        else:
            labels = pd.Index(regions)
            require_unique(labels, "regions")
            _require_among(origins.union(destinations), labels)
        one, other = labels.get_indexer(origins), labels.get_indexer(destinations)
        time = _numbers(times).to_numpy()
    else:
        raise InputError(
            "times must be a square DataFrame (origins by destinations), a DataFrame with the "
            f"columns {some(_LONG)}, or a Series with the two index levels origin and "
            f"destination, not {type(times).__name__}"
        )
    if (time < 0).any():
        at = np.flatnonzero(time < 0)
        raise InputError(f"{len(at)} times are negative ({_pairs(labels, one[at], other[at])})")
    reached = np.isfinite(time) & (one != other)
    return labels, one[reached], other[reached], time[reached]


def _numbers(times: Any) -> Any:
    try:
        return times.astype(float)
    except (TypeError, ValueError) as error:
        raise InputError(f"times must be numeric: {error}") from error


def _require_same(origins: pd.Index, destinations: pd.Index) -> None:
    for these, those, words in (
        (origins, destinations, "origins are no destinations"),
        (destinations, origins, "destinations are no origins"),
    ):
        lacking = these.difference(those)
        if len(lacking):
            raise AlignmentError(
                f"{len(lacking)} {words} ({some(lacking)}): a graph needs times between the same "
                "regions; give every region a row and a column, or name all regions of a table of "
                "pairs with regions="
            )


def _require_among(found: pd.Index, regions: pd.Index) -> None:
    lacking = found.unique().difference(regions)
    if len(lacking):
        raise AlignmentError(f"regions lacks {len(lacking)} that stand in times ({some(lacking)})")


def _among_first(
    labels: pd.Index, one: np.ndarray, other: np.ndarray, time: np.ndarray, k: int
) -> np.ndarray:
    rank = labels.argsort().argsort()
    order = np.lexsort((rank[other], time, one))
    place = np.arange(len(one)) - np.searchsorted(one[order], one[order])
    first = np.empty(len(one), dtype=bool)
    first[order] = place < k
    return first


def _pairs(labels: pd.Index, one: np.ndarray, other: np.ndarray) -> str:
    return some(f"{labels[i]} to {labels[j]}" for i, j in zip(one, other, strict=True))

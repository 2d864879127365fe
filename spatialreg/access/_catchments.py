"""Floating catchments: how much of a service each place has, those counted who share it.

A count of doctors within half an hour forgets that others come to them too. Floating catchments
first divide the supply of each facility by the demand around it, and then add up these ratios
around each place. They take supply, demand and the times from demand to supply, and give access by
place and the ratio of each facility.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from .._align import numeric_series, require_one_of, some
from .._results import CatchmentResult
from ..errors import AlignmentError, InputError
from ._decay import Decay, Weighting, weights_of, words_of
from ._setting import joined, known_amounts
from ._times import Times, open_times

Method = Literal["2sfca", "e2sfca", "m2sfca", "3sfca", "huff", "bfca"]
METHODS = ("2sfca", "e2sfca", "m2sfca", "3sfca", "huff", "bfca")
_USED_BY = {
    "decay": ("e2sfca", "m2sfca", "3sfca", "huff", "bfca"),
    "choice": ("3sfca", "huff"),
    "attractiveness": ("huff",),
}
_WORDS = {
    "2sfca": "two-step floating catchment",
    "e2sfca": "enhanced two-step floating catchment",
    "m2sfca": "modified two-step floating catchment",
    "3sfca": "three-step floating catchment",
    "huff": "floating catchment with Huff's choice of facilities",
    "bfca": "balanced floating catchment",
}


def floating_catchment(
    supply: pd.Series,
    demand: pd.Series,
    times: Times,
    *,
    method: Method = "2sfca",
    threshold: float | None = None,
    decay: Weighting | None = None,
    choice: Weighting | None = None,
    attractiveness: pd.Series | None = None,
    per: float = 1.0,
) -> CatchmentResult:
    """Supply per head that each place has within reach, shared with all who reach it too.

    Parameters
    ----------
    supply : Series
        What each facility offers (doctors, beds, places), not negative, by facility.
    demand : Series
        Who needs it (people), not negative, by place.
    times : DataFrame, Series or iterator of DataFrame
        Travel times from places of demand (rows, ``origin``) to facilities (columns,
        ``destination``) [min], in any shape that :func:`access_from_times` takes.
    method : {"2sfca", "e2sfca", "m2sfca", "3sfca", "huff", "bfca"}
        See Notes.
    threshold : float, optional
        Size of the catchments [min]; a time that equals it is inside. "2sfca" needs it; with a
        decay that ends by itself (:func:`steps`, :func:`linear`) it is not needed, and without
        either all that is reached is in the catchment (a gravity model).
    decay : callable, optional
        Weights by minutes, for all methods but "2sfca": :func:`steps` as Luo and Qi (2009),
        :func:`gaussian`, any other.
    choice : callable, optional
        For "3sfca" and "huff": how people choose between facilities by time, where it is not the
        `decay`. In "huff" it may stand alone: people choose, and time does no more.
    attractiveness : Series, optional
        For "huff": what draws people to each facility; its supply unless told.
    per : float
        Give access for so many heads, for example 1000.

    Returns
    -------
    CatchmentResult

    Raises
    ------
    InputError
        An argument is missing, out of range or not used by the method; values are negative.
    AlignmentError
        Times, supply and demand do not have the same places and facilities.

    Warns
    -----
    MissingDataWarning
        Places without demand data or facilities without supply data were left out.

    Notes
    -----
    With P the demand of place i, S the supply of facility j, W the weight of the time between them
    (1 inside the threshold and 0 outside for "2sfca"), facility j has the ratio
    ``R_j = S_j / sum_i P_i X_ij`` and place i the access ``A_i = sum_j R_j Y_ij``:

    ========== ============================== ================ ================================
    method     X                              Y                source
    ========== ============================== ================ ================================
    ``2sfca``  1 in the catchment             X                Luo and Wang (2003)
    ``e2sfca`` W                              X                Luo and Qi (2009)
    ``m2sfca`` W                              W squared        Delamater (2013)
    ``3sfca``  G W, G = W / sum_j W           X                Wan, Zou and Sternberg (2012)
    ``huff``   G W, G = C W / sum_j C W       X                Luo (2014), after Huff (1964)
    ``bfca``   W / sum_j W                    W / sum_i W      Paez, Higgins and Vivona (2019)
    ========== ============================== ================ ================================

    with C the attractiveness; where `choice` is given it stands in the place of W in G. Where
    Y = X, access times demand adds up to the supply that anybody reaches. "m2sfca" lets supply go
    unused where facilities are far from all; "bfca" counts each person once instead of at every
    facility in reach. Access times demand is the spatial availability of Soukhov and others (2023)
    where Y = X.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import floating_catchment
    >>> doctors, people = pd.Series({"x": 10, "y": 20}), pd.Series({"a": 100, "b": 300})
    >>> times = pd.DataFrame({"x": [10, 20], "y": [50, 15]}, index=["a", "b"])
    >>> found = floating_catchment(doctors, people, times, threshold=30, per=1000)
    >>> found.frame["access"].round(1).to_dict()
    {'a': 25.0, 'b': 91.7}
    >>> found.facilities["ratio"].round(1).to_dict()
    {'x': 25.0, 'y': 66.7}
    """
    require_one_of(method, METHODS, "method")
    _check(method, threshold, per, decay=decay, choice=choice, attractiveness=attractiveness)
    offered = known_amounts(supply, "supply", "labels", "share", stacklevel=3)
    needed = known_amounts(demand, "demand", "labels", "share", stacklevel=3)
    draw = offered if attractiveness is None else _drawn(attractiveness, offered)
    limit = np.inf if threshold is None else float(threshold)
    pairs = _pairs(times, offered, needed, (supply.index, demand.index), limit, decay, choice)
    share, weight = _matrices(method, pairs, draw)
    people, amount = needed.to_numpy(), offered.to_numpy()
    claimed = np.bincount(pairs.column, people[pairs.row] * share, minlength=len(offered))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(claimed > 0, amount / claimed, np.nan)
    given = np.nan_to_num(ratio)[pairs.column] * weight
    access = np.bincount(pairs.row, given, minlength=len(needed))
    near = weight > 0
    reaching = np.bincount(pairs.row[near], minlength=len(needed))
    served = np.bincount(pairs.column[near], minlength=len(offered))
    frame = pd.DataFrame(
        {"access": access * per, "allotted": access * people, "facilities": reaching},
        index=needed.index,
    )
    facilities = pd.DataFrame(
        {"supply": amount, "claimed": claimed, "ratio": ratio * per, "places": served},
        index=offered.index,
    )
    return CatchmentResult(
        method=method,
        words=_words(method, limit, decay, choice, per),
        per=float(per),
        mean_access=float((access * people).sum() / people.sum() * per),
        supply=float(amount.sum()),
        supply_reached=float(amount[claimed > 0].sum()),
        demand=float(people.sum()),
        demand_reached=float(people[reaching > 0].sum()),
        facilities=facilities.reindex(supply.index),
        frame=frame.reindex(demand.index),
    )


class _Pairs(NamedTuple):
    """Places and facilities within reach of one another, with the weights of their times."""

    row: np.ndarray
    column: np.ndarray
    decayed: np.ndarray
    chosen: np.ndarray


def _pairs(
    times: Times,
    supply: pd.Series,
    demand: pd.Series,
    labels: tuple[pd.Index, pd.Index],
    limit: float,
    decay: Weighting | None,
    choice: Weighting | None,
) -> _Pairs:
    """Collect what lies in the catchments; the rest of a large matrix is never kept."""
    facilities, places = labels  # all of them, those without a value too
    place = supply.index.get_indexer(facilities)
    parts, seen = [], []
    opened = open_times(times, destinations=facilities, what="supply")
    for block in opened.blocks:
        seen.append(block.origins)
        row = demand.index.get_indexer(block.origins)
        inside = (block.minutes <= limit) & (row[block.row] >= 0) & (place[block.column] >= 0)
        near = block.keep(inside)
        ones = np.ones(len(near.minutes))
        decayed = ones if decay is None else weights_of(decay, near, facilities)
        chosen = decayed if choice is None else weights_of(choice, near, facilities)
        parts.append((row[near.row], place[near.column], decayed, chosen))
    _require_places(places, joined(seen), all_rows=not opened.long)
    return _Pairs(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _matrices(method: str, pairs: _Pairs, draw: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give X and Y, the shares in which people turn to facilities and count their ratios."""
    w = pairs.decayed
    if method in ("2sfca", "e2sfca"):
        return w, w
    if method == "m2sfca":
        return w, w**2
    if method == "bfca":
        return _shares(w, pairs.row), _shares(w, pairs.column)
    pull = pairs.chosen if method == "3sfca" else pairs.chosen * draw.to_numpy()[pairs.column]
    x = _shares(pull, pairs.row) * w
    return x, x


def _shares(weight: np.ndarray, by: np.ndarray) -> np.ndarray:
    total = np.bincount(by, weight)[by] if len(by) else weight
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def _drawn(attractiveness: pd.Series, supply: pd.Series) -> pd.Series:
    draw = numeric_series(attractiveness, "attractiveness")
    lacking = supply.index.difference(draw.dropna().index)
    if len(lacking):
        raise AlignmentError(
            f"attractiveness has no value for {len(lacking)} facilities of supply "
            f"({some(lacking)}): index both by the same labels"
        )
    negative = draw.index[draw < 0]
    if len(negative):
        raise InputError(f"attractiveness has {len(negative)} negative values, at {some(negative)}")
    return draw.loc[supply.index]


def _require_places(places: pd.Index, rows: pd.Index, *, all_rows: bool) -> None:
    unknown, lacking = rows.difference(places), places.difference(rows)
    if len(unknown):
        raise AlignmentError(
            f"demand lacks {len(unknown)} origins of times ({some(unknown)}): index both by the "
            "same labels, or leave these rows out of times"
        )
    if all_rows and len(lacking):
        raise AlignmentError(
            f"times has no row for {len(lacking)} places of demand ({some(lacking)}): pass "
            "demand.loc[times.index], or a row of inf for a place that reaches nothing"
        )


def _check(
    method: str,
    threshold: float | None,
    per: float,
    **given: Weighting | pd.Series | None,
) -> None:
    for name, value in given.items():
        if value is not None and method not in _USED_BY[name]:
            raise InputError(
                f"{name}= is not used by method {method!r} (it belongs to "
                f"{some(map(repr, _USED_BY[name]))}): leave it out or choose another method"
            )
        if name != "attractiveness" and value is not None and not callable(value):
            raise InputError(f"{name} must be a function of minutes, not {value!r}")
    if method == "2sfca" and threshold is None:
        raise InputError("method '2sfca' needs threshold= (minutes), the size of its catchments")
    if method == "huff":
        if given["decay"] is None and given["choice"] is None:
            raise InputError("method 'huff' needs decay= or choice=, weights by minutes")
    elif method != "2sfca" and given["decay"] is None:
        raise InputError(
            f"method {method!r} needs decay=, for example "
            "spatialreg.access.steps({10: 1, 20: 0.68, 30: 0.22})"
        )
    for name, number in (("threshold", threshold), ("per", per)):
        if number is not None and not (np.isfinite(number) and number > 0):
            raise InputError(f"{name} must be above zero and finite, not {number!r}")


def _words(
    method: str, limit: float, decay: Weighting | None, choice: Weighting | None, per: float
) -> str:
    ends = [one.limit for one in (decay, choice) if isinstance(one, Decay)]
    limit = min([limit, *ends])
    words = [_WORDS[method]]
    words.append("no limit of time" if limit == np.inf else f"within {limit:g} min")
    if decay is not None:
        words.append(f"decay {words_of(decay)}")
    if choice is not None:
        words.append(f"choice by {words_of(choice)}")
    words.append("per head" if per == 1 else f"per {per:,.12g}")
    return ", ".join(words)

"""How easily each place gets to everywhere else, from a matrix of travel times.

The indicators of regional accessibility, one number a place: mean travel time weighted by what lies
at the destinations, potential, what is within a day trip or within other limits, and the
coefficient that compares a place with the mean of all. They take times (a matrix, blocks of its
rows, or a long table) and opportunities by destination, and give a Series by origin.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from .._align import require_one_of, some
from ..errors import DisconnectedWarning, InputError
from ._decay import Weighting, power, weights_of, words_of
from ._setting import Own, Setting, all_of, joined, open_setting
from ._times import Times

Measure = Literal["mean_time", "location", "potential", "daily", "cumulative"]
MEASURES = ("mean_time", "location", "potential", "daily", "cumulative")
DAY_TRIP = 240.0  # minutes one way (Gutierrez 2001)
_USED_BY = {
    "decay": ("potential",),
    "threshold": ("daily", "cumulative", "potential"),
    "unreached": ("mean_time", "location"),
    "share": ("daily", "cumulative"),
}


def access_from_times(
    times: Times,
    *,
    measure: Measure = "mean_time",
    opportunities: pd.Series | None = None,
    decay: Weighting | None = None,
    threshold: float | None = None,
    own: Own | pd.Series | None = None,
    unreached: Literal["raise", "leave_out", "nan"] | None = None,
    share: bool = False,
    origins: Any = None,
) -> pd.Series:
    """Measure how easily each origin gets to what lies at the destinations.

    With t the time from an origin to a destination and m the opportunities there:

    ============== ===========================================================================
    ``mean_time``  mean of t, weighted by m [min]; less is better
    ``location``   that mean over the mean of all origins; below 1 is better than the mean
    ``potential``  sum of m f(t), in the unit of the opportunities
    ``daily``      sum of m with t of at most 240 min, what a day trip reaches
    ``cumulative`` sum of m with t of at most `threshold`
    ============== ===========================================================================

    Parameters
    ----------
    times : DataFrame, Series or iterator of DataFrame
        Travel times [min], a row an origin and a column a destination; or blocks of its rows, one
        after the other; or a long table with the columns ``origin``, ``destination`` and
        ``minutes`` (or blocks of it, all pairs of an origin in one; or a Series with both in its
        index). A pair that is missing, NaN or infinite is not reached.
    measure : {"mean_time", "location", "potential", "daily", "cumulative"}
    opportunities : Series, optional
        What lies at each destination (people, output, beds), not negative, on the labels of the
        destinations. None counts each destination once. In a long table it also says which
        destinations there are.
    decay : callable, optional
        For "potential": weights by minutes, as :func:`power` (of exponent 1, the default),
        :func:`exponential`, :func:`gaussian` and others of this package make them, or a function
        of an array of minutes.
    threshold : float, optional
        [min]. For "cumulative" the limit, for "daily" another one than 240; for "potential"
        destinations farther away do not count.
    own : {"given", "leave_out"} or Series, optional
        What an origin that is a destination too counts for itself: the time that stands in the
        matrix, nothing, or an internal time by label [min] (:func:`internal_times`). Unless told,
        "given"; but in "mean_time" and "location", whose sources sum over all others, "leave_out"
        where every origin is a destination.
    unreached : {"raise", "leave_out", "nan"}, optional
        For "mean_time" and "location", where a destination with opportunities is not reached:
        raise (the default), take the mean over those that are, with a warning, or give NaN.
        In the other measures what is not reached counts nothing.
    share : bool
        For "daily" and "cumulative": give shares of all opportunities, those of an origin left
        out by `own` not counted.
    origins : Index or sequence, optional
        For a long table: all origins, where one that reaches nothing has no row.

    Returns
    -------
    Series
        By origin, in the order of `times` (or of `origins`), named as the measure.
        ``attrs["definition"]`` says in words what was computed; ``attrs["unreached_pairs"]``
        counts the pairs of an origin and a destination with opportunities that are not reached.

    Raises
    ------
    InputError
        An argument is missing, not used by the measure or out of range; times are negative or
        not numeric; a decay gives no finite weight (a power, of a time of zero); a destination is
        not reached in a mean; it is left open what counts as a place's own.
    AlignmentError
        Destinations and opportunities differ, or a label stands twice.

    Warns
    -----
    DisconnectedWarning
        Destinations are not reached and were left out of the mean.
    MissingDataWarning
        Destinations without a value in `opportunities` were left out.

    Notes
    -----
    Sources: mean travel time and daily accessibility as in Gutierrez (2001), potential as in
    Hansen (1959), the coefficient as in Jin and Wang (2004).

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import access_from_times, exponential
    >>> times = pd.DataFrame([[0, 60, 300], [60, 0, 240], [300, 240, 0]], list("abc"), list("abc"))
    >>> people = pd.Series({"a": 30, "b": 10, "c": 20})
    >>> access_from_times(times, opportunities=people).to_dict()
    {'a': 220.0, 'b': 132.0, 'c': 285.0}
    >>> access_from_times(times, measure="daily", opportunities=people).to_dict()
    {'a': 40.0, 'b': 60.0, 'c': 30.0}
    >>> access_from_times(times, measure="potential", opportunities=people,
    ...                   decay=exponential(half=60)).round(3).to_dict()
    {'a': 35.625, 'b': 26.25, 'c': 21.562}
    """
    require_one_of(measure, MEASURES, "measure")
    _check(measure, decay=decay, threshold=threshold, unreached=unreached, share=share)
    require_one_of(unreached, (None, "raise", "leave_out", "nan"), "unreached")
    mean = measure in ("mean_time", "location")
    what = _What(measure, decay or power(1.0), threshold, unreached or "raise", share)
    default: Own = "leave_out" if mean else "given"
    setting = open_setting(times, opportunities, own, origins, by_default=default)
    if mean:
        values, missed = _mean_times(setting, what.unreached)
        if measure == "location":
            values = values / values.mean()
    else:
        values, missed = _sums(setting, what)
    values = values.rename(measure)
    values.attrs["definition"] = _words(what, opportunities, setting.own)
    values.attrs["unreached_pairs"] = missed
    return values


class _What(NamedTuple):
    """What is asked for."""

    measure: str
    decay: Weighting
    threshold: float | None
    unreached: str
    share: bool

    @property
    def limit(self) -> float:
        if self.threshold is not None:
            return self.threshold
        return DAY_TRIP if self.measure == "daily" else np.inf


def _mean_times(setting: Setting, unreached: str) -> tuple[pd.Series, int]:
    counts = setting.masses > 0
    parts, labels, missed = [], [], 0
    for block in setting.blocks:
        weight = setting.masses[block.column]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = block.sums(weight * block.minutes) / block.sums(weight)
        gaps = all_of(block, counts.astype(float), setting.own) - block.sums(counts[block.column])
        lacking = np.flatnonzero(gaps > 0)
        missed += int(gaps.sum())
        if len(lacking) and unreached == "raise":
            names = (
                f"{label} ({gap:.0f})"
                for label, gap in zip(block.origins[lacking], gaps[lacking], strict=True)
            )
            raise InputError(
                f"{len(lacking)} origins do not reach every destination ({some(names)}), and a "
                "mean over different destinations cannot be compared: pass unreached='leave_out' "
                "to take it over those reached, unreached='nan' to give those origins no value, "
                "or join the network"
            )
        parts.append(np.where(gaps > 0, np.nan, mean) if unreached == "nan" else mean)
        labels.append(block.origins)
    result = pd.Series(np.concatenate(parts), index=joined(labels))
    if missed and unreached == "leave_out":
        warnings.warn(
            f"{missed} pairs of an origin and a destination are not reached and were left out of "
            "the means, which are then of different destinations; share=True in "
            "measure='cumulative' with threshold=inf says what share each origin reaches",
            DisconnectedWarning,
            stacklevel=3,
        )
    return result, missed


def _sums(setting: Setting, what: _What) -> tuple[pd.Series, int]:
    counts = (setting.masses > 0).astype(float)
    parts, labels, missed = [], [], 0
    for block in setting.blocks:
        missed += int((all_of(block, counts, setting.own) - block.sums(counts[block.column])).sum())
        near = block if what.limit == np.inf else block.keep(block.minutes <= what.limit)
        # a place without opportunities has no part in a potential, whatever its weight
        near = near.keep(setting.masses[near.column] > 0)
        weight = setting.masses[near.column]
        if what.measure == "potential":
            weight = weight * weights_of(what.decay, near, setting.destinations)
        total = all_of(block, setting.masses, setting.own) if what.share else 1.0
        parts.append(near.sums(weight) / total)
        labels.append(block.origins)
    return pd.Series(np.concatenate(parts), index=joined(labels)), missed


def _check(measure: str, **given: Any) -> None:
    for name, value in given.items():
        if value not in (None, False) and measure not in _USED_BY[name]:
            raise InputError(
                f"{name}= is not used by measure {measure!r} (it belongs to "
                f"{some(map(repr, _USED_BY[name]))}): leave it out or choose another measure"
            )
    threshold = given["threshold"]
    if measure == "cumulative" and threshold is None:
        raise InputError("measure 'cumulative' needs threshold= (minutes)")
    if threshold is not None and not threshold > 0:
        raise InputError(f"threshold must be above zero [min], not {threshold!r}")
    if given["decay"] is not None and not callable(given["decay"]):
        raise InputError(
            "decay must be a function of minutes, for example "
            f"spatialreg.access.exponential(half=60), not {given['decay']!r}"
        )


def _words(what: _What, opportunities: pd.Series | None, own: str | pd.Series) -> str:
    mass = (
        "destinations, each counting once"
        if opportunities is None
        else f"{opportunities.name or 'opportunities'} at the destinations"
    )
    mean = "mean travel time [min] weighted by " + mass
    near = "" if what.limit == np.inf else f" within {what.limit:g} min"
    words = {
        "mean_time": mean,
        "location": mean + ", over the mean of all origins",
        "potential": f"potential of {mass}{near}, decay {words_of(what.decay)}",
        "daily": f"{mass}{near}, a day trip",
        "cumulative": mass + near,
    }[what.measure]
    words += ", as a share of all" if what.share else ""
    if what.measure in ("mean_time", "location"):
        words += {
            "raise": "",
            "leave_out": "; unreached destinations left out",
            "nan": "; no value where a destination is not reached",
        }[what.unreached]
    return words + {
        "given": "; a place's time to itself as given",
        "leave_out": "; a place itself left out",
    }.get(own if isinstance(own, str) else "", "; internal times given")

"""Travel times by timetable: from stops or points to others, over a window of departures.

Takes a timetable, gives for each pair the median, mean, shortest and longest time and any quantile
over all moments of departure in the window, waiting included, and the share of the window in which
there is a journey at all. Nothing is sampled: see the page on timetables for how it is worked out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from .._results import Timetable
from ..errors import InputError
from ._departure_window import FIXED
from ._timetable_places import PlacesLike
from ._timetable_question import answer, ask

_QUANTILE = re.compile(r"^p(\d{1,2}(?:\.\d+)?|100)$")


def timetable_times(
    origins: PlacesLike,
    destinations: PlacesLike,
    timetable: Timetable,
    *,
    depart: str | tuple[str, str] = ("07:00", "09:00"),
    statistics: Sequence[str] = ("median", "mean", "min", "max", "reachable"),
    transfer_minutes: float = 5.0,
    footpaths: pd.DataFrame | None = None,
    max_transfers: int | None = None,
    cutoff: float | None = None,
    access_m: float | None = None,
    access_kmh: float | None = None,
    detour: float | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """Give the travel times from each origin to each destination over a window of departures.

    The travel time of one who leaves at t is the earliest arrival less t: waiting for the first
    ride counts.

    Parameters
    ----------
    origins, destinations : sequence of labels, GeoDataFrame of points, or DataFrame
        Stops by label: a stop stands for its whole station. Points with a unique index: they are
        joined to the stops within `access_m` on foot. A frame of ways to (or from) stops that was
        made elsewhere, say on a network of roads: ``place``, ``stop``, ``minutes`` [min].
    timetable : Timetable
    depart : (str, str) or str
        The window, first and last clock time; or one moment.
    statistics : sequence of str
        Columns of the result: ``"median"``, ``"mean"``, ``"min"``, ``"max"``, quantiles as
        ``"p10"``, ``"p90"``, and ``"reachable"``.
    transfer_minutes : float
        A change between two rides takes this long at least, unless the timetable has a rule for
        the pair of stops [min].
    footpaths : DataFrame, optional
        Walks between stops of different stations (see ``walks_between_stops``): ``start``,
        ``end``, ``minutes`` [min]. Without it, one changes within a station and where the
        timetable's own rules allow it. There is one walk between two rides, and one at each end.
    max_transfers : int, optional
        The most changes of one journey.
    cutoff : float, optional
        Longer travel times count as unreachable [min]; a cutoff makes the search quicker. None: as
        far as the timetable goes.
    access_m, access_kmh, detour : float, optional
        For points only: the longest walk to a stop, or all the way [m], its speed [km/h], and by
        how much it is longer than the geodesic; 1000, 4.5 and 1.3.
    workers : int, optional
        Threads; all processors of this process. The result is the same for any number.

    Returns
    -------
    DataFrame
        Index (``origin``, ``destination``) in the order given, one column a statistic [min];
        ``reachable`` is a share of the window. Unreachable is infinity: a quantile is infinite
        where that part of the window is, the mean and the maximum where any part is.

    Raises
    ------
    InputError
        An argument is out of range, or is not used by the places given.
    AlignmentError
        A stop is not in the timetable.

    Notes
    -----
    Connection Scan Algorithm, profile search (Dibbelt, Pajor, Strasser and Wagner 2018). There is
    one pass for each place of the smaller side.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from spatialreg.transport import Timetable, timetable_times
    >>> stops = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([116.4, 117.2], [39.9, 39.1]), crs=4326)
    >>> calls = pd.DataFrame({
    ...     "run": ["G1", "G1", "G3", "G3"], "sequence": [1, 2, 1, 2], "stop": ["a", "b"] * 2,
    ...     "arrival": [None, "07:50", None, "08:50"], "departure": ["07:20", None, "08:20", None]})
    >>> timetable = Timetable.from_calls(stops, calls)

    Trains leave at 7:20 and 8:20 and take 30 minutes, so that one who leaves between 7 and 8
    o'clock takes 30 to 50 minutes before the first has left, and 50 to 90 after it:

    >>> timetable_times(["a"], ["b"], timetable, depart=("07:00", "08:00")).round(1)
                        median  mean   min   max  reachable
    origin destination
    a      b              60.0  60.0  30.0  90.0        1.0
    """
    levels, columns = _statistics(statistics)
    question = ask(
        origins, destinations, timetable, depart=depart, transfer_minutes=transfer_minutes,
        footpaths=footpaths, max_transfers=max_transfers, cutoff=cutoff, access_m=access_m,
        access_kmh=access_kmh, detour=detour,
    )  # fmt: skip
    found = answer(question, levels, workers)
    return pd.DataFrame(
        {name: found[:, :, place].ravel() for name, place in columns.items()},
        index=pd.MultiIndex.from_product(
            [question.here.labels, question.there.labels], names=["origin", "destination"]
        ),
    )


def _statistics(names: Sequence[str]) -> tuple[np.ndarray, dict[str, int]]:
    """Give the quantile levels to work out, and the place of each column among the results."""
    if isinstance(names, str) or not len(names):
        raise InputError(f"statistics must be a list of names, not {names!r}")
    levels = {}
    for name in names:
        match = _QUANTILE.match(name)
        if match is not None:
            levels[name] = float(match[1]) / 100
        elif name == "median":
            levels[name] = 0.5
        elif name not in FIXED:
            raise InputError(
                f"statistics has {name!r}; it takes 'median', 'mean', 'min', 'max', 'reachable' "
                "and quantiles as 'p10'"
            )
    rising = np.array(sorted(set(levels.values())), dtype=float)
    place = {name: i for i, name in enumerate(FIXED)}
    place |= {n: len(FIXED) + int(np.searchsorted(rising, q)) for n, q in levels.items()}
    return rising, {name: place[name] for name in names}

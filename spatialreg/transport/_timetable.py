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

from .._compiled import processors, sharing
from .._results._timetable import Timetable, clock_minutes
from ..errors import InputError
from ._connection_scan import NEVER
from ._departure_window import FIXED, window_times
from ._timetable_arrays import changes, connections, rides, ways_between, whole_seconds
from ._timetable_places import OnFoot, PlacesLike, direct_walks, places

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
    window = departure_window(depart)
    levels, columns = _statistics(statistics)
    on_foot = _on_foot(origins, destinations, access_m, access_kmh, detour)
    limit = _limit(cutoff)
    _check_changes(transfer_minutes, max_transfers)
    ways = ways_between(timetable, footpaths, transfer_minutes)
    here = places(origins, timetable, ways, on_foot, "origins", toward=False)
    there = places(destinations, timetable, ways, on_foot, "destinations", toward=True)
    stops = len(timetable.stops)
    walk = direct_walks(here, there, stops, int(NEVER), on_foot)
    # the smaller side is searched from; from an origin, on time turned round
    turned = len(here.labels) < len(there.labels)
    searched, met = (here, there) if turned else (there, here)
    ridden = rides(timetable, window[0], window[1] + limit)
    change = changes(timetable, ways, transfer_minutes)
    net, _ = connections(ridden, change, stops, turned=turned)
    found = np.empty((len(searched.labels), len(met.labels), len(FIXED) + len(levels)))
    walk = np.ascontiguousarray(walk if turned else walk.T)
    rounds = 1 if max_transfers is None else max_transfers + 1

    def search(first: int, last: int) -> None:
        window_times(
            first, last, net, turned, searched.links, met.links, walk, window, limit, rounds,
            int(max_transfers is not None), levels, found,
        )  # fmt: skip

    with sharing(min(workers or processors(), max(len(searched.labels), 1))) as share:
        share(search, len(searched.labels))
    if not turned:
        found = found.swapaxes(0, 1)
    return pd.DataFrame(
        {name: found[:, :, place].ravel() for name, place in columns.items()},
        index=pd.MultiIndex.from_product(
            [here.labels, there.labels], names=["origin", "destination"]
        ),
    )


def departure_window(depart: str | tuple[str, str]) -> tuple[int, int]:
    """Give the first and last second of `depart`."""
    both = (depart, depart) if isinstance(depart, str) else tuple(depart)
    if len(both) != 2 or not all(isinstance(clock, str) for clock in both):
        raise InputError(
            f"depart must be a clock time or a pair of them, as ('07:00', '09:00'), not {depart!r}"
        )
    first, last = whole_seconds(clock_minutes(pd.Series(list(both), dtype=object), "depart"))
    if first > last:
        raise InputError(
            f"depart ends before it begins ({depart!r}): times after midnight go on from 24:00"
        )
    return int(first), int(last)


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


def _on_foot(
    origins: PlacesLike,
    destinations: PlacesLike,
    access_m: float | None,
    access_kmh: float | None,
    detour: float | None,
) -> OnFoot:
    import geopandas as gpd

    given = {"access_m": access_m, "access_kmh": access_kmh, "detour": detour}
    used = any(isinstance(side, gpd.GeoDataFrame) for side in (origins, destinations))
    for name, value in given.items():
        if value is not None and not used:
            raise InputError(
                f"{name}= is for points; origins and destinations are stops or frames: leave it out"
            )
    return OnFoot(
        1000.0 if access_m is None else access_m,
        4.5 if access_kmh is None else access_kmh,
        1.3 if detour is None else detour,
    )


def _limit(cutoff: float | None) -> int:
    if cutoff is None:
        return int(NEVER) // 2
    if not 0 < cutoff < np.inf:
        raise InputError(f"cutoff must be a positive number of minutes, not {cutoff!r}")
    return int(whole_seconds(np.array([cutoff]))[0])


def _check_changes(transfer_minutes: float, max_transfers: int | None) -> None:
    if not 0 <= transfer_minutes < np.inf:
        raise InputError(f"transfer_minutes must be a number from 0 on, not {transfer_minutes!r}")
    if max_transfers is not None and (
        isinstance(max_transfers, bool) or max_transfers != int(max_transfers) or max_transfers < 0
    ):
        raise InputError(f"max_transfers must be a whole number from 0 on, not {max_transfers!r}")

"""A timetable as a network of average times: stations, edges by line, and waiting by mode.

It loses which train meets which, and gains that it can be joined with roads, dated, and searched
like any other network: a ride takes its average time and every boarding half the mean headway.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from .._align import require_one_of
from .._results import Timetable
from ..errors import InputError
from ._timetable_question import departure_window
from ._walking import placed

_WGS84 = Geod(ellps="WGS84")


def timetable_network(
    timetable: Timetable,
    *,
    depart: tuple[str, str] = ("06:00", "22:00"),
    by: str = "mode",
    longest_wait: float = 30.0,
    transfer_minutes: float = 5.0,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.DataFrame]:
    """Give the stations, average rides and waiting times of a timetable as frames of a network.

    Parameters
    ----------
    timetable : Timetable
    depart : (str, str)
        Connections that leave in this window count; it has a length.
    by : {"mode", "line"}
        ``"mode"``: edges have the mode of their line, and a mode one waiting time, the mean over
        its departures. ``"line"``: every line is a mode of its own, named ``"mode: line"``, with
        its own waiting; changing from one to another then takes a transfer.
    longest_wait : float
        Waiting is capped: people look up when a rare train leaves [min].
    transfer_minutes : float
        Column ``transfer`` of the modes [min].

    Returns
    -------
    nodes : GeoDataFrame
        Index ``node``: the stations that have a connection; ``name``, points in EPSG:4326.
    edges : GeoDataFrame
        Index ``edge``, a row for each line and pair of consecutive stations: ``start``, ``end``,
        ``mode``, ``line``, ``class`` (the mode of the line), ``length_m`` (geodesic [m]),
        ``speed_kmh``, ``minutes`` (mean ride, with the mean halt at its start of the runs that come
        from further back [min]), ``oneway`` (True), ``opened``, ``closed`` (NaT), ``nature``
        (``"timetable"``), ``departures`` (in the window), ``waiting`` (half the mean headway,
        capped [min]), ``geometry`` (straight lines).
    modes : DataFrame
        Index ``mode``: ``boarding``, ``waiting``, ``transfer``, ``alighting`` [min].

    Raises
    ------
    InputError
        The window has no length, no connection leaves in it, or a stop has no position.

    Notes
    -----
    With n departures in a window of W minutes the mean headway is W / n, and the waiting of one
    who comes at any time W / (2 n), if departures are evenly spread; it is longer where they are
    not. ``timetable_times`` needs no such assumption.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from spatialreg.transport import Timetable, timetable_network
    >>> stops = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([116.4, 117.2], [39.9, 39.1]), crs=4326)
    >>> calls = pd.DataFrame({
    ...     "run": ["G1", "G1", "G3", "G3"], "sequence": [1, 2, 1, 2], "stop": ["a", "b"] * 2,
    ...     "arrival": [None, "07:50", None, "07:55"], "departure": ["07:20", None, "07:24", None]})
    >>> nodes, edges, modes = timetable_network(
    ...     Timetable.from_calls(stops, calls), depart=("07:00", "08:00"))
    >>> edges[["start", "end", "minutes", "departures", "waiting"]]
         start end  minutes  departures  waiting
    edge
    0        a   b     30.5           2     15.0
    """
    require_one_of(by, ["mode", "line"], "by")
    opening, closing = departure_window(depart)
    if opening == closing:
        raise InputError("depart must be a window with a length, as ('06:00', '22:00')")
    for name, value in (("longest_wait", longest_wait), ("transfer_minutes", transfer_minutes)):
        if not 0 <= value < np.inf:
            raise InputError(f"{name} must be a number of minutes from 0 on, not {value!r}")
    rides = _rides(timetable, opening / 60, closing / 60)
    nodes = _nodes(timetable, rides)
    edges = rides.groupby(["start", "end", "line"], sort=True).agg(
        minutes=("minutes", "mean"), departures=("minutes", "size")
    )
    edges = edges.reset_index()
    kind = timetable.lines["mode"].reindex(edges["line"]).to_numpy()
    headway = (closing - opening) / 60 / edges["departures"]
    edges["waiting"] = np.minimum(headway / 2, longest_wait)
    edges["class"] = kind
    edges["mode"] = (
        kind if by == "mode" else [f"{m}: {x}" for m, x in zip(kind, edges["line"], strict=True)]
    )
    modes = _modes(edges, transfer_minutes)
    start, end = (nodes.geometry.loc[edges[side]] for side in ("start", "end"))
    length = _WGS84.inv(start.x, start.y, end.x, end.y)[2]
    edges = edges.assign(
        length_m=length,
        speed_kmh=np.asarray(length) / edges["minutes"].where(edges["minutes"] > 0) * 0.06,
        oneway=True,
        opened=np.datetime64("NaT", "ns"),
        closed=np.datetime64("NaT", "ns"),
        nature="timetable",
    )
    ends = np.stack([shapely.get_coordinates(start), shapely.get_coordinates(end)], axis=1)
    columns = [
        "start", "end", "mode", "line", "class", "length_m", "speed_kmh", "minutes", "oneway",
        "opened", "closed", "nature", "departures", "waiting",
    ]  # fmt: skip
    return (
        nodes,
        gpd.GeoDataFrame(
            edges[columns].rename_axis("edge"), geometry=shapely.linestrings(ends), crs=4326
        ),
        modes,
    )


def _rides(timetable: Timetable, opening: float, closing: float) -> pd.DataFrame:
    """Give the connections of the window between stations: start, end, line, minutes.

    The halt at the start is part of the ride for a run that comes from further back, so that a
    ride through many stations takes as long as by timetable.
    """
    table = timetable.connections.sort_values(["run", "sequence"])
    came = table["arrival"].shift().where(table["run"] == table["run"].shift())
    halt = (table["departure"] - came).fillna(0.0)
    station = timetable.stops["station"]
    rides = pd.DataFrame(
        {
            "start": station.reindex(table["start"]).to_numpy(),
            "end": station.reindex(table["end"]).to_numpy(),
            "line": timetable.runs["line"].reindex(table["run"]).to_numpy(),
            "minutes": (table["arrival"] - table["departure"] + halt).to_numpy(),
            "departure": table["departure"].to_numpy(),
        }
    )
    within = (rides["departure"] >= opening) & (rides["departure"] < closing)
    rides = rides[within & (rides["start"] != rides["end"])]
    if not len(rides):
        raise InputError(
            "no connection between two stations leaves in the window: take a longer one, or "
            "another day"
        )
    return rides


def _nodes(timetable: Timetable, rides: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the stations of `rides`: their own point, or the middle of their stops."""
    used = pd.Index(pd.unique(pd.concat([rides["start"], rides["end"]]))).sort_values()
    stops = timetable.stops[placed(timetable.stops)]
    middle = pd.DataFrame(
        {"x": stops.geometry.x, "y": stops.geometry.y, "station": stops["station"]}
    )
    own = middle[middle.index == middle["station"]].set_index("station")
    mean = middle.groupby("station").mean()
    place = own.combine_first(mean).reindex(used)
    lost = used[place["x"].isna()]
    if len(lost):
        raise InputError(
            f"{len(lost)} stations have no position ({', '.join(map(str, lost[:5]))}): a network "
            "needs points; add them to timetable.stops"
        )
    name = timetable.stops["name"].reindex(used)
    first = timetable.stops.groupby("station")["name"].first().reindex(used)
    return gpd.GeoDataFrame(
        {"name": name.fillna(first)},
        geometry=gpd.points_from_xy(place["x"], place["y"]),
        index=used.rename("node"),
        crs=4326,
    )


def _modes(edges: pd.DataFrame, transfer_minutes: float) -> pd.DataFrame:
    """Give the mean waiting by mode, each edge counted by its departures."""
    weighted = (edges["waiting"] * edges["departures"]).groupby(edges["mode"]).sum()
    waiting = weighted / edges["departures"].groupby(edges["mode"]).sum()
    return pd.DataFrame(
        {"boarding": 0.0, "waiting": waiting, "transfer": transfer_minutes, "alighting": 0.0}
    ).rename_axis("mode")

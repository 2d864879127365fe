"""Stops of a GTFS feed under their stations, and its rules of changing between them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ._gtfs_tables import Account, Tables, numbers, texts

_RULES_FOR = ("from_trip_id", "to_trip_id", "from_route_id", "to_route_id")


def read_stops(tables: Tables, account: Account) -> gpd.GeoDataFrame:
    """Give stops and stations: index ``stop``; name, station, point in EPSG:4326.

    Entrances and the nodes of walkways inside a station are not among them.
    """
    stops = tables.required("stops", ["stop_id"])
    stops = account.without(
        stops,
        "stops",
        stops["stop_id"].isna(),
        "have no stop_id",
        "name them (NA, null and nan are read as blanks: write another label)",
    )
    tables.unique("stops", "stop_id")
    label = pd.Index(stops["stop_id"].to_numpy(dtype=object), name="stop")
    rows = stops.index
    frame = pd.DataFrame(index=label)
    frame["name"], frame["parent"] = texts(stops, "stop_name"), texts(stops, "parent_station")
    frame["name"] = frame["name"].fillna(pd.Series(label, index=label))
    for column in ("stop_lon", "stop_lat"):
        frame[column] = numbers(stops, column)
    lost = frame["parent"].notna() & ~frame["parent"].isin(label)
    if lost.any():
        account.warn(
            f"stops.txt: {int(lost.sum())} rows have a parent_station that stops.txt lacks (rows "
            f"{', '.join(map(str, rows[lost][:5]))}) and stand for themselves: add the station"
        )
    frame["station"] = _roots(frame["parent"].mask(lost))
    outside = (frame["stop_lat"].abs() > 90) | (frame["stop_lon"].abs() > 180)
    # zero by zero, in the Gulf of Guinea, is how a missing position is mostly written
    unplaced = frame[["stop_lon", "stop_lat"]].isna().any(axis=1) | outside
    unplaced |= (frame["stop_lon"] == 0) & (frame["stop_lat"] == 0)
    place = frame[["stop_lon", "stop_lat"]].mask(unplaced)
    place = place.fillna(place.reindex(frame["station"]).set_axis(label))
    kind = np.nan_to_num(numbers(stops, "location_type"))
    kept = np.isin(kind, [0, 1, 4])
    nowhere = place["stop_lon"].isna().to_numpy() & kept
    if nowhere.any():
        account.warn(
            f"stops.txt: {int(nowhere.sum())} stops have no position on the Earth (rows "
            f"{', '.join(map(str, rows[nowhere][:5]))}): nobody can walk to them; add stop_lat, "
            "stop_lon"
        )
    points = gpd.GeoSeries(gpd.points_from_xy(place["stop_lon"], place["stop_lat"]), index=label)
    points = points.where(place["stop_lon"].notna(), None)
    return gpd.GeoDataFrame(frame[["name", "station"]], geometry=points, crs=4326)[kept]


def _roots(parent: pd.Series) -> pd.Series:
    """Follow parents upward: a boarding area lies on a platform, a platform in a station."""
    root = pd.Series(parent.index, index=parent.index)
    root = parent.fillna(root)
    for _ in range(2):
        root = pd.Series(root.reindex(root).to_numpy(), index=root.index)
    return root


def read_transfers(tables: Tables, stops: gpd.GeoDataFrame, account: Account) -> pd.DataFrame:
    """Give the rules of changing by pair of stops: start, end, minutes.

    A rule for a station holds for all its stops, unless a stop has its own. Rules for certain
    trips or lines are left out.
    """
    columns = ["from_stop_id", "to_stop_id", "transfer_type"]
    rules = tables.optional("transfers", columns)
    special = pd.Series(False, index=rules.index)
    for column in _RULES_FOR:
        if column in rules.columns:
            special |= rules[column].notna()
    special |= rules["transfer_type"].isin([4, 5])
    rules = account.without(
        rules, "transfers", special, "hold for certain trips or lines only", "none is needed"
    )
    known = rules["from_stop_id"].isin(stops.index) & rules["to_stop_id"].isin(stops.index)
    rules = account.without(
        rules, "transfers", ~known, "name stops that stops.txt lacks", "add these stops"
    )
    seconds = numbers(rules, "min_transfer_time")
    kind = rules["transfer_type"].fillna(0).to_numpy(dtype=int)
    minutes = np.select([kind == 1, kind == 2, kind == 3], [0.0, seconds / 60, np.inf], np.nan)
    frame = pd.DataFrame(
        {
            "start": rules["from_stop_id"].to_numpy(dtype=object),
            "end": rules["to_stop_id"].to_numpy(dtype=object),
            "minutes": minutes,
        }
    )
    members = pd.DataFrame(
        {"station": stops["station"].to_numpy(dtype=object), "stop": stops.index}
    )
    members = members[members["station"] != members["stop"]]
    for column in ("start", "end"):
        frame = frame.merge(members, left_on=column, right_on="station", how="left")
        frame[f"of_station_{column}"] = frame["stop"].notna()
        frame[column] = frame["stop"].fillna(frame[column])
        frame = frame.drop(columns=["station", "stop"])
    # the rule for the stops themselves goes before that for their stations
    general = frame["of_station_start"].astype(int) + frame["of_station_end"].astype(int)
    frame = frame.assign(general=general).sort_values(
        ["start", "end", "general", "minutes"], kind="stable"
    )
    frame = frame.drop_duplicates(["start", "end"])
    return frame[["start", "end", "minutes"]].reset_index(drop=True)

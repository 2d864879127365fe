"""Which pieces become edges, and which are dropped as too short or as repetitions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ._pieces import Pieces, duplicates
from ._segments import Parts

_SAME_COLUMNS = ("mode", "line", "class", "oneway", "opened", "closed")


def kept_pieces(
    pieces: Pieces, layer: gpd.GeoDataFrame, parts: Parts, tolerance: float
) -> tuple[np.ndarray, pd.DataFrame]:
    """Say which pieces become edges, and list the others with the reason."""
    row = parts.row[pieces.part]
    short = (pieces.start == pieces.end) & (pieces.drawn <= 2 * tolerance)
    columns = [column for column in _SAME_COLUMNS if column in layer]
    alike = layer.groupby([*columns, "_level"], dropna=False, sort=False).ngroup().to_numpy()
    long = np.flatnonzero(~short)
    oneway = layer["oneway"].to_numpy()[row[long]]
    first = long[duplicates(pieces.take(long), alike[row[long]], oneway)]
    repeats = pd.DataFrame(
        {"row": row[long], "other": row[first], "length": pieces.drawn[long], "piece": long}
    )[first != long]
    lost = np.setdiff1d(np.arange(len(layer)), row[long])
    gone = pd.DataFrame({"row": row, "length": pieces.drawn, "piece": np.arange(len(row))})[short]
    gone = gone[gone["row"].isin(lost) & (gone["length"] > 0)]
    dropped = pd.concat(
        [
            _listed(repeats, pieces, "duplicate"),
            _listed(gone.assign(other=-1), pieces, "shorter than the tolerance"),
            _without_length(layer, np.setdiff1d(lost, row)),
        ]
    )
    names = np.array([*layer.index, None], dtype=object)
    dropped["line"], dropped["other"] = (
        names[dropped[column].to_numpy(np.int64)] for column in ("row", "other")
    )
    return np.sort(first[first == long]), dropped.drop(columns="row").assign(kind="dropped")


def _listed(frame: pd.DataFrame, pieces: Pieces, reason: str) -> pd.DataFrame:
    """Sum dropped pieces by the line that they are of and the one that they repeat."""
    groups = frame.groupby(["row", "other"])
    table = groups.agg(length_m=("length", "sum"), piece=("piece", "first")).reset_index()
    table["geometry"] = shapely.get_point(pieces.shape[table.pop("piece").to_numpy(np.int64)], 0)
    return table.assign(reason=reason)


def _without_length(layer: gpd.GeoDataFrame, rows: np.ndarray) -> pd.DataFrame:
    """List rows that have no geometry, or one without length."""
    shapes = layer.geometry.iloc[rows].to_crs(4326)
    points = [
        shapely.Point(xy[0]) if len(xy := shapely.get_coordinates(s)) else None for s in shapes
    ]
    reasons = ["no geometry" if point is None else "no length" for point in points]
    return pd.DataFrame(
        {"row": rows, "other": -1, "length_m": 0.0, "geometry": points, "reason": reasons}
    )

"""The columns of a layer of lines, by the names and in the words that people use."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._align import require_columns, some
from ..errors import InputError, MissingDataWarning
from ._line_values import day, directions, read_cells, speed_kmh, structure, text_of
from ._line_values import level as level_of

# the standard columns, each with the usual names of what it holds, the most telling first
STANDARD: dict[str, tuple[str, ...]] = {
    "edge": ("edge", "osm_id", "edge_id", "road_id", "line_id", "link_id", "id", "fid", "gid",
             "objectid", "编号"),
    "line": ("line", "ref", "route", "name", "road_name", "路名", "名称", "线路", "线路名称",
             "道路名称"),
    "class": ("class", "fclass", "highway", "railway", "road_class", "roadclass", "type", "等级",
              "道路等级", "类型", "类别"),
    "mode": ("mode", "方式", "运输方式"),
    "speed_kmh": ("speed_kmh", "maxspeed", "speed", "speed_limit", "speedlimit", "max_speed",
                  "design_speed", "限速", "速度", "设计速度", "设计时速", "时速"),
    "oneway": ("oneway", "one_way", "单向", "单行", "单行线", "方向"),
    "opened": ("opened", "opening_date", "open_date", "start_date", "open_year", "通车时间",
               "开通时间", "开通日期", "通车日期", "建成时间", "通车年份"),
    "closed": ("closed", "closing_date", "close_date", "end_date", "关闭时间", "停运时间"),
    "layer": ("layer", "level", "层"),
    "bridge": ("bridge", "桥", "桥梁"),
    "tunnel": ("tunnel", "隧道"),
    "nature": ("nature",),
}  # fmt: skip
_TEXT = ("line", "class", "mode", "nature")


def found_columns(frame: pd.DataFrame, given: dict[str, str], what: str) -> dict[str, str]:
    """Give the standard names with the columns that hold them.

    Parameters
    ----------
    frame : DataFrame
    given : dict of str to str
        What the user says; an empty text means that there is none.
    what : str
        The source, for messages.

    Raises
    ------
    InputError
        A standard name or a column does not exist, or a column would be two things.
    """
    unknown = [name for name in given if name not in STANDARD]
    if unknown:
        raise InputError(
            f"columns= has the names {some(STANDARD, 20)}, not {some(map(repr, unknown))}"
        )
    stated = {name: column for name, column in given.items() if column}
    require_columns(frame, stated.values(), what)
    if len(set(stated.values())) < len(stated):
        raise InputError(f"columns= gives one column of {what} two standard names: choose one")
    lower: dict[str, str] = {}
    for column in frame.columns:
        if column not in stated.values() and column != "geometry":
            lower.setdefault(str(column).strip().lower(), column)
    chosen = dict(stated)
    for name, usual in STANDARD.items():
        if name in given:
            continue
        match = next((lower[word] for word in usual if word in lower), None)
        if match is not None and match not in chosen.values():
            chosen[name] = match
    return chosen


def standard_columns(
    frame: gpd.GeoDataFrame,
    chosen: dict[str, str],
    what: str,
    *,
    mode: str,
    nature: str,
    dates: str | None,
    stated: bool,
) -> gpd.GeoDataFrame:
    """Give the lines with the standard columns, read from what the cells say.

    Raises
    ------
    InputError
        A cell cannot be read.

    Warns
    -----
    MissingDataWarning
        Rows without geometry were left out; speeds could not be read.
    """
    labels = _labels(frame, chosen, what, stated=stated)
    empty = frame.geometry.isna() | frame.geometry.is_empty
    if empty.any():
        warnings.warn(
            f"{what}: {empty.sum()} rows have no geometry and were left out "
            f"({some(labels[empty])})",
            MissingDataWarning,
            stacklevel=3,
        )
    frame, labels = frame[~empty], labels[~empty]
    cells = {
        name: frame[column].set_axis(labels) for name, column in chosen.items() if name != "edge"
    }
    table = pd.DataFrame(index=labels)
    defaults = {"line": None, "class": None, "mode": mode, "nature": nature}
    for name in _TEXT:
        text = _read(cells.get(name), labels, lambda v: text_of(v) or None, None, what)
        table[name] = text.fillna(defaults[name]).astype("str") if defaults[name] else (
            text.astype("str").where(text.notna())
        )  # fmt: skip
    table["speed_kmh"] = _speeds(cells.get("speed_kmh"), labels, what)
    reading = directions(cells["oneway"].unique()) if "oneway" in cells else None
    ways = _read(cells.get("oneway"), labels, reading, 0, what, "yes, no or -1").astype(int)
    table["oneway"] = ways != 0
    written = "dates with the year first (2012-12-01); for others give dates='%d/%m/%Y'"
    if dates is not None:
        written = f"dates written as {dates!r}"
    for name in ("opened", "closed"):
        days = _read(cells.get(name), labels, lambda v: day(v, dates), pd.NaT, what, written)
        table[name] = pd.to_datetime(days)
    level = _read(
        cells.get("layer"), labels, level_of, 0, what, "whole numbers, the levels of lines"
    )
    table["layer"] = level.astype("int64")
    for name in ("bridge", "tunnel"):
        table[name] = _read(cells.get(name), labels, structure, False, what).astype(bool)
    rest = frame.drop(columns=["geometry", *chosen.values()])
    for name in set(rest.columns) & set(table.columns):
        rest = rest.rename(columns={name: f"{name}_given"})
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    against = (ways == -1).to_numpy()
    shapes[against] = shapely.reverse(shapes[against])
    columns = pd.concat([table, pd.DataFrame(rest).set_axis(labels)], axis=1)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=frame.crs)


def _labels(frame: pd.DataFrame, chosen: dict[str, str], what: str, *, stated: bool) -> pd.Index:
    """Give the labels of lines: their ids, or the numbers of their rows."""
    column = chosen.get("edge")
    if column is not None:
        texts = frame[column].map(text_of)
        if texts.ne("").all() and texts.is_unique:
            return pd.Index(texts, dtype="str", name="edge")
        if stated:
            twice = texts[texts.duplicated()].unique()
            raise InputError(
                f"column {column!r} of {what} cannot be the labels of lines: "
                f"{texts.eq('').sum()} are missing, {len(twice)} stand twice ({some(twice)})"
            )
        del chosen["edge"]
    numbers = np.arange(1, len(frame) + 1).astype(str)
    return pd.Index(numbers, dtype="str", name="edge")


def _read(
    cells: pd.Series | None,
    labels: pd.Index,
    reading: Callable[[Any], Any] | None,
    nothing: Any,
    what: str,
    expected: str = "text",
) -> pd.Series:
    if cells is None or reading is None:
        return pd.Series([nothing] * len(labels), index=labels)
    return read_cells(cells, reading, expected, what)


def _speeds(cells: pd.Series | None, labels: pd.Index, what: str) -> pd.Series:
    lost: list[Any] = []

    def reading(value: Any) -> float:
        try:
            return speed_kmh(value)
        except ValueError:
            lost.append(value)
            return math.nan

    speeds = _read(cells, labels, reading, math.nan, what).astype(float)
    if lost and cells is not None:
        at = cells.index[cells.isin(lost)]
        warnings.warn(
            f"{what}: {len(at)} speeds in {cells.name!r} could not be read and are missing "
            f"({some(map(repr, lost))}, at {some(at)}): write km/h as numbers",
            MissingDataWarning,
            stacklevel=4,
        )
    return speeds

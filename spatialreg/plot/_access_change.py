"""Figures of a change of access: where it changed, which lines did it, and how equal it became."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.stats import norm

from .._align import require_one_of
from .._palettes import NO_DATA, QUALITATIVE
from .._results import AccessComparison, AttributionResult
from ..errors import InputError
from ._axes import axes, legend_beside, name_of, styled, text, titled
from ._paint import paint, require_on_map, swatch

# better is blue and worse is red (ColorBrewer's RdBu), which colour-blind readers tell apart
_GAIN, _LOSS = (0.66, 0.97), (0.34, 0.03)
_KINDS = {
    "unchanged": "#f7f7f7",
    "newly reached": "#f0e442",
    "lost": "#1a1a1a",
    "never reached": "#8c8c8c",
    "no data": NO_DATA,
}


@styled
def access_change_map(
    regions: gpd.GeoDataFrame,
    result: AccessComparison,
    *,
    column: Literal["change", "percent"] = "change",
    k: int = 3,
    breaks: Sequence[float] | None = None,
    label: str | None = None,
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw where access got better (blue) and where worse (red), in classes alike on both sides.

    Parameters
    ----------
    regions : GeoDataFrame
        Polygons or points; regions that `result` lacks are drawn as "no data".
    result : AccessComparison
        As :func:`spatialreg.access.compare_access` gives it.
    column : {"change", "percent"}
    k : int
        Classes on either side, that hold the same number of regions with a change.
    breaks : sequence of float
        Upper bounds of the size of a change, instead of `k`; a last class holds larger changes.
    label, title, legend, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes

    Raises
    ------
    AlignmentError
        No region of the result is on the map.
    InputError
        `column`, `k` or `breaks` is not what it should be.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.access import compare_access
    >>> states = sr.datasets.us_states()
    >>> result = compare_access(states["income_1999"], states["income_2009"], better="more")
    >>> ax = sr.plot.access_change_map(states, result, legend="US$ per head")
    """
    require_one_of(column, ("change", "percent"), "column")
    require_on_map(regions, result.frame.index, "the result")
    frame = result.frame.reindex(regions.index)
    outcome = frame["outcome"].where(frame["outcome"].notna(), "no data")
    moved = outcome.isin(["winner", "loser"])
    # what began at zero has no percentage, and is more than any
    size = frame[column].abs().mask(moved & frame[column].isna(), np.inf)
    bounds = _bounds(size[moved & np.isfinite(size)], k, breaks)
    step = np.searchsorted(bounds, size.to_numpy(), side="left").clip(0, max(len(bounds) - 1, 0))
    colour = outcome.map(_KINDS).astype(object).where(~moved, "").fillna(NO_DATA)
    handles: list[Patch] = []
    better_sign = -1 if result.better == "less" else 1
    for side, ends, sign, order in (
        ("winner", _GAIN, better_sign, reversed(range(len(bounds)))),
        ("loser", _LOSS, -better_sign, range(len(bounds))),
    ):
        shades = [mpl.colors.to_hex(c) for c in mpl.colormaps["RdBu"](_between(ends, len(bounds)))]
        for at in order:
            inside = (outcome == side).to_numpy() & moved.to_numpy() & (step == at)
            colour[inside] = shades[at]
            if inside.any():
                words = _words(bounds, at, sign, float(size[inside].max()), column)
                handles.append(swatch(shades[at], f"{words} ({inside.sum()})"))
        if side == "winner":
            handles += _kinds(outcome, ["unchanged"])
    handles += _kinds(outcome, [kind for kind in _KINDS if kind != "unchanged"])
    return paint(
        regions, colour, handles, label=label, title=title, legend=legend, outline=outline, ax=ax
    )


@styled
def attribution_bars(
    result: AttributionResult,
    *,
    region: Any = None,
    most: int | None = None,
    ci: float = 0.95,
    names: pd.Series | None = None,
    xlabel: str = "change of access",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each line changed: a bar its Shapley value, marks what it does alone.

    Parameters
    ----------
    result : AttributionResult
        As :func:`spatialreg.access.attribute_change` gives it.
    region : label
        Draw the change of this region; of the mean over regions unless told.
    most : int
        Draw so many lines, those with the largest values.
    ci : float
        Level of the intervals of sampled Shapley values (normal).
    names : Series
        Names by line; the lines where it has none.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        There is no such region, or an argument is out of range.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": "a", "end": "b", "minutes": [60.0, 30.0],
    ...     "line": ["road", "rail"]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> result = sr.access.attribute_change(network.without("rail"), network,
    ...     lambda network: sr.travel_times(["a"], ["b"], network)["b"])
    >>> ax = sr.plot.attribution_bars(result, xlabel="minutes")
    """
    if not 0 < ci < 1:
        raise InputError(f"ci must lie between 0 and 1 (0.95 is usual), not {ci!r}")
    if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
        raise InputError(f"most must be a whole number from 1 on, not {most!r}")
    table = result.frame
    if region is not None:
        if region not in result.changes.index:
            raise InputError(f"the result has no region {region!r}")
        table = result.by_region[result.by_region.index.get_level_values(1) == region].droplevel(1)
    main = "shapley" if "shapley" in table else "leave_one_out"
    # the first at a tie is the first by label, whatever the order of the table
    order = table[main].sort_index().abs().sort_values(ascending=False, kind="stable").index[:most]
    table = table.loc[order]
    ax = axes(ax, figsize=(7.2, 1.5 + 0.3 * len(table)))
    at = np.arange(len(table))
    reach = None
    if "standard_error" in table and table["standard_error"].max() > 0:
        reach = norm.ppf((1 + ci) / 2) * table["standard_error"].to_numpy()
    ax.barh(
        at, table[main], height=0.62, color=QUALITATIVE[0], xerr=reach,
        error_kw={"ecolor": "#222222", "elinewidth": 1.0, "capsize": 2.5},
    )  # fmt: skip
    handles: list[Any] = [
        Patch(facecolor=QUALITATIVE[0], label="Shapley" if main == "shapley" else "left out alone")
    ]
    if reach is not None:
        handles.append(Line2D([], [], color="#222222", lw=1.0, label=f"{ci:.4g} interval"))
    marks = {"leave_one_out": ("D", "left out alone"), "first_in": ("o", "added alone")}
    for name, (marker, words) in marks.items():
        if name in table and name != main:
            style: dict[str, Any] = {
                "marker": marker,
                "ms": 5,
                "mfc": "white",
                "mec": "black",
                "ls": "none",
            }
            ax.plot(table[name], at, zorder=4, **style)
            handles.append(Line2D([], [], label=words, **style))
    ax.axvline(0, color="#222222", lw=0.8)
    ax.set_yticks(at, [text(name_of(line, names)) or str(line) for line in table.index])
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(text(xlabel))
    legend_beside(ax, handles=handles)
    return titled(ax, title)


@styled
def inequality_arrows(
    result: AccessComparison,
    *,
    measures: Sequence[str] | None = None,
    times: tuple[str, str] = ("before", "after"),
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw measures of inequality before and after, an arrow each: blue where it fell.

    Parameters
    ----------
    result : AccessComparison
        As :func:`spatialreg.access.compare_access` gives it.
    measures : sequence of str
        Of those in the result; all unless told.
    times : (str, str)
        What the two times are called.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The result has no inequality, or not this measure.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> result = sr.access.compare_access(
    ...     states["income_1969"], states["income_2009"], better="more")
    >>> ax = sr.plot.inequality_arrows(result, times=("1969", "2009"))
    """
    table = result.inequality
    chosen = list(table.index if measures is None else measures)
    lacking = [name for name in chosen if name not in table.index]
    if lacking or not chosen:
        raise InputError(
            f"the result has the measures {', '.join(table.index) or 'none'}, not "
            f"{', '.join(map(repr, lacking)) or 'any'}: name them in compare_access(measures=...)"
        )
    ax = axes(ax, figsize=(5.2, 4.2))
    for name in chosen:
        first, last = (float(table.loc[name, column]) for column in ("before", "after"))
        colour = QUALITATIVE[0] if last < first else QUALITATIVE[1] if last > first else "#8c8c8c"
        ax.annotate(
            "", (1, last), xytext=(0, first),
            arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.8, "shrinkA": 0,
                        "shrinkB": 0},
        )  # fmt: skip
        ax.plot([0, 1], [first, last], ls="none", marker="o", ms=3, color=colour)
        for side, value, place in ((0, first, "right"), (1, last, "left")):
            words = f"{name}  {value:.3g}" if side == 0 else f"{value:.3g}"
            ax.annotate(
                words, (side, value), xytext=(-8 if side == 0 else 8, 0), ha=place, va="center",
                textcoords="offset points", fontsize=8,
            )  # fmt: skip
    for words, colour in (("fell", QUALITATIVE[0]), ("rose", QUALITATIVE[1])):
        ax.plot([], [], color=colour, lw=1.8, label=words)
    ax.set_xlim(-0.5, 1.4)
    ax.set_ylim(bottom=0)
    ax.set_xticks([0, 1], [text(words) for words in times])
    ax.grid(axis="x", visible=False)
    ax.set_ylabel("inequality of access")
    ax.legend(loc="lower right")
    return titled(ax, title)


def _bounds(size: pd.Series, k: int, breaks: Sequence[float] | None) -> np.ndarray:
    """Give the upper bounds of the classes of the size of a change."""
    if breaks is not None:
        bounds = np.array(list(breaks), dtype=float)
        if not len(bounds) or not (np.diff(bounds) > 0).all() or not bounds[0] > 0:
            raise InputError(f"breaks must rise from above zero, not {list(breaks)!r}")
        return np.r_[bounds, size.max()] if (size > bounds[-1]).any() else bounds
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise InputError(f"k must be a whole number from 1 on, not {k!r}")
    if size.empty:
        return np.empty(0)
    return np.unique(np.quantile(size, np.arange(1, k + 1) / k))


def _between(ends: tuple[float, float], count: int) -> np.ndarray:
    return np.linspace(*ends, count) if count > 1 else np.array([(ends[0] + ends[1]) / 2])


def _words(bounds: np.ndarray, at: int, sign: int, largest: float, column: str) -> str:
    """Say the span of a class with its sign: the size rises away from zero."""
    low = bounds[at - 1] if at else 0.0
    high = max(float(bounds[at]), largest)
    unit = " %" if column == "percent" else ""
    mark = "−" if sign < 0 else "+"
    return f"{mark}{low:.3g} to {mark}{high:.3g}{unit}" if low else f"up to {mark}{high:.3g}{unit}"


def _kinds(outcome: pd.Series, kinds: Sequence[str]) -> list[Patch]:
    counts = outcome.value_counts()
    return [swatch(_KINDS[kind], f"{kind} ({counts[kind]})") for kind in kinds if kind in counts]

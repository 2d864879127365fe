"""A figure of growth by structure and by a region's own, with a name at every region."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from .._align import require_columns
from .._palettes import QUALITATIVE
from ._axes import axes, legend_beside, name_of, styled, text
from ._fonts import has_chinese

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
# where a name may stand beside its point, in points and as it is aligned
_PLACES = (
    (5, 0, "left"), (-5, 0, "right"), (0, 7, "center"), (0, -7, "center"), (4, 6, "left"),
    (4, -6, "left"), (-4, 6, "right"), (-4, -6, "right"),
)  # fmt: skip


@styled
def growth_quadrants(
    rates: pd.DataFrame,
    *,
    groups: pd.Series | None = None,
    names: pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw growth beyond the nation by structure (across) and by a region's own (up).

    Regions above the falling line outgrew all regions together.

    Parameters
    ----------
    rates : DataFrame
        By region ``mix`` and ``competitive``, as ``disparity.shift_share_rates`` gives them.
    groups : Series
        Group of each region: a colour and a marker each.
    names : Series
        Names by region; the codes where it has none.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> rates = pd.DataFrame({"mix": [0.2, -0.1], "competitive": [-1.0, 2.0]}, index=["a", "b"])
    >>> ax = sr.plot.growth_quadrants(rates)
    """
    require_columns(rates, ["mix", "competitive"], "the rates")
    known = rates.dropna(subset=["mix", "competitive"])
    ax = axes(ax, figsize=(7.6, 5.2))
    ax.axhline(0, color="#888888", lw=0.8)
    ax.axvline(0, color="#888888", lw=0.8)
    labels = pd.Series("", index=known.index) if groups is None else groups.reindex(known.index)
    labels = labels.fillna("outside")
    for i, group in enumerate(pd.unique(groups.dropna()) if groups is not None else [""]):
        inside = labels == group
        ax.scatter(
            known["mix"][inside], known["competitive"][inside], s=30, zorder=3,
            color=QUALITATIVE[i % len(QUALITATIVE)], marker=_MARKERS[i % len(_MARKERS)],
            edgecolor="#333333", lw=0.4, label=text(str(group)),
        )  # fmt: skip
    outside = labels == "outside"
    if outside.any() and groups is not None and "outside" not in set(groups):
        ax.scatter(
            known["mix"][outside], known["competitive"][outside], s=26, color="#b5b5b5", zorder=3,
            label="outside",
        )  # fmt: skip
    ax.margins(0.1)
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    ax.plot(
        [left, right], [-left, -right], color="#333333", lw=1.0, ls=(0, (5, 1.5)), zorder=1,
        label="grew as all together",
    )  # fmt: skip
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_xlabel("by structure (industry mix), percentage points a year")
    ax.set_ylabel("by its own (competitive), percentage points a year")
    legend_beside(ax)
    if title:
        ax.set_title(text(title))
    _write_names(ax, known["mix"], known["competitive"], names)
    return ax


def _write_names(ax: Axes, x: pd.Series, y: pd.Series, names: pd.Series | None) -> None:
    """Write a name beside each point where there is room, the farthest out first."""
    size = 6.5
    ax.figure.canvas.draw()  # settles the limits on which positions depend
    per_point = ax.figure.dpi / 72
    points = ax.transData.transform(np.column_stack([x, y]))
    taken = [(px - 3 * per_point, py - 3 * per_point, px + 3 * per_point, py + 3 * per_point)
             for px, py in points]  # fmt: skip
    centre = np.median(points, axis=0)
    frame = ax.get_window_extent()
    for i in np.argsort(-np.hypot(*(points - centre).T), kind="stable"):
        code = x.index[i]
        words = text(name_of(code, names))
        if not words:
            continue
        wide = per_point * size * sum(1.0 if has_chinese(c) else 0.58 for c in words)
        high = per_point * size * 1.15
        for dx, dy, align in _PLACES:
            px, py = points[i][0] + dx * per_point, points[i][1] + dy * per_point
            left = px - wide * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
            place = (left, py - high / 2, left + wide, py + high / 2)
            inside = place[0] > frame.x0 and place[2] < frame.x1
            if inside and not any(
                place[0] < o[2] and o[0] < place[2] and place[1] < o[3] and o[1] < place[3]
                for j, o in enumerate(taken)
                if j != i
            ):
                taken.append(place)
                ax.annotate(
                    words, (x.iloc[i], y.iloc[i]), xytext=(dx, dy), textcoords="offset points",
                    ha=align, va="center", fontsize=size, zorder=4,
                    path_effects=[withStroke(linewidth=1.2, foreground="white")],
                )  # fmt: skip
                break

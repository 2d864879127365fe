"""Figures of access: minutes on a map, people by minutes, and how equally access is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator, PercentFormatter

from .. import disparity
from .._align import numeric_series, require_unique, some
from .._palettes import NO_DATA, QUALITATIVE
from ..errors import AlignmentError, InputError
from ._axes import axes, legend_beside, styled, text, titled
from ._charts import lorenz
from ._minute_classes import class_name, rising, round_limits, shades
from ._paint import paint, require_on_map, swatch

_UNREACHED = "#4d4d4d"


@styled
def minutes_map(
    regions: gpd.GeoDataFrame,
    minutes: pd.Series,
    *,
    breaks: Sequence[float] | None = None,
    palette: str = "viridis",
    label: str | None = None,
    title: str | None = None,
    legend: str | None = None,
    outline: gpd.GeoDataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw travel times in classes of round minutes and hours, the nearest lightest.

    Parameters
    ----------
    regions : GeoDataFrame
        Polygons; any CRS, drawn in an equal-area projection.
    minutes : Series
        By region [min]. Infinite is drawn dark and says "Not reached"; a region without a value
        is grey and says "No data".
    breaks : sequence of float
        Upper limits of the classes [min], rising. Unless told, at most six classes of round times
        that divide the regions best.
    palette : str
        A matplotlib colour map.
    label, title, legend, outline, ax
        As in :func:`choropleth`.

    Returns
    -------
    Axes

    Raises
    ------
    AlignmentError
        No region of `minutes` is on the map.
    InputError
        Times are negative, or breaks are not rising.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> minutes = pd.Series(range(10, 490, 10), index=states.index)
    >>> ax = sr.plot.minutes_map(states, minutes, legend="to the next station")
    """
    values = _minutes(minutes)
    require_on_map(regions, values.index, "the times")
    drawn = values.reindex(regions.index)
    finite = drawn[np.isfinite(drawn)]
    limits = round_limits(finite) if breaks is None else rising(breaks)
    beyond = bool(len(finite)) and finite.max() > limits[-1]
    count = len(limits) + beyond
    names = [class_name(limits, i) for i in range(count)]
    number = np.searchsorted(limits, finite)
    hexes = [mpl.colors.to_hex(shade) for shade in shades(palette, count)]
    colour = pd.Series([hexes[i] for i in number], finite.index).reindex(
        regions.index, fill_value=NO_DATA
    )
    infinite = np.isinf(drawn)
    colour[infinite] = _UNREACHED
    shown = [
        (shade, f"{name} ({int((number == i).sum())})")
        for i, (shade, name) in enumerate(zip(hexes, names, strict=True))
    ]
    shown += [(_UNREACHED, f"Not reached ({int(infinite.sum())})")] * bool(infinite.any())
    shown += [(NO_DATA, f"No data ({int(drawn.isna().sum())})")] * bool(drawn.isna().any())
    handles = [swatch(shade, words) for shade, words in shown]
    return paint(
        regions, colour, handles, label=label, title=title, legend=legend, outline=outline, ax=ax
    )


@styled
def people_by_minutes(
    minutes: pd.Series | Mapping[str, pd.Series],
    *,
    population: pd.Series,
    by: pd.Series | None = None,
    marks: Sequence[float] = (),
    limit: float | None = None,
    of: str = "people",
    xlabel: str = "minutes",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of people within so many minutes, a curve a group or a date.

    Parameters
    ----------
    minutes : Series, or mapping of str to Series
        Minutes by region, for example to the nearest facility; several are named in the legend.
        Those who are not reached (inf) count in the whole, so that a curve may end below it.
    population : Series
        People by region.
    by : Series
        Groups by region, a curve each; with several `minutes` not used.
    marks : sequence of float
        Minutes to mark with a vertical line; the share of each curve there is written beside it.
    limit : float
        Where the axis ends [min]; the greatest time unless told.
    of : str
        What `population` counts, if it is not people: ``"floor area"``.
    xlabel, title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    AlignmentError
        `population` or `by` lacks regions.
    InputError
        Times are negative; `by` comes with several `minutes`.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> minutes = pd.Series({"a": 20, "b": 50, "c": 90})
    >>> ax = sr.plot.people_by_minutes(minutes, population=pd.Series({"a": 5, "b": 3, "c": 2}),
    ...                                marks=[60])
    """
    curves = {
        name: _cumulative(values, population) for name, values in _curves(minutes, by).items()
    }
    ends = [time[-1] for time, _ in curves.values()]
    end = float(max(*ends, *marks, 1.0) * 1.02) if limit is None else float(limit)
    ax = axes(ax)
    for i, (name, (time, share)) in enumerate(curves.items()):
        colour = QUALITATIVE[i % len(QUALITATIVE)]
        ax.step(
            np.append(time, max(end, time[-1])), np.append(share, share[-1]), where="post",
            lw=1.8, color=colour, label=text(name),
        )  # fmt: skip
        for mark in marks:
            reached = share[np.searchsorted(time, mark, side="right") - 1]
            ax.plot([mark], [reached], ls="none", marker="o", ms=4, color=colour)
            ax.annotate(
                f"{reached:.0%}", (mark, reached), textcoords="offset points",
                xytext=(4, -9 if reached > 0.05 else 3), fontsize=7.5, color=colour,
            )  # fmt: skip
    for mark in marks:
        ax.axvline(mark, color="#888888", lw=0.8, ls=":", zorder=0)
    ax.set_xlim(0, end)
    ax.set_ylim(0, 1.01)
    step = next((s for s in (5, 10, 15, 30, 60, 120, 240, 480) if end / s <= 10), 1440)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(text(xlabel) or "minutes", fontfamily=mpl.rcParams["font.family"])
    ax.set_ylabel(text(f"share of {of}"), fontfamily=mpl.rcParams["font.family"])
    if len(curves) > 1:
        legend_beside(ax)
    return titled(ax, title)


@styled
def access_lorenz(
    access: pd.Series | Mapping[str, pd.Series],
    *,
    population: pd.Series | None = None,
    of: str = "people",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw Lorenz curves of access, from the people with the least of it.

    Parameters
    ----------
    access : Series, or mapping of str to Series
        Access by region, of which more is better (potential, opportunities, doctors per head);
        several are named in the legend. Of minutes take one over them.
    population : Series
        People by region; without it each region counts once.
    of : str
        What `population` counts, if it is not people.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError, AlignmentError
        As for :func:`spatialreg.disparity.lorenz`.

    Examples
    --------
    >>> import pandas as pd, spatialreg as sr
    >>> ax = sr.plot.access_lorenz(pd.Series({"a": 1.0, "b": 3.0}))
    """
    curves = {}
    for name, values in _named(access, "access").items():
        people = None if population is None else _people_of(values, population)
        curves[text(name)] = disparity.lorenz(values, population=people)
    ax = lorenz(curves, title=title, ax=ax)
    whole = "regions" if population is None else of
    ax.set_xlabel(
        text(f"share of {whole}, those with the least access first"),
        fontfamily=mpl.rcParams["font.family"],
    )
    ax.set_ylabel("share of all access")
    return ax


def _named(values: pd.Series | Mapping[str, pd.Series], name: str) -> Mapping[str, pd.Series]:
    if isinstance(values, pd.Series):
        return {str(values.name if values.name is not None else name): values}
    if not isinstance(values, Mapping) or not values:
        raise InputError(f"{name} must be a Series by region, or a mapping of names to Series")
    return values


def _curves(
    minutes: pd.Series | Mapping[str, pd.Series], by: pd.Series | None
) -> Mapping[str, pd.Series]:
    named = {name: _minutes(values) for name, values in _named(minutes, "minutes").items()}
    if by is None:
        return named
    if not isinstance(minutes, pd.Series):
        raise InputError("by= divides one Series of minutes: pass one, or leave it out")
    values = next(iter(named.values()))
    _require_all(values.index, by.index, "by")
    groups = by.reindex(values.index)
    order = groups.cat.categories if hasattr(groups, "cat") else sorted(groups.dropna().unique())
    return {str(group): values[groups == group] for group in order if (groups == group).any()}


def _cumulative(minutes: pd.Series, population: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give times from zero on, and the share of people within each."""
    people = _people_of(minutes, population)
    known = minutes.notna() & people.notna()
    if not people[known].sum() > 0:
        raise InputError("there are no people in regions with minutes: nothing can be drawn")
    sums = people[known].groupby(minutes[known]).sum()
    share = sums.cumsum() / sums.sum()
    share = share[np.isfinite(share.index.to_numpy(dtype=float))]
    time = np.concatenate([[0.0], share.index.to_numpy(dtype=float)])
    return time, np.concatenate([[0.0], share.to_numpy()])


def _people_of(values: pd.Series, population: pd.Series) -> pd.Series:
    people = numeric_series(population, "population")
    _require_all(values.index, people.index, "population")
    return people.reindex(values.index)


def _require_all(regions: pd.Index, given: pd.Index, what: str) -> None:
    require_unique(given, what)
    lacking = regions.difference(given)
    if len(lacking):
        raise AlignmentError(f"{what} lacks {len(lacking)} regions ({some(lacking)})")


def _minutes(minutes: pd.Series) -> pd.Series:
    if not isinstance(minutes, pd.Series):
        raise InputError(f"minutes must be a Series by region, not {type(minutes).__name__}")
    require_unique(minutes.index, "minutes")
    values = minutes.astype(float)
    if (values < 0).any():
        raise InputError(f"minutes are negative at {some(values.index[values < 0])}")
    return values

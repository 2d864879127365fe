"""How unequally access is spread over people, by date, and how much of that lies between groups.

Takes access by region (minutes, potential, doctors per head), a column a date, and people; gives
the measures of :mod:`spatialreg.disparity` of it. Two things are particular to access: minutes are
a bad, of which less is better, and some regions may not reach anything at all.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from .._align import require_one_of, require_unique, some
from ..disparity import decompose_theil, inequality
from ..errors import InputError, MissingDataWarning, TotalsWarning
from ..regions import Scheme
from ._people import groups_of, people_of


def access_inequality(
    access: pd.Series | pd.DataFrame,
    *,
    population: pd.Series | None = None,
    by: pd.Series | str | Scheme | None = None,
    measures: Sequence[str] = ("gini", "theil"),
    of: Literal["value", "inverse"] = "value",
    unreached: Literal["raise", "leave_out"] = "raise",
) -> pd.DataFrame:
    """Measures of inequality of access between people, by date.

    Parameters
    ----------
    access : Series or DataFrame
        Access by region, not negative; in a DataFrame a column a date.
    population : Series, optional
        People by region; without it each region counts once.
    by : Series, str or Scheme, optional
        Groups by region, or a scheme of :func:`spatialreg.list_schemes`: Theil's T is taken apart
        into a part between the groups and one within them.
    measures : sequence of str
        As for :func:`spatialreg.inequality`.
    of : {"value", "inverse"}
        Measure the values as they are, or one over them: speed of access instead of minutes, in
        which a region that reaches nothing has zero and more is better.
    unreached : {"raise", "leave_out"}
        What to do with infinite values, if they are not inverted: raise, or leave these regions
        out; ``reached_share`` then says how many people the figure is about.

    Returns
    -------
    DataFrame
        A row a date (one row for a Series): ``regions``, ``reached_share`` (of people, or of
        regions, with finite access), ``mean`` (weighted by people), a column for each measure;
        with `by` also ``theil_between``, ``theil_within`` and ``between_share``.

    Raises
    ------
    InputError
        Access is negative; infinite, where nothing was said of it; zero, where it is inverted or
        a measure is not defined there; a group is missing; groups overlap.
    AlignmentError
        `population` or `by` lacks regions.

    Warns
    -----
    MissingDataWarning
        Regions without access or people were left out.

    Notes
    -----
    The measures are relative: they do not change where all minutes halve, and rise where all fall
    by the same number of minutes. Of minutes they say how unequal the burden is, whose top is
    where access is worst: Theil's T then looks most at the remote, and for one over minutes at the
    well connected. Inequality of minutes and of their inverse may move in opposite directions, so
    say which it was. Access is what each inhabitant of a region has, so values are taken as per
    head even where they rise with people, as a potential does near large cities.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.access import access_inequality
    >>> minutes = pd.DataFrame({2010: [30.0, 90.0], 2020: [30.0, 60.0]}, index=["a", "b"])
    >>> people = pd.Series({"a": 1, "b": 1})
    >>> access_inequality(minutes, population=people, measures=["gini"]).round(3)
          regions  reached_share  mean   gini
    date
    2010        2            1.0  60.0  0.250
    2020        2            1.0  45.0  0.167
    """
    require_one_of(of, ("value", "inverse"), "of")
    require_one_of(unreached, ("raise", "leave_out"), "unreached")
    if of == "inverse" and unreached != "raise":
        raise InputError(
            "unreached='leave_out' is not used with of='inverse', in which what is not reached is "
            "zero: leave it out"
        )
    table = _table(access)
    people = people_of(population, table.index)
    groups = None if by is None else groups_of(by, table.index)
    rows, left_out = [], {}
    for date, column in table.items():
        known = column.notna() & people.notna()
        if not known.all():
            left_out[date] = column.index[~known]
        values, weight = column[known], people[known]
        values, reached = _finite(values, weight, of, unreached)
        frame = pd.DataFrame({"access": values, "people": weight[values.index]})
        rows.append(_measured(frame, groups, measures, reached))
    if left_out:
        regions = pd.Index(np.unique(np.concatenate([list(one) for one in left_out.values()])))
        warnings.warn(
            f"{len(regions)} of {len(table)} regions have no access or people at some date and "
            f"were left out there: {some(regions)}",
            MissingDataWarning,
            stacklevel=2,
        )
    result = pd.DataFrame(rows, index=table.columns.rename(table.columns.name or "date"))
    counted = "each region counting once" if population is None else "weighted by people"
    what = "access" if of == "value" else "one over access"
    result.attrs["definition"] = f"inequality of {what} between regions, {counted}"
    return result


def _measured(
    frame: pd.DataFrame, groups: pd.Series | None, measures: Sequence[str], reached: float
) -> dict[str, Any]:
    with warnings.catch_warnings():
        # a potential rises with people, and is still what each of them has
        warnings.simplefilter("ignore", TotalsWarning)
        figures = inequality(frame, per_head="access", population="people", measures=measures)
        row: dict[str, Any] = {
            "regions": int((frame["people"] > 0).sum()),
            "reached_share": reached,
            "mean": float(np.average(frame["access"], weights=frame["people"])),
            **{str(name): figures[name].iloc[0] for name in figures},
        }
        if groups is not None:
            parts = decompose_theil(
                frame, per_head="access", population="people", by=groups.reindex(frame.index)
            )
            sums = parts.frame[parts.frame["group"] == "all"].set_index("component")
            row["theil_between"] = sums["value"]["between"]
            row["theil_within"] = sums["value"]["within"]
            row["between_share"] = sums["share"]["between"]
    return row


def _finite(
    values: pd.Series, weight: pd.Series, of: str, unreached: str
) -> tuple[pd.Series, float]:
    """Give finite values of what is measured, and the share of people with finite access."""
    finite = np.isfinite(values)
    if not (weight[finite] > 0).any():
        raise InputError("access has no region with people and a finite value: nothing to measure")
    reached = float(weight[finite].sum() / weight.sum())
    if of == "inverse":
        zero = values.index[values == 0]
        if len(zero):
            raise InputError(
                f"{len(zero)} regions have an access of zero ({some(zero)}), which has no "
                "inverse: give them internal times (own= in access_from_times), or measure the "
                "values as they are"
            )
        return 1 / values, reached
    lost = values.index[~finite]
    if len(lost) and unreached == "raise":
        raise InputError(
            f"{len(lost)} regions have infinite access ({some(lost)}), those that reach nothing: "
            "of='inverse' gives them zero, unreached='leave_out' measures the others and says "
            "how many people they are"
        )
    return values[finite], reached


def _table(access: Any) -> pd.DataFrame:
    """Give a column of floats for each date."""
    if isinstance(access, pd.Series):
        access = access.to_frame()
    if not isinstance(access, pd.DataFrame):
        raise InputError(
            f"access must be a Series by region or a DataFrame with a column a date, not "
            f"{type(access).__name__}"
        )
    require_unique(access.index, "access")
    require_unique(access.columns, "access, in its columns,")
    try:
        table = access.astype(float)
    except (TypeError, ValueError) as error:
        raise InputError(f"access must be numeric: {error}") from error
    if table.shape[1] == 0:
        raise InputError("access has no column: pass at least one date")
    negative = table.index[(table < 0).any(axis=1)]
    if len(negative):
        raise InputError(
            f"access must not be negative; it is at {some(negative)}: a change of access has no "
            "inequality, measure both dates"
        )
    return table

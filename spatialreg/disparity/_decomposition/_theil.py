"""How much of inequality lies between groups of regions, and how much inside them.

Theil's T and L and generalised entropy fall apart without a rest: between zones, between provinces
inside zones, between prefectures inside provinces, and so on down to the regions themselves. Takes
a frame or a panel with value per head, people and the groups; gives a :class:`Decomposition`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._results import Decomposition
from .._groups import ALL, By, read_levels, read_rows
from .._inputs import grid
from .._resampling import WORDS, Interval, require_interval
from ._entropy import find_entropy
from ._nested import nested_parts, unit_parts


def decompose_theil(
    frame_or_panel: pd.DataFrame,
    *,
    per_head: str,
    population: str | None,
    by: By,
    measure: str = "T",
    ci: float | None = None,
    interval: Interval = "bca",
    replicates: int | None = None,
    rng: int | np.random.Generator | None = None,
) -> Decomposition:
    """Theil's index, or generalised entropy, between and within groups, nested to any depth.

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`).
    per_head : str
        Column with the value per head, not negative.
    population : str or None
        Column with people; None lets each region count once.
    by : str, Series, or a sequence of them
        The groups, outermost first: a column, or a Series labelled as the frame is (for a panel
        also by code alone). Inner groups are taken inside the outer ones.
    measure : str
        ``"T"``, Theil's T; ``"L"``, the mean log deviation; or ``"ge(alpha)"``, generalised entropy
        of that order, for example ``"ge(2)"``, half the squared coefficient of variation. L, and
        orders of 0 or less, need values above zero.
    ci : float, optional
        Level of intervals of the components and their shares, for example 0.95. Regions are
        resampled within the outermost groups, each with all its years; what such intervals say is
        told at :func:`inequality`. A region must then keep its groups over the years.
    interval : {"bca", "percentile", "jackknife"}
        How intervals are made, as for :func:`inequality`.
    replicates : int, optional
        Number of bootstrap draws, 999 unless told; only with `ci`.
    rng : int or Generator, optional
        Seed of the draws; only with `ci`.

    Returns
    -------
    Decomposition
        ``frame`` has `year` (for a panel), `level`, `group`, `component`, `value`, `share` (of
        the total) and `parent`. At each level of `by` the component is ``between``: differences
        between its groups inside their parent. At the level of the regions (named as their index,
        or ``"region"``) it is ``within``: differences between regions inside the innermost
        groups. Rows with `group` ``"all"`` are the components, which add up to the index; the
        other rows are contributions of single groups, which add up to their component. Between
        groups they are the terms as usually written: that of a group below the mean of its parent
        is negative under T, that of one above it under L; those of other orders are never
        negative. ``parent`` is the path of outer groups, ``"East / Shanghai"``. With `ci` the rows
        ``"all"`` have bounds: `low`, `high`, `share_low`, `share_high`.

        ``units`` has a row for each row of the frame: `population_share`, `value_share`,
        `relative` (value over the mean), `contribution` to the index, its `share`, and `within`,
        what the region contributes to differences inside its innermost group. Contributions add up
        to the index, those inside to the component ``within``. They are never negative, and zero at
        the mean (see Notes). Regions left out have NaN.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric; a region with data has no group;
        the groups are a table of indicators, in which regions may be in several; L or an order of
        0 or less meets a value of zero.
    AlignmentError
        A Series of groups lacks regions.

    Warns
    -----
    MissingDataWarning
        Regions without a value or population were left out.
    TotalsWarning
        The values rise with the people as totals do: they should be per head.

    Notes
    -----
    With s the population share of a group, z its mean over that of the country and r its mean over
    that of its parent, whose mean over that of the country is Z, the group adds s Z^a f(r) between
    groups; f(r) is r ln r for T (a = 1), -ln r for L (a = 0), and (r^a - 1) / (a (a - 1)) else.
    The weights of the groups' own indices, s^(1 - a) v^a with v the value share, add up to one for
    T and L only (Shorrocks 1980). A multiple of r - 1 may be added to f without changing any sum
    over groups; `contribution`, `within` and the rows of other orders take the multiple that
    touches zero at the mean: r ln r - r + 1 for T and r - 1 - ln r for L. The usual element of T
    is `value_share` times the logarithm of `relative`.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> regions = pd.DataFrame(
    ...     {"income": [1.0, 3.0, 4.0, 4.0], "people": [1, 1, 1, 1], "zone": list("wwee")},
    ...     index=["a", "b", "c", "d"])
    >>> parts = sr.decompose_theil(regions, per_head="income", population="people", by="zone")
    >>> round(parts.total, 6)
    0.100237
    >>> parts.frame.query("group == 'all'")[["level", "component", "value"]].round(6)
        level component     value
    0    zone   between  0.056633
    3  region    within  0.043604
    """
    entropy = find_entropy(measure)
    draws = require_interval(ci, interval, replicates, rng)
    rows = read_rows(frame_or_panel, per_head, population, positive=entropy.positive)
    levels = read_levels(frame_or_panel, by, rows.index)
    arrays = (rows.y, rows.w, rows.years, levels)
    parts = nested_parts(*arrays, rows.unit, entropy)
    totals = parts[parts["group"] == ALL].groupby("year")["value"].sum()
    units = unit_parts(*arrays, entropy)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts["share"] = parts["value"] / parts["year"].map(totals)
        share = units["contribution"] / totals.loc[rows.years].to_numpy()
    units.insert(4, "share", share)
    columns = ["level", "group", "component", "value", "share", "parent"]
    words = entropy.words
    if ci is not None:
        from ._nested_draws import nested_bounds

        y, w = pd.Series(rows.y, index=rows.index), pd.Series(rows.w, index=rows.index)
        bounds = nested_bounds(
            *grid(frame_or_panel, y, w),
            levels,
            entropy.alpha,
            level=ci,
            interval=interval,
            draws=draws,
            rng=rng,
        )
        names = [*levels.columns, rows.unit]
        bounds["level"] = [names[depth] for depth in bounds.pop("depth")]
        bounds["group"] = ALL
        parts = parts.merge(bounds, on=["year", "level", "group"], how="left")
        columns += ["low", "high", "share_low", "share_high"]
        words += f"; {ci:.4g} intervals: {WORDS[interval]}"
        words += f", {draws} draws of regions within {levels.columns[0]}" if draws else ""
    counted = "once" if population is None else f"as its people ({population})"
    return Decomposition(
        measure=f"{words}; {per_head}, each region counted {counted}",
        by=tuple(levels.columns),
        total=None if rows.panel else float(totals.iloc[0]),
        frame=parts[["year", *columns] if rows.panel else columns],
        units=units.reindex(frame_or_panel.index),
    )

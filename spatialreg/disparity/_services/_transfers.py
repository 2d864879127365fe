"""What transfers do to the gaps between regions: before, after, and whether ranks are changed.

Takes a panel or a frame with resources per head before and after transfers, and people; gives the
measures of inequality of both, the reduction, and for the Gini its parts (vertical and reranking).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, some
from ..._results import TransferResult
from ...errors import AlignmentError, InputError, MissingDataWarning
from .._inputs import cleaned, is_panel, one_year, require_frame
from .._measures import chosen


def transfer_effect(
    panel_or_frame: pd.DataFrame,
    *,
    before: str,
    after: str,
    population: str | None,
    measures: Sequence[str] = ("gini", "theil", "cv"),
) -> TransferResult:
    """Inequality of resources per head before and after transfers, by year.

    Parameters
    ----------
    panel_or_frame : DataFrame
        A panel indexed (`code`, `year`), or a frame of one year indexed by region.
    before, after : str
        Columns with resources per head without and with transfers, such as own revenue and
        expenditure of a region's government, or market and disposable income; not negative, in one
        unit.
    population : str or None
        Column with people; None lets each region count once.
    measures : sequence of str
        As for :func:`spatialreg.inequality`.

    Returns
    -------
    TransferResult
        ``frame`` by year and measure (NaN for a year without data): before, after, reduction
        (before - after; negative where transfers widen the gaps) and relative (reduction /
        before). ``gini`` by year: what the change of the Gini consists of. ``regions``: what each
        region gains.

    Raises
    ------
    InputError
        A column is missing, negative, infinite or not numeric, a measure is unknown or not
        defined for a value of zero, or there is no region with data above zero.

    Warns
    -----
    MissingDataWarning
        Rows that lack one of the columns were left out of both, so that before and after are of
        the same regions.

    Notes
    -----
    With the Gini before G_x, after G_y, and the concentration coefficient C_y of resources after
    in the order of those before: `redistribution` G_x - G_y = `vertical` - `reranking`, where
    vertical = G_x - C_y (Reynolds and Smolensky 1977) and reranking = G_y - C_y, never negative
    (Atkinson 1980, Plotnick 1981, Kakwani 1984). Further vertical = share * progressivity, with
    the share of net transfers in resources after, and progressivity = G_x - C_t, where C_t is the
    concentration of transfers (Kakwani 1977, with the sign for benefits: positive where they
    favour the poor). Where transfers sum to zero, C_t and progressivity have no value.
    `musgrave_thin` is (1 - G_y) / (1 - G_x) (Musgrave and Thin 1948), above 1 where gaps narrow.
    Some software calls G_x - G_y the Reynolds-Smolensky index.

    "Before" is an account, not a world without transfers: regions that expect none would raise
    other taxes. Costs of services differ between regions, and equal spending per head is not equal
    service.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import transfer_effect
    >>> regions = pd.DataFrame({"own": [1.0, 2.0, 6.0], "spent": [4.0, 3.0, 5.0],
    ...     "people": [2, 1, 1]}, index=["a", "b", "c"])
    >>> result = transfer_effect(regions, before="own", after="spent", population="people",
    ...                          measures=["gini"])
    >>> result.frame.round(3)
             before  after  reduction  relative
    measure
    gini        0.4  0.094      0.306     0.766
    >>> result.regions["gain"].tolist()
    [3.0, 1.0, -1.0]
    """
    require_frame(panel_or_frame)
    given = [before, after, *([] if population is None else [population])]
    require_columns(panel_or_frame, given, "the frame")
    if before == after:
        raise InputError(f"before and after are the same column, {before!r}")
    asked = chosen(measures)
    positive = next((repr(m.name) for m in asked if m.positive), None)
    table = _complete(panel_or_frame, before, after, population, positive)
    panel = is_panel(panel_or_frame)
    years = table.index.get_level_values(1).to_numpy() if panel else np.zeros(len(table), dtype=int)
    rounds = np.unique(panel_or_frame.index.get_level_values(1)) if panel else np.array([0])
    if table.empty or not (table[["x", "y"]].max() > 0).all():
        raise InputError(
            f"the frame has no region with people and values of {before!r} and {after!r} above "
            "zero: there is nothing to compare"
        )
    rows, parts = [], []
    for year in rounds:
        x, y, w = table[years == year].to_numpy().T
        for measure in asked:
            both = [float(measure.kernel(v, w)) if len(v) else np.nan for v in (x, y)]
            rows.append((year, measure.name, *both))
        parts.append(_gini_parts(x, y, w))
    frame = pd.DataFrame(rows, columns=["year", "measure", "before", "after"])
    frame["reduction"] = frame["before"] - frame["after"]
    frame["relative"] = frame["reduction"] / frame["before"].where(frame["before"] > 0)
    gini = pd.DataFrame(parts, index=pd.Index(rounds, name="year"))
    counted = "once" if population is None else f"as its people ({population})"
    return TransferResult(
        words=f"{after} against {before} per head, each region counted {counted}; reduction = "
        "before - after; gini: redistribution = vertical - reranking, by the concentration of "
        f"{after} in the order of {before}; " + "; ".join(m.words for m in asked),
        regions_used=len(table.index.get_level_values(0).unique()),
        frame=frame.set_index(["year", "measure"] if panel else ["measure"])[
            ["before", "after", "reduction", "relative"]
        ],
        gini=gini if panel else gini.reset_index(drop=True),
        regions=_gains(table, years, panel_or_frame.index),
    )


def concentration_coefficient(
    y: pd.Series, rank_by: pd.Series, *, population: pd.Series | None = None
) -> float:
    """Gini-like coefficient of `y` with regions in the order of another variable.

    Parameters
    ----------
    y : Series
        Value per head, not negative.
    rank_by : Series
        What regions are ranked by, from poor to rich, on the same labels; ties share their rank.
    population : Series, optional
        People in the same regions.

    Returns
    -------
    float
        Between minus and plus the Gini of `y`: positive where `y` is concentrated in regions that
        rank high, the Gini itself where both have the same order.

    Raises
    ------
    InputError
        A value is negative, infinite or not numeric, or no region has a value above zero.
    AlignmentError
        The labels differ.

    Warns
    -----
    MissingDataWarning
        Regions without a value, rank or people were left out.

    Notes
    -----
    Sum over regions of s (y / mean) (2 F - 1), with shares of people s and the middle rank F of
    the people of a region (Kakwani 1977, Lerman and Yitzhaki 1989).

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import concentration_coefficient
    >>> y = pd.Series([3.0, 1.0], index=["a", "b"])
    >>> concentration_coefficient(y, pd.Series([1.0, 2.0], index=["a", "b"]))
    -0.25
    """
    rank = numeric_series(rank_by, "rank_by")
    values = numeric_series(y, "y")
    apart = values.index.symmetric_difference(rank.index)
    if len(apart):
        raise AlignmentError(
            f"y and rank_by must have the same labels; {len(apart)} stand in one of them only "
            f"({some(apart)}): reindex both to all regions"
        )
    unranked = rank.index[rank.isna()]
    if len(unranked):
        warnings.warn(
            f"{len(unranked)} of {len(rank)} rows have no rank_by and were left out: "
            f"{some(unranked)}",
            MissingDataWarning,
            stacklevel=2,
        )
        values = values.drop(unranked)
        population = (
            population if population is None else population.drop(unranked, errors="ignore")
        )
    one_year(values, population)  # raises where there is nothing to measure
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingDataWarning)
        used, weights = cleaned(values, population)
    return _concentration(used.to_numpy(), rank.loc[used.index].to_numpy(), weights.to_numpy())


def _concentration(y: np.ndarray, rank: np.ndarray, w: np.ndarray) -> float:
    """Concentration of `y` in the order of `rank`; people of equal rank stand at their middle."""
    if not w.sum() > 0 or (w * y).sum() == 0:
        return np.nan
    _, place = np.unique(rank, return_inverse=True)
    share = w / w.sum()
    group = np.bincount(place, share)
    middle = (np.cumsum(group) - group / 2)[place]
    return float((share * y * (2 * middle - 1)).sum() / (share * y).sum())


def _complete(
    frame: pd.DataFrame, before: str, after: str, population: str | None, positive: str | None
) -> pd.DataFrame:
    """Give x, y and weights of the rows that have all of them and people, in order of labels."""
    people = None if population is None else frame[population]
    sides = {}
    for column in (before, after):
        with warnings.catch_warnings():
            # the warning below counts the rows that lack either
            warnings.simplefilter("ignore", MissingDataWarning)
            names = (f"column {column!r}", f"column {population!r}")
            sides[column] = cleaned(frame[column], people, positive=positive, names=names)
    table = pd.concat([sides[before][0], sides[after][0], sides[after][1]], axis=1, join="inner")
    table.columns = pd.Index(["x", "y", "w"])
    given = [before, after, *([] if population is None else [population])]
    missing = frame.index[frame[given].isna().any(axis=1)]
    if len(missing):
        warnings.warn(
            f"{len(missing)} of {len(frame)} rows lack {' or '.join(map(repr, given))} and were "
            f"left out: {some(missing)}",
            MissingDataWarning,
            stacklevel=3,
        )
    return table.sort_index()


def _gini_parts(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> dict[str, float]:
    """Give the redistributive effect and what it consists of."""
    first = _concentration(x, x, w)
    last = _concentration(y, y, w)
    ordered = _concentration(y, x, w)
    transfers = y - x
    net = (w * transfers).sum()
    gross = (w * np.abs(transfers)).sum()
    # what is left of a sum of zero is rounding, and a share of it means nothing
    balanced = abs(net) <= 1e-12 * gross or gross == 0
    concentration = np.nan if balanced else _concentration(transfers, x, w)
    total = (w * y).sum()
    return {
        "before": first,
        "after": last,
        "concentration": ordered,
        "redistribution": first - last,
        "vertical": first - ordered,
        "reranking": last - ordered,
        "share": net / total if total > 0 else np.nan,
        "progressivity": first - concentration,
        "musgrave_thin": (1 - last) / (1 - first),
    }


def _gains(table: pd.DataFrame, years: np.ndarray, index: pd.Index) -> pd.DataFrame:
    """Give what each region gains, on the caller's index."""
    grouped = table.groupby(years)
    weight = grouped["w"].transform("sum")
    mean = {c: (table[c] * table["w"]).groupby(years).transform("sum") / weight for c in "xy"}
    gains = pd.DataFrame(
        {
            "before": table["x"],
            "after": table["y"],
            "gain": table["y"] - table["x"],
            "relative_gain": table["y"] / mean["y"] - table["x"] / mean["x"],
            "rank_before": grouped["x"].rank(),
            "rank_after": grouped["y"].rank(),
        }
    )
    return gains.reindex(index)

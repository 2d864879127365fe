"""Does the answer hang on how one measures? Where it does, in which years, and on which choice.

Whether a gap narrowed may depend on prices, weights, measure, level and period. Takes the same
figure by year in several variants; gives for each span of years which variants rose and which
fell, whether they part, and which choice alone changes the sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_unique, some
from ..._results import AnswersComparison
from ...errors import InputError

_TAKEN = ("from", "to", "start", "end", "change", "relative_change", "direction")
_SAME = 1e-9  # changes smaller than this, relative to the start, are rounding


def compare_answers(
    series: pd.DataFrame,
    *,
    spans: Sequence[tuple[int, int]] | None = None,
    tolerance: float = 0.0,
) -> AnswersComparison:
    """Find the spans of years in which variants of a measure disagree on the sign of the change.

    Parameters
    ----------
    series : DataFrame
        A row a year, a column a variant, for example columns of :func:`inequality` at constant and
        at current prices. Columns may have several named levels, a choice each (``measure``,
        ``prices``, ``weighting``); not every combination needs to be there.
    spans : sequence of (int, int), optional
        Pairs of first and last year; each year and the one before unless told.
    tolerance : float
        Relative change up to which a variant counts as unchanged, for example 0.005 for half a per
        cent; at 0 only rounding does.

    Returns
    -------
    AnswersComparison
        ``frame`` has a row a span: how many variants rose and fell, whether they ``parts``, and
        the choices that it ``hangs_on``; ``changes`` has every variant's change.

    Raises
    ------
    InputError
        The frame is not indexed by whole years, has fewer than two years or variants, a value is
        infinite or not numeric, a level of the columns has no name or one that the answer needs, a
        span is not of its years, or the tolerance is negative.
    AlignmentError
        A year or a variant stands there twice.

    Notes
    -----
    A span parts where at least one variant rose and one fell. It hangs on a choice where two
    variants that differ in this choice only went opposite ways. Directions are those of the
    figures; whether a change is more than chance is another question (:func:`trend_test`).

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import compare_answers
    >>> columns = pd.MultiIndex.from_product(
    ...     [["constant", "current"], ["weighted", "unweighted"]], names=["prices", "weighting"])
    >>> theil = pd.DataFrame(
    ...     [[0.12, 0.18, 0.12, 0.18], [0.09, 0.11, 0.07, 0.09], [0.08, 0.10, 0.08, 0.10]],
    ...     index=[2000, 2012, 2019], columns=columns)
    >>> compare_answers(theil).frame
       from    to  rose  fell  unchanged  no_value  parts hangs_on
    0  2000  2012     0     4          0         0  False
    1  2012  2019     2     2          0         0   True   prices
    """
    values = _checked(series)
    if not tolerance >= 0:
        raise InputError(f"tolerance must be zero or more (a relative change), not {tolerance!r}")
    years = values.index
    if spans is not None and not len(spans):
        raise InputError("spans is empty: give pairs of years, or None for each year")
    asked = list(pairwise(years.tolist())) if spans is None else [_span(s, years) for s in spans]
    first, last = (values.loc[[s[i] for s in asked]].to_numpy() for i in (0, 1))
    change = last - first
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(first > 0, change / first, np.nan)
    same = np.abs(change) <= max(tolerance, _SAME) * np.abs(first)
    direction = np.select(
        [np.isnan(change), same, change > 0], ["no value", "unchanged", "rose"], "fell"
    )
    variants = values.columns.to_frame(index=False)
    by = tuple(str(name) for name in variants.columns)
    n, k = direction.shape
    changes = pd.concat([variants] * n, ignore_index=True)
    changes.insert(0, "from", np.repeat([s[0] for s in asked], k))
    changes.insert(1, "to", np.repeat([s[1] for s in asked], k))
    columns = {"start": first, "end": last, "change": change, "relative_change": relative}
    changes = changes.assign(**{name: x.ravel() for name, x in columns.items()})
    changes["direction"] = direction.ravel()
    rows = [
        {
            "from": start,
            "to": end,
            **{word: int((told == word).sum()) for word in ("rose", "fell", "unchanged")},
            "no_value": int((told == "no value").sum()),
            "parts": bool((told == "rose").any() and (told == "fell").any()),
            "hangs_on": ", ".join(_hangs_on(variants, told)),
        }
        for (start, end), told in zip(asked, direction, strict=True)
    ]
    slack = f"changes up to {tolerance:g} of the start count as none" if tolerance else ""
    words = (
        f"direction of change of {k} variants by {', '.join(by)} over {n} spans of years; a span "
        "parts where some rose and others fell, and hangs on a choice where two variants that "
        "differ in it alone went opposite ways"
    )
    return AnswersComparison(
        "; ".join(w for w in (words, slack) if w), by, pd.DataFrame(rows), changes
    )


def _hangs_on(variants: pd.DataFrame, told: np.ndarray) -> list[str]:
    """List the choices that alone turn a rise into a fall, all others held."""
    found = []
    for name in variants.columns:
        others = [other for other in variants.columns if other != name]
        held = (
            variants.groupby(others, dropna=False).ngroup()
            if others
            else pd.Series(0, variants.index)
        )
        if set(held[told == "rose"]) & set(held[told == "fell"]):
            found.append(str(name))
    return found


def _span(span: tuple[int, int], years: pd.Index) -> tuple[int, int]:
    start, end = span
    missing = [year for year in (start, end) if year not in years]
    if missing:
        raise InputError(
            f"the span {start} to {end} is not in the series: it has no year {some(missing)}; its "
            f"years are {some(years, 30)}"
        )
    if start >= end:
        raise InputError(f"a span must end after it starts, not {start} and {end}")
    return int(start), int(end)


def _checked(series: pd.DataFrame) -> pd.DataFrame:
    """Give the variants as numbers, by year in order."""
    if not isinstance(series, pd.DataFrame):
        raise InputError(
            f"the series must be a DataFrame with a column a variant, not {type(series).__name__}"
        )
    if not pd.api.types.is_integer_dtype(series.index):
        raise InputError(
            f"the series must be indexed by whole years, not {series.index.dtype}: set_index the "
            "year, or transpose a table that has the years as columns"
        )
    require_unique(series.index, "the series")
    require_unique(series.columns, "the columns of the series")
    if len(series) < 2 or series.shape[1] < 2:
        raise InputError(
            f"at least two years and two variants are needed to compare, not {len(series)} and "
            f"{series.shape[1]}"
        )
    levels = series.columns
    if levels.nlevels > 1 and None in levels.names:
        raise InputError(
            f"the levels of the columns need names, a choice each (measure, prices), not "
            f"{list(levels.names)}: rename them with columns.set_names"
        )
    taken = [name for name in levels.names if name in _TAKEN]
    if taken:
        raise InputError(
            f"the levels of the columns must not be named {some(map(repr, taken))}, which the "
            "answer has columns for: rename them"
        )
    checked = pd.concat(
        [numeric_series(column, f"variant {name}") for name, column in series.items()], axis=1
    )
    checked.columns = levels if levels.nlevels > 1 or levels.name else levels.rename("variant")
    return checked.sort_index()

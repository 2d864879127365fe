"""How well are regions served? A composite index on a hierarchy of aspects, categories and items.

Takes a frame or a panel and a hierarchy that says which columns count, and how; gives a
:class:`CompositeResult` with the index, the scores of each aspect and category, the weights, and
what was done about missing values.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, require_one_of, some
from ..._results import CompositeResult
from ...errors import InputError, MissingDataWarning
from .._inputs import is_panel, require_frame
from . import _composite_scale as scale
from . import _composite_weights as weighting
from ._composite_scores import AGGREGATES, nodes, prepare
from ._composite_words import define, weights_table
from ._hierarchy import INDEX, Tree, require_hierarchy

_MIN_SHARE = 0.5


def composite_index(
    frame_or_panel: pd.DataFrame,
    hierarchy: pd.DataFrame,
    *,
    standardise: str = "range",
    weights: str | Mapping[str, float] = "equal",
    aggregate: str = "arithmetic",
    missing: str = "raise",
    min_share: float | None = None,
    reference_years: str | int | Sequence[int] | None = None,
    clip: bool | None = None,
    floor: float = 0.0,
) -> CompositeResult:
    """Composite index of items on a hierarchy of categories and aspects.

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`), with the
        columns that the hierarchy names. Items should be per head, per area or rates: an index of
        totals ranks regions by size.
    hierarchy : DataFrame
        A row an item: ``aspect``, ``category``, ``item`` (its name), ``column`` (of the data),
        ``direction`` (1: more is better, -1: less is better); where used, ``low`` and ``high``
        (goalposts in the units of the column), ``target``, ``weight``. Other columns are ignored.
        See :func:`services_template`.
    standardise : {"range", "target", "zscore", "rank", "vector"}
        ``"range"``: (x - low) / (high - low), with the goalposts, else the least and the largest
        value of the rows of reference. ``"target"``: the share of the way from low (0 unless
        given) to the target; where less is better from ``high``, which must be given, down to the
        target. ``"zscore"``: deviations from the mean in standard deviations (ddof = 0).
        ``"rank"``: share of the other rows that lie below. ``"vector"``: x over the root of its
        sum of squares, for TOPSIS only (Hwang and Yoon 1981).
    weights : {"equal", "entropy", "critic", "pca", "given"} or mapping
        ``"equal"`` within each level: aspects, categories in an aspect, items in a category. The
        next three see all items at once, and a category or aspect weighs what its items weigh.
        ``"entropy"``: the more unequal an item, the more weight. ``"critic"``: the standard
        deviation times the sum of 1 - r with the items (Diakoulaki, Mavrotas and Papayannakis
        1995). ``"pca"``: squared elements of the first principal component of the correlations; an
        item that runs against the others is weighed all the same, see the loadings. ``"given"``:
        the column ``weight`` of the hierarchy; a mapping gives weights by item. They are divided
        by their sum.
    aggregate : {"arithmetic", "geometric", "topsis"}
        The mean in which a lack in one item is made up by plenty in another, the mean in which it
        is so less and less, or the closeness to the best of all items: the distance to the worst
        over the sum of distances to the worst and the best, Euclidean, of items times weight. The
        best and the worst are the ends of the scale for range, target and rank, else the best
        and worst values at hand.
    missing : {"raise", "nan", "renormalise", "impute mean", "interpolate"}
        What to do about missing items. ``"nan"``: scores that lack one are NaN.
        ``"renormalise"``: the weight goes to the other items of the category in proportion, that
        of an empty category to those of its aspect, that of an empty aspect to the others.
        ``"impute mean"``: the mean of the regions that have the item (in a panel, of that year).
        ``"interpolate"``: along the years inside a region, never beyond its ends.
    min_share : float, optional
        With ``"renormalise"``: the least share of weights that must be there for a score, 0.5
        unless told; below it the score is NaN.
    reference_years : "each", int or sequence of int, optional
        For a panel: the rows that give the scale and the weights. By default all years together,
        so that years compare. ``"each"``: every year by its own rows, so that only regions of the
        same year compare (weights still come from all years). Years: only theirs, for example a
        base year.
    clip : bool, optional
        For range and target: bring scores beyond 0 and 1 (beyond goalposts, the target or the
        years of reference) back to them. True unless told.
    floor : float
        For range, target and rank: the score of the worst, from 0 to below 1. Scores become
        floor + (1 - floor) x score; geometric means and :func:`coupling` need more than 0.

    Returns
    -------
    CompositeResult
        ``frame`` has ``index`` and a column for each aspect and category, on the caller's index.

    Raises
    ------
    InputError
        The hierarchy is wrong (a column, direction or target is missing, an item stands twice);
        an item does not vary; values are missing, infinite or not numeric; a method cannot take
        the scores; an argument is given that is not used.

    Warns
    -----
    MissingDataWarning
        Values were missing; how many, and by which rule they were treated.

    Notes
    -----
    After the OECD and JRC (2008), Handbook on Constructing Composite Indicators. Weights of
    entropy, CRITIC and components say how items vary, not how much they matter; an index depends
    on such choices, and :func:`rank_sensitivity` says how far.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import composite_index
    >>> regions = pd.DataFrame({"beds": [2.0, 4.0, 6.0], "distance": [9.0, 1.0, 5.0]},
    ...                        index=["a", "b", "c"])
    >>> hierarchy = pd.DataFrame({
    ...     "aspect": ["Health", "Roads"], "category": ["Hospitals", "Access"],
    ...     "item": ["Beds", "Distance"], "column": ["beds", "distance"], "direction": [1, -1]})
    >>> composite_index(regions, hierarchy).frame
       index  Health  Hospitals  Roads  Access
    a   0.00     0.0        0.0    0.0     0.0
    b   0.75     0.5        0.5    1.0     1.0
    c   0.75     1.0        1.0    0.5     0.5
    """
    require_one_of(standardise, list(scale.SCALES), "standardise")
    require_one_of(aggregate, list(AGGREGATES), "aggregate")
    require_one_of(missing, list(scale.RULES), "missing")
    if isinstance(weights, str) or not isinstance(weights, Mapping):
        require_one_of(weights, list(weighting.METHODS), "weights")
    cut = _cut(clip, floor, standardise, aggregate)
    least = _least_share(min_share, missing)
    require_frame(frame_or_panel)
    tree = require_hierarchy(hierarchy)
    years = _years(frame_or_panel, reference_years)
    values = _values(frame_or_panel, tree)
    filled, told = scale.fill(values, tree, missing)
    scope, reference = scale.scopes(values.index, years)
    scores, clipped = scale.standardise(filled, tree, standardise, scope, clip=cut, floor=floor)
    if isinstance(weights, str) and weights != "given":
        method, found = weights, weighting.weigh(weights, scores[reference], tree)
    else:
        method = "given"
        found = weighting.given(None if isinstance(weights, str) else weights, tree)
    prepared = prepare(
        tree,
        scores,
        scope,
        standardise=standardise,
        aggregate=aggregate,
        missing=missing,
        min_share=least,
        floor=floor,
    )
    base = weighting.local(found.weight, tree)
    index, aspects, categories = nodes(prepared, base)
    table = pd.DataFrame(
        {
            INDEX: index,
            **dict(zip(tree.aspects, aspects.T, strict=True)),
            **dict(zip(tree.categories, categories.T, strict=True)),
        },
        index=values.index,
    )
    if len(told):
        _warn(told, values, table, missing)
    rows = frame_or_panel.index
    return CompositeResult(
        definition=define(
            tree, standardise, method, aggregate, missing, years, found, least, cut, clipped, floor
        ),
        standardise=standardise,
        weighting=method,
        aggregate=aggregate,
        missing_rule=missing,
        reference_years=_told_years(frame_or_panel, years),
        floor=float(floor),
        min_share=least,
        n=int(np.isfinite(index).sum()),
        clipped=clipped,
        explained=found.explained,
        kmo=found.kmo,
        weights=weights_table(tree, found.weight, base),
        diagnostics=found.diagnostics.reindex(tree.shown),
        standardised=pd.DataFrame(scores, values.index, tree.items).reindex(rows)[tree.shown],
        missing=told,
        frame=table.reindex(rows)[[INDEX, *tree.nodes]],
    )


def _cut(clip: bool | None, floor: float, standardise: str, aggregate: str) -> bool:
    """Check clip and floor; say whether scores are clipped."""
    if not (isinstance(floor, int | float) and 0 <= floor < 1):
        raise InputError(f"floor must be a score from 0 to below 1, not {floor!r}")
    if floor and standardise not in scale.BOUNDED:
        raise InputError(f"floor is used for range, target and rank only, not {standardise!r}")
    if clip is not None and standardise not in ("range", "target"):
        raise InputError(f"clip is used for range and target only, not {standardise!r}")
    if standardise == "vector" and aggregate != "topsis":
        raise InputError("standardise='vector' is used with aggregate='topsis' only")
    if standardise == "zscore" and aggregate == "geometric":
        raise InputError(
            "a geometric mean needs scores above zero, which zscore does not give: standardise "
            "by range with goalposts or floor=0.01"
        )
    if aggregate == "topsis" and clip is False:
        raise InputError(
            "aggregate='topsis' measures distances to the ends of the scale: leave clip out"
        )
    return standardise in ("range", "target") and clip is not False


def _least_share(min_share: float | None, missing: str) -> float:
    if min_share is None:
        return _MIN_SHARE if missing == "renormalise" else 1.0
    if missing != "renormalise":
        raise InputError("min_share is used with missing='renormalise' only")
    if not 0 < min_share <= 1:
        raise InputError(f"min_share must be above 0 and at most 1, not {min_share!r}")
    return float(min_share)


def _years(
    frame: pd.DataFrame, reference_years: str | int | Sequence[int] | None
) -> str | list[int] | None:
    """Check the years of reference: None, "each", or a list."""
    if reference_years is None:
        return None
    if not is_panel(frame):
        raise InputError(
            "reference_years is used for a panel only; the frame has one row a region: make a "
            "panel with spatialreg.to_panel(df, code=..., year=...)"
        )
    if isinstance(reference_years, str):
        require_one_of(reference_years, ["each"], "reference_years, where it is text,")
        return reference_years
    asked = np.atleast_1d(np.asarray(reference_years)).tolist()
    known = np.unique(frame.index.get_level_values(1))
    unknown = [year for year in asked if year not in known]
    if unknown or not asked:
        raise InputError(
            f"reference_years must be years of the panel, {known.min()} to {known.max()}; "
            f"{some(unknown) or 'none given'}"
        )
    return sorted({int(year) for year in asked})


def _values(frame: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Give the columns of the items, by item, in sorted order of rows."""
    require_columns(frame, tree.columns, "the frame")
    if not len(frame):
        raise InputError("the frame has no rows: there is nothing to index")
    columns = {
        item: numeric_series(frame[column], f"column {column!r}")
        for item, column in zip(tree.items, tree.columns, strict=True)
    }
    values = pd.DataFrame(columns, index=frame.index).sort_index()
    empty = values.columns[values.isna().all()]
    if len(empty):
        raise InputError(
            f"{len(empty)} items have no value at all ({some(empty)}): leave them out of the "
            "hierarchy"
        )
    return values


def _warn(told: pd.DataFrame, values: pd.DataFrame, table: pd.DataFrame, missing: str) -> None:
    rows = values.index[values.isna().any(axis=1)]
    lost = int(table[INDEX].isna().sum())
    warnings.warn(
        f"{len(told)} values of {told['item'].nunique()} items are missing, at {len(rows)} of "
        f"{len(values)} rows ({some(rows)}); by missing={missing!r}, {scale.RULES[missing]}"
        + (f"; {lost} rows have no index" if lost else "")
        + ". See .missing of the result",
        MissingDataWarning,
        stacklevel=3,
    )


def _told_years(frame: pd.DataFrame, years: str | list[int] | None) -> tuple[int, ...] | str:
    if not is_panel(frame):
        return "none"
    if years is None:
        return "all"
    return years if isinstance(years, str) else tuple(years)

"""How much of inequality between groups belongs to which of several schemes.

Zones, levels of towns and kinds of economy cut a country in different ways, and what each of them
says about inequality overlaps with the others. Takes a frame or a panel with several schemes and
shares the inequality between the cells of all of them crossed out among them, by the Shapley
value. The weights of the Shapley value stand here for the decomposition by sources too.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np
import pandas as pd

from ..._results import ShapleyDecomposition
from ...errors import InputError
from .._groups import Rows, read_levels, read_rows
from ._entropy import Entropy, find_entropy

MOST = 10  # the work doubles with each player


def decompose_shapley(
    frame_or_panel: pd.DataFrame,
    *,
    per_head: str,
    population: str | None,
    schemes: Sequence[str | pd.Series],
    measure: str = "T",
) -> ShapleyDecomposition:
    """Inequality between groups shared out among several schemes by the Shapley value.

    Parameters
    ----------
    frame_or_panel : DataFrame
        A frame of one year indexed by region, or a panel indexed (`code`, `year`).
    per_head : str
        Column with the value per head, not negative.
    population : str or None
        Column with people; None lets each region count once.
    schemes : sequence of str or Series
        Two to ten groupings, in any order: columns, or Series labelled as for
        :func:`decompose_theil`.
    measure : str
        ``"T"``, ``"L"`` or ``"ge(alpha)"``, as for :func:`decompose_theil`.

    Returns
    -------
    ShapleyDecomposition
        ``frame`` has by scheme, for a panel by `year`: `groups`; `alone`, the inequality between
        its groups alone; `marginal`, by how much the inequality between the cells of all schemes
        would be less without it; `value`, its Shapley value, and `share` of the inequality between
        cells. The values add up to `between` of ``totals``, which has also the number of `cells`,
        the index itself (`total`) and the rest, `within` cells.

    Raises
    ------
    InputError
        There are fewer than two or more than ten schemes, a region with data has no group in one,
        or what :func:`decompose_theil` raises.

    Warns
    -----
    MissingDataWarning
        Regions without a value or population were left out.

    Notes
    -----
    A set of schemes is worth the inequality between the cells that they make when crossed, the
    empty set nothing. The Shapley value of a scheme is its mean contribution over all orders in
    which the schemes can be added (Shorrocks 2013); the result does not depend on an order. A
    scheme with many small groups explains more for that reason alone, and crossed schemes may leave
    one region a cell, between which lies the whole index: compare `cells` with the number of
    regions. The values describe, they are not effects of the schemes.

    References
    ----------
    Shorrocks, A. (2013), Decomposition procedures for distributional analysis: a unified framework
    based on the Shapley value, Journal of Economic Inequality 11, 99-126.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg.disparity import decompose_shapley
    >>> regions = pd.DataFrame(
    ...     {"income": [1.0, 2.0, 2.0, 4.0], "zone": list("wwee"), "kind": list("abab")},
    ...     index=["p", "q", "r", "s"])
    >>> parts = decompose_shapley(
    ...     regions, per_head="income", population=None, schemes=["zone", "kind"])
    >>> parts.frame.round(4)
      scheme  groups   alone  marginal   value  share
    0   zone       2  0.0566    0.0566  0.0566    0.5
    1   kind       2  0.0566    0.0566  0.0566    0.5
    """
    entropy = find_entropy(measure)
    if isinstance(schemes, str | pd.Series):
        raise InputError("schemes must be a sequence of groupings: pass a list of two or more")
    rows = read_rows(frame_or_panel, per_head, population, positive=entropy.positive)
    levels = read_levels(frame_or_panel, schemes, rows.index, argument="schemes")
    players = levels.shape[1]
    if not 2 <= players <= MOST:
        raise InputError(
            f"schemes must be 2 to {MOST} groupings, not {players}: every set of them is crossed, "
            "and each scheme more doubles the work"
        )
    years = np.unique(rows.years)
    worth, cells, groups = _coalitions(rows, levels, entropy)
    full = len(worth) - 1
    bits = 1 << np.arange(players)
    value = shapley_values(worth)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = value / worth[full]
    frame = pd.DataFrame(
        {
            "year": np.repeat(years, players),
            "scheme": np.tile(levels.columns, len(years)),
            "groups": groups.T.ravel(),
            "alone": worth[bits].T.ravel(),
            "marginal": (worth[full] - worth[full - bits]).T.ravel(),
            "value": value.T.ravel(),
            "share": share.T.ravel(),
        }
    )
    total = _total(rows, entropy)
    totals = pd.DataFrame(
        {
            "year": years,
            "cells": cells,
            "total": total,
            "between": worth[full],
            "within": total - worth[full],
        }
    )
    counted = "once" if population is None else f"as its people ({population})"
    return ShapleyDecomposition(
        measure=f"{entropy.words}; {per_head}, each region counted {counted}; between groups, "
        "Shapley value of schemes",
        schemes=tuple(levels.columns),
        total=None if rows.panel else float(total[0]),
        between=None if rows.panel else float(worth[full, 0]),
        frame=frame if rows.panel else frame.drop(columns="year"),
        totals=totals if rows.panel else totals.drop(columns="year"),
    )


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """Give the Shapley value of each player (rows) from what each set of players is worth.

    Row m of `worth` is that of the set of players whose bits are set in m; columns are games.
    """
    players = (len(worth) - 1).bit_length()
    sets = np.arange(len(worth))
    size = np.zeros(len(worth), dtype=int)
    for player in range(players):
        size += sets >> player & 1
    orders = np.array(
        [factorial(k) * factorial(players - 1 - k) / factorial(players) for k in range(players)]
    )
    values = []
    for player in range(players):
        without = sets[sets >> player & 1 == 0]
        gain = worth[without | 1 << player] - worth[without]
        values.append(orders[size[without]] @ gain)
    return np.array(values)


def _coalitions(
    rows: Rows, levels: pd.DataFrame, entropy: Entropy
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give inequality between the cells of each set of schemes by year, cells, and groups."""
    years, position, share = rows.totals()
    mean = np.bincount(position, share * rows.y)
    relative = rows.y / mean[position]
    labels = [pd.factorize(levels[name], sort=True)[0] for name in levels.columns]
    worth = np.zeros((1 << len(labels), len(years)))

    def visit(codes: np.ndarray, members: int, following: int) -> None:
        # deeper sets are made from this one, so that only one set a depth is held
        if members:
            worth[members] = between(codes)
        for player in range(following, len(labels)):
            joined = pd.factorize(codes * len(labels[player]) + labels[player])[0]
            visit(joined, members | 1 << player, player + 1)

    def between(codes: np.ndarray) -> np.ndarray:
        people = np.bincount(codes, share)
        ratio = np.bincount(codes, share * relative) / people
        year = np.zeros(len(people), dtype=int)
        year[codes] = position
        return np.bincount(year, people * entropy.term(ratio), minlength=len(years))

    def count(codes: np.ndarray) -> np.ndarray:
        pairs = np.unique(position * (codes.max() + 1) + codes)
        return np.bincount(pairs // (codes.max() + 1), minlength=len(years))

    visit(position, 0, 0)
    crossed = levels.groupby(list(levels.columns), sort=False).ngroup().to_numpy()
    return worth, count(crossed), np.array([count(codes) for codes in labels])


def _total(rows: Rows, entropy: Entropy) -> np.ndarray:
    years, position, share = rows.totals()
    mean = np.bincount(position, share * rows.y)
    return np.bincount(position, share * entropy.term(rows.y / mean[position]), len(years))

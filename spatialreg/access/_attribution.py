"""Which lines changed access, and by how much: leave-one-out, first-in and Shapley values.

Takes a network before and one after, and an indicator that a network is measured by; gives an
:class:`~spatialreg._results.AttributionResult`. Lines that need one another, or stand in for one
another, make what a line is worth depend on which others are there; the Shapley value is the mean
over all orders in which they might have opened, and adds up to the change.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from .._align import generator, require_one_of
from .._results import AttributionResult
from ..errors import InputError
from ..transport import Network
from ._line_game import Indicator, LineGame
from ._line_values import all_sets, exact_values, interactions, sampled_values
from ._network_change import REST, Between, Lines, NetworkChange

METHODS = ("shapley", "leave_one_out", "both")
EXACT = 10  # lines up to which all their subsets are taken, unless told
ORDERS = 200  # sampled for more lines, unless told
_NOTHING = 1e-9  # of the largest value: smaller differences are rounding


def attribute_change(
    before: Network,
    after: Network,
    indicator: Indicator,
    *,
    lines: Lines | None = None,
    method: Literal["shapley", "leave_one_out", "both"] = "both",
    permutations: int | None = None,
    population: pd.Series | None = None,
    rng: int | np.random.Generator | None = None,
) -> AttributionResult:
    """Share the change of an indicator between two networks out among the lines that changed.

    Parameters
    ----------
    before, after : Network
        Such as ``network.at(2008)`` and ``network.at(2021)``.
    indicator : callable
        Takes a network; gives access by region, or one number. It must be finite on every network
        in between: a potential, people within reach, daily accessibility, minutes with a cut-off.
    lines : iterable of str, or mapping of str to iterable of str, optional
        Lines, each by itself, or groups of lines by name; all that differ unless told. Whatever
        else differs is shared in as ``"other changes"``.
    method : {"both", "shapley", "leave_one_out"}
        Shapley values, or what each line changes when it alone is taken away and when it alone is
        added, or both.
    permutations : int, optional
        Orders of the lines to sample, an even number from 4 on. Unless told, Shapley values of up
        to 10 lines are exact, from all their subsets, and those of more are from 200 orders.
    population : Series, optional
        People by region, by which the mean over regions is weighted.
    rng : int or Generator, optional
        Seed of the orders; only where they are sampled. The same seed gives the same result
        whatever the order of lines, edges and regions.

    Returns
    -------
    AttributionResult
        ``frame`` by line, of the mean over regions; ``by_region`` by line and region.

    Raises
    ------
    InputError
        The networks do not differ; a line is in both networks the same, or in none; the indicator
        is not finite on a network in between; an argument is out of range or not used.
    AlignmentError
        The indicator gives other regions on other networks; people are missing.

    See Also
    --------
    opened_lines : The lines that opened between two dates.
    compare_networks : The change itself.

    Notes
    -----
    With v(S) the indicator of the network in which the lines S are as after and the others as
    before, a line i is worth v(N) - v(N without i) when it leaves alone, v({i}) - v(no line) when
    it comes first, and in the Shapley value (Shapley 1953) the mean over all orders of lines of
    v(those before i, and i) - v(those before i). Shapley values add up to v(N) - v(no line); a line
    that changes nothing gets nothing, and two lines that change the same get the same. Sampled
    orders are each followed by their reverse (Castro, Gomez and Tejada 2009, with antithetic
    pairs). A line whose section was added is taken away by that section alone; a station opens with
    the lines that have an edge there. Each subset is computed once.

    The shares describe how the indicator depends on the lines. They are not effects of building
    them: lines are opened where demand is, and prices, services and people follow them.

    References
    ----------
    Shapley, L. (1953), A value for n-person games, in: Contributions to the Theory of Games II.
    Castro, J., D. Gomez and J. Tejada (2009), Polynomial calculation of the Shapley value based on
    sampling, Computers & Operations Research 36, 1726-1730.

    Examples
    --------
    Either of two new lines halves the way; a second one adds nothing.

    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> from spatialreg.access import attribute_change
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": "a", "end": "b", "minutes": [60.0, 30.0, 30.0],
    ...     "line": ["road", "east", "west"]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> result = attribute_change(network.without(["east", "west"]), network,
    ...     lambda network: sr.travel_times(["a"], ["b"], network)["b"])
    >>> result.frame[["shapley", "leave_one_out", "first_in"]]
          shapley  leave_one_out  first_in
    line
    east    -15.0            0.0     -30.0
    west    -15.0            0.0     -30.0
    """
    require_one_of(method, METHODS, "method")
    game = LineGame(Between(NetworkChange(before, after), lines), indicator, population)
    players = len(game.names)
    exact = method != "leave_one_out" and permutations is None and players <= EXACT
    orders = _orders(method, permutations, exact, rng)
    columns: dict[str, np.ndarray] = {}
    pairs = pd.DataFrame(columns=["interaction"])
    total = game.change()
    if exact:
        table = all_sets(game.worth, players)
        columns["shapley"] = exact_values(table)
        columns["standard_error"] = np.zeros_like(columns["shapley"])
        pairs = _pairs(interactions(table[:, -1], players), game.names)
    elif orders:
        columns["shapley"], columns["standard_error"] = sampled_values(
            game.worth, players, orders, generator(rng)
        )
    if method != "shapley":
        full = (1 << players) - 1
        sets = [1 << at for at in range(players)]
        columns["leave_one_out"] = np.stack([game.worth(full) - game.worth(full ^ s) for s in sets])
        columns["first_in"] = np.stack([game.worth(s) - game.worth(0) for s in sets])
    frame = pd.DataFrame(
        {name: values[:, -1] for name, values in columns.items()},
        index=pd.Index(game.names, name="line"),
    )
    if "shapley" in frame:
        moved = abs(total[-1]) > _NOTHING * game.scale
        frame.insert(2, "share", frame["shapley"] / total[-1] if moved else np.nan)
    left_over = float("nan")
    if "first_in" in frame:
        frame["role"] = _roles(frame, total[-1], game.scale)
        left_over = float(total[-1] - frame["leave_one_out"].sum())
    start, end = game.worth(0)[:-1], game.worth((1 << players) - 1)[:-1]
    return AttributionResult(
        definition=_definition(game, exact, orders, population is not None),
        method=method,
        lines=tuple(game.names),
        exact=exact,
        orders=orders,
        evaluated=len(game.known),
        total=float(total[-1]),
        left_over=left_over,
        words=_told(float(total[-1]), left_over, game.scale),
        frame=frame,
        by_region=_by_region(columns, game),
        changes=pd.DataFrame(
            {"before": start, "after": end, "change": end - start}, index=game.regions
        ),
        pairs=pairs,
    )


def _orders(
    method: str, permutations: int | None, exact: bool, rng: int | np.random.Generator | None
) -> int:
    """Give the number of orders to sample, and check what is given for it."""
    if method == "leave_one_out" and permutations is not None:
        raise InputError("method='leave_one_out' samples no orders: leave permutations out")
    if (exact or method == "leave_one_out") and rng is not None:
        raise InputError(
            "rng is the seed of sampled orders, and none are sampled here: leave it out, or give "
            "permutations"
        )
    if exact or method == "leave_one_out":
        return 0
    orders = ORDERS if permutations is None else permutations
    if isinstance(orders, bool) or not isinstance(orders, int) or orders < 4 or orders % 2:
        raise InputError(
            f"permutations must be an even number from 4 on, for orders come in pairs; not "
            f"{permutations!r}"
        )
    return orders


def _pairs(found: dict[tuple[int, int], float], names: list[str]) -> pd.DataFrame:
    ends = [[names[pair[end]] for pair in found] for end in (0, 1)]
    index = pd.MultiIndex.from_arrays(ends, names=["line", "other"])
    return pd.DataFrame({"interaction": list(found.values())}, index=index)


def _by_region(columns: dict[str, np.ndarray], game: LineGame) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([game.names, game.regions])
    index.names = ["line", game.regions.name or "region"]
    return pd.DataFrame({name: v[:, :-1].ravel() for name, v in columns.items()}, index=index)


def _roles(frame: pd.DataFrame, total: float, scale: float) -> np.ndarray:
    """Say of each line whether it does more beside the others than alone."""
    more = (frame["leave_one_out"] - frame["first_in"]) * np.sign(total)
    slack = _NOTHING * scale
    return np.select([more > slack, more < -slack], ["complement", "substitute"], "independent")


def _told(total: float, left_over: float, scale: float) -> str:
    """Say what the sum of the leave-one-out changes says."""
    if np.isnan(left_over):
        return "what each line changes alone was not asked for"
    if abs(total) <= _NOTHING * scale:
        return "the indicator did not change in the mean"
    share = 1 - left_over / total
    if abs(left_over) <= _NOTHING * scale:
        return "taken away one by one, the lines account for the whole change: each works by itself"
    if share < 1:
        return (
            f"taken away one by one, the lines account for {share:.0%} of the change: they stand "
            "in for one another (substitutes)"
        )
    return (
        f"taken away one by one, the lines account for {share:.0%} of the change: they need one "
        "another (complements)"
    )


def _definition(game: LineGame, exact: bool, orders: int, weighted: bool) -> str:
    count = len(game.names)
    words = [f"change of {game.name} shared out among {count} groups of lines"]
    if exact:
        words.append(f"Shapley values from all {1 << count} subsets")
    elif orders:
        words.append(f"Shapley values from {orders // 2} sampled orders and their reverses")
    if REST in game.names:
        words.append(f"{REST}: edges of other lines or of none, stations added to old lines, waits")
    words.append("means over regions " + ("by people" if weighted else "count each once"))
    return "; ".join(words)

"""What each line is worth: leave-one-out, first-in and Shapley values of a function of sets.

A game gives for each set of players (the bits of a number) a row of values, one a region. Here are
its Shapley values, exact from all sets or from sampled orders, and the interactions of pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np

from .._progress import each
from ..disparity._decomposition._shapley import shapley_values

Worth = Callable[[int], np.ndarray]


def all_sets(worth: Worth, players: int) -> np.ndarray:
    """Give the worth of every set, a row each, in the order of their bits."""
    return np.stack([worth(members) for members in each(range(1 << players), "lines in and out")])


def exact_values(table: np.ndarray) -> np.ndarray:
    """Give Shapley values (players, games) from the worth of every set."""
    return np.asarray(shapley_values(table))


def interactions(table: np.ndarray, players: int) -> dict[tuple[int, int], float]:
    """Give the Shapley interaction index of each pair in one game (Grabisch and Roubens 1999).

    It is the mean over all orders of what both add together less what each adds alone, to those
    that came before.
    """
    sets = np.arange(len(table))
    size = np.array([int(members).bit_count() for members in sets])
    found = {}
    for first in range(players):
        for second in range(first + 1, players):
            both = 1 << first | 1 << second
            out = sets[sets & both == 0]
            gain = (
                table[out | both] - table[out | 1 << first] - table[out | 1 << second] + table[out]
            )
            weight = np.array([1 / comb(players - 2, k) for k in range(players - 1)])
            found[first, second] = float(weight[size[out]] @ gain / (players - 1))
    return found


def sampled_values(
    worth: Worth, players: int, orders: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Give Shapley values (players, games) from sampled orders, and their standard errors.

    Each order is followed by its reverse, in which a line that came early comes late; the pair
    counts as one draw (antithetic sampling), and standard errors are those of the mean of pairs.
    """
    mean = square = np.zeros(0)
    for pair in each(range(1, orders // 2 + 1), "orders of lines"):
        order = rng.permutation(players)
        drawn = (_marginal(worth, order) + _marginal(worth, order[::-1])) / 2
        if pair == 1:
            mean, square = np.zeros_like(drawn), np.zeros_like(drawn)
        step = drawn - mean
        mean = mean + step / pair
        square = square + step * (drawn - mean)
    pairs = orders // 2
    return mean, np.sqrt(square / (pairs - 1) / pairs)


def _marginal(worth: Worth, order: np.ndarray) -> np.ndarray:
    """Give what each player adds to those before it in an order."""
    members, reached = 0, worth(0)
    gains = np.empty((len(order), len(reached)))
    for player in order.tolist():
        members |= 1 << player
        before, reached = reached, worth(members)
        gains[player] = reached - before
    return gains

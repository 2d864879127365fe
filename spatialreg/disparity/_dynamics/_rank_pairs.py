"""Pairs of regions whose order stayed or changed, counted; and the same on rearranged maps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_CELLS = 4_000_000  # pairs x permutations that are held at once


class Pairs(NamedTuple):
    """Counts of pairs: all, in the same order, in the other, tied in the first and second year."""

    number: int
    concordant: int
    discordant: int
    tied_first: int
    tied_second: int

    @property
    def tau(self) -> float:
        untied = (self.number - self.tied_first) * (self.number - self.tied_second)
        return float((self.concordant - self.discordant) / np.sqrt(untied)) if untied else np.nan

    def described(self) -> dict[str, object]:
        """Give what a table of results shows."""
        return {
            "pairs": int(self.number),
            "concordant": int(self.concordant),
            "discordant": int(self.discordant),
            "tied": int(self.number - self.concordant - self.discordant),
            "tau": self.tau,
        }


def all_pairs(x: np.ndarray, y: np.ndarray, tau: float) -> Pairs:
    """Count all pairs in n log n steps, from tau and the ties."""
    number = len(x) * (len(x) - 1) // 2
    ties = [_tied(x), _tied(y)]
    both = _tied(np.column_stack([x, y]))
    untied = number - ties[0] - ties[1] + both
    difference = round(tau * float(np.sqrt(number - ties[0]) * np.sqrt(number - ties[1])))
    return Pairs(number, (untied + difference) // 2, (untied - difference) // 2, ties[0], ties[1])


def _tied(values: np.ndarray) -> int:
    _, counts = np.unique(values, axis=0, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def pairs_of(x: np.ndarray, y: np.ndarray, one: np.ndarray, other: np.ndarray) -> Pairs:
    """Count the pairs of positions `one` and `other`."""
    dx, dy = np.sign(x[one] - x[other]), np.sign(y[one] - y[other])
    product = dx * dy
    return Pairs(
        len(one),
        int((product > 0).sum()),
        int((product < 0).sum()),
        int((dx == 0).sum()),
        int((dy == 0).sum()),
    )


def permuted_tau(
    x: np.ndarray,
    y: np.ndarray,
    one: np.ndarray,
    other: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Give tau of those pairs of positions, with the regions rearranged over them."""
    taus = np.empty(draws)
    block = max(1, _CELLS // max(len(one), 1))
    for begin in range(0, draws, block):
        size = min(block, draws - begin)
        order = np.array([rng.permutation(len(x)) for _ in range(size)])
        dx = np.sign(x[order[:, one]] - x[order[:, other]])
        dy = np.sign(y[order[:, one]] - y[order[:, other]])
        untied = (dx != 0).sum(axis=1) * (dy != 0).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            taus[begin : begin + size] = (dx * dy).sum(axis=1) / np.sqrt(untied)
    return taus


def theta(change: np.ndarray, codes: np.ndarray) -> float:
    """Give the rank changes that groups have in common, over all."""
    common = float(np.abs(np.bincount(codes, weights=change)).sum())
    whole = float(np.abs(change).sum())
    return common / whole if whole else np.nan

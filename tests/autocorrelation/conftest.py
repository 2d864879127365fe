"""Small graphs made in code, and p-values found without the package's own loops."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

CHAIN = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]}


def lattice_graph(side: int, transform: str = "r") -> Graph:
    """Rook neighbours on a square of cells labelled by two letters, row by row."""
    cells = {(r, c): chr(97 + r) + chr(97 + c) for r in range(side) for c in range(side)}
    dicts = {
        label: [
            cells[r + dr, c + dc]
            for dr, dc in ((-1, 0), (0, -1), (0, 1), (1, 0))
            if (r + dr, c + dc) in cells
        ]
        for (r, c), label in cells.items()
    }
    return Graph.from_dicts(dicts).transform(transform)


def exact(number: float) -> Fraction:
    """Give the decimal that was written, so that 0.1 is a tenth."""
    return Fraction(str(number))


def exact_conditional_tails(
    y: pd.Series, weights: dict[str, dict[str, Fraction]]
) -> dict[str, tuple[Fraction, Fraction]]:
    """Enumerate all draws of each region's neighbours: the share of local Is not below, not above.

    Straight from the definition and in fractions: the statistic is the region's deviation from the
    mean times the weighted sum of its neighbours' deviations.
    """
    values = {label: exact(v) for label, v in y.items()}
    mean = sum(values.values()) / len(values)
    shares = {}
    for label, row in weights.items():
        others = [v - mean for other, v in values.items() if other != label]
        own = values[label] - mean
        observed = own * sum(w * (values[other] - mean) for other, w in row.items())
        drawn = [
            own * sum(w * v for w, v in zip(row.values(), draw, strict=True))
            for draw in permutations(others, len(row))
        ]
        shares[label] = (
            Fraction(sum(d >= observed for d in drawn), len(drawn)),
            Fraction(sum(d <= observed for d in drawn), len(drawn)),
        )
    return shares


def exact_global_tails(
    y: pd.Series, weights: dict[str, dict[str, Fraction]]
) -> tuple[Fraction, Fraction]:
    """Enumerate all rearrangements of `y`: the share of Moran's Is not below, and not above."""
    labels = list(y.index)
    mean = sum(exact(v) for v in y) / len(y)
    z = [exact(v) - mean for v in y]
    triples = [
        (labels.index(i), labels.index(j), w) for i, row in weights.items() for j, w in row.items()
    ]
    observed = sum(w * z[i] * z[j] for i, j, w in triples)
    products = [sum(w * p[i] * p[j] for i, j, w in triples) for p in permutations(z)]
    return (
        Fraction(sum(p >= observed for p in products), len(products)),
        Fraction(sum(p <= observed for p in products), len(products)),
    )


@pytest.fixture
def small():
    """Seven regions: weights of ninths, thirds and unequal ones, an asymmetric pair."""
    third, half = Fraction(1, 3), Fraction(1, 2)
    weights = {
        "a": {"b": third, "c": third, "d": third},
        "b": {"a": half, "c": half},
        "c": {"a": Fraction(1, 5), "b": Fraction(1, 2), "e": Fraction(3, 10)},
        "d": {"a": Fraction(1)},
        "e": {"c": Fraction(2, 3), "f": third},
        "f": {"e": half, "g": half},
        "g": {"f": Fraction(1)},
    }
    graph = Graph.from_weights_dict(
        {i: {j: float(w) for j, w in row.items()} for i, row in weights.items()}
    )
    return weights, graph


@pytest.fixture
def field():
    """A 6 x 6 lattice with a smooth field on it, and noise."""
    graph = lattice_graph(6)
    rng = np.random.default_rng(12)
    slope = np.add.outer(np.arange(6), np.arange(6)).ravel()
    return pd.Series(slope + rng.normal(0, 2, 36), graph.unique_ids, name="field"), graph


def islands_graph(isolates: list[str], links: dict[str, list[str]]) -> Graph:
    """A graph with regions that have no neighbour."""
    return Graph.from_dicts({**links, **{label: [] for label in isolates}}).transform("r")

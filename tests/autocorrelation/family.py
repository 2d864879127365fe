"""The global statistics side by side: how each is called, and what it is by its definition.

The definitions take columns as arrays and a dense matrix of weights, and share nothing with the
package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from spatialreg import autocorrelation as ac

LABELS = list("abcdef")


@dataclass(frozen=True)
class Member:
    """A statistic: its call, its definition, and the columns that a permutation moves."""

    call: Callable[..., object]
    define: Callable[[dict, np.ndarray], float]
    moves: tuple[str, ...]
    binary: bool = False
    likeness: int = 1


def _moran(x, y, w):
    x, y = x - x.mean(), y - y.mean()
    return len(x) / w.sum() * (x @ w @ y) / np.sqrt((x @ x) * (y @ y))


def _geary(y, w):
    z = y - y.mean()
    return (len(y) - 1) / (2 * w.sum()) * (w * (y[:, None] - y) ** 2).sum() / (z @ z)


def _g(y, w):
    return y @ w @ y / (y.sum() ** 2 - y @ y)


def _joins(first, second, w):
    """Joins of members of the one with members of the other, each pair once."""
    both = np.outer(first, second)
    return (w * np.maximum(both, both.T)).sum() / 2


def _rates(events, population):
    rate, overall = events / population, events.sum() / population.sum()
    spread = (population * (rate - overall) ** 2).sum() / population.sum()
    v = spread - overall / population.mean() + overall / population
    return (rate - overall) / np.sqrt(np.where(v < 0, overall / population, v))


def _lee(x, y, w):
    x, y = x - x.mean(), y - y.mean()
    smooth = (w @ x) @ (w @ y)
    return len(x) / (w.sum(axis=1) ** 2).sum() * smooth / np.sqrt((x @ x) * (y @ y))


def _rate_moran(c, w):
    z = _rates(c["events"], c["population"])
    return _moran(z, z, w)


FAMILY = {
    "moran": Member(
        lambda d, g, **o: ac.moran(d["y"], g, **o), lambda c, w: _moran(c["y"], c["y"], w), ("y",)
    ),
    "geary": Member(
        lambda d, g, **o: ac.geary(d["y"], g, **o),
        lambda c, w: _geary(c["y"], w),
        ("y",),
        likeness=-1,
    ),
    "getis_ord_g": Member(
        lambda d, g, **o: ac.getis_ord_g(d["y"], g, **o),
        lambda c, w: _g(c["y"], w),
        ("y",),
        binary=True,
    ),
    "joins BB": Member(
        lambda d, g, **o: ac.join_counts(d["kind"], g, **o).of("BB"),
        lambda c, w: _joins(c["kind"] == 1, c["kind"] == 1, w),
        ("kind",),
        binary=True,
    ),
    "joins BW": Member(
        lambda d, g, **o: ac.join_counts(d["kind"], g, **o).of("BW"),
        lambda c, w: _joins(c["kind"] == 1, c["kind"] == 0, w),
        ("kind",),
        binary=True,
    ),
    "joins WW": Member(
        lambda d, g, **o: ac.join_counts(d["kind"], g, **o).of("WW"),
        lambda c, w: _joins(c["kind"] == 0, c["kind"] == 0, w),
        ("kind",),
        binary=True,
    ),
    "joins p:r": Member(
        lambda d, g, **o: ac.join_counts(d["name"], g, **o).of("p:r"),
        lambda c, w: _joins(c["name"] == "p", c["name"] == "r", w),
        ("name",),
        binary=True,
    ),
    "joins p:p": Member(
        lambda d, g, **o: ac.join_counts(d["name"], g, **o).of("p:p"),
        lambda c, w: _joins(c["name"] == "p", c["name"] == "p", w),
        ("name",),
        binary=True,
    ),
    "joins different": Member(
        lambda d, g, **o: ac.join_counts(d["name"], g, **o).of("different"),
        lambda c, w: (w * (c["name"][:, None] != c["name"])).sum() / 2,
        ("name",),
        binary=True,
    ),
    "moran_bv": Member(
        lambda d, g, **o: ac.moran_bv(d["x"], d["y"], g, **o),
        lambda c, w: _moran(c["x"], c["y"], w),
        ("y",),
    ),
    "moran_rate": Member(
        lambda d, g, **o: ac.moran_rate(d["events"], d["population"], g, **o),
        _rate_moran,
        ("events", "population"),
    ),
    "lee": Member(
        lambda d, g, **o: ac.lee(d["x"], d["y"], g, **o),
        lambda c, w: _lee(c["x"], c["y"], w),
        ("x", "y"),
    ),
}


def table() -> pd.DataFrame:
    """Six regions, with ties, whole numbers and fractions."""
    return pd.DataFrame(
        {
            "x": [0.5, 1.25, 1.25, 4.0, 2.0, 0.0],
            "y": [3.0, 0.0, 1.0, 7.0, 1.0, 2.0],
            "kind": [1, 0, 1, 1, 0, 0],
            "name": list("pqrprq"),
            "events": [3, 0, 14, 22, 8, 5],
            "population": [200, 90, 700, 810, 900, 150],
        },
        index=LABELS,
    )


def weights(binary: bool) -> tuple[Graph, np.ndarray]:
    """Links in both directions and in one, and where wanted weights of all sizes."""
    links = {
        "a": {"b": 1.0, "c": 0.5}, "b": {"a": 1.0}, "c": {"a": 0.25, "d": 2.0, "e": 1.0},
        "d": {"c": 0.75}, "e": {"f": 1.5, "d": 0.5}, "f": {"e": 1.0, "a": 0.125},
    }  # fmt: skip
    if binary:
        links = {i: dict.fromkeys(row, 1.0) for i, row in links.items()}
    dense = np.array([[links[i].get(j, 0.0) for j in LABELS] for i in LABELS])
    return Graph.from_weights_dict(links), dense


def enumerate_all(member: Member, data: pd.DataFrame, dense: np.ndarray) -> np.ndarray:
    """Compute the statistic for all rearrangements of the columns that move."""
    columns = {name: data[name].to_numpy() for name in data}
    statistics = []
    for order in permutations(range(len(data))):
        moved = {name: columns[name][list(order)] for name in member.moves}
        statistics.append(member.define({**columns, **moved}, dense))
    return np.array(statistics)

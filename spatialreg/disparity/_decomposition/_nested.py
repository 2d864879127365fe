"""The parts of generalised entropy at every level of nested groups, for all years at once.

Takes values and people by row, the year of each row and the labels of its groups, outermost first;
gives the components and the contributions of groups, and what each row itself contributes. At each
level the part is that of the groups inside their parent, weighted by what the parent counts for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._groups import ALL
from ._entropy import Entropy


@dataclass(frozen=True)
class _Groups:
    """Totals of the groups of one level: people, value, and where each stands."""

    codes: np.ndarray  # group of each row
    people: np.ndarray
    value: np.ndarray
    first: np.ndarray  # a row of each group, to look up its year, parent and label

    @property
    def mean(self) -> np.ndarray:
        return self.value / self.people


def nested_parts(
    y: np.ndarray,
    w: np.ndarray,
    years: np.ndarray,
    levels: pd.DataFrame,
    unit: str,
    entropy: Entropy,
    *,
    signed: bool = True,
) -> pd.DataFrame:
    """Compute all components of all years at once, level by level from the outside.

    Terms between groups are those of T and L as usually written, or with `signed` False those that
    are never negative; both add up to the same components.
    """
    term = entropy.signed if signed else entropy.term
    country = _group(years, y, w)
    people, mean = country.people[country.codes], country.mean[country.codes]
    parent, path = country, np.full(len(y), "", dtype=object)
    blocks = []
    for depth, name in enumerate(levels.columns):
        labels = levels[name].to_numpy(dtype=object)
        group = _group(parent.codes * len(y) + pd.factorize(labels)[0], y, w)
        above = parent.mean[parent.codes[group.first]]
        weight = entropy.weight(group.people / people[group.first], above / mean[group.first])
        contribution = weight * term(_ratio(group.mean, above))
        blocks.append(_block(depth, name, "between", years, group, contribution, labels, path))
        parent, outer = group, path
        path = path + " / " + labels if depth else labels
    above = parent.mean[parent.codes]
    each = entropy.weight(w / people, above / mean) * entropy.term(_ratio(y, above))
    within = np.bincount(parent.codes, each)
    blocks.append(_block(len(blocks), unit, "within", years, parent, within, labels, outer))
    frame = pd.concat(blocks, ignore_index=True)
    order = ["year", "depth", "total", "parent", "group"]
    return frame.sort_values(order, ignore_index=True).drop(columns=["depth", "total"])


def unit_parts(
    y: np.ndarray, w: np.ndarray, years: np.ndarray, levels: pd.DataFrame, entropy: Entropy
) -> pd.DataFrame:
    """Give for each row its shares and what it contributes to the index and inside its group."""
    country = _group(years, y, w)
    people, mean = country.people[country.codes], country.mean[country.codes]
    keys = country.codes
    for name in levels.columns:
        keys = pd.factorize(keys * len(y) + pd.factorize(levels[name])[0])[0]
    group = _group(keys, y, w)
    above = group.mean[group.codes]
    share, relative = w / people, _ratio(y, mean)
    inside = entropy.weight(share, above / mean) * entropy.term(_ratio(y, above))
    return pd.DataFrame(
        {
            "population_share": share,
            "value_share": share * relative,
            "relative": relative,
            "contribution": share * entropy.term(relative),
            "within": inside,
        },
        index=levels.index,
    )


def _group(keys: np.ndarray, y: np.ndarray, w: np.ndarray) -> _Groups:
    _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    return _Groups(codes, np.bincount(codes, w), np.bincount(codes, w * y), first)


def _ratio(mean: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Mean over the mean of the parent; 1 where the parent has nothing."""
    return np.divide(mean, above, out=np.ones_like(mean), where=above > 0)


def _block(
    depth: int,
    level: str,
    component: str,
    years: np.ndarray,
    group: _Groups,
    contribution: np.ndarray,
    labels: np.ndarray,
    path: np.ndarray,
) -> pd.DataFrame:
    """Lay out one component: its sum by year first, then the contributions of its groups."""
    single = pd.DataFrame(
        {
            "year": years[group.first],
            "group": labels[group.first],
            "value": contribution,
            "parent": path[group.first],
            "total": 1,
        }
    )
    whole = single.groupby("year", as_index=False)["value"].sum()
    block = pd.concat([whole.assign(group=ALL, parent="", total=0), single], ignore_index=True)
    return block.assign(depth=depth, level=level, component=component)

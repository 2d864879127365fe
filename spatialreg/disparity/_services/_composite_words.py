"""What a composite index tells of itself: its definition in words, and its weights as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._align import some
from . import _composite_scale as scale
from . import _composite_weights as weighting
from ._composite_scores import AGGREGATES
from ._hierarchy import Tree


def define(
    tree: Tree,
    standardise: str,
    method: str,
    aggregate: str,
    missing: str,
    years: str | list[int] | None,
    found: weighting.Weighting,
    least: float,
    cut: bool,
    clipped: int,
    floor: float,
) -> str:
    """Say what was computed, with every parameter."""
    held = "all rows together"
    if years == "each":
        held = "the rows of the same year (weights: of all years)"
    elif years is not None:
        held = f"the rows of {some(years)}"
    words = (
        f"composite index of {len(tree.items)} items in {len(tree.categories)} categories and "
        f"{len(tree.aspects)} aspects; standardised ({standardise}): {scale.SCALES[standardise]}, "
        f"turned round where less is better, held against {held}"
    )
    if cut:
        words += f", brought back to 0 or 1 where beyond ({clipped} values)"
    if floor:
        words += f", on the scale from {floor:g} to 1"
    words += f"; weights ({method}): {weighting.METHODS[method]}"
    if method == "pca":
        words += f" (explains {found.explained:.1%} of variance; KMO {found.kmo:.3f})"
        against = list(found.diagnostics.index[found.diagnostics["loading"] < 0])
        if against:
            words += f"; {some(against)} run against the component and are weighed all the same"
    words += f"; {AGGREGATES[aggregate]}; missing ({missing}): {scale.RULES[missing]}"
    if missing == "renormalise":
        words += f", NaN where less than {least:g} of the weights is there"
    return words


def weights_table(tree: Tree, weight: np.ndarray, base: weighting.Local) -> pd.DataFrame:
    """Give weights by item as the caller ordered them, at each level and overall."""
    table = pd.DataFrame(
        {
            "aspect": [tree.aspects[a] for a in tree.aspect[tree.category]],
            "category": [tree.categories[c] for c in tree.category],
            "column": tree.columns,
            "direction": tree.direction.astype(int),
            "local": base.item,
            "category_weight": base.category[tree.category],
            "aspect_weight": base.aspect[tree.aspect[tree.category]],
            "weight": weight,
        },
        index=pd.Index(tree.items, name="item"),
    )
    return table.loc[tree.shown]

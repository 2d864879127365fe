"""What a composite index gives, and how far its ranks hang on the weights."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class CompositeResult(_Printed):
    """A composite index with what it was made from.

    Attributes
    ----------
    definition : str
        What was computed, in words, with every parameter.
    standardise, weighting, aggregate, missing_rule : str
        The methods by name; `weighting` is ``"given"`` for a mapping.
    reference_years : tuple of int or str
        Years whose rows gave the scale: ``"all"``, ``"each"`` (each year its own), or the years;
        ``"none"`` for a frame of one cross-section.
    floor, min_share : float
        Score of the worst, and the least share of weights that a score needs.
    n, clipped : int
        Rows with an index, and standardised values that were brought back to 0 or 1.
    explained, kmo : float
        Share of variance of the first component, and the Kaiser-Meyer-Olkin measure (below 0.5
        the items have too little in common for a component); NaN without one.
    weights : DataFrame
        By item: aspect, category, column, direction, ``local`` (in its category),
        ``category_weight`` (in its aspect), ``aspect_weight``, and ``weight``, their product.
    diagnostics : DataFrame
        By item, what the weights rest on: entropy, divergence; or deviation, conflict,
        information; or loading, kmo. No columns for equal or given weights.
    standardised : DataFrame
        Scores of the items on the caller's index, more is better, after imputation.
    missing : DataFrame
        A row a missing value, on the caller's labels: item, done.
    frame : DataFrame
        On the caller's index: ``index``, and a column for each aspect and category.
    """

    definition: str
    standardise: str
    weighting: str
    aggregate: str
    missing_rule: str
    reference_years: tuple[int, ...] | str
    floor: float
    min_share: float
    n: int
    clipped: int
    explained: float
    kmo: float
    weights: pd.DataFrame = field(repr=False)
    diagnostics: pd.DataFrame = field(repr=False)
    standardised: pd.DataFrame = field(repr=False)
    missing: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)


@dataclass(frozen=True, repr=False)
class SensitivityResult(_Printed):
    """How far the ranks of a composite index hang on its weights and items.

    Attributes
    ----------
    definition : str
        What was varied, in words.
    replicates : int
        Draws of random weights.
    stable_pairs : float
        Share of pairs of regions (of the same year) whose order is the same in every draw.
    mean_shift : float
        Mean of |rank in a draw - rank| over regions and draws (Saisana, Saltelli and Tarantola
        2005).
    by_year : DataFrame
        A row a year (one row for a frame): regions, stable_pairs, mean_shift.
    scenarios : DataFrame
        A row for each weighting method and each item left out: kind, mean_shift, largest_shift,
        largest_at (the label of the region that moves most), note (why it could not be computed).
    ranks : DataFrame
        On the caller's index, ranks under each scenario.
    frame : DataFrame
        On the caller's index: ``index``, ``rank`` (1 is the highest, within a year), and over the
        draws ``median``, ``low`` and ``high`` (5 and 95 per cent) and ``mean_shift``.
    """

    definition: str
    replicates: int
    stable_pairs: float
    mean_shift: float
    by_year: pd.DataFrame = field(repr=False)
    scenarios: pd.DataFrame = field(repr=False)
    ranks: pd.DataFrame = field(repr=False)
    frame: pd.DataFrame = field(repr=False)

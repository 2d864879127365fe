"""Do regions move otherwise where their neighbours are rich than where they are poor.

Takes a panel and a graph; gives a Markov chain for each class of the neighbours' mean, and the test
that all these chains are one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from ... import _markov
from ..._align import align_to_graph, generator
from ..._graph import matrix_from_graph
from ..._results import SpatialMarkovResult
from ..._significance import permutation_p, require_test
from ...errors import InputError
from .._wide import relative_to_mean, wide
from ._chains import labelled, require_moves
from ._classes import (
    Quantiles,
    chosen_step,
    class_words,
    classify,
    later,
    names_of,
    require_classes,
)


def spatial_markov(
    panel: pd.DataFrame,
    graph: Graph,
    *,
    value: str,
    classes: int | Sequence[float] = 5,
    lag_classes: int | Sequence[float] | None = None,
    quantiles: Quantiles | None = None,
    relative: bool = True,
    step: int | None = None,
    permutations: int = 999,
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> SpatialMarkovResult:
    """Estimate a Markov chain for each class of the neighbours' mean, and test for one (Rey 2001).

    Parameters
    ----------
    panel : DataFrame
        Index (`code`, `year`). A region without a row in a year has no data in that year.
    graph : libpysal.graph.Graph
        Who is whose neighbour, in all years; weights as given, commonly row-standardised.
    value : str
        Column with the value, commonly per head.
    classes, quantiles, relative, step
        As in :func:`spatialreg.disparity.markov`.
    lag_classes : int or sequence of float
        The same for the neighbours' (weighted) mean of what is classified; where left out, as
        `classes`. Its quantiles are its own.
    permutations : int
        Number of rearrangements of regions over the map, each region with all its years. Quantiles
        of the neighbours' mean are found anew each time.
    rng : int or Generator
        Seed.
    subset : bool
        Allow a graph wider than the panel.

    Returns
    -------
    SpatialMarkovResult
        ``counts`` and ``probabilities`` by class of the neighbours at the beginning of the move;
        ``chi2``, ``lr``, their p-values from the chi-squared distribution with ``dof`` and from
        permutations; ``distribution``, ``first_passage`` and ``frame``.

    Raises
    ------
    InputError
        As in :func:`spatialreg.disparity.markov`.
    AlignmentError
        The graph lacks regions of the panel, or is wider without ``subset=True``.

    Warns
    -----
    MissingDataWarning
        Pairs of region and year without a value, or gaps between years wider than the step, count
        no moves.

    Notes
    -----
    The hypothesis is that a region's probabilities are the same whatever its neighbours. Pearson's
    statistic and the likelihood ratio compare the chains with the one of all moves together;
    degrees of freedom are those of Bickenbach and Bode (2003): a row counts in the chains that have
    moves from it, and with the columns that it reaches in any of them. The chi-squared distribution
    takes moves as independent. Permutations do not: they ask how large the statistic gets if each
    region keeps its history and only its place on the map is drawn, one-sided, as a difference
    makes the statistic large.

    Means of neighbours are over those with a value in the year (where the graph is
    row-standardised the weights are standardised again). Regions without neighbours count in no
    chain; giddy's ``Spatial_Markov`` takes their neighbours' mean as zero. Its permutations keep
    the observed bounds of the lag classes, and its statistic ``x2`` has k (k - 1)^2 degrees of
    freedom whatever was seen; ``Q`` and ``LR`` there are ``chi2`` and ``lr`` here.

    A first passage or ergodic distribution by class of the neighbours supposes that the neighbours
    stay in it, which they do not: it compares chains.

    Examples
    --------
    >>> import spatialreg as sr
    >>> from spatialreg.disparity import spatial_markov
    >>> graph = sr.build_weights(sr.datasets.us_states(), "rook")
    >>> panel = sr.datasets.us_incomes()
    >>> result = spatial_markov(panel, graph, value="income", permutations=99, rng=1)
    >>> round(result.lr, 1), result.dof, round(result.lr_p_permutation, 2)
    (175.4, 60, 0.01)
    """
    require_classes(classes, quantiles)
    around = classes if lag_classes is None else lag_classes
    require_classes(around, quantiles, "lag_classes")
    counts_of = [isinstance(c, int | np.integer) for c in (classes, around)]
    if quantiles is not None and not any(counts_of):
        raise InputError(
            "quantiles is used for a number of classes only; classes gives their bounds"
        )
    require_test(permutations, "greater")
    table = wide(panel, value)
    years = table.columns.to_numpy()
    chosen = chosen_step(years, step)
    shown = relative_to_mean(table, value) if relative else table
    data = shown.to_numpy()
    codes, bounds, count = classify(data, classes, quantiles, f"column {value!r}")
    reached = later(codes, years, chosen)
    require_moves((codes >= 0) & (reached >= 0), chosen)
    lag_of, isolates = _lags(shown.index, graph, subset)
    lag = lag_of(data)
    lag_codes, lag_bounds, lag_count = classify(lag, around, quantiles, "the neighbours' mean")

    def tables(own: np.ndarray, after: np.ndarray, near: np.ndarray) -> np.ndarray:
        counted = (own >= 0) & (after >= 0) & (near >= 0)
        cell = (near[counted] * count + own[counted]) * count + after[counted]
        return np.bincount(cell, minlength=lag_count * count * count).reshape(
            lag_count, count, count
        )

    counts = tables(codes, reached, lag_codes)
    test = _markov.homogeneity(counts)
    drawn = np.empty((permutations, 2))
    generate = generator(rng)
    for row in drawn:
        order = generate.permutation(len(data))
        near, _, _ = classify(lag_of(data[order]), around, quantiles, "the neighbours' mean")
        other = _markov.homogeneity(tables(codes[order], reached[order], near))
        row[:] = other.chi2, other.lr
    chi2_p, lr_p = (
        float(permutation_p(int((drawn[:, k] >= seen).sum()), 0, permutations, "greater"))
        if test.dof
        else np.nan
        for k, seen in enumerate((test.chi2, test.lr))
    )
    names, lag_names = names_of(count), names_of(lag_count)
    counted = (codes >= 0) & (reached >= 0) & (lag_codes >= 0)
    return SpatialMarkovResult(
        step=chosen,
        regions=int(counted.any(axis=1).sum()),
        moves=int(counts.sum()),
        isolates=isolates,
        chi2=test.chi2,
        chi2_p=test.chi2_p,
        lr=test.lr,
        lr_p=test.lr_p,
        dof=test.dof,
        chi2_p_permutation=chi2_p,
        lr_p_permutation=lr_p,
        permutations=permutations,
        definition=_words(value, relative, (classes, bounds), (around, lag_bounds), quantiles)
        + f"; moves over {chosen} years, {years[0]} to {years[-1]}; {permutations} permutations of "
        "whole regions",
        bounds=bounds,
        lag_bounds=lag_bounds,
        counts=_stacked(counts, lag_names, names),
        probabilities=_stacked([_markov.probabilities(c) for c in counts], lag_names, names),
        first_passage=_stacked(
            [_markov.first_passage(c) * chosen for c in counts], lag_names, names
        ),
        distribution=_distribution(counts, lag_names, names, chosen),
        null_distribution=pd.DataFrame(drawn, columns=["chi2", "lr"]),
        frame=_frame(
            panel,
            shown,
            lag,
            (codes, lag_codes, np.where(counted, reached, -1)),
            (names, lag_names),
        ),
    )


def _lags(
    labels: pd.Index, graph: Graph, subset: bool
) -> tuple[Callable[[np.ndarray], np.ndarray], int]:
    """Give a function for the neighbours' mean of regions x years, and the number of isolates."""
    _, restricted = align_to_graph(pd.Series(0.0, index=labels), graph, subset=subset)
    weights = matrix_from_graph(restricted, labels)
    linked = (weights != 0).astype(float)
    standardised = restricted.transformation == "R"

    def lag_of(data: np.ndarray) -> np.ndarray:
        known = ~np.isnan(data)
        lag = weights @ np.where(known, data, 0.0)
        if standardised and not known.all():
            with np.errstate(invalid="ignore", divide="ignore"):
                lag = lag / (weights @ known.astype(float))
        return np.where(linked @ known.astype(float) > 0, lag, np.nan)

    return lag_of, int((np.diff(weights.indptr) == 0).sum())


def _stacked(
    tables: np.ndarray | list[np.ndarray], lag_names: pd.Index, names: pd.Index
) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([lag_names, names], names=["lag", "from"])
    return pd.DataFrame(np.concatenate(list(tables)), index=index, columns=names.rename("to"))


def _distribution(
    counts: np.ndarray, lag_names: pd.Index, names: pd.Index, step: int
) -> pd.DataFrame:
    stays = np.concatenate([np.diag(_markov.probabilities(table)) for table in counts])
    with np.errstate(divide="ignore"):
        mean_stay = step / (1.0 - stays)
    return pd.DataFrame(
        {
            "ergodic": np.concatenate([_markov.ergodic(table) for table in counts]),
            "mean_stay": mean_stay,
        },
        index=pd.MultiIndex.from_product([lag_names, names], names=["lag", "state"]),
    )


def _frame(
    panel: pd.DataFrame,
    shown: pd.DataFrame,
    lag: np.ndarray,
    codes: tuple[np.ndarray, np.ndarray, np.ndarray],
    names: tuple[pd.Index, pd.Index],
) -> pd.DataFrame:
    row = shown.index.get_indexer(panel.index.get_level_values(0))
    column = shown.columns.get_indexer(panel.index.get_level_values(1))
    state, lag_state, reached = (c[row, column] for c in codes)
    return pd.DataFrame(
        {
            "value": shown.to_numpy()[row, column],
            "lag": lag[row, column],
            "state": labelled(state, names[0]),
            "lag_state": labelled(lag_state, names[1]),
            "next": labelled(reached, names[0]),
        },
        index=panel.index,
    )


def _words(
    value: str,
    relative: bool,
    own: tuple[int | Sequence[float], tuple[float, ...] | None],
    around: tuple[int | Sequence[float], tuple[float, ...] | None],
    quantiles: str | None,
) -> str:
    what = f"{value} over the mean of its year" if relative else value
    return (
        f"moves of regions, each counting once, between {class_words(own[0], quantiles, own[1])} "
        f"of {what}, by the neighbours' mean in {class_words(around[0], quantiles, around[1])}; "
        "chi2 and lr test that probabilities are the same whatever the neighbours, degrees of "
        "freedom after Bickenbach and Bode (2003)"
    )

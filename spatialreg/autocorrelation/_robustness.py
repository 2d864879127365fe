"""Which local clusters stand whoever counts as a neighbour, and which hang on one choice."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, numeric_series, require_one_of
from .._results import LocalResult, RobustnessResult
from .._significance import Alternative, Correction, require_level, require_test
from ..errors import AlignmentError, InputError, IsolateWarning
from ..weights import build_weights, weights_from_times
from ._cases import Attempts, Words, links_between
from ._local import lisa

CLUSTERS = ("High-High", "Low-Low", "High-Low", "Low-High")
LABELS = (*CLUSTERS, "Not significant", "Isolate")


def lisa_robustness(
    y: pd.Series,
    graphs: Mapping[str, Graph],
    *,
    reference: str | None = None,
    permutations: int = 9999,
    alpha: float = 0.05,
    correction: Correction | None = None,
    alternative: Alternative = "two-sided",
    rng: int | np.random.Generator | None = None,
    subset: bool = False,
) -> RobustnessResult:
    """Label regions by local Moran's I under many weights, and say how far the labels agree.

    Parameters
    ----------
    y : Series
        One value per region, in any unit; NaN marks a region without data.
    graphs : mapping of str to libpysal.graph.Graph
        Specifications by name, at least two; :func:`vary_weights` makes the usual ones.
    reference : str
        The specification whose labels are held against the others; the first where left out.
    permutations, alpha, correction, alternative, subset
        As in :func:`lisa`, for each specification.
    rng : int or Generator
        Seed, the same for all specifications: an int gives each of them the result of :func:`lisa`
        with that int.

    Returns
    -------
    RobustnessResult
        ``frame`` has for each region the label under the reference and the share of
        specifications under which it holds, and the consensus: the label that most specifications
        give. Where several are given equally often it is "Undecided", without a share.

    Raises
    ------
    InputError, AlignmentError
        As in :func:`lisa`; or there are fewer than two specifications, or none named `reference`.

    Warns
    -----
    IsolateWarning, PermutationWarning
        As in :func:`lisa`, once for all specifications.

    Notes
    -----
    All specifications draw from one sample: the first neighbours drawn for a region are the same
    however many it has. What differs between labels is then due to the weights, and not to other
    draws. A specification that leaves a region without neighbours says nothing of it and is not
    counted in its shares.

    Specifications resemble one another (four and five nearest neighbours share four), so that a
    share is no probability, and it depends on which ones are asked: name them beside the map.

    Examples
    --------
    >>> import spatialreg as sr
    >>> states = sr.datasets.us_states()
    >>> graphs = sr.autocorrelation.vary_weights(states, k=(4, 6, 8))
    >>> result = sr.lisa_robustness(states["income_1929"], graphs, permutations=999, rng=1)
    >>> result.frame.loc[["34", "28"], ["consensus", "consensus_share"]].round(2)
          consensus  consensus_share
    code
    34    High-High              1.0
    28      Low-Low              1.0
    """
    require_test(permutations, alternative)
    require_level(alpha, correction)
    names = _checked_names(graphs)
    chosen = names[0] if reference is None else reference
    require_one_of(chosen, names, "reference")
    # one number serves all: an int as it is, else drawn once
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        seed = int(rng)
    else:
        seed = int(generator(rng).integers(2**63))
    attempts = Attempts(Words("specifications", "under"))
    results: dict[str, LocalResult] = {}
    for name in names:
        compute = partial(
            lisa,
            y,
            graphs[name],
            permutations=permutations,
            alpha=alpha,
            correction=correction,
            alternative=alternative,
            rng=seed,
            subset=subset,
        )
        try:
            result = attempts.make(name, compute)
        except AlignmentError as error:
            raise AlignmentError(f"under {name!r}: {error}") from error
        if result is None:  # a specification that says nothing is no specification
            raise InputError(f"under {name!r}: {attempts.failed[name]}")
        results[name] = result
    attempts.report("local Moran's I", stacklevel=3)
    labels = pd.DataFrame({name: result.frame["cluster"] for name, result in results.items()})
    frame = _compare(labels, chosen)
    first = results[names[0]]
    return RobustnessResult(
        name=first.name,
        alternative=alternative,
        permutations=int(permutations),
        alpha=float(alpha),
        correction=correction,
        reference=chosen,
        n=first.n,
        missing=first.missing,
        describe=_describe(labels, frame["consensus"], y, graphs),
        labels=labels,
        frame=frame,
    )


def vary_weights(
    regions: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    orders: Iterable[int] = (1, 2),
    k: Iterable[int] = range(4, 11),
    thresholds: Sequence[float] | None = None,
    times: pd.DataFrame | pd.Series | None = None,
    cutoffs: Sequence[float] | None = None,
    isolates: Literal["keep", "nearest"] = "keep",
) -> dict[str, Graph]:
    """Make the usual specifications of who is whose neighbour, by name.

    Parameters
    ----------
    regions : GeoDataFrame or GeoSeries
        Its index holds the codes. Points have no contiguity: pass ``orders=()``.
    orders : iterable of int
        Queen neighbours up to so many steps away.
    k : iterable of int
        Numbers of nearest neighbours; those that the regions are too few for are left out.
    thresholds : sequence of float
        Greatest distances [m]. Where left out, the smallest that leaves no region alone (see
        :func:`spatialreg.build_weights`) and half as much again. ``()`` makes none.
    times : DataFrame or Series
        Travel times, as :func:`spatialreg.weights.weights_from_times` takes them.
    cutoffs : sequence of float
        Greatest travel times, in the unit of `times`.
    isolates : {"keep", "nearest"}
        As in :func:`spatialreg.build_weights`.

    Returns
    -------
    dict of str to Graph
        Row-standardised, in the order above: "queen", "queen to order 2", "4 nearest", "within
        120 km", "time up to 90".

    Raises
    ------
    InputError
        As :func:`spatialreg.build_weights`; or only one of `times` and `cutoffs` is given.

    Warns
    -----
    IsolateWarning
        Some graphs leave regions without neighbours, said once.

    Examples
    --------
    >>> import spatialreg as sr
    >>> list(sr.autocorrelation.vary_weights(sr.datasets.us_states(), k=(4, 8)))
    ['queen', 'queen to order 2', '4 nearest', '8 nearest', 'within 529.7 km',
    'within 794.5 km']
    """
    require_one_of(isolates, ("keep", "nearest"), "isolates")
    if (times is None) != (cutoffs is None):
        raise InputError("times and cutoffs go together: give both or neither")
    graphs: dict[str, Graph] = {}
    left: list[str] = []

    def build(method: Any, **options: Any) -> Graph:
        graph, words = _quietly(build_weights, regions, method, isolates=isolates, **options)
        left.extend(words[:1])
        return graph

    for order in orders:
        # islands are joined first, so that their neighbours' neighbours come with the next order
        first = build("queen", transform="b")
        wide = first.higher_order(order, lower_order=True) if order > 1 else first
        graph = wide.transform("r")
        graph.build_notes = {**first.build_notes, "order": order}
        graphs["queen" if order == 1 else f"queen to order {order}"] = graph
    for count in k:
        if count < len(regions):
            graphs[f"{count} nearest"] = build("knn", k=count)
    if thresholds is None:
        covering = _quietly(build_weights, regions, "distance_band")[0].build_notes["threshold_m"]
        thresholds = [covering, 1.5 * covering]
    for threshold in thresholds:
        name = f"within {threshold / 1000:.4g} km"
        if name in graphs:  # two that differ by less than the name says
            name = f"within {threshold / 1000:.15g} km"
        graphs[name] = build("distance_band", threshold=threshold)
    for cutoff in cutoffs or ():
        graph, words = _quietly(weights_from_times, times, cutoff=cutoff)
        graphs[f"time up to {cutoff:g}"] = graph
        left.extend(words[:1])
    if left:
        warnings.warn(
            f"{len(left)} of {len(graphs)} graphs have isolates; the first of them: {left[0]}",
            IsolateWarning,
            stacklevel=2,
        )
    return graphs


def _quietly(make: Callable[..., Graph], *given: Any, **options: Any) -> tuple[Graph, list[str]]:
    """Make a graph, and give what was said of isolates; other warnings go on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        graph = make(*given, **options)
    alone = []
    for warning in caught:
        if issubclass(warning.category, IsolateWarning):
            alone.append(str(warning.message))
        else:
            warnings.warn(warning.message, warning.category, stacklevel=4)
    return graph, alone


def _checked_names(graphs: Mapping[str, Graph]) -> list[str]:
    if not isinstance(graphs, Mapping):
        raise InputError(
            f"graphs must be a mapping of names to graphs, not {type(graphs).__name__}: make one "
            "with spatialreg.autocorrelation.vary_weights"
        )
    if len(graphs) < 2:
        raise InputError(f"robustness compares at least two specifications, not {len(graphs)}")
    return list(graphs)


def _compare(labels: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Hold the labels of each region against one another."""
    times = pd.DataFrame({name: (labels == name).sum(axis=1) for name in LABELS})
    defined = times[[*CLUSTERS, "Not significant"]]
    total = defined.sum(axis=1)
    most = defined.max(axis=1)
    settled = defined.eq(most, axis=0).sum(axis=1) == 1
    consensus = defined.idxmax(axis=1).where(settled, "Undecided")
    consensus = consensus.mask(total == 0, "No data").mask(
        (total == 0) & (times["Isolate"] > 0), "Isolate"
    )
    label = labels[reference]

    def share(of: pd.Series) -> np.ndarray:
        """Give the share of specifications, among those that say anything, with that label."""
        place = pd.Index(defined.columns).get_indexer(pd.Index(of.astype(object)))
        held = defined.to_numpy()[np.arange(len(defined)), place].astype(float)
        held[place < 0] = np.nan
        return np.divide(held, total, out=np.full(len(held), np.nan), where=total > 0)

    inside = times[list(CLUSTERS)].sum(axis=1).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "label": label,
            "label_share": share(label),
            "consensus": consensus,
            "consensus_share": share(consensus),
            "cluster_share": np.divide(
                inside, total, out=np.full(len(inside), np.nan), where=total > 0
            ),
            "specifications": total,
        },
        index=labels.index,
    )


def _describe(
    labels: pd.DataFrame, consensus: pd.Series, y: pd.Series, graphs: Mapping[str, Graph]
) -> pd.DataFrame:
    """Say of each specification how dense it is, what it finds, and how far it agrees."""
    used = numeric_series(y).dropna().index
    rows = {}
    for name in graphs:
        links = links_between(graphs[name], used)
        said = labels[name].isin([*CLUSTERS, "Not significant"])
        rows[name] = {
            "links": links,
            "mean_neighbours": links / len(used),
            "isolates": int((labels[name] == "Isolate").sum()),
            **{label: int((labels[name] == label).sum()) for label in LABELS[:-1]},
            "agreement": float((labels[name] == consensus)[said].mean()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("specification")

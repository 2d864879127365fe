"""One global statistic over many cases (years, orders of neighbours), as one frame.

A case that cannot be computed is a row of NaN, and all such cases are reported together: a panel
of forty years gives one warning, not forty.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, some
from .._results import GlobalResult
from .._significance import Alternative, require_test
from ..errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning
from ._global import moran

T = TypeVar("T")
Statistic = Literal["moran"] | Callable[..., GlobalResult]
_NUMBERS = ("statistic", "expected", "z_score", "p_value", "p_analytic")
COLUMNS = ("statistic", "expected", "lower", "upper", *_NUMBERS[2:], "n", "isolates")
BAND = (0.025, 0.975)


@dataclass(frozen=True)
class Words:
    """How messages speak of the cases: "3 of 5 *years*", "*in* 2005"."""

    plural: str
    at: str


class Attempts:
    """Computes case after case, and reports at the end what went wrong in which.

    Wrong labels are wrong in every case and raise at once.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.total = 0
        self.failed: dict[Any, str] = {}
        self.cut_off: dict[Any, str] = {}
        self.others: dict[tuple[type[Warning], str], None] = {}

    def make(self, label: Any, compute: Callable[[], T]) -> T | None:
        """Give what `compute` gives, or None where its input does not allow it."""
        self.total += 1
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                result = compute()
            except AlignmentError:
                raise
            except InputError as error:
                self.failed[label] = str(error)
                return None
        for warning in caught:
            if issubclass(warning.category, IsolateWarning):
                self.cut_off[label] = str(warning.message)
            else:  # the same words a case are said once
                self.others[warning.category, str(warning.message)] = None
        return result

    def report(self, name: str, *, stacklevel: int = 3) -> None:
        """Warn of the cases that have no `name`, and raise if none has."""
        total, words = self.total, self.words
        if self.failed:
            first = next(iter(self.failed))
            reason = f"{words.at} {first}: {self.failed[first]}"
            if len(self.failed) == total:
                raise InputError(
                    f"{name} can be computed for none of {total} {words.plural}; {reason}"
                )
            warnings.warn(
                f"{len(self.failed)} of {total} {words.plural} have no {name} "
                f"({some(self.failed)}); {reason}",
                MissingDataWarning,
                stacklevel=stacklevel,
            )
        if self.cut_off:
            first = next(iter(self.cut_off))
            warnings.warn(
                f"regions lost all their neighbours for {len(self.cut_off)} of {total} "
                f"{words.plural} ({some(self.cut_off)}); {words.at} {first}: {self.cut_off[first]}",
                IsolateWarning,
                stacklevel=stacklevel,
            )
        for category, message in self.others:
            warnings.warn(message, category, stacklevel=stacklevel)


def named_statistic(statistic: Statistic) -> Callable[..., GlobalResult]:
    """Give the function behind `statistic`, itself a function or the name of one."""
    if callable(statistic):
        return statistic
    if statistic == "moran":
        return moran
    raise InputError(
        f"statistic must be 'moran' or a function of y and graph, not {statistic!r}: pass the "
        "function itself, for example statistic=sr.moran"
    )


def tabulate(
    cases: Iterable[tuple[Any, pd.Series | pd.DataFrame, Graph]],
    statistic: Statistic,
    words: Words,
    *,
    permutations: int,
    alternative: Alternative,
    rng: int | np.random.Generator | None,
    subset: bool,
    name: str | None = None,
) -> pd.DataFrame:
    """Compute a global statistic for each case ``(label, y, graph)``, in their order.

    An int `rng` seeds every case alike, so that a case does not depend on the others; a Generator
    is used up case after case. Messages call the statistic `name`, or as it calls itself.

    Returns
    -------
    DataFrame
        A row a label with ``COLUMNS``. ``lower`` and ``upper`` hold the middle 95 % of the
        permutations, with the quantiles of Weibull: of 999 permutations the 25th from either end,
        so that what lies outside is just what has a two-sided p-value of at most 0.05.
    """
    require_test(permutations, alternative)
    measure = named_statistic(statistic)
    seed = generator(rng) if isinstance(rng, np.random.Generator) else rng
    options = {"permutations": permutations, "alternative": alternative, "subset": subset}
    attempts = Attempts(words)
    rows: dict[Any, tuple[float, ...]] = {}
    for label, y, graph in cases:
        result = attempts.make(label, partial(measure, y, graph, rng=seed, **options))
        with_values = pd.DataFrame(y).notna().all(axis=1).sum()
        unknown = (np.nan,) * 7 + (float(with_values), 0.0)
        rows[label] = unknown if result is None else _row(result)
    if name is None:
        name = "Moran's I" if measure is moran else getattr(measure, "__name__", "the statistic")
    attempts.report(name, stacklevel=4)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    return frame.astype({"n": int, "isolates": int})


def _row(result: GlobalResult) -> tuple[float, ...]:
    if not isinstance(result, GlobalResult):
        raise InputError(
            f"statistic must give a GlobalResult, as sr.moran does, not {type(result).__name__}"
        )
    numbers = dict(zip(_NUMBERS, (float(getattr(result, k)) for k in _NUMBERS), strict=True))
    low, high = np.quantile(result.null_distribution, BAND, method="weibull")
    counts = {"n": float(result.n), "isolates": float(result.isolates)}
    whole = {**numbers, "lower": float(low), "upper": float(high), **counts}
    return tuple(whole[column] for column in COLUMNS)


def links_between(graph: Graph, labels: pd.Index) -> int:
    """Count the links of `graph` among `labels`, one in each direction."""
    adjacency = graph.adjacency
    ends = [adjacency.index.get_level_values(k).isin(labels) for k in (0, 1)]
    return int((ends[0] & ends[1] & (adjacency.to_numpy() != 0)).sum())

"""One global statistic over many cases (years, orders of neighbours), as one frame.

A case that cannot be computed is a row of NaN, and all such cases are reported together: a panel
of forty years gives one warning, not forty.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from .._align import generator, some
from .._results import GlobalResult
from ..errors import AlignmentError, InputError, IsolateWarning, MissingDataWarning
from ._global import moran
from ._significance import Alternative, require_test

Statistic = Literal["moran"] | Callable[..., GlobalResult]
_NUMBERS = ("statistic", "expected", "z_score", "p_value", "p_analytic")
COLUMNS = ("statistic", "expected", "lower", "upper", *_NUMBERS[2:], "n", "isolates")
BAND = (0.025, 0.975)


@dataclass(frozen=True)
class Words:
    """How messages speak of the cases: "3 of 5 *years*", "*in* 2005"."""

    plural: str
    at: str


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
    cases: Iterable[tuple[Any, pd.Series, Graph]],
    statistic: Statistic,
    words: Words,
    *,
    permutations: int,
    alternative: Alternative,
    rng: int | np.random.Generator | None,
    subset: bool,
) -> pd.DataFrame:
    """Compute a global statistic for each case ``(label, y, graph)``, in their order.

    An int `rng` seeds every case alike, so that a case does not depend on the others; a Generator
    is used up case after case.

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
    rows: dict[Any, tuple[float, ...]] = {}
    failed: dict[Any, str] = {}
    cut_off: dict[Any, str] = {}
    name = "Moran's I" if measure is moran else str(getattr(measure, "__name__", "the statistic"))
    for label, y, graph in cases:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                result = measure(
                    y,
                    graph,
                    permutations=permutations,
                    alternative=alternative,
                    rng=seed,
                    subset=subset,
                )
            except AlignmentError:
                raise  # the labels are wrong in every case
            except InputError as error:
                failed[label] = str(error)
                rows[label] = (np.nan,) * 7 + (float(y.notna().sum()), 0.0)
                continue
        for warning in caught:
            if issubclass(warning.category, IsolateWarning):
                cut_off[label] = str(warning.message)
            else:
                warnings.warn_explicit(
                    warning.message, warning.category, warning.filename, warning.lineno
                )
        rows[label] = _row(result)
    _report(failed, cut_off, len(rows), name, words)
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


def _report(
    failed: dict[Any, str], cut_off: dict[Any, str], total: int, name: str, words: Words
) -> None:
    if failed:
        first = next(iter(failed))
        reason = f"{words.at} {first}: {failed[first]}"
        if len(failed) == total:
            raise InputError(f"{name} can be computed for none of {total} {words.plural}; {reason}")
        warnings.warn(
            f"{len(failed)} of {total} {words.plural} have no {name} ({some(failed)}); {reason}",
            MissingDataWarning,
            stacklevel=4,
        )
    if cut_off:
        first = next(iter(cut_off))
        warnings.warn(
            f"regions lost all their neighbours for {len(cut_off)} of {total} {words.plural} "
            f"({some(cut_off)}); {words.at} {first}: {cut_off[first]}",
            IsolateWarning,
            stacklevel=4,
        )

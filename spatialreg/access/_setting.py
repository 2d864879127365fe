"""Travel times and opportunities on the same destinations, as every indicator walks over them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from .._align import numeric_series, require_one_of, some
from ..errors import InputError, MissingDataWarning
from ._times import Reached, Times, open_times, with_own_times

Own: TypeAlias = Literal["given", "leave_out"]


class Setting(NamedTuple):
    """The times and the opportunities on the same destinations."""

    destinations: pd.Index
    masses: np.ndarray
    own: str | pd.Series
    blocks: Iterator[Reached]


def open_setting(
    times: Times, opportunities: Any, own: Any, origins: Any, *, by_default: Own
) -> Setting:
    """Bring times and opportunities together; `own` is settled by the caller's default.

    A default that leaves out what a place has itself raises where it is in doubt which origins are
    destinations too.
    """
    if own is not None and not isinstance(own, pd.Series):
        require_one_of(own, ("given", "leave_out"), "own, if it is no Series of internal times,")
    if isinstance(own, pd.Series):
        own = numeric_series(own, "own")
    known = None
    if opportunities is not None:
        known = numeric_series(opportunities, "opportunities").index
    destinations, _, blocks = open_times(times, destinations=known, origins=origins)
    masses = masses_of(opportunities, destinations, name="opportunities")
    settled = by_default if own is None else own
    blocks = (with_own_times(block, destinations, settled) for block in blocks)
    if own is None and by_default == "leave_out":
        blocks = _without_doubt(blocks)
    return Setting(destinations, masses, settled, blocks)


def _without_doubt(blocks: Iterator[Reached]) -> Iterator[Reached]:
    """Raise where some origins are destinations by their labels, and others are not."""
    inside = outside = 0
    for block in blocks:
        inside += int((block.own >= 0).sum())
        outside += int((block.own < 0).sum())
        if inside and outside:
            raise InputError(
                "some origins are destinations too and others are not, so that it is not clear "
                "whether equal labels mean the same place: pass own='leave_out' if they do, "
                "own='given' if they do not (or if the time of a place to itself should count)"
            )
        yield block


def masses_of(opportunities: Any, destinations: pd.Index, *, name: str) -> np.ndarray:
    """Give the opportunities of each destination; those without a value count nothing."""
    if opportunities is None:
        return np.ones(len(destinations))
    values = known_amounts(opportunities, name, "destinations", "reach", stacklevel=5)
    return values.reindex(destinations).fillna(0.0).to_numpy()


def known_amounts(
    values: pd.Series, name: str, places: str, purpose: str, *, stacklevel: int
) -> pd.Series:
    """Give the amounts that are known, of which one at least is above zero; say where none is."""
    numbers = numeric_series(values, name)
    negative = numbers.index[numbers < 0]
    if len(negative):
        raise InputError(f"{name} has {len(negative)} negative values, at {some(negative)}")
    blank = numbers.index[numbers.isna()]
    if len(blank):
        warnings.warn(
            f"{len(blank)} {places} have no value in {name} and were left out: {some(blank)}",
            MissingDataWarning,
            stacklevel=stacklevel,
        )
    if not numbers.sum() > 0:
        raise InputError(f"{name} is zero everywhere: there is nothing to {purpose}")
    return numbers.dropna()


def all_of(block: Reached, values: np.ndarray, own: str | pd.Series) -> np.ndarray:
    """Give the sum over all destinations that an origin of the block can count."""
    total = np.full(len(block.origins), values.sum())
    if isinstance(own, str) and own == "leave_out":
        total -= np.where(block.own >= 0, values[block.own], 0.0)
    return total


def joined(labels: list[pd.Index]) -> pd.Index:
    """Put the origins of all blocks into one index."""
    first, *rest = labels
    return first.append(rest) if rest else first

"""What a check of the embedded data is, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .._align import some


@dataclass(frozen=True)
class Outcome:
    """What a check found: ``holds`` ("yes", "no", "known", "not run") and the figures."""

    holds: str
    found: str


@dataclass(frozen=True)
class Check:
    """A check: the data set, what must hold in words, and the function that measures it."""

    dataset: str
    words: str
    run: Callable[[], Outcome]


CHECKS: list[Check] = []


def check(dataset: str, words: str) -> Callable[[Callable[[], Outcome]], Callable[[], Outcome]]:
    """Add the function below to the checks."""

    def add(function: Callable[[], Outcome]) -> Callable[[], Outcome]:
        CHECKS.append(Check(dataset, words, function))
        return function

    return add


def must(holds: Any, found: str) -> Outcome:
    """Say yes or no."""
    return Outcome("yes" if bool(holds) else "no", found)


def none_of(wrong: Iterable[Any], what: str, total: int | None = None) -> Outcome:
    """Say yes where nothing is wrong, else name it."""
    wrong = list(wrong)
    of = "" if total is None else f" of {total:,}"
    found = f"{len(wrong):,}{of} {what}"
    return must(not wrong, f"{found} ({some(wrong)})" if wrong else found)


def known_range(low: float, high: float, limits: tuple[float, float], words: str) -> Outcome:
    """Say yes inside the limits, "known" outside them."""
    inside = limits[0] <= low and high <= limits[1]
    return Outcome("yes" if inside else "known", words)

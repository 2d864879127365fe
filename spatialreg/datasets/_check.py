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


def within(
    low: float, high: float, aim: tuple[float, float], known: tuple[float, float], words: str
) -> Outcome:
    """Say yes inside the aim, "known" inside the wider limits that are stated, else no."""
    if aim[0] <= low and high <= aim[1]:
        return Outcome("yes", words)
    return Outcome("known" if known[0] <= low and high <= known[1] else "no", words)


def short(count: int, known: int, words: str) -> Outcome:
    """Say yes where nothing falls short, "known" up to the number that is known, else no."""
    return Outcome("yes" if not count else "known" if count <= known else "no", words)

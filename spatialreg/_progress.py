"""One progress interface: rich on a terminal, silence where silence is asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, track

T = TypeVar("T")
_quiet = False


@contextmanager
def silence() -> Iterator[None]:
    """Show no progress inside this block."""
    global _quiet
    before, _quiet = _quiet, True
    try:
        yield
    finally:
        _quiet = before


def shown() -> bool:
    """Say whether progress is drawn: on a terminal, outside :func:`silence`."""
    return not _quiet and sys.stderr.isatty()


def each(items: Iterable[T], description: str, *, total: int | None = None) -> Iterator[T]:
    """Iterate over `items` with a progress bar on stderr."""
    if not shown():
        yield from items
        return
    yield from track(
        items,
        description=description,
        total=total,
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def working(description: str) -> Iterator[None]:
    """Show a spinner with `description` while one long step runs."""
    if not shown():
        yield
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        progress.add_task(description, total=None)
        yield

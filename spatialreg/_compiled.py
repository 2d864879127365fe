"""Compiled loops, and the threads that large jobs run them on.

Loops are compiled once, kept on disk, and let go of the interpreter lock, so that plain threads can
share a job: each takes a slice of the regions or columns and writes to its own part of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import numba

Task = TypeVar("Task")
Result = TypeVar("Result")
Share = Callable[[Callable[[int, int], None], int], None]


def compiled(function: Callable[..., Any] | None = None, *, ordered: bool = False) -> Any:
    """Compile a loop, and keep the result on disk where there is a place that can be written to.

    Parameters
    ----------
    function : callable
        None where the decorator is written with an argument.
    ordered : bool
        The numbers are known to be ordered: none is NaN, and it does not matter which of 0.0 and
        -0.0 a comparison gives. Then the lesser of two is one instruction, also for many at once.
        Infinity stays what it is.
    """
    if function is None:
        return partial(compiled, ordered=ordered)
    flags = {"nnan", "nsz"} if ordered else set()
    try:
        return numba.njit(cache=True, nogil=True, fastmath=flags)(function)
    except RuntimeError:  # numba finds no such place: an installation that is read-only
        return numba.njit(nogil=True, fastmath=flags)(function)


def processors() -> int:
    """Count the processors to use: those of this process, or ``NUMBA_NUM_THREADS`` where set."""
    return int(vars(numba.config)["NUMBA_NUM_THREADS"])


@contextmanager
def sharing(workers: int) -> Iterator[Share]:
    """Give a function ``share(loop, size)`` that runs ``loop(start, stop)`` over ``range(size)``.

    With one worker it is a plain call, for a thread costs more than a small job takes. With more,
    each gets one slice. The slices are disjoint, so a loop that writes only to its own slice gives
    the same result for any number of workers.
    """
    if workers <= 1:
        yield lambda loop, size: loop(0, size)
        return
    with ThreadPoolExecutor(workers) as pool:

        def share(loop: Callable[[int, int], None], size: int) -> None:
            cuts = [size * part // workers for part in range(workers + 1)]
            list(pool.map(loop, cuts[:-1], cuts[1:]))

        yield share


def spread(run: Callable[[Task], Result], tasks: Sequence[Task], workers: int) -> list[Result]:
    """Run `run` for each task, in threads if there are several workers: whoever is free takes one.

    For tasks of unequal size. Each must write to a place of its own. The results come in the order
    of the tasks.
    """
    if workers <= 1 or len(tasks) <= 1:
        return [run(task) for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, tasks))

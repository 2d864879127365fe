"""Loops compile anywhere, and threads share them without a gap."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from spatialreg import _compiled
from spatialreg._compiled import compiled, processors, sharing, spread


def test_loops_compile_where_nothing_can_be_cached(monkeypatch):
    njit = numba.njit

    def read_only(*args, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*args, **options)

    monkeypatch.setattr(_compiled.numba, "njit", read_only)

    def double(numbers):
        for i in range(len(numbers)):
            numbers[i] *= 2

    numbers = np.arange(3)
    compiled(double)(numbers)
    assert numbers.tolist() == [0, 2, 4]


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
@pytest.mark.parametrize("size", [0, 1, 5, 100])
def test_slices_cover_everything_once(workers, size):
    seen = np.zeros(size, dtype=int)

    def loop(start, stop):
        seen[start:stop] += 1

    with sharing(workers) as share:
        share(loop, size)
    assert (seen == 1).all()


def test_errors_in_a_thread_come_out():
    def loop(start, stop):
        raise ValueError(f"{start} to {stop}")

    with sharing(2) as share, pytest.raises(ValueError, match="0 to 5"):
        share(loop, 10)


@compiled(ordered=True)
def _least(numbers):
    least = numbers[0]
    for number in numbers:
        least = min(least, number)
    return least


def test_ordered_numbers_may_be_infinite():
    assert _least(np.array([np.inf, 2.0, -np.inf, 5.0])) == -np.inf
    assert _least(np.array([np.inf, np.inf])) == np.inf


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("tasks", [[], [3], list(range(20))])
def test_every_task_is_run_once_and_results_are_in_order(workers, tasks):
    run = []
    assert spread(lambda task: run.append(task) or 2 * task, tasks, workers) == [
        2 * task for task in tasks
    ]
    assert sorted(run) == tasks


def test_errors_in_a_task_come_out():
    with pytest.raises(ZeroDivisionError):
        spread(lambda task: 1 // task, [1, 0, 2], 2)


def test_there_is_a_processor():
    assert processors() >= 1

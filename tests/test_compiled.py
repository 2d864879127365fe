"""Loops compile anywhere, and threads share them without a gap."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from spatialreg import _compiled
from spatialreg._compiled import compiled, processors, sharing


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


def test_there_is_a_processor():
    assert processors() >= 1

"""Random whole numbers inside compiled loops, each stream from a seed of its own.

SplitMix64 (Steele, Lea and Flood 2014): a counter in steps of the golden ratio, and a mixer that
turns it into random bits. Its state is one number, so that every permutation can have a stream of
its own and comes out the same in whatever block or thread it is drawn.
"""

from __future__ import annotations

import numpy as np

from .._compiled import compiled

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_ONE, _LOW = np.uint64(1), np.uint64(0xFFFFFFFF)


@compiled
def mix(state: np.uint64) -> np.uint64:
    """Turn a counter into 64 random bits."""
    state = (state ^ (state >> _30)) * _FIRST
    state = (state ^ (state >> _27)) * _SECOND
    return state ^ (state >> _31)


@compiled
def bounded(state: np.uint64, bits: np.uint64, limit: np.uint64) -> tuple[np.uint64, np.int64]:
    """Turn 32 random bits into a whole number from 0 to `limit` - 1, and give the state with it.

    The number is the upper half of limit times bits. Where the lower half shows that the limit does
    not divide evenly, bits are drawn anew (Lemire 2019), so that all numbers are equally likely.
    """
    product = bits * limit
    if (product & _LOW) < limit:
        uneven = ((_ONE << _32) - limit) % limit
        while (product & _LOW) < uneven:
            state += _STEP
            product = (mix(state) >> _32) * limit
    return state, np.int64(product >> _32)


@compiled
def draw_below(state: np.uint64, limit: np.uint64) -> tuple[np.uint64, np.int64]:
    """Draw a whole number from 0 to `limit` - 1, and give the next state with it."""
    state += _STEP
    return bounded(state, mix(state) >> _32, limit)


@compiled
def shuffle_into(lanes: np.ndarray, values: np.ndarray, seeds: np.ndarray) -> None:
    """Fill a column of `lanes` for each seed with `values` in random order, all equally likely.

    Each value goes to a random place among those before it and its own, and what stood there moves
    up (the "inside-out" shuffle of Fisher and Yates). Two places come from one mix of 64 bits.
    """
    for lane in range(len(seeds)):
        state, bits = seeds[lane], _LOW
        for i in range(len(values)):
            if i & 1:
                state += _STEP
                bits = mix(state)
                half = bits >> _32
            else:
                half = bits & _LOW
            state, j = bounded(state, half, np.uint64(i + 1))
            lanes[i, lane] = lanes[j, lane]
            lanes[j, lane] = values[i]


@compiled
def shuffle(values: np.ndarray, state: np.uint64) -> None:
    """Rearrange `values` where they stand, all orders equally likely (Fisher and Yates)."""
    for k in range(len(values) - 1, 0, -1):
        state, j = draw_below(state, np.uint64(k + 1))
        value = values[k]
        values[k] = values[j]
        values[j] = value

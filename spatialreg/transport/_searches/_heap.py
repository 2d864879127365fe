"""A heap of vertices by key, four children a node, that knows where each vertex stands."""

from __future__ import annotations

import numpy as np

from ..._compiled import compiled


@compiled
def rise(heap: np.ndarray, keys: np.ndarray, place: np.ndarray, v: int, key: float) -> None:
    """Move `v` up from its place to where `key` belongs, which is not above its old key."""
    i = place[v]
    while i > 0:
        parent = (i - 1) >> 2
        if keys[parent] <= key:
            break
        heap[i] = heap[parent]
        keys[i] = keys[parent]
        place[heap[i]] = i
        i = parent
    heap[i] = v
    keys[i] = key
    place[v] = i


@compiled
def take_first(heap: np.ndarray, keys: np.ndarray, place: np.ndarray, size: int) -> None:
    """Take the first vertex off the heap, which then holds `size` of them."""
    place[heap[0]] = -1
    if size == 0:
        return
    v, key, i = heap[size], keys[size], 0
    while 4 * i + 1 < size:
        child = 4 * i + 1
        least, least_key = child, keys[child]
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < least_key:
                least, least_key = other, keys[other]
        if least_key >= key:
            break
        heap[i] = heap[least]
        keys[i] = least_key
        place[heap[i]] = i
        i = least
    heap[i] = v
    keys[i] = key
    place[v] = i

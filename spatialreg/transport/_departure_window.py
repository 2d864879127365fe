"""Travel times over a window of departures, from the departures worth taking.

Whoever leaves at t arrives by the next departure worth taking, so that travel time falls one for
one until it is missed, and then jumps: a saw-tooth. Its shares, means and quantiles over the window
are worked out from the teeth, exactly, and not from a sample of moments.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._compiled import compiled
from ._connection_scan import NEVER

FIXED = ("reachable", "mean", "min", "max")
"""What each pair is given before its quantiles."""


@compiled
def window_times(
    slots: np.ndarray,
    count: np.ndarray,
    leave: np.ndarray,
    reach: np.ndarray,
    turned: bool,
    others: tuple[np.ndarray, ...],
    walk: np.ndarray,
    window: tuple[int, int],
    cutoff: int,
    levels: np.ndarray,
    out: np.ndarray,
) -> None:
    """Work out the times between the place that a profile is for and every other place.

    Parameters
    ----------
    slots, count, leave, reach : ndarray
        The profile, see ``scan_profile``; the last column of `reach` counts.
    turned : bool
        Whether the profile was made on time turned round: then it is of an origin.
    others : tuple of ndarray of int32
        The other places: where each one's stops begin, the stops, the seconds to them.
    walk : ndarray of int32, shape (others,)
        Seconds of the way without a ride, NEVER if there is none.
    window : tuple of int
        First and last moment of departure [s].
    cutoff : int
        Longer times count as unreachable [s].
    levels : ndarray of float64
        Rising quantile levels.
    out : ndarray of float64, shape (others, 4 + levels)
        Filled in: FIXED, then the quantiles [min].
    """
    most = len(leave) + 2
    best, worst = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    place = np.empty(len(others[1]) + 1, dtype=np.int64)
    for other in range(len(others[0]) - 1):
        teeth, flat, at_once = _teeth(
            slots, count, leave, reach, turned, others, other, walk[other], window, cutoff,
            place, best, worst,
        )  # fmt: skip
        _summarise(
            best[:teeth], worst[:teeth], flat, at_once, walk[other], window, levels, out[other]
        )


@compiled
def _departure(leave: np.ndarray, reach: np.ndarray, slot: int, seconds: int, turned: bool) -> Any:
    """Give when one leaves the place; on turned time it is what the search arrives at."""
    return -np.int64(reach[slot, reach.shape[1] - 1]) if turned else np.int64(leave[slot]) - seconds


@compiled
def _arrival(leave: np.ndarray, reach: np.ndarray, slot: int, seconds: int, turned: bool) -> Any:
    return seconds - np.int64(leave[slot]) if turned else np.int64(reach[slot, reach.shape[1] - 1])


@compiled
def _seek(
    slots: np.ndarray,
    count: np.ndarray,
    leave: np.ndarray,
    reach: np.ndarray,
    turned: bool,
    others: tuple[np.ndarray, ...],
    other: int,
    place: np.ndarray,
    earliest: int,
) -> tuple[Any, Any]:
    """Move each stop of a place on to its first departure from `earliest` on.

    Gives the next departure from the place, and the earliest arrival of one who is there by then.
    """
    # profiles stand by falling time of the search: its last entry is the earliest departure, and
    # on turned time the first is
    step = 1 if turned else -1
    until, arrival = np.int64(NEVER), np.int64(NEVER)
    for link in range(others[0][other], others[0][other + 1]):
        stop, seconds = others[1][link], others[2][link]
        low, high = slots[stop], slots[stop] + count[stop]
        while low <= place[link] < high:
            leaves = _departure(leave, reach, place[link], seconds, turned)
            if leaves >= earliest:
                until = min(until, leaves)
                arrival = min(arrival, _arrival(leave, reach, place[link], seconds, turned))
                break
            place[link] += step
    return until, arrival


@compiled
def _teeth(
    slots: np.ndarray,
    count: np.ndarray,
    leave: np.ndarray,
    reach: np.ndarray,
    turned: bool,
    others: tuple[np.ndarray, ...],
    other: int,
    walk: int,
    window: tuple[int, int],
    cutoff: int,
    place: np.ndarray,
    best: np.ndarray,
    worst: np.ndarray,
) -> tuple[int, Any, Any]:
    """Fill in the shortest and longest time of each tooth.

    Gives their number; the flat part of the window [s], in which walking all the way is as quick;
    and the time of one who leaves as the window opens.
    """
    for link in range(others[0][other], others[0][other + 1]):
        stop = others[1][link]
        place[link] = slots[stop] if turned else slots[stop] + count[stop] - 1
    opening, closing = window
    now, cap = np.int64(opening), np.int64(min(walk, cutoff))
    arrival = _seek(slots, count, leave, reach, turned, others, other, place, now)[1]
    at_once = min(arrival - now, np.int64(walk))
    if at_once > cutoff:
        at_once = np.int64(NEVER)
    teeth, flat, held = 0, np.int64(0), np.int64(-1)
    while now < closing:
        until, arrival = _seek(slots, count, leave, reach, turned, others, other, place, now + 1)
        until = min(until, np.int64(closing))
        short, long = arrival - until, arrival - now
        if walk <= cutoff and long > walk:
            flat += long - max(short, np.int64(walk))
        long = min(long, cap)
        if short < long:
            if held == arrival and best[teeth - 1] == long:  # the tooth goes on
                best[teeth - 1] = short
            else:
                best[teeth], worst[teeth] = short, long
                teeth += 1
            held = arrival
        now = until
    return teeth, flat, at_once


@compiled
def _summarise(
    best: np.ndarray,
    worst: np.ndarray,
    flat: int,
    at_once: int,
    walk: int,
    window: tuple[int, int],
    levels: np.ndarray,
    out: np.ndarray,
) -> None:
    """Give the share reachable, mean, least and greatest time, and the quantiles of the teeth."""
    out[:] = np.inf
    length = window[1] - window[0]
    if length == 0:
        if at_once < NEVER:
            out[:] = at_once / 60
        out[0] = np.float64(at_once < NEVER)
        return
    reached, area = flat, 0.5 * 0
    for tooth in range(len(best)):
        reached += worst[tooth] - best[tooth]
        area += 0.5 * (worst[tooth] - best[tooth]) * (worst[tooth] + best[tooth])
    out[0] = reached / length
    least: Any = at_once
    for tooth in range(len(best)):
        least = min(least, best[tooth])
    if flat > 0:
        least = min(least, np.int64(walk))
    if least < NEVER:
        out[2] = least / 60
    if reached == 0:
        return
    if reached == length:
        out[1] = (area + flat * np.float64(walk)) / length / 60
        out[3] = (walk if flat > 0 else worst.max()) / 60
    _quantiles(np.sort(best), np.sort(worst), walk, reached, length, levels, out[4:])


@compiled
def _quantiles(
    best: np.ndarray,
    worst: np.ndarray,
    walk: int,
    reached: int,
    length: int,
    levels: np.ndarray,
    out: np.ndarray,
) -> None:
    """Pass over the borders of all teeth by rising time; each open tooth adds one second a second.

    The flat part is longer than every tooth, since none is longer than the walk.
    """
    opened, closed, passed = 0, 0, 0.0
    value = np.float64(best[0]) if len(best) else np.float64(walk)
    for q in range(len(levels)):
        wanted = levels[q] * length
        if wanted > reached + 1e-9:
            return
        out[q] = walk / 60
        while closed < len(worst):
            if opened < len(best) and best[opened] <= worst[closed]:
                border = np.float64(best[opened])
            else:
                border = np.float64(worst[closed])
            gained = (opened - closed) * (border - value)
            if passed + gained >= wanted - 1e-9 and opened > closed:
                value += max(wanted - passed, 0.0) / (opened - closed)
                passed = wanted
                out[q] = value / 60
                break
            passed += gained
            value = border
            if opened < len(best) and best[opened] <= worst[closed]:
                opened += 1
            else:
                closed += 1

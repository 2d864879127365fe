"""The Connection Scan Algorithm, in compiled loops over arrays.

A timetable is one array of connections (a vehicle goes from a stop to the next), sorted by
departure. The profile search passes once over it, from the last connection to the first, and knows
for each stop all departures worth taking to one target: it answers every moment of departure at
once. The other search passes from the first to the last and finds one journey.

Between two rides there is one change: at the stop, or by one walk to another stop. Times are whole
seconds, so that nothing is rounded.

Reference: Dibbelt, Pajor, Strasser and Wagner (2018), Connection Scan Algorithm, ACM Journal of
Experimental Algorithmics 23 (first as "Intriguingly simple and fast transit routing", 2013).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .._compiled import compiled

NEVER = np.int32(2**30)
"""A time that no journey reaches; sums of two still fit into 32 bits."""


class Connections(NamedTuple):
    """Connections by falling departure, and the changes between them.

    Attributes
    ----------
    start, end : ndarray of int32
        Stops as whole numbers.
    departure, arrival : ndarray of int32
        Seconds.
    boarding, alighting : ndarray of bool
    following : ndarray of int32
        The next connection of the same run, -1 after its last.
    instant : ndarray of bool
        Whether one of the connections of this departure takes no time. Their order among each
        other then matters, and they are passed over until nothing changes.
    change_first : ndarray of int32, shape (stops + 1,)
    change_to, change_seconds : ndarray of int32
        For each stop at which one alights, where one can board next, and how long it takes.
    slots : ndarray of int32, shape (stops + 1,)
        Where each stop's departures begin in the arrays of a profile.
    """

    start: np.ndarray
    end: np.ndarray
    departure: np.ndarray
    arrival: np.ndarray
    boarding: np.ndarray
    alighting: np.ndarray
    following: np.ndarray
    instant: np.ndarray
    change_first: np.ndarray
    change_to: np.ndarray
    change_seconds: np.ndarray
    slots: np.ndarray


@compiled
def scan_profile(net, egress, longest, limited, onward, count, leave, reach):  # type: ignore[no-untyped-def]
    """Find all departures worth taking to one target.

    Parameters
    ----------
    net : Connections
    egress : ndarray of int32, shape (stops,)
        Seconds from each stop to the target, NEVER where there is no way.
    longest : int
        Journeys that last longer, from the first boarding on, are not looked for [s].
    limited : int
        1: column k of the arrivals is for k + 1 rides at most; 0: there is one column, for any
        number.
    onward : ndarray of int32, shape (connections, columns)
        Worked with: the arrival at the target of one who sits in a connection.
    count : ndarray of int32, shape (stops,)
        Filled in: the number of departures of each stop.
    leave, reach : ndarray of int32, shape (slots,) and (slots, columns)
        Filled in: departures by falling time, and the earliest arrival at the target of one who
        stands at the stop by then.
    """
    columns = onward.shape[1]
    count[:] = 0
    first = 0
    while first < len(net.departure):
        now = net.departure[first]
        last = first + 1
        while last < len(net.departure) and net.departure[last] == now:
            last += 1
        onward[first:last, :] = NEVER
        again = True
        while again:
            again = False
            for c in range(first, last):
                changed = _pass_over(net, c, egress, longest, limited, onward, count, leave, reach)
                if changed and net.instant[c]:
                    again = True
        first = last
    return columns


@compiled
def _pass_over(net, c, egress, longest, limited, onward, count, leave, reach):  # type: ignore[no-untyped-def]
    """Take up one connection; say whether anything got earlier."""
    columns = onward.shape[1]
    changed = False
    after = net.following[c]
    if after >= 0:
        for k in range(columns):
            if onward[after, k] < onward[c, k]:
                onward[c, k] = onward[after, k]
                changed = True
    if net.alighting[c]:
        stop, time = net.end[c], net.arrival[c]
        done = time + egress[stop]
        if done < NEVER:
            for k in range(columns):
                if done < onward[c, k]:
                    onward[c, k] = done
                    changed = True
        for f in range(net.change_first[stop], net.change_first[stop + 1]):
            place = net.change_to[f]
            slot = next_departure(
                leave, net.slots[place], count[place], time + net.change_seconds[f]
            )
            if slot >= 0:
                for k in range(limited, columns):
                    if reach[slot, k - limited] < onward[c, k]:
                        onward[c, k] = reach[slot, k - limited]
                        changed = True
    now = net.departure[c]
    if not net.boarding[c] or onward[c, columns - 1] - now > longest:
        return changed
    stop = net.start[c]
    begin, held = net.slots[stop], count[stop]
    newest = begin + held - 1
    if held == 0:
        better = onward[c, columns - 1] < NEVER
    else:
        better = False
        for k in range(columns):
            better |= onward[c, k] < reach[newest, k]
    if not better:
        return changed
    slot = newest
    if held == 0 or leave[newest] != now:
        slot = newest + 1
        count[stop] = held + 1
        leave[slot] = now
        for k in range(columns):
            reach[slot, k] = NEVER if held == 0 else reach[newest, k]
    for k in range(columns):
        if onward[c, k] < reach[slot, k]:
            reach[slot, k] = onward[c, k]
    return True


@compiled
def next_departure(leave, begin, held, time):  # type: ignore[no-untyped-def]
    """Give the place of the first departure at `time` or later, -1 if there is none.

    Departures stand by falling time, and the one sought is mostly near the end.
    """
    for slot in range(begin + held - 1, begin - 1, -1):
        if leave[slot] >= time:
            return slot
    return -1


@compiled
def scan_journey(net, ready, egress, came, boarded, best, final):  # type: ignore[no-untyped-def]
    """Find the earliest arrival for every number of rides up to a limit, and how it came about.

    Parameters
    ----------
    net : Connections
        By falling departure; they are passed over from the last to the first.
    ready : ndarray of int32, shape (stops, rides + 1)
        When one can board at a stop after k rides; column 0 is given, the others are NEVER.
    egress : ndarray of int32, shape (stops,)
        Seconds from each stop to the destination.
    came : ndarray of int32, shape (stops, rides + 1)
        Filled in: the connection at whose end one alighted for this, -1 if none.
    boarded : ndarray of int32, shape (connections, rides + 1)
        Filled in: the connection with which the k-th ride began, -1 where one is not aboard.
    best, final : ndarray of int32, shape (rides + 1,)
        Filled in: the arrival after k rides, and the connection that it ends with.
    """
    last = len(net.departure) - 1
    while last >= 0:
        first = last
        while first > 0 and net.departure[first - 1] == net.departure[last]:
            first -= 1
        again = True
        while again:
            again = False
            for c in range(last, first - 1, -1):
                if _ride(net, c, ready, egress, came, boarded, best, final) and net.instant[c]:
                    again = True
        last = first - 1
    return best


@compiled
def _ride(net, c, ready, egress, came, boarded, best, final):  # type: ignore[no-untyped-def]
    """Take up one connection of a journey; say whether one is newly aboard."""
    changed = False
    stop, time = net.end[c], net.arrival[c]
    for k in range(1, ready.shape[1]):
        if boarded[c, k] < 0 and net.boarding[c] and ready[net.start[c], k - 1] <= net.departure[c]:
            boarded[c, k] = c
            changed = True
        if boarded[c, k] < 0:
            continue
        after = net.following[c]
        if after >= 0 and boarded[after, k] < 0:
            boarded[after, k] = boarded[c, k]
            changed = True
        if not net.alighting[c]:
            continue
        if time + egress[stop] < best[k]:
            best[k] = time + egress[stop]
            final[k] = c
        for f in range(net.change_first[stop], net.change_first[stop + 1]):
            then = time + net.change_seconds[f]
            if then < ready[net.change_to[f], k]:
                ready[net.change_to[f], k] = then
                came[net.change_to[f], k] = c
                changed = True
    return changed

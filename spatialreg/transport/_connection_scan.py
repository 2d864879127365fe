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
def scan_profile(
    net: Connections,
    egress: np.ndarray,
    longest: int,
    limited: int,
    onward: np.ndarray,
    count: np.ndarray,
    leave: np.ndarray,
    reach: np.ndarray,
) -> None:
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
    # taken out of the tuple once: within the loop that would cost more than the work itself
    start, end, departure, arrival = net.start, net.end, net.departure, net.arrival
    boarding, alighting, following = net.boarding, net.alighting, net.following
    change_first, change_to, change_seconds = net.change_first, net.change_to, net.change_seconds
    instant, slots = net.instant, net.slots
    columns = onward.shape[1]
    count[:] = 0
    onward[:, :] = NEVER
    first, c, changed = 0, 0, False
    while c < len(departure):
        # one who sits in c may stay seated
        after = following[c]
        if after >= 0:
            for k in range(columns):
                if onward[after, k] < onward[c, k]:
                    onward[c, k] = onward[after, k]
                    changed = True
        # or alight at its end, and go to the target, or change
        if alighting[c]:
            stop, time = end[c], arrival[c]
            for k in range(columns):
                if time + egress[stop] < min(onward[c, k], NEVER):
                    onward[c, k] = time + egress[stop]
                    changed = True
            for f in range(change_first[stop], change_first[stop + 1]):
                then, slot = time + change_seconds[f], slots[change_to[f]] + count[change_to[f]] - 1
                # departures stand by falling time: the one sought is mostly near the end
                while slot >= slots[change_to[f]] and leave[slot] < then:
                    slot -= 1
                if slot < slots[change_to[f]]:
                    continue
                for k in range(limited, columns):
                    if reach[slot, k - limited] < onward[c, k]:
                        onward[c, k] = reach[slot, k - limited]
                        changed = True
        # one who stands at its start may board, if that brings anything
        stop, now = start[c], departure[c]
        newest = slots[stop] + count[stop] - 1
        better = False
        if boarding[c] and onward[c, columns - 1] - now <= longest:
            for k in range(columns):
                held = NEVER if count[stop] == 0 else reach[newest, k]
                better |= onward[c, k] < held
        if better:
            changed = True
            slot = newest
            if count[stop] == 0 or leave[newest] != now:
                slot = newest + 1
                leave[slot] = now
                for k in range(columns):
                    reach[slot, k] = NEVER if count[stop] == 0 else reach[newest, k]
                count[stop] += 1
            for k in range(columns):
                reach[slot, k] = min(reach[slot, k], onward[c, k])
        # connections of one moment, of which some take no time, are passed over until they agree
        last_of_moment = c + 1 == len(departure) or departure[c + 1] != now
        if last_of_moment and instant[c] and changed:
            c, changed = first, False
            continue
        c += 1
        if last_of_moment:
            first, changed = c, False


@compiled
def scan_journey(
    net: Connections,
    ready: np.ndarray,
    egress: np.ndarray,
    came: np.ndarray,
    boarded: np.ndarray,
    best: np.ndarray,
    final: np.ndarray,
) -> np.ndarray:
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
def _ride(
    net: Connections,
    c: int,
    ready: np.ndarray,
    egress: np.ndarray,
    came: np.ndarray,
    boarded: np.ndarray,
    best: np.ndarray,
    final: np.ndarray,
) -> bool:
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

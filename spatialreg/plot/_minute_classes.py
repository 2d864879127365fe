"""Classes of minutes: round limits that a reader knows, their names, the nearest lightest.

Takes times, or the limits that a caller gives; gives the limits, names and shades of the classes in
which maps and surfaces of travel times are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd

from ..errors import InputError

# limits that a reader knows without counting: quarters and halves of an hour, then hours
_ROUND = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2880)
_CLASSES = 6


def rising(breaks: Sequence[float]) -> list[float]:
    """Give the limits of classes as floats, or raise if they do not rise."""
    limits = [float(limit) for limit in breaks]
    if not limits or limits != sorted(set(limits)):
        raise InputError(f"breaks must be rising minutes, not {list(breaks)}")
    return limits


def round_limits(values: pd.Series) -> list[float]:
    """Choose round limits: of those between the ends, at most so many that classes fill evenly."""
    if not len(values):
        return [float(_ROUND[0])]
    low, high = values.min(), values.max()
    between = [float(r) for r in _ROUND if low < r < high]
    # longer than all round times: whole days
    top = next((float(r) for r in _ROUND if r >= high), float(np.ceil(high / 1440) * 1440))
    share = {limit: float((values <= limit).mean()) for limit in between}
    while len(between) > _CLASSES - 1:
        # leave out the limit whose classes on either side hold the least together
        edges = [0.0, *(share[limit] for limit in between), 1.0]
        joint = [edges[i + 2] - edges[i] for i in range(len(between))]
        between.pop(int(np.argmin(joint)))
    return [*between, top]


def shades(palette: str, count: int) -> np.ndarray:
    """Give a colour (RGBA) for each class, the nearest lightest; the scale has two at least."""
    return mpl.colormaps[palette](np.linspace(0.97, 0.12, max(count, 2)))[:count]


def class_name(limits: Sequence[float], i: int) -> str:
    """Name the class that ends at the limit `i`, or the one beyond all of them."""
    if i == 0:
        return f"up to {_time(limits[0])}"
    if i == len(limits):
        return f"over {_time(limits[-1])}"
    return f"{_time(limits[i - 1])} to {_time(limits[i])}"


def _time(minutes: float) -> str:
    """Write a time as it is said: minutes up to an hour and a half, then hours."""
    if minutes <= 90 or minutes % 30:
        return f"{minutes:g} min"
    return f"{minutes / 60:g} h"

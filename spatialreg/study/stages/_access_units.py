"""In what access is told: hours or minutes, people or millions, by how large the answers are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._access_measured import DAILY, MEAN_TIME, Accessed

_STEPS_MIN = (2, 5, 10, 15, 20, 30, 45, 60, 90)
_STEPS_H = (2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72)
_MOST_CLASSES = 7


@dataclass(frozen=True)
class Units:
    """What values are divided by, and how that is called.

    Attributes
    ----------
    time : float
        [min].
    times : str
        ``"hours"`` or ``"minutes"``.
    people : float
    count : str
        ``"million"``, ``"thousand"`` or nothing.
    within, within_short : str
        The threshold of daily accessibility: ``"4 hours"`` and ``"4 h"``.
    """

    time: float
    times: str
    people: float
    count: str
    within: str
    within_short: str

    @property
    def counted(self) -> str:
        """``"million people"``, ``"people"``."""
        return f"{self.count} people".strip()


def units_of(found: Accessed) -> Units:
    """Choose by the means over places and years."""
    reach, minutes = found.panel[DAILY].mean(), found.panel[MEAN_TIME].mean()
    people = next((scale for scale in (1e6, 1e3) if reach >= scale), 1.0)
    long = minutes >= 120
    hours = found.section.hours
    threshold = (
        (f"{hours:g}", "hours", "h") if hours >= 1 else (f"{hours * 60:g}", "minutes", "min")
    )
    return Units(
        60.0 if long else 1.0,
        "hours" if long else "minutes",
        people,
        {1e6: "million", 1e3: "thousand", 1.0: ""}[people],
        f"{threshold[0]} {threshold[1]}",
        f"{threshold[0]} {threshold[2]}",
    )


def shared_breaks(minutes: np.ndarray) -> list[float]:
    """Give round limits [min] that suit all years together."""
    low, high = float(np.nanmin(minutes)), float(np.nanmax(minutes))
    steps = [*_STEPS_MIN, *(60.0 * hour for hour in _STEPS_H)]
    if high > 240:
        steps = steps[len(_STEPS_MIN) :]
    inside = [step for step in steps if low < step < high] or steps[-1:]
    return [float(step) for step in inside[:: max(1, -(-len(inside) // _MOST_CLASSES))]]

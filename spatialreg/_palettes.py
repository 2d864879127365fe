"""Colours that figures, layers and the report share, so that one thing has one colour everywhere.

GeoDa's palette for clusters of a local Moran's I; ColorBrewer's classes (Cynthia Brewer, Mark
Harrower and The Pennsylvania State University) come from matplotlib, which carries them.
"""

from __future__ import annotations

from collections.abc import Iterable

CLUSTER_COLOURS = {
    "High-High": "#ff0000",
    "Low-Low": "#0000ff",
    "High-Low": "#f4ada8",
    "Low-High": "#a7adf9",
    # other local statistics: no two labels of one statistic look alike to a colour-blind reader
    "Hot spot": "#b2182b",
    "Cold spot": "#2166ac",
    "Other positive": "#fdb863",
    "Positive": "#e66101",
    "Negative": "#5e3c99",
    "Joined": "#d55e00",
    "Apart": "#56b4e9",
    "Heterogeneous": "#a6611a",
    "Homogeneous": "#0571b0",
    "Not significant": "#eeeeee",
    "Undecided": "#c9b8dc",
    "Not tested": "#ffffff",
    "Isolate": "#999999",
    "No data": "#d3d3d3",
}
NO_DATA = CLUSTER_COLOURS["No data"]
# statuses of targets, best first: blue to red through yellow, which colour-blind readers tell apart
STATUS_COLOURS = {
    "met": "#2166ac",
    "on track": "#92c5de",
    "at risk": "#fee08b",
    "off track": "#f4801f",
    "missed": "#b2182b",
    "no data": NO_DATA,
}
# classes of coupling coordination, the lowest first (ColorBrewer's BrBG, ten classes)
GRADE_COLOURS = {
    "Extreme imbalance": "#543005",
    "Severe imbalance": "#8c510a",
    "Moderate imbalance": "#bf812d",
    "Mild imbalance": "#dfc27d",
    "Near imbalance": "#f6e8c3",
    "Bare coordination": "#c7eae5",
    "Primary coordination": "#80cdc1",
    "Intermediate coordination": "#35978f",
    "Good coordination": "#01665e",
    "Quality coordination": "#003c30",
}
# a qualitative set that colour-blind readers can tell apart (Okabe and Ito 2008)
QUALITATIVE = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#000000",
)  # fmt: skip


def club_colours(clubs: Iterable[object]) -> dict[str, str]:
    """Give a colour to each convergence club that occurs, "1" first, divergent regions last."""
    names = {str(club) for club in clubs if club == club and club is not None}
    numbers = sorted((name for name in names if name != "divergent"), key=int)
    colours = {
        name: QUALITATIVE[(int(name) - 1) % (len(QUALITATIVE) - 1)] for name in numbers
    }  # black is for those in no club
    return colours | ({"divergent": "#000000"} if "divergent" in names else {})

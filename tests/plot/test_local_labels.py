"""Labels of every local statistic have colours that all readers can tell apart, and are drawn."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from shapely import box

from spatialreg import autocorrelation as sa
from spatialreg import plot
from spatialreg._palettes import CLUSTER_COLOURS, NO_DATA
from spatialreg._results import LocalResult

# the labels that stand on one map, beside those of regions that belong to no cluster
FAMILIES = {
    "local G": ["Hot spot", "Cold spot"],
    "local Geary": ["High-High", "Low-Low", "Other positive", "Negative"],
    "local Geary of several": ["Positive", "Negative"],
    "join counts": ["Joined", "Apart"],
    "LOSH": ["Heterogeneous", "Homogeneous"],
}
PLAIN = ["Not significant", "Not tested", "Isolate", "No data"]
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear red, green and blue
SIGHT = {
    "all colours": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen(colour: str, sight: str) -> np.ndarray:
    """Give lightness, a and b (CIE 1976, D65) of a colour as it is seen."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(SIGHT[sight]) @ linear, 0, 1)
    xyz = (
        np.array(
            [
                [0.4124564, 0.3575761, 0.1804375],
                [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041],
            ]
        )
        @ linear
    )
    ratio = xyz / [0.95047, 1.0, 1.08883]
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("family", FAMILIES)
def test_labels_of_one_map_can_be_told_apart(family, sight):
    labels = FAMILIES[family]
    pairs = [*combinations(labels, 2), *((a, b) for a in labels for b in PLAIN)]
    for one, other in pairs:
        colours = CLUSTER_COLOURS[one], CLUSTER_COLOURS[other]
        distance = np.linalg.norm(seen(colours[0], sight) - seen(colours[1], sight))
        # a difference of 2.3 can just be noticed; on a map the two are not side by side
        assert distance > 20, (one, other)


def result(labels: list[str], index: pd.Index) -> LocalResult:
    frame = pd.DataFrame({"cluster": labels}, index=index)
    return LocalResult(
        name="a local statistic", alternative="two-sided", permutations=99, alpha=0.05,
        correction=None, cut_off=0.04, n=len(labels), isolates=0, missing=0, frame=frame,
    )  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_every_label_is_drawn_and_counted(family):
    labels = [*FAMILIES[family], "Not significant", "Not tested"]
    squares = [box(i, 30, i + 1, 31) for i in range(len(labels) + 1)]
    regions = gpd.GeoDataFrame(geometry=squares, crs=4326)
    ax = plot.lisa_map(regions, result(labels, regions.index[:-1]))
    words = {t.get_text() for t in ax.get_legend().get_texts()}
    assert words == {f"{label} (1)" for label in [*labels, "No data"]}
    drawn = [mpl.colors.to_hex(c) for c in ax.collections[0].get_facecolor()]
    assert drawn == [*(CLUSTER_COLOURS[label] for label in labels), NO_DATA]


def test_statistics_give_no_label_without_a_colour():
    """All labels of all statistics on a field with patches, drawn as they come."""
    cells = [box(x, y + 30, x + 1, y + 31) for y in range(12) for x in range(12)]
    regions = gpd.GeoDataFrame(geometry=cells, index=[f"{i:03d}" for i in range(144)], crs=4326)
    from spatialreg import build_weights

    graph = build_weights(regions, "rook")
    values = np.random.default_rng(2).normal(10, 1, (12, 12))
    values[:5, :5] += 6
    values[7:, 7:] -= 6
    y = pd.Series(values.ravel(), regions.index)
    options = {"permutations": 999, "alpha": 0.1, "rng": 1}
    results = {
        "local G": sa.local_g(y, graph, **options),
        "local Geary": sa.local_geary(y, graph, **options),
        "local Geary of several": sa.local_geary(
            pd.DataFrame({"a": y, "b": y**2}), graph, **options
        ),
        "join counts": sa.local_join_count(y > 11, graph, **options),
        "LOSH": sa.losh(y, graph, **options),
    }
    for family, found in results.items():
        held = set(found.counts.index)
        assert held <= {*FAMILIES[family], *PLAIN}
        assert held & set(FAMILIES[family])
        ax = plot.lisa_map(regions, found)
        words = {t.get_text() for t in ax.get_legend().get_texts()}
        assert words == {f"{label} ({count})" for label, count in found.counts.items()}

"""Figures of series, correlograms, transitions and robustness: read back from the axes."""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from shapely import box

from spatialreg import plot
from spatialreg._palettes import CLUSTER_COLOURS
from spatialreg._results import RobustnessResult, TransitionsResult
from spatialreg.errors import AlignmentError, InputError

HH, LL, NS = "High-High", "Low-Low", "Not significant"


@pytest.fixture
def series():
    return pd.DataFrame(
        {
            "statistic": [0.5, 0.1, -0.4, np.nan],
            "expected": [-0.1] * 4,
            "lower": [-0.3] * 4,
            "upper": [0.2] * 4,
        },
        index=pd.Index([2000, 2001, 2003, 2004], name="year"),
    )


def legend_words(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.get_legend().get_texts()]


def markers(ax: Axes) -> dict[str, list[float]]:
    """Give the places of filled and of open markers."""
    lines = [line for line in ax.lines if line.get_marker() == "o"]
    return {
        "open" if mpl.colors.to_hex(line.get_markerfacecolor()) == "#ffffff" else "filled": list(
            line.get_xdata()
        )
        for line in lines
    }


def test_band_and_what_lies_outside(series):
    ax = plot.moran_band(series, title="t", ylabel="C")
    # 0.5 is above 0.2 and -0.4 below -0.3; a year without a value has neither
    assert markers(ax) == {"filled": [2000, 2003], "open": [2001, 2004]}
    band = ax.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (-0.3, 0.2)
    assert legend_words(ax) == ["95 % of permutations", "expected", "observed"]
    assert (ax.get_ylabel(), ax.get_title(loc="left")) == ("C", "t")
    with pytest.raises(InputError, match="no column 'upper'"):
        plot.moran_band(series.drop(columns="upper"))


def test_correlogram_by_order_and_by_distance(series):
    ax = plot.correlogram(series.set_axis(pd.Index([1, 2, 3, 4], name="order")))
    assert ax.get_xlabel() == "order of neighbours"
    assert markers(ax)["filled"] == [1, 3]
    far = series.set_axis(pd.Index([1e5, 2e5, 4e5, 8e5], name="distance"))
    ax = plot.correlogram(far)
    assert ax.get_xlabel() == "distance up to [km]"
    assert ax.xaxis.get_major_formatter()(200_000, 0) == "200"
    with pytest.raises(InputError, match="indexed by order or distance, not 'year'"):
        plot.correlogram(series)


def test_transitions_are_written_in_their_cells():
    names = [HH, LL, NS]
    counts = pd.DataFrame([[1500, 0, 500], [0, 0, 0], [1, 1, 2]], index=names, columns=names)
    shares = counts.div(counts.sum(axis=1), axis=0)
    empty = pd.DataFrame()
    result = TransitionsResult(
        "cluster", 5, 10, 2004, 0.5, counts, shares, empty, empty, pd.DataFrame()
    )
    ax = plot.transition_matrix(result, title="t")
    words = {t.get_position(): t.get_text() for t in ax.texts}
    assert words[0, 0] == "0.75\n(1,500)"
    assert words[2, 0] == "0.25\n(500)"
    assert words[1, 2] == "0.25\n(1)"
    assert {words[j, 1] for j in range(3)} == {""}  # a state that was never left
    image = ax.images[0].get_array()
    assert image[0, 0] == 0.75
    assert np.ma.getmaskarray(image)[1].all()
    assert [t.get_text() for t in ax.get_xticklabels()] == [HH, LL, "Not\nsignificant"]
    assert ax.get_xlabel() == "cluster, 5 years later"


@pytest.fixture
def regions():
    squares = [box(i % 3, i // 3, i % 3 + 1, i // 3 + 1) for i in range(6)]
    return gpd.GeoDataFrame(geometry=squares, index=list("abcdef"), crs=4326)


@pytest.fixture
def robust():
    frame = pd.DataFrame(
        {
            "consensus": [HH, HH, LL, NS, "Isolate"],
            "consensus_share": [1.0, 0.8, 0.5, 0.6, np.nan],
        },
        index=list("abcde"),
    )
    labels = pd.DataFrame({str(k): frame["consensus"] for k in range(10)})
    return RobustnessResult(
        "local Moran's I", "two-sided", 99, 0.05, None, "0", 5, 0, pd.DataFrame(), labels, frame
    )


def test_consensus_in_colour_and_doubt_in_hatches(regions, robust):
    ax = plot.consensus_map(regions, robust)
    fills = [mpl.colors.to_hex(c) for c in ax.collections[0].get_facecolor()]
    expected = [HH, HH, LL, NS, "Isolate", "No data"]
    assert fills == [CLUSTER_COLOURS[name] for name in expected]
    hatched = ax.collections[1]
    assert hatched.get_hatch() == "/////"
    # 0.8 is settled, 0.5 and 0.6 are not
    assert len(hatched.get_paths()) == 2
    assert legend_words(ax) == [
        "High-High (2)", "Low-Low (1)", "Not significant (1)", "Isolate (1)", "No data (1)",
        "under 80% of the weights (2)",
    ]  # fmt: skip
    assert "most of 10 weights" in ax.get_legend().get_title().get_text()


def test_nothing_is_hatched_where_all_is_settled(regions, robust):
    ax = plot.consensus_map(regions, robust, settled=0.5)
    assert len(ax.collections) == 1
    assert len(legend_words(ax)) == 5
    with pytest.raises(InputError, match="settled must be a share"):
        plot.consensus_map(regions, robust, settled=80)
    with pytest.raises(AlignmentError, match="no region of the result"):
        plot.consensus_map(regions.set_index(regions.index + "x"), robust)

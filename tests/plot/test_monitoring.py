"""Figures of monitoring: cells, colours and numbers can be read back from the axes."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import plot
from spatialreg.disparity import evaluate_targets
from spatialreg.errors import InputError


@pytest.fixture
def panel():
    rows = {"a": [4.0, 4.4, 4.8], "b": [4.0, 4.1, 4.2], "c": [None] * 3}
    return sr.to_panel(
        pd.DataFrame(
            [
                {"code": code, "year": 2016 + i, "beds": value}
                for code, values in rows.items()
                for i, value in enumerate(values)
            ]
        )
    )


def target(**changes):
    wanted = {"name": "beds", "column": "beds", "direction": "at least", "threshold": 5.0,
              "target_year": 2020}  # fmt: skip
    return pd.DataFrame([wanted | changes])


def test_matrix_has_a_cell_a_region_and_target(panel):
    wanted = pd.concat([target(), target(name="some beds", threshold=4.0, scope="b")])
    result = evaluate_targets(panel, wanted)
    ax = plot.status_matrix(result, names=pd.Series({"a": "Anna"}), title="t")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Anna", "b", "c"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["beds", "some beds"]
    cells = {patch.get_xy(): mpl.colors.to_hex(patch.get_facecolor()) for patch in ax.patches}
    # on track is light blue, off track orange, no data grey; nothing binds a and c in the second
    assert cells == {
        (0, 0): "#92c5de", (0, 1): "#f4801f", (0, 2): "#d3d3d3", (1, 1): "#92c5de",
    }  # fmt: skip
    assert {text.get_text() for text in ax.texts} == {"4.8", "4.2"}


def test_bars_add_up(panel):
    summary = evaluate_targets(panel, target()).summary
    ax = plot.status_bars(summary)
    assert [bar.get_width() for bar in ax.patches] == [1, 1, 1]
    assert [bar.get_x() for bar in ax.patches] == [0, 1, 2]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["on track (1)", "off track (1)", "no data (1)"]


def test_an_aggregate_has_no_matrix(panel):
    with pytest.raises(InputError, match="draw status_bars"):
        plot.status_matrix(evaluate_targets(panel.dropna(), target(scope="mean")))

"""Classes and colours: cut by hand, ColorBrewer's own, and the same in the map and the report."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from spatialreg.errors import InputError
from spatialreg.layers import (
    LISA_COLOURS,
    PALETTES,
    Graduated,
    Layer,
    Simple,
    brewer,
    classify,
    colour_rows,
)


def test_quantiles_by_hand():
    # quartiles of 1..5 are 2, 3, 4, 5; a value on a bound belongs to the class below it
    classes = classify(pd.Series([5.0, 1.0, 2.0, 3.0, 4.0]), k=4)
    assert classes.upper == (2.0, 3.0, 4.0, 5.0)
    assert classes.lower == (1.0, 2.0, 3.0, 4.0)
    assert classes.codes.tolist() == [3, 0, 0, 1, 2]


def test_equal_interval_by_hand():
    classes = classify(pd.Series([0.0, 1.0, 9.0]), scheme="equal_interval", k=3)
    assert classes.upper == (3.0, 6.0, 9.0)
    assert classes.codes.tolist() == [0, 0, 2]


def test_natural_breaks_by_hand():
    # three clumps: the cut of least squares within is between them
    classes = classify(pd.Series([1, 2, 10, 11, 30.0]), scheme="natural_breaks", k=3)
    assert classes.upper == (2.0, 11.0, 30.0)


def test_box_plot_by_hand():
    # quartiles of 0..8 and 100: 2.25, 4.5, 6.75; hinges at 2.25 - 6.75 (below all) and 13.5
    values = pd.Series([0, 1, 2, 3, 4, 5, 6, 7, 8, 100.0])
    classes = classify(values, scheme="box_plot")
    assert classes.upper == (2.25, 4.5, 6.75, 13.5, 100.0)
    assert classes.codes.tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_breaks_are_taken_as_given_and_reach_the_largest_value():
    classes = classify(pd.Series([1.0, 5.0, 7.0]), breaks=[2, 4, 6])
    assert classes.upper == (2.0, 4.0, 6.0, 7.0)
    assert classes.codes.tolist() == [0, 2, 3]
    wide = classify(pd.Series([1.0, 5.0]), breaks=[2, 40])
    assert wide.upper == (2.0, 40.0)


def test_missing_values_have_no_class():
    assert classify(pd.Series([1.0, np.nan, 2.0]), k=2).codes.tolist() == [0, -1, 1]
    assert len(classify(pd.Series([np.nan, np.nan]))) == 0


def test_one_value_is_one_class():
    classes = classify(pd.Series([3.5, 3.5]), k=5)
    assert classes.labels == ("3.50",)
    assert classes.codes.tolist() == [0, 0]


def test_ties_merge_classes():
    # the thirds of 0, 0, 0, 0, 0, 0, 4, 8 are 0 (place 2.33), 0 (place 4.67) and 8
    classes = classify(pd.Series([0, 0, 0, 0, 0, 0, 4, 8.0]), k=3)
    assert classes.upper == (0.0, 8.0)
    assert classes.labels == ("0", "0 – 8")
    assert classes.codes.tolist() == [0] * 6 + [1, 1]


@pytest.mark.parametrize(
    ("upper", "labels"),
    [
        ([1000, 20000, 300000], ("100 – 1,000", "1,000 – 20,000", "20,000 – 300,000")),
        ([100.0001, 100.0002], ("100.0000 – 100.0001", "100.0001 – 100.0002")),
        ([0.00123, 0.00456], ("−100.000 – 0.001", "0.001 – 0.005")),
    ],
)
def test_labels_tell_bounds_apart(upper, labels):
    low = -100.0 if upper[0] < 1 else 100.0
    assert classify(pd.Series([low, upper[-1]]), breaks=upper).labels == labels


@pytest.mark.parametrize("breaks", [[], [2, 1], [1, 1], [1, np.nan], [1, np.inf]])
def test_wrong_breaks_raise(breaks):
    with pytest.raises(InputError, match="breaks must be finite numbers that increase"):
        classify(pd.Series([1.0, 2.0]), breaks=breaks)


def test_rows_in_any_order_give_the_same_classes():
    values = pd.Series(np.arange(50.0) ** 1.5, index=[f"r{i}" for i in range(50)])
    shuffled = values.sample(frac=1, random_state=1)
    one, two = classify(values), classify(shuffled)
    assert one.upper == two.upper
    pd.testing.assert_series_equal(one.codes, two.codes.loc[values.index])


def test_colours_are_those_of_matplotlib():
    # matplotlib carries ColorBrewer's nine classes of sequential schemes
    for name in ("YlOrRd", "YlGnBu", "Blues", "Oranges", "Greens", "Purples", "Greys"):
        nine = mpl.colormaps[name].resampled(9)(range(9))
        assert brewer(name, 9) == tuple(mpl.colors.to_hex(colour) for colour in nine)


@pytest.mark.parametrize("name", PALETTES)
def test_every_number_of_classes_has_distinct_colours(name):
    for k in range(1, 10):
        colours = brewer(name, k)
        assert len(set(colours)) == k
        assert brewer(f"{name}_r", k) == colours[::-1]
    with pytest.raises(InputError, match="1 to 9 classes, not 10"):
        brewer(name, 10)


def test_lisa_colours_are_geodas():
    # GeoDa's cluster map: red, blue, pink and light blue on light grey
    assert LISA_COLOURS["High-High"] == "#ff0000"
    assert LISA_COLOURS["Low-Low"] == "#0000ff"
    assert LISA_COLOURS["High-Low"] == "#f4ada8"
    assert LISA_COLOURS["Low-High"] == "#a7adf9"
    assert LISA_COLOURS["Not significant"] == "#eeeeee"


def test_rows_take_the_colours_of_the_legend(layers):
    for layer in layers:
        colours, legend = colour_rows(layer)
        assert colours.index.equals(layer.frame.index)
        assert set(colours) <= {colour for _, colour in legend}
        assert colours.notna().all()


def test_missing_values_stand_in_the_legend(layers):
    colours, legend = colour_rows(layers[1])
    assert legend[-1] == ("No data", "#d3d3d3")
    assert colours["150000"] == "#d3d3d3"
    assert (colours == "#d3d3d3").sum() == 1
    # quartiles of 1, 2, 3, 4, 6, 7, 8, 9 by linear interpolation: 2.75, 5, 7.25
    assert [label for label, _ in legend[:-1]] == [
        "1.00 – 2.75",
        "2.75 – 5.00",
        "5.00 – 7.25",
        "7.25 – 9.00",
    ]


def test_missing_class_is_added_to_the_legend_only_where_it_is_missing(regions):
    from spatialreg.layers import Categorised

    style = Categorised("name", [(name, name, "#123456") for name in regions["name"]])
    whole = Layer(name="x", title="X", group="", frame=regions, style=style)
    assert len(colour_rows(whole)[1]) == 9
    gap = regions.assign(name=regions["name"].where(regions.index != "110000"))
    holed = Layer(name="x", title="X", group="", frame=gap, style=style)
    assert colour_rows(holed)[1][-1] == ("No data", "#d3d3d3")
    assert colour_rows(holed)[0]["110000"] == "#d3d3d3"


def test_numbers_and_truths_can_be_classes(regions):
    from spatialreg.layers import Categorised

    frame = regions.assign(flag=[1.0, 2.0, None] * 3, yes=[True, False, True] * 3)
    numbers = Categorised("flag", [(1, "one", "#111111"), (2, "two", "#222222")])
    truths = Categorised("yes", [(True, "yes", "#111111"), (False, "no", "#222222")])
    for style, first in ((numbers, "#111111"), (truths, "#111111")):
        layer = Layer(name="x", title="X", group="", frame=frame, style=style)
        assert colour_rows(layer)[0].iloc[0] == first


def test_duplicate_labels_of_rows_are_fine(regions):
    frame = regions.set_axis(["same"] * 9, axis=0)
    layer = Layer(name="x", title="X", group="", frame=frame, style=Graduated("people", k=3))
    assert colour_rows(layer)[0].nunique() == 3


def test_the_unit_stands_in_the_legend_once(layers, regions):
    assert layers[1].legend_title == "Income 2019 [yuan]"
    said = Layer(
        name="x", title="Income in yuan", group="", frame=regions,
        style=Graduated("income", unit="yuan"),
    )  # fmt: skip
    assert said.legend_title == "Income in yuan"
    assert (
        Layer(name="x", title="X", group="", frame=regions, style=Simple("#222222")).legend_title
        == "X"
    )

"""Coupling coordination: values by hand, the ten classes, labels, and each message."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import coupling
from spatialreg.disparity._services._coupling import GRADES
from spatialreg.errors import InputError, MissingDataWarning

SCORES = pd.DataFrame({"services": [0.4, 0.9, 0.8], "roads": [0.4, 0.1, 0.2]}, index=list("abc"))


def test_two_systems_by_hand():
    """b: geometric mean 0.3, arithmetic 0.5; C 0.6, T 0.5, D root 0.3."""
    table = coupling(SCORES, systems=["services", "roads"])
    np.testing.assert_allclose(table["coupling"], [1, 0.6, 0.8], rtol=1e-14)
    np.testing.assert_allclose(table["development"], [0.4, 0.5, 0.5], rtol=1e-14)
    np.testing.assert_allclose(table["coordination"] ** 2, [0.4, 0.3, 0.4], rtol=1e-14)
    assert table["grade"].astype(str).tolist() == [GRADES[6], GRADES[5], GRADES[6]]


def test_three_systems_by_hand():
    # 0.1, 0.1, 0.8: product 0.008, whose cube root is 0.2; mean 1/3
    scores = pd.DataFrame({"x": [0.1], "y": [0.1], "z": [0.8]})
    table = coupling(scores, systems=["x", "y", "z"])
    assert table["coupling"].item() == pytest.approx(0.6, rel=1e-14)
    assert table["coordination"].item() == pytest.approx(0.2**0.5, rel=1e-14)


def test_other_forms_by_hand():
    liao = coupling(SCORES, systems=["services", "roads"], form="liao")["coupling"]
    # (0.9 x 0.1 / 0.5^2)^2 = 0.36^2
    np.testing.assert_allclose(liao, [1, 0.36**2, 0.64**2], rtol=1e-13)
    wang = coupling(SCORES, systems=["services", "roads"], form="wang")["coupling"]
    # root of (1 - 0.8) x 0.1 / 0.9
    np.testing.assert_allclose(wang, [1, (0.2 / 9) ** 0.5, (0.4 / 4) ** 0.5], rtol=1e-14)
    # pairs differ by 0.4, 0.2 and 0.2: mean 0.8 / 3; product of 1/3 and 2/3, to the power 1/2
    three = pd.DataFrame({"x": [0.2], "y": [0.4], "z": [0.6]})
    found = coupling(three, systems=["x", "y", "z"], form="wang")["coupling"].item()
    assert found == pytest.approx(((1 - 0.8 / 3) * (2 / 9) ** 0.5) ** 0.5, rel=1e-14)


def test_misprints_are_not_one_where_systems_are_equal():
    """The forms that lose the factor n: at most 1/n, so that D never reaches the upper classes."""
    u = np.full(3, 0.7)
    assert (u.prod() / u.sum() ** 3) ** (1 / 3) == pytest.approx(1 / 3)
    for form in ("standard", "liao", "wang"):
        table = coupling(pd.DataFrame([u], columns=list("xyz")), systems=list("xyz"), form=form)
        assert table["coupling"].item() == pytest.approx(1, rel=1e-14)
        assert table["coordination"].item() == pytest.approx(0.7**0.5, rel=1e-14)


def test_weights_count_in_development_only():
    table = coupling(SCORES, systems=["services", "roads"], weights={"roads": 3, "services": 1})
    np.testing.assert_allclose(table["development"], [0.4, 0.3, 0.35], rtol=1e-14)
    np.testing.assert_allclose(table["coupling"], [1, 0.6, 0.8], rtol=1e-14)
    assert "services 0.25, roads 0.75" in table.attrs["definition"]


def test_ten_classes_by_tenths():
    # equal systems at d^2 have C 1, T d^2, and so D d
    d = np.array([0.05, 0.1, 0.1999, 0.2, 0.3, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    table = coupling(pd.DataFrame({"x": d**2, "y": d**2}), systems=["x", "y"])
    assert table["grade"].cat.codes.tolist() == [0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert table["grade"].cat.ordered and len(GRADES) == 10
    assert table["grade"].iloc[0] == "Extreme imbalance"


def test_a_row_without_a_system_is_nan_and_told():
    scores = SCORES.assign(roads=[0.4, np.nan, 0.2])
    with pytest.warns(MissingDataWarning, match=r"1 of 3 rows lack a system and are NaN: b"):
        table = coupling(scores, systems=["services", "roads"])
    assert table.isna().all(axis=1).tolist() == [False, True, False]


def test_a_panel_keeps_its_index_and_the_input_stays():
    panel = sr.to_panel(
        pd.DataFrame({"code": list("abab"), "year": [1, 1, 2, 2], "x": [0.1, 0.2, 0.3, 0.4]})
    ).assign(y=0.5)
    mixed = panel.sample(frac=1, random_state=1)
    before = mixed.copy()
    table = coupling(mixed, systems=["x", "y"])
    pd.testing.assert_frame_equal(mixed, before)
    assert table.index.equals(mixed.index)
    pd.testing.assert_frame_equal(table.sort_index(), coupling(panel, systems=["x", "y"]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"systems": "services"}, "systems must be a sequence of columns"),
        ({"systems": ["services"]}, "two or more different columns"),
        ({"systems": ["services", "services", "roads"]}, "two or more different columns"),
        ({"systems": ["services", "rail"]}, "the frame has no column 'rail'"),
        ({"form": "c"}, "form must be one of 'standard', 'liao', 'wang', not 'c'"),
        ({"weights": {"services": 1}}, "a weight for each system, services, roads"),
        ({"weights": [1, 2]}, "weights must be a mapping"),
        ({"weights": {"services": 1, "roads": 0}}, "weights must be numbers above zero"),
    ],
)
def test_what_is_wrong_with_the_arguments(arguments, message):
    with pytest.raises(InputError, match=message):
        coupling(SCORES, **{"systems": ["services", "roads"], **arguments})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.0, r"above 0 and at most 1; 1 rows do not \(b\): standardise them"),
        (1.01, "above 0 and at most 1; 1 rows do not"),
        (np.inf, "1 infinite values"),
    ],
)
def test_what_is_wrong_with_the_scores(value, message):
    with pytest.raises(InputError, match=message):
        coupling(SCORES.assign(roads=[0.4, value, 0.2]), systems=["services", "roads"])
    with pytest.raises(InputError, match="DataFrame"):
        coupling(SCORES["roads"], systems=["services", "roads"])

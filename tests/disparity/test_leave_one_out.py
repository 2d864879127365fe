"""Each region left out in turn, against the measures of the regions that remain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import InputError, MissingDataWarning


def test_by_hand():
    regions = pd.DataFrame({"y": [1.0, 3.0, 2.0], "people": [1, 1, 2]}, index=list("abc"))
    table = disparity.leave_one_out(regions, per_head="y", measures=["cv"])
    # of 3 and 2, of 1 and 2, of 1 and 3; all three: variance 2/3 over a mean of 2
    assert table["cv"].to_list() == pytest.approx([0.5 / 2.5, 0.5 / 1.5, 0.5])
    assert table["cv_change"].to_list() == pytest.approx(
        [0.2 - (2 / 3) ** 0.5 / 2, 1 / 3 - (2 / 3) ** 0.5 / 2, 0.5 - (2 / 3) ** 0.5 / 2]
    )
    weighted = disparity.leave_one_out(
        regions, per_head="y", population="people", measures=["hoover"]
    )
    # without b: one at 1 and two at 2, of 5: the one lacks 2/3, which is 2/15 of all
    assert weighted.loc["b", "hoover"] == pytest.approx(2 / 15)


@pytest.mark.parametrize("population", [None, "population_10k"])
def test_each_row_is_the_measure_of_the_rest(population):
    panel = sr.datasets.provincial_panel()
    panel = panel.assign(y=panel["budget_expenditure_100m"] / panel["population_10k"])
    measures = ["gini", "theil", "palma"]
    table = disparity.leave_one_out(panel, per_head="y", population=population, measures=measures)
    full = sr.inequality(panel, per_head="y", population=population, measures=measures)
    for code in ("540000", "310000"):
        rest = sr.inequality(
            panel.drop(index=code, level="code"),
            per_head="y", population=population, measures=measures,
        )  # fmt: skip
        for name in measures:
            got = table.xs(code, level="code")
            np.testing.assert_allclose(got[name], rest[name], rtol=1e-12)
            np.testing.assert_allclose(got[f"{name}_change"], rest[name] - full[name], atol=1e-13)
    shuffled = disparity.leave_one_out(
        panel.sample(frac=1, random_state=1), per_head="y", population=population, measures=measures
    )
    pd.testing.assert_frame_equal(shuffled, table)


@pytest.mark.parametrize("name", ["gini", "theil", "cv"])
def test_the_jackknife_interval_rests_on_it(name):
    # Efron (1982): variance (n - 1) / n times the sum of squares about the mean; Student's t
    states = sr.datasets.us_states()
    table = disparity.leave_one_out(states, per_head="income_2009", measures=[name])
    n = len(table)
    spread = ((table[name] - table[name].mean()) ** 2).sum() * (n - 1) / n
    bounds = sr.inequality(
        states, per_head="income_2009", measures=[name], ci=0.9, interval="jackknife"
    )
    half = (bounds[f"{name}_high"] - bounds[f"{name}_low"]).iloc[0] / 2
    assert half == pytest.approx(scipy.stats.t.ppf(0.95, n - 1) * spread**0.5, rel=1e-9)


def test_a_region_without_a_value_has_no_row_and_takes_no_part():
    panel = sr.to_panel(
        pd.DataFrame(
            {"code": list("abc") * 2, "year": [1] * 3 + [2] * 3, "y": [1, 2, 4, 1, np.nan, 3.0]}
        )
    )
    with pytest.warns(MissingDataWarning, match="1 of 6 rows have no"):
        table = disparity.leave_one_out(panel, per_head="y", measures=["gini"])
    assert ("b", 2) not in table.index and ("b", 1) in table.index
    assert table.loc[("a", 2), "gini"] == 0


def test_one_region_cannot_be_left_out():
    with pytest.raises(InputError, match="1 regions have 'y': to leave one out needs at least two"):
        disparity.leave_one_out(pd.DataFrame({"y": [1.0]}, index=["a"]), per_head="y")

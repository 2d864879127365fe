"""Where the answers of the provincial panel part, against a search over all pairs of variants."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity


@pytest.fixture(scope="module")
def variants():
    """Theil T and Gini of 31 provinces from their sums, at two prices and two weightings."""
    panel = sr.datasets.provincial_panel()
    people = panel["population_10k"].unstack("year")
    current = panel["gdp_100m_yuan"].unstack("year")
    growth = panel["gdp_index"].unstack("year") / 100
    growth[2000] = 1.0
    constant = growth.cumprod(axis=1).mul(current[2000], axis=0)
    series = {}
    for (prices, total), weighting in product(
        {"constant": constant, "current": current}.items(), ("weighted", "unweighted")
    ):
        y = (total / people).to_numpy()
        w = people.to_numpy() if weighting == "weighted" else np.ones_like(y)
        w = w / w.sum(axis=0)
        z = y / (w * y).sum(axis=0)
        series["theil", prices, weighting] = (w * z * np.log(z)).sum(axis=0)
        pairs = np.abs(z[:, None] - z[None]) * w[:, None] * w[None]
        series["gini", prices, weighting] = pairs.sum(axis=(0, 1)) / 2
    columns = pd.MultiIndex.from_tuples(series, names=["measure", "prices", "weighting"])
    return pd.DataFrame(np.array(list(series.values())).T, index=people.columns, columns=columns)


def test_all_spans_against_all_pairs(variants):
    years = list(variants.index)
    spans = list(combinations(years, 2))
    found = disparity.compare_answers(variants, spans=spans).frame.set_index(["from", "to"])
    for start, end in spans:
        sign = np.sign(variants.loc[end] - variants.loc[start]).to_dict()
        opposed = [(a, b) for a, b in combinations(sign, 2) if sign[a] * sign[b] < 0]
        row = found.loc[(start, end)]
        assert row["parts"] == bool(opposed)
        assert row["rose"] == sum(s > 0 for s in sign.values())
        alone = {
            variants.columns.names[place]
            for a, b in opposed
            for place in [i for i in range(3) if a[i] != b[i]]
            if sum(x != y for x, y in zip(a, b, strict=True)) == 1
        }
        assert set(filter(None, row["hangs_on"].split(", "))) == alone
    # the panel has both: spans that part and spans that do not
    assert found["parts"].nunique() == 2


def test_since_2012_the_sign_hangs_on_prices_alone(variants):
    row = disparity.compare_answers(variants, spans=[(2012, 2019)]).frame.iloc[0]
    assert (row["rose"], row["fell"], row["hangs_on"]) == (4, 4, "prices")


def test_the_series_are_those_of_the_package(variants):
    panel = sr.datasets.provincial_panel()
    panel["y"] = panel["gdp_100m_yuan"] / panel["population_10k"]
    ours = sr.inequality(
        panel, per_head="y", population="population_10k", measures=["theil", "gini"]
    )
    for measure in ("theil", "gini"):
        expected = variants[measure, "current", "weighted"].to_numpy()
        assert ours[measure].to_numpy() == pytest.approx(expected, rel=1e-12)

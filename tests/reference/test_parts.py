"""Decompositions against Stata's figures, other formulas, and sums over all pairs."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import spatialreg as sr
from spatialreg import disparity


@pytest.fixture(scope="module")
def provinces():
    """Product and people of 31 provinces, with the four segments."""
    panel = sr.datasets.provincial_panel()
    panel["per_head"] = panel["gdp_100m_yuan"] / panel["population_10k"]
    return sr.assign_scheme(panel, "four_segments")


SECTORS = ["gdp_primary_100m_yuan", "gdp_secondary_100m_yuan", "gdp_tertiary_100m_yuan"]
CHINA = {"per_head": "per_head", "population": "population_10k"}


# Stata -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wages():
    """Simulated wages, capital income and transfers of 3,000 people.

    The draws are those of the sample in StatsPAI 1.40 (MIT licence), for which its reference tests
    print what Stata 18 gives (tests/reference_parity/_fixtures/decomp_Stata.json).
    """
    n, rng = 3000, np.random.default_rng(42)
    female = rng.binomial(1, 0.48, n) == 1

    def either(women, men):
        return np.where(female, women, men)

    education = either(rng.normal(13.0, 2.5, n), rng.normal(12.5, 2.8, n)).clip(8, 22)
    experience = either(rng.gamma(3, 5, n), rng.gamma(3.3, 5.2, n)).clip(0, 45)
    tenure = (experience - rng.normal(3.5, 2.0, n)).clip(0)
    union = rng.binomial(1, either(0.14, 0.22))
    married = rng.binomial(1, either(0.55, 0.60))
    women = 1.5 + 0.09 * education + 0.035 * experience + 0.01 * tenure + 0.1 * union
    men = 1.7 + 0.1 * education + 0.04 * experience + 0.012 * tenure + 0.15 * union
    log = either(women + 0.05 * married, men + 0.08 * married) + rng.normal(0, 0.35, n)
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {"wage": np.exp(log), "capital": rng.lognormal(2.0, 0.8, n),
         "transfer": rng.gamma(2.0, 1.5, n), "sex": np.where(female, "f", "m")}
    )  # fmt: skip
    return frame.rename(index=lambda i: f"{i:04d}")


# ineqdeco (Jenkins), generalised entropy of order 0, 1 and 2 by sex
INEQDECO = {
    "L": (0.25292952394748125, 0.20693108956822348, 0.045998434379257727),
    "T": (0.27470063034950171, 0.23052254964111898, 0.044178080708382195),
    "ge(2)": (0.39483707413696861, 0.35173492621508279, 0.043102147921885867),
}


@pytest.mark.parametrize("measure", INEQDECO)
def test_ineqdeco_of_stata(wages, measure):
    parts = disparity.decompose_theil(
        wages, per_head="wage", population=None, by="sex", measure=measure
    )
    total, within, between = INEQDECO[measure]
    assert parts.total == pytest.approx(total, rel=1e-12)
    value = parts.frame[parts.frame["group"] == "all"].set_index("component")["value"]
    assert value["within"] == pytest.approx(within, rel=1e-12)
    assert value["between"] == pytest.approx(between, rel=1e-12)


# descogini (Lopez-Feldman): share, Gini, Gini correlation and share of the Gini of the sum
DESCOGINI = {
    "wage": (0.78763643077959511, 0.39191533253920408, 0.95857098011389030, 0.90547249422945597),
    "capital": (0.16444303837279464, 0.43041338958304359, 0.41171457379706128,
                0.089172397126801917),
    "transfer": (0.047920530847610297, 0.37971048643887440, 0.096174766195342973,
                 0.0053551086437422053),
}  # fmt: skip


def test_descogini_of_stata(wages):
    parts = disparity.decompose_sources(wages, sources=list(DESCOGINI), population=None)
    assert parts.total == pytest.approx(0.32678872551116184, rel=1e-12)
    columns = ["source_share", "own", "correlation", "share"]
    np.testing.assert_allclose(parts.frame[columns], list(DESCOGINI.values()), rtol=1e-11)


# Dagum -----------------------------------------------------------------------------------------


def dagum(y, p, g):
    """The formulas of Dagum (1997) as sums over all pairs of regions, with weights p."""
    total, mean = p.sum(), (p * y).sum() / p.sum()
    groups = sorted(set(g))
    m = {j: np.average(y[g == j], weights=p[g == j]) for j in groups}
    share = {j: p[g == j].sum() / total for j in groups}
    value = {j: share[j] * m[j] / mean for j in groups}

    def difference(j, h, part=np.abs):
        gaps = part(y[g == j][:, None] - y[g == h][None, :])
        weights = np.outer(p[g == j], p[g == h])
        return (weights * gaps).sum() / weights.sum()

    within = {j: share[j] * value[j] * difference(j, j) / (2 * m[j]) for j in groups}
    pairs = {}
    for j, h in permutations(groups, 2):
        if m[j] > m[h]:
            gini = difference(j, h) / (m[j] + m[h])
            d = difference(j, h, lambda x: np.maximum(x, 0))
            q = difference(j, h, lambda x: np.maximum(-x, 0))
            weight = share[j] * value[h] + share[h] * value[j]
            relative = (d - q) / (d + q)
            net, over = gini * weight * relative, gini * weight * (1 - relative)
            pairs[j, h] = (gini, d / mean, q / mean, relative, net, over)
    return within, pairs


def check_dagum(parts, y, p, g):
    within, pairs = dagum(y.to_numpy(float), p.to_numpy(float), g.to_numpy())
    got = parts.groups.set_index("group")["within"]
    assert got.to_dict() == pytest.approx(within, rel=1e-11)
    table = parts.pairs.set_index(["group", "other"])
    assert set(table.index) == set(pairs)
    for pair, expected in pairs.items():
        np.testing.assert_allclose(table.loc[pair], expected, rtol=1e-10, atol=1e-15)
    value = parts.frame.set_index("component")["value"]
    assert value["within"] == pytest.approx(sum(within.values()), rel=1e-11)
    assert value["net between"] == pytest.approx(sum(v[4] for v in pairs.values()), rel=1e-11)
    assert value["transvariation"] == pytest.approx(sum(v[5] for v in pairs.values()), rel=1e-10)
    assert value.sum() == pytest.approx(disparity.gini(y, population=p), rel=1e-12)


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("year", [2000, 2010, 2019])
def test_dagum_of_chinese_provinces_over_all_pairs(provinces, year, weighted):
    one = provinces.xs(year, level="year")
    population = "population_10k" if weighted else None
    parts = disparity.decompose_gini(
        one, per_head="per_head", population=population, by="four_segments"
    )
    people = one["population_10k"] if weighted else pd.Series(1.0, index=one.index)
    check_dagum(parts, one["per_head"], people, one["four_segments"])


@pytest.mark.parametrize(
    ("data", "scheme", "column"),
    [("us_states", "us_bea_regions", "income_1929"), ("us_states", "us_bea_regions", "income_2009"),
     ("mexico", "mexico_regions", "gdp_1940"), ("mexico", "mexico_regions", "gdp_2000")],
)  # fmt: skip
def test_dagum_of_states_and_the_gini_coefficient_of_pysal(data, scheme, column):
    from inequality.gini import Gini

    frame = sr.assign_scheme(getattr(sr.datasets, data)(), scheme)
    parts = disparity.decompose_gini(frame, per_head=column, population=None, by=scheme)
    check_dagum(parts, frame[column], pd.Series(1.0, index=frame.index), frame[scheme])
    assert parts.total == pytest.approx(Gini(frame[column].to_numpy(float)).g, rel=1e-12)


def test_the_net_part_is_the_gini_coefficient_of_the_groups_means(provinces):
    """So Dagum's parts are those of Bhattacharya and Mahalanobis (1967), and their rest."""
    parts = disparity.decompose_gini(provinces, **CHINA, by="four_segments")
    net = parts.frame[parts.frame["component"] == "net between"].set_index("year")["value"]
    value = provinces["gdp_100m_yuan"].groupby(["year", provinces["four_segments"]]).sum()
    people = provinces["population_10k"].groupby(["year", provinces["four_segments"]]).sum()
    for year in (2000, 2012, 2019):
        mean = value[year] / people[year]
        expected = disparity.gini(mean, population=people[year])
        assert net[year] == pytest.approx(expected, rel=1e-12)


# generalised entropy ---------------------------------------------------------------------------


def test_ge_of_order_two_is_an_analysis_of_variance(provinces):
    one = provinces.xs(2015, level="year")
    parts = disparity.decompose_theil(
        one, per_head="per_head", population=None, by="four_segments", measure="ge(2)"
    )
    value = parts.frame[parts.frame["group"] == "all"].set_index("component")["value"]
    groups = [rows.to_numpy() for _, rows in one.groupby("four_segments")["per_head"]]
    f = stats.f_oneway(*groups).statistic
    k, n = len(groups), len(one)
    assert value["between"] / value["within"] * (n - k) / (k - 1) == pytest.approx(f, rel=1e-12)
    assert parts.total == pytest.approx(stats.variation(one["per_head"]) ** 2 / 2, rel=1e-12)


@pytest.mark.parametrize("measure", ["T", "L", "ge(2)", "ge(-1)", "ge(0.5)"])
def test_a_change_is_the_index_of_mixed_years(provinces, measure):
    index = {"T": disparity.theil, "L": disparity.mld}.get(
        measure, lambda y, population: disparity.ge(y, float(measure[3:-1]), population=population)
    )
    y0, y1 = (provinces["per_head"].xs(year, level="year") for year in (2005, 2019))
    p0, p1 = (provinces["population_10k"].xs(year, level="year") for year in (2005, 2019))
    parts = disparity.decompose_change(
        provinces, **CHINA, by="four_segments", start=2005, end=2019, measure=measure
    )
    people = index(y0, population=p1) - index(y0, population=p0)
    people += index(y1, population=p1) - index(y1, population=p0)
    assert parts.from_population == pytest.approx(people / 2, abs=1e-13)
    change = index(y1, population=p1) - index(y0, population=p0)
    assert parts.change == pytest.approx(change, abs=1e-13)
    assert parts.from_relative == pytest.approx(change - people / 2, abs=1e-13)


@pytest.mark.parametrize("measure", ["T", "L", "ge(2)", "ge(-1)"])
def test_schooling_by_segment_province_prefecture_and_county(measure):
    """2,800 counties of the census of 2020: each level is the index of regions smoothed one step
    further less that of the step before."""
    counties = sr.datasets.county_census()
    counties = counties[counties["mean_years_schooling"].notna() & (counties["population"] > 0)]
    counties = counties[counties["kind"] == "county"]
    counties = sr.assign_scheme(counties, "four_segments").rename(columns=str)
    counties = counties[counties["four_segments"].notna()]
    counties["province"] = counties.index.str[:2]
    counties["prefecture"] = counties.index.str[:4]
    assert len(counties) > 2500
    levels = ["four_segments", "province", "prefecture"]
    parts = disparity.decompose_theil(
        counties, per_head="mean_years_schooling", population="population", by=levels,
        measure=measure,
    )  # fmt: skip
    value = parts.frame[parts.frame["group"] == "all"].set_index("level")["value"]
    assert value.index.tolist() == [*levels, "code"]
    alpha = {"T": 1, "L": 0}.get(measure) if measure in "TL" else float(measure[3:-1])
    people = counties["population"]
    before = 0.0
    for level in [*levels, None]:
        y = counties["mean_years_schooling"]
        if level:
            group = [counties[name] for name in levels[: levels.index(level) + 1]]
            y = (y * people).groupby(group).transform("sum") / people.groupby(group).transform(
                "sum"
            )
        after = disparity.ge(y, alpha, population=people)
        assert value[level or "code"] == pytest.approx(after - before, abs=1e-13)
        before = after
    assert parts.total == pytest.approx(before, abs=1e-13)
    assert parts.units["contribution"].sum() == pytest.approx(before, abs=1e-13)


# sources ---------------------------------------------------------------------------------------


def test_shares_of_shorrocks_are_slopes_on_the_sum(provinces):
    """As in Stata's ineqfac (Jenkins): the slope of a regression of the source on the sum."""
    one = provinces.xs(2010, level="year")
    parts = disparity.decompose_sources(one, sources=SECTORS, population=None, measure="cv")
    total = one[SECTORS].sum(axis=1)
    slopes = [stats.linregress(total, one[sector]).slope for sector in SECTORS]
    np.testing.assert_allclose(parts.frame["covariance_share"], slopes, rtol=1e-11)
    np.testing.assert_allclose(parts.frame["share"], slopes, rtol=1e-11)
    assert parts.total == pytest.approx(stats.variation(total), rel=1e-12)


def test_gini_correlations_from_ranks(provinces):
    """Lerman and Yitzhaki (1985) with ordinary ranks and covariances, every province once."""
    one = provinces.xs(2010, level="year")
    parts = disparity.decompose_sources(one, sources=SECTORS, population=None)
    total = one[SECTORS].sum(axis=1)

    def covariance(x, of):
        return np.cov(x, stats.rankdata(of) / len(of), bias=True)[0, 1]

    for _, row in parts.frame.iterrows():
        x = one[row["source"]]
        assert row["own"] == pytest.approx(2 * covariance(x, x) / x.mean(), rel=1e-12)
        correlation = covariance(x, total) / covariance(x, x)
        assert row["correlation"] == pytest.approx(correlation, rel=1e-12)
        product = row["source_share"] * row["own"] * row["correlation"]
        assert row["value"] == pytest.approx(product, rel=1e-12)


@pytest.mark.parametrize("measure", ["gini", "theil", "cv", "ge(2)"])
def test_elasticities_are_derivatives(provinces, measure):
    one = provinces.xs(2010, level="year")
    arguments = {"population": "population_10k", "values": "total", "measure": measure}
    parts = disparity.decompose_sources(one, sources=SECTORS, **arguments)
    for sector, elasticity in parts.frame.set_index("source")["elasticity"].items():
        step = 1e-6
        more, less = (
            disparity.decompose_sources(
                one.assign(**{sector: one[sector] * factor}), sources=SECTORS, **arguments
            ).total
            for factor in (1 + step, 1 - step)
        )
        slope = (np.log(more) - np.log(less)) / (2 * step)
        assert elasticity == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("measure", ["gini", "theil", "mld", "atkinson(1)"])
def test_shapley_of_sectors_over_all_orders(provinces, measure):
    one = provinces.xs(2010, level="year")
    people = one["population_10k"]
    parts = disparity.decompose_sources(
        one, sources=SECTORS, population="population_10k", values="total",
        measure=measure, method="shapley",
    )  # fmt: skip
    heads = one[SECTORS].div(people, axis=0)
    means = pd.Series({s: np.average(heads[s], weights=people) for s in SECTORS})

    def worth(inside):
        outside = [s for s in SECTORS if s not in inside]
        frame = pd.DataFrame({"y": heads[inside].sum(axis=1) + means[outside].sum(), "p": people})
        row = sr.inequality(frame, per_head="y", population="p", measures=[measure])
        return row[measure].iloc[0]

    gains = {s: [] for s in SECTORS}
    for order in permutations(SECTORS):
        for place, sector in enumerate(order):
            gains[sector].append(worth(list(order[: place + 1])) - worth(list(order[:place])))
    expected = [np.mean(gains[s]) for s in SECTORS]
    np.testing.assert_allclose(parts.frame["value"], expected, rtol=1e-9, atol=1e-14)
    assert parts.frame["value"].sum() == pytest.approx(parts.total, rel=1e-12)


# schemes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["T", "L", "ge(2)"])
def test_shapley_of_schemes_over_all_orders(provinces, measure):
    one = sr.assign_scheme(provinces.xs(2015, level="year"), "six_zones_1973")
    one["large"] = np.where(one["population_10k"] > 4000, "large", "small")
    schemes = ["four_segments", "six_zones_1973", "large"]
    parts = disparity.decompose_shapley(one, **CHINA, schemes=schemes, measure=measure)

    def worth(chosen):
        if not chosen:
            return 0.0
        cell = one[sorted(chosen)].agg(" / ".join, axis=1).rename("cell")
        frame = disparity.decompose_theil(one, **CHINA, by=cell, measure=measure).frame
        return frame.query("component == 'between' and group == 'all'")["value"].iloc[0]

    gains = {s: [] for s in schemes}
    for order in permutations(schemes):
        for place, scheme in enumerate(order):
            gains[scheme].append(worth(order[: place + 1]) - worth(order[:place]))
    result = parts.frame.set_index("scheme")
    for scheme in schemes:
        rest = [s for s in schemes if s != scheme]
        assert result.loc[scheme, "value"] == pytest.approx(np.mean(gains[scheme]), rel=1e-11)
        assert result.loc[scheme, "alone"] == pytest.approx(worth([scheme]), rel=1e-11)
        last = worth(schemes) - worth(rest)
        assert result.loc[scheme, "marginal"] == pytest.approx(last, rel=1e-10)
    assert parts.between == pytest.approx(worth(schemes), rel=1e-12)

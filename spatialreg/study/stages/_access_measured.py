"""Travel times by date, what follows from them, how unequal that is, and what lines changed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from ... import access, autocorrelation
from ..._align import some
from ..._dates import last_day
from ..._results import AccessComparison, AttributionResult, LocalResult
from ...errors import ConfigError, DisconnectedWarning, IsolateWarning
from ...regions import assign_scheme, require_partition
from ...transport import Connectors, Network, nearest_facility, travel_times
from ...weights import weights_from_times
from .._context import Context
from .._networks import connectors_of, network_at, network_of
from .._sections import AccessSection

MEAN_TIME, DAILY = "mean_time", "daily"
INDICATORS = (MEAN_TIME, DAILY)
MEASURES = ("gini", "theil")
_FEWEST_CLUSTERED = 4  # of which local statistics have a variance
_FEWEST_TESTED = 5


@dataclass(frozen=True)
class Accessed:
    """What one section measured.

    Attributes
    ----------
    regions : GeoDataFrame
        All regions of the map; those without a place or people have no value.
    people : Series
        By code, of the places that are measured.
    times : dict of int to DataFrame
        By year, from place to place [min].
    panel : DataFrame
        By (code, year): ``mean_time`` [min], ``daily`` [people], ``people``, and with facilities
        ``nearest`` [min].
    inequality : DataFrame
        By (indicator, year): mean, Gini and Theil T, with a scheme also between its groups.
    compared : dict of str to AccessComparison
        By indicator, between the first and the last year.
    attributed : dict of str to AttributionResult
        By indicator: what the lines asked for changed, in the network of the last year.
    clusters : dict of str to LocalResult
        Of the mean time in the last year, and of its change.
    definition : str
        Of the times.
    """

    section: AccessSection
    regions: gpd.GeoDataFrame
    people: pd.Series
    times: dict[int, pd.DataFrame]
    panel: pd.DataFrame
    inequality: pd.DataFrame
    compared: dict[str, AccessComparison]
    attributed: dict[str, AttributionResult]
    clusters: dict[str, LocalResult]
    definition: str


def measure(context: Context, section: AccessSection) -> Accessed:
    """Measure one section."""
    regions = context.sources.regions(section.regions)
    places, people = _places(context, section, regions)
    network, how = network_of(context, section.network), connectors_of(section.connectors)
    dated = {year: network_at(network, section.years, year) for year in section.years}
    times = {year: _times(places, at, how) for year, at in dated.items()}
    panel = pd.concat(
        {year: _indicators(section, people, matrix) for year, matrix in times.items()},
        names=["year"],
    )
    panel = panel.swaplevel().rename_axis(["code", "year"]).sort_index()
    panel["people"] = people.reindex(panel.index.get_level_values("code")).to_numpy()
    if section.facilities is not None:
        panel["nearest"] = _nearest(context, section, places, dated, how)
    first, last = section.years[0], section.years[-1]
    groups = _groups(section, regions, people)
    wide = {name: panel[name].unstack("year") for name in INDICATORS}
    compared = {
        name: access.compare_access(
            wide[name][first],
            wide[name][last],
            population=people,
            by=groups,
            better="less" if name == MEAN_TIME else "more",
            **_tested(context, section, people),
        )
        for name in (INDICATORS if first != last else ())
    }
    return Accessed(
        section,
        regions,
        people,
        times,
        panel,
        _inequality(panel, people, groups),
        compared,
        _attributed(section, places, people, network, how),
        _clusters(context, section, times[last], wide[MEAN_TIME]),
        _undated(str(times[last].attrs["definition"])),
    )


def _places(
    context: Context, section: AccessSection, regions: gpd.GeoDataFrame
) -> tuple[gpd.GeoSeries, pd.Series]:
    """Give the places that stand on the map and have people."""
    where = f"[[access]] {section.name!r}"
    points = context.sources.places(section.places)
    if not isinstance(points, gpd.GeoDataFrame):
        raise ConfigError(f"{where}: places {section.places!r} holds no points")
    points = points[points.index.isin(regions.index)]
    points = points[~points.index.str.startswith(tuple(section.leave_out) or ("\0",))]
    if points.empty:
        raise ConfigError(
            f"{where}: no code of {section.places!r} is on the map {section.regions!r} "
            f"({some(regions.index)}): index the points by the codes of the map"
        )
    people = context.sources.numbers(section.population, section.population_column, points.index)
    known = people.index[people > 0]
    return points.geometry.loc[known], people.loc[known]


def names_of(regions: gpd.GeoDataFrame) -> pd.Series:
    """Give names for sentences: the English ones of the map, where a region has one."""
    columns = [c for c in ("short_en", "name_en", "name") if c in regions.columns]
    names = regions[columns].bfill(axis="columns").iloc[:, 0] if columns else regions.index
    return pd.Series(names, regions.index).fillna(regions.index.to_series())


def _tested(context: Context, section: AccessSection, people: pd.Series) -> dict[str, Any]:
    """Ask for tests of a change of inequality where there are regions enough for one."""
    if len(people) < _FEWEST_TESTED:
        return {}
    seed = context.seed(f"{section.name} compared")
    return {"permutations": section.permutations, "rng": seed}


def _undated(definition: str) -> str:
    """Leave the date out of the words for times: those of several dates are told together."""
    return "; ".join(part for part in definition.split("; ") if not part.startswith("as it stood"))


def _times(places: gpd.GeoSeries, network: Network, how: Connectors) -> pd.DataFrame:
    with warnings.catch_warnings():
        # who reaches nobody is told once, by the indicators
        warnings.simplefilter("ignore", DisconnectedWarning)
        return travel_times(places, places, network, connectors=how)


def _indicators(section: AccessSection, people: pd.Series, times: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            MEAN_TIME: access.access_from_times(
                times, measure="mean_time", opportunities=people, unreached="leave_out"
            ),
            DAILY: access.access_from_times(
                times, measure="daily", opportunities=people, threshold=section.hours * 60
            ),
        }
    )


def _nearest(
    context: Context,
    section: AccessSection,
    places: gpd.GeoSeries,
    dated: dict[int, Network],
    how: Connectors,
) -> pd.Series:
    """Give the minutes to the nearest facility that stood at the end of each year."""
    points = context.sources.facilities(section.facilities or "")
    if not isinstance(points, gpd.GeoDataFrame):
        raise ConfigError(f"[[access]] {section.name!r}: facilities are no points")
    found = {}
    for year, network in dated.items():
        then = points
        if "opened" in points.columns:
            then = points[pd.to_datetime(points["opened"]) <= last_day(year)]
        if len(then):
            answer = nearest_facility(places, then, network, connectors=how)
            found[year] = answer["minutes"]
    return pd.concat(found, names=["year"]).swaplevel().rename_axis(["code", "year"])


def _inequality(panel: pd.DataFrame, people: pd.Series, groups: pd.Series | None) -> pd.DataFrame:
    parts = {
        name: access.access_inequality(
            panel[name].unstack("year"), population=people, by=groups, measures=MEASURES
        )
        for name in INDICATORS
    }
    return pd.concat(parts, names=["indicator"]).rename_axis(["indicator", "year"])


def _groups(
    section: AccessSection, regions: gpd.GeoDataFrame, people: pd.Series
) -> pd.Series | None:
    if section.scheme is None:
        return None
    if section.scheme in regions.columns:
        return regions[section.scheme].reindex(people.index)
    require_partition(section.scheme)
    return assign_scheme(regions.loc[people.index], section.scheme)[section.scheme]


def _attributed(
    section: AccessSection,
    places: gpd.GeoSeries,
    people: pd.Series,
    network: Network,
    how: Connectors,
) -> dict[str, AttributionResult]:
    if not section.lines:
        return {}
    after = network.at(section.years[-1])
    lines = [line for names in section.lines.values() for line in names]
    found = {}
    for name in INDICATORS:

        def indicator(at: Network, name: str = name) -> pd.Series:
            return _indicators(section, people, _times(places, at, how))[name]

        found[name] = access.attribute_change(
            after.without(lines),
            after,
            indicator,
            lines=section.lines,
            population=people,
        )
    return found


def _clusters(
    context: Context, section: AccessSection, times: pd.DataFrame, mean_time: pd.DataFrame
) -> dict[str, LocalResult]:
    """Cluster the mean time and its change, with those neighbours that are quickest reached."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IsolateWarning)
        graph = weights_from_times(times, k=section.nearest_neighbours)
    first, last = section.years[0], section.years[-1]
    values = {str(last): mean_time[last]}
    if first != last:
        values[f"{first}-{last}"] = mean_time[last] - mean_time[first]
    return {
        words: autocorrelation.lisa(
            y,
            graph,
            permutations=section.permutations,
            alpha=section.alpha,
            correction=section.correction,
            rng=context.seed(f"{section.name} clusters {words}"),
        )
        for words, y in values.items()
        if y.notna().sum() >= _FEWEST_CLUSTERED
    }

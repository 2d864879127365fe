"""A question of coverage: the definition, what it uses, and how that reads in words.

Takes the arguments of :func:`spatialreg.coverage`, checks them against what the definition uses,
and holds what stays the same from date to date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import numeric_series, require_columns, require_one_of, require_unique, some
from .._crs import equal_area_crs
from ..errors import AlignmentError, InputError
from ..transport import Connectors, Network
from ._facilities import region_of, require_points, too_coarse, with_days

DEFINITIONS = {
    "inside": "a facility stands inside the region",
    "listed": "the region is listed as a place that the network serves",
    "crosses": "a line of the network crosses the region",
    "seat_distance": "a facility lies within the threshold of the region's seat",
    "seat_time": "a facility is reached within the threshold from the region's seat",
    "population_distance": "the share of the region's people within the threshold of a facility",
    "population_time": "the share of the region's people who reach a facility within the threshold",
    "area_distance": "the share of the region's area within the threshold of a facility",
    "area_time": "the share of the region's area from which a facility is reached within the "
    "threshold",
    "settlements_distance": "the share of the region's settlements within the threshold of a "
    "facility",
    "settlements_time": "the share of the region's settlements from which a facility is reached "
    "within the threshold",
}
_NEEDS = {
    "seat": ["seats", "threshold"],
    "population": ["settlements", "threshold"],
    "settlements": ["settlements", "threshold"],
    "area": ["threshold"],
}
_WHAT = {
    "seats": "seats= (points)",
    "settlements": "settlements= (points)",
    "threshold": "threshold= ({})",
    "network": "network=",
}
SHARES = ("population", "area", "settlements")


@dataclass(frozen=True, eq=False)
class CoverageQuestion:
    """What is asked, checked.

    Attributes
    ----------
    regions : GeoDataFrame
    facilities : DataFrame
        With datetime columns ``opened`` and ``closed``.
    definition : str
    network : Network or None
    connectors : Connectors or None
        As they were given.
    seats, settlements : GeoDataFrame or None
    threshold : float or None
        [m] or [min].
    min_share : float
    """

    regions: gpd.GeoDataFrame
    facilities: pd.DataFrame
    definition: str
    network: Network | None = None
    connectors: Connectors | None = None
    seats: gpd.GeoDataFrame | None = None
    settlements: gpd.GeoDataFrame | None = None
    threshold: float | None = None
    min_share: float = 0.5

    @property
    def of_what(self) -> str:
        """What is reached: ``"seat"``, ``"population"``, ``"area"``, ``"settlements"``, or ``""``.

        Empty for the definitions that ask about the region as a whole.
        """
        return self.definition.partition("_")[0] if "_" in self.definition else ""

    @property
    def by_time(self) -> bool:
        """Whether the threshold is in minutes over a network."""
        return self.definition.endswith("_time")

    @property
    def joined(self) -> Connectors:
        """The connectors that are used."""
        return self.connectors or Connectors()

    @property
    def limit(self) -> float:
        """The threshold, of a definition that has one [m] or [min]."""
        return np.inf if self.threshold is None else self.threshold

    @property
    def limit_metres(self) -> float:
        """How precisely a point must be placed [m]: the way that the threshold leaves time for."""
        if self.by_time:
            return self.limit / float(self.joined.minutes(1.0))
        return self.limit

    @property
    def limit_words(self) -> str:
        """The threshold in words."""
        return f"{self.limit:g} minutes" if self.by_time else f"{self.limit / 1000:g} km"

    @property
    def words(self) -> str:
        """The definition in words."""
        words = DEFINITIONS[self.definition]
        if self.threshold is not None:
            words = words.replace("the threshold", self.limit_words)
        if self.of_what in SHARES:
            words += f"; a region counts from a share of {self.min_share:g} on"
        return words

    def points(self, facilities: pd.DataFrame) -> gpd.GeoSeries:
        """Give facilities as points in EPSG:4326; they come in the CRS of seats or regions."""
        if self.seats is not None:
            points = require_points(facilities, self.seats.crs, whose="seats")
        else:
            points = require_points(facilities, self.regions.crs)
        return points.geometry.to_crs(4326)

    @cached_property
    def seat_points(self) -> gpd.GeoSeries:
        """The seat of each region (EPSG:4326), in the order of the regions."""
        if self.seats is None:
            raise InputError(f"definition {self.definition!r} needs seats= (points)")
        missing = self.regions.index.difference(self.seats.index)
        if len(missing):
            raise AlignmentError(f"{len(missing)} regions have no seat ({some(missing)})")
        seats = self.seats.loc[self.regions.index]
        require_points(seats, self.seats.crs, "seats")
        return seats.to_crs(4326).geometry

    @cached_property
    def settled(self) -> pd.DataFrame:
        """By settlement: ``region`` (position, -1 for none) and ``weight`` (people, or one)."""
        if self.settlements is None:
            raise InputError(f"definition {self.definition!r} needs settlements= (points)")
        places = self.settlements
        require_points(places, self.regions.crs, "settlements")
        weight = np.ones(len(places))
        if self.of_what == "population":
            require_columns(places, ["people"], "settlements")
            people = numeric_series(places["people"].reset_index(drop=True), "people")
            bad = places.index[(people < 0).to_numpy()]
            if len(bad):
                raise InputError(f"people of {len(bad)} settlements are below zero, at {some(bad)}")
            weight = people.to_numpy()
        return pd.DataFrame(
            {"region": region_of(self.regions, places, "settlements"), "weight": weight}
        )

    @cached_property
    def settled_points(self) -> gpd.GeoSeries:
        """The settlements in EPSG:4326."""
        if self.settlements is None:
            raise InputError(f"definition {self.definition!r} needs settlements= (points)")
        return self.settlements.geometry.to_crs(4326)

    @cached_property
    def flat_regions(self) -> gpd.GeoSeries:
        """The regions in an equal-area projection."""
        return self.regions.geometry.to_crs(equal_area_crs(self.regions))

    @property
    def vague(self) -> list[str]:
        """Say how many seats or settlements are placed less precisely than the threshold."""
        words = []
        for what, places in (("seats", self.seats), ("settlements", self.settlements)):
            if places is not None:
                if what == "seats":
                    places = places.loc[self.regions.index]
                count = int(too_coarse(places, self.limit_metres).sum())
                if count:
                    words.append(f"{count:,} {what} are placed less precisely than that")
        return words

    def network_at(self, day: pd.Timestamp | None) -> Network:
        """Give the network on a day: as it is where it has no dates of its own."""
        if self.network is None:
            raise InputError(f"definition {self.definition!r} needs network=")
        return self.network.at(day) if day is not None and self.network_is_dated else self.network

    @property
    def network_is_dated(self) -> bool:
        """Whether edges or nodes of the network open or close."""
        if self.network is None:
            return False
        frames = (self.network.edges, self.network.nodes)
        return any(bool(f[["opened", "closed"]].notna().any(axis=None)) for f in frames)


def asked_coverage(
    regions: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    *,
    definition: str,
    network: Network | None,
    connectors: Connectors | None,
    seats: gpd.GeoDataFrame | None,
    settlements: gpd.GeoDataFrame | None,
    threshold: float | None,
    min_share: float | None,
    dated: bool,
) -> CoverageQuestion:
    """Check the arguments against what the definition uses.

    Parameters
    ----------
    dated : bool
        Whether a date is asked for.

    Raises
    ------
    InputError
        An argument is missing, out of range, or not used by the definition.
    """
    require_one_of(definition, list(DEFINITIONS), "definition")
    require_unique(regions.index, "regions")
    given = {
        "network": network, "connectors": connectors, "seats": seats, "settlements": settlements,
        "threshold": threshold, "min_share": min_share,
    }  # fmt: skip
    what = definition.partition("_")[0] if "_" in definition else ""
    by_time = definition.endswith("_time")
    needed = [*_NEEDS.get(what, []), *(["network"] if by_time else [])]
    used = {
        *needed,
        *(["connectors"] if by_time else []),
        *(["min_share"] if what in SHARES else []),
    }
    for name, value in given.items():
        if value is not None and name not in used:
            raise InputError(f"definition {definition!r} does not use {name}=: leave it out")
    missing = [name for name in needed if given[name] is None]
    if missing:
        unit = "minutes" if by_time else "metres"
        wanted = " and ".join(_WHAT[name].format(unit) for name in needed)
        raise InputError(f"definition {definition!r} needs {wanted}")
    if threshold is not None and not (np.isfinite(threshold) and threshold > 0):
        unit = "minutes" if by_time else "metres"
        raise InputError(f"threshold must be a positive number of {unit}, not {threshold!r}")
    if min_share is not None and not 0 < min_share <= 1:
        raise InputError(f"min_share must be above 0 and at most 1, not {min_share!r}")
    if network is not None and not isinstance(network, Network):
        raise InputError(f"network must be a Network, not {type(network).__name__}")
    question = CoverageQuestion(
        regions, with_days(facilities), definition, network, connectors, seats, settlements,
        threshold, 0.5 if min_share is None else min_share,
    )  # fmt: skip
    if dated:
        _check_dates(question, facilities)
    return question


def _check_dates(question: CoverageQuestion, facilities: pd.DataFrame) -> None:
    if question.network is not None and question.network.date is not None:
        raise InputError(
            f"the network is that of {question.network.date:%Y-%m-%d} already: ask without date=, "
            "or give the network with all its dates"
        )
    if "opened" not in facilities.columns and not question.network_is_dated:
        raise InputError(
            "date= needs a column 'opened' in facilities"
            + (", or a network with dates" if question.by_time else "")
        )

"""Definitions of coverage side by side: what each counts, and on how many regions two agree."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from .._align import some
from .._results import CoverageComparison, CoverageResult, CoverageSeries
from ..errors import AlignmentError, InputError


def compare_coverage(
    results: Mapping[str, CoverageResult] | Mapping[str, CoverageSeries],
) -> CoverageComparison:
    """Put several answers of coverage into one table, and say where they agree.

    Parameters
    ----------
    results : mapping of str to CoverageResult or CoverageSeries
        By name, on the same regions: all of one day each, or all on the same dates.

    Returns
    -------
    CoverageComparison
        ``.frame``: a row a definition (and date) with its words; ``.agreement``: a row a pair of
        definitions (and date), with Cohen's kappa (Cohen 1960).

    Raises
    ------
    InputError
        There are not two results, or results and series are mixed, or their dates differ.
    AlignmentError
        Their regions differ.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> from shapely import box
    >>> regions = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs=4326)
    >>> station = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0.9], [0.5]), crs=4326)
    >>> seats = regions.set_geometry(regions.representative_point())
    >>> found = sr.access.compare_coverage({
    ...     "inside": sr.coverage(regions, station),
    ...     "100 km": sr.coverage(regions, station, definition="seat_distance", seats=seats,
    ...                           threshold=100_000)})
    >>> found.frame["covered"].tolist(), found.agreement["agree"].tolist()
    ([1, 2], [0.5])
    """
    if len(results) < 2:
        raise InputError("compare_coverage needs two results or more, by name")
    series = {name: r for name, r in results.items() if isinstance(r, CoverageSeries)}
    single = {name: r for name, r in results.items() if isinstance(r, CoverageResult)}
    if series and len(series) < len(results):
        raise InputError(
            f"results of one day and series are mixed ({some(series)} are series): ask all for "
            "one day, or all for the same dates"
        )
    index = _same_regions({n: r.frame.index for n, r in (series or single).items()})
    if series:
        return _compared_series(series, index)
    covered = pd.DataFrame({name: r.frame["covered"] for name, r in single.items()}, index=index)
    rows = {name: _row(result) for name, result in single.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("definition")
    frame.insert(0, "date", [result.date for result in single.values()])
    return CoverageComparison(frame, _agreement(covered), covered)


def _compared_series(series: Mapping[str, CoverageSeries], index: pd.Index) -> CoverageComparison:
    first, *others = series.values()
    days = first.covered.columns
    if any(not days.equals(other.covered.columns) for other in others):
        raise InputError("the series have different dates: ask all for the same ones")
    tables, covered = {}, {}
    for name, one in series.items():
        columns = ["covered", "share", "population_share", "reached_share", "added", "lost"]
        table = one.by_date[columns]
        table.insert(1, "total", one.total)
        tables[name] = table.assign(words=one.words)
        covered[name] = one.covered.loc[index]
    whole = pd.concat(covered, axis=1, names=["definition"])
    pairs = {
        day: _agreement(pd.DataFrame({name: one[day] for name, one in covered.items()}))
        for day in days
    }
    agreement = pd.concat(pairs, names=["date"]).reorder_levels(["first", "second", "date"])
    return CoverageComparison(
        pd.concat(tables, names=["definition"]), agreement.sort_index(), whole
    )


def _same_regions(indices: Mapping[str, pd.Index]) -> pd.Index:
    (first, index), *others = indices.items()
    for name, other in others:
        apart = index.symmetric_difference(other)
        if len(apart):
            raise AlignmentError(
                f"{first!r} and {name!r} are about different regions ({some(apart)}): ask all "
                "definitions of the same regions"
            )
    return index


def _row(result: CoverageResult) -> dict[str, object]:
    return {
        "covered": result.covered,
        "total": result.total,
        "share": result.share,
        "population_share": result.population_share,
        "reached_share": result.reached_share,
        "words": result.words,
    }


def _agreement(covered: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for first, second in combinations(covered.columns, 2):
        one, two = covered[first].to_numpy(bool), covered[second].to_numpy(bool)
        agree = (one == two).mean() if len(one) else np.nan
        chance = one.mean() * two.mean() + (1 - one.mean()) * (1 - two.mean())
        rows.append(
            {
                "first": first,
                "second": second,
                "both": int((one & two).sum()),
                "only_first": int((one & ~two).sum()),
                "only_second": int((two & ~one).sum()),
                "neither": int((~one & ~two).sum()),
                "agree": float(agree),
                "kappa": float((agree - chance) / (1 - chance)) if chance < 1 else np.nan,
            }
        )
    return pd.DataFrame(rows).set_index(["first", "second"])

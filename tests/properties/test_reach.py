"""What must hold of coverage, density and isochrones, whatever the network."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, box

import spatialreg as sr
from spatialreg.access import compare_coverage, isochrones, network_density, service_lines

WGS84 = Geod(ellps="WGS84")
WALKING = sr.Connectors(speed_kmh=5, detour=1.2, to="edges")
few = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def streets(rng: np.random.Generator) -> sr.Network:
    """Give some streets in a city, a third of them one-way; not all of them need hang together."""
    count = int(rng.integers(3, 9))
    nodes = gpd.GeoDataFrame(
        index=[f"n{i}" for i in range(count)],
        geometry=gpd.points_from_xy(*rng.uniform((10, 50), (10.05, 50.03), (count, 2)).T),
        crs=4326,
    )
    pairs = {tuple(rng.choice(count, 2, replace=False)) for _ in range(2 * count)}
    start, end = zip(*sorted(pairs), strict=True)
    edges = pd.DataFrame(
        {
            "start": nodes.index[list(start)],
            "end": nodes.index[list(end)],
            "speed_kmh": rng.uniform(6, 50, len(start)),
            "oneway": rng.random(len(start)) < 1 / 3,
        }
    )
    return sr.Network.from_frames(nodes, edges)


def points(rng: np.random.Generator, count: int) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        gpd.points_from_xy(*rng.uniform((9.99, 49.99), (10.06, 50.04), (count, 2)).T),
        index=[f"p{i}" for i in range(count)], crs=4326,
    )  # fmt: skip


def turned(network: sr.Network) -> sr.Network:
    edges = network.edges.rename(columns={"start": "end", "end": "start"})
    return sr.Network.from_frames(
        network.nodes, pd.DataFrame(edges[["start", "end", "minutes", "oneway"]])
    )


@few
@given(seeds)
def test_more_time_is_never_less_area(seed):
    rng = np.random.default_rng(seed)
    network, shops = streets(rng), points(rng, 2)
    areas = isochrones(shops, network, breaks=[2, 5, 11], connectors=WALKING)
    assert areas.is_valid.all()
    assert areas["area_km2"].is_monotonic_increasing
    flat = areas.geometry.to_crs(3035).to_numpy()
    for inner, outer in pairwise(flat):
        assert inner.difference(outer).area <= 1.0  # [m2]
    single = isochrones(shops, network, breaks=[5], connectors=WALKING, merged=False)
    assert single["area_km2"].max() <= areas["area_km2"].iloc[1] * (1 + 1e-9)
    assert single["area_km2"].sum() >= areas["area_km2"].iloc[1] * (1 - 1e-9)


@few
@given(seeds)
def test_towards_is_from_on_the_streets_turned_round(seed):
    rng = np.random.default_rng(seed)
    network, shops = streets(rng), points(rng, 2)
    to = isochrones(shops, network, breaks=[8], connectors=WALKING, direction="to")
    back = isochrones(shops, turned(network), breaks=[8], connectors=WALKING)
    assert to["area_km2"].iloc[0] == pytest.approx(back["area_km2"].iloc[0], rel=1e-6)


@few
@given(seeds)
def test_lines_lie_in_the_areas_and_grow_with_time(seed):
    rng = np.random.default_rng(seed)
    network, shops = streets(rng), points(rng, 1)
    lines = service_lines(shops, network, breaks=[4, 9], connectors=WALKING)
    area = isochrones(shops, network, breaks=[9], connectors=WALKING).to_crs(3035).geometry
    flat = lines.to_crs(3035).geometry
    assert flat.difference(area.iloc[0].buffer(1.0)).length.sum() == 0
    length = lines.groupby("minutes")["length_m"].sum().reindex([4.0, 9.0], fill_value=0.0)
    assert length.is_monotonic_increasing
    assert length.max() <= network.edges["length_m"].sum() * (1 + 1e-9)


@few
@given(seeds, st.booleans(), st.sampled_from(["nodes", "edges"]))
def test_the_nearest_is_the_least_of_the_matrix(seed, direct, to):
    rng = np.random.default_rng(seed)
    network, seats, shops = streets(rng), points(rng, 5), points(rng, 3)
    joined = sr.Connectors(speed_kmh=5, direct=direct, to=to, within_m=2_500)
    regions = gpd.GeoDataFrame(
        geometry=shapely.buffer(seats.to_numpy(), 0.001), index=seats.index, crs=4326
    )
    result = sr.coverage(
        regions, shops.to_frame("geometry"), definition="seat_time", threshold=10,
        seats=seats.to_frame("geometry"), network=network, connectors=joined,
    )  # fmt: skip
    blocks = sr.transport.travel_time_blocks(seats, shops, network, connectors=joined)
    least = pd.concat([block.min(axis=1) for block in blocks])
    assert result.frame["minutes"].to_numpy() == pytest.approx(least.to_numpy())


@few
@given(seeds)
def test_coverage_grows_with_the_threshold_and_shares_add_up(seed):
    rng = np.random.default_rng(seed)
    network, shops = streets(rng), points(rng, 3).to_frame("geometry")
    cells = [
        box(10 + x, 50 + y, 10 + x + 0.02, 50 + y + 0.02) for x in (0, 0.02) for y in (0, 0.02)
    ]
    regions = gpd.GeoDataFrame(geometry=cells, index=list("abcd"), crs=4326)
    towns = gpd.GeoDataFrame({"people": rng.uniform(0, 9, 12)}, geometry=points(rng, 12).to_numpy(),
                             crs=4326)  # fmt: skip
    found = {}
    for definition, options in {
        "population_time": {"settlements": towns, "network": network},
        "settlements_distance": {"settlements": towns},
        "area_distance": {},
        "area_time": {"network": network},
    }.items():
        limits = (4.0, 12.0) if definition.endswith("time") else (400.0, 1_500.0)
        near, far = (
            sr.coverage(regions, shops, definition=definition, threshold=limit, **options)
            for limit in limits
        )
        assert (near.frame["reached"].dropna() <= far.frame["reached"].dropna() + 1e-9).all()
        assert (near.frame["covered"] <= far.frame["covered"]).all()
        for result in (near, far):
            share, out_of = result.frame["share"].dropna(), result.frame["out_of"]
            assert ((share >= 0) & (share <= 1 + 1e-9)).all()
            if out_of.sum() > 0:
                total = (share * out_of.loc[share.index]).sum() / out_of.sum()
                assert result.reached_share == pytest.approx(total)
        found[definition] = near
    pairs = compare_coverage(found).agreement
    assert (pairs[["both", "only_first", "only_second", "neither"]].sum(axis=1) == 4).all()
    assert pairs["kappa"].dropna().between(-1, 1 + 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=6),
                min_size=1, max_size=5))  # fmt: skip
def test_a_partition_adds_up_to_the_whole(steps):
    """Lines on a lattice run along borders, through corners and across; none leaves the map."""
    # numbers made as those of the lines are: else the outer border may fall short of them
    cells = [box(10 + x / 10, 50 + y / 10, 10 + (x + 3) / 10, 50 + (y + 3) / 10)
             for x in (0, 3, 6, 9) for y in (0, 3, 6, 9)]  # fmt: skip
    regions = gpd.GeoDataFrame(geometry=cells, index=[f"r{i}" for i in range(16)], crs=4326)
    shapes = [LineString([(10 + x / 10, 50 + y / 10) for x, y in line]) for line in steps]
    lines = gpd.GeoDataFrame(geometry=shapes, crs=4326)
    total = sum(WGS84.geometry_length(shape) for shape in shapes) / 1000
    assert network_density(lines, regions)["length_km"].sum() == pytest.approx(total, rel=1e-6)


@few
@given(seeds)
def test_a_partition_of_slanted_borders_adds_up_too(seed):
    """Lines along the borders themselves, which no other than their own vertices lie on."""
    rng = np.random.default_rng(seed)
    seats = shapely.multipoints(rng.uniform((10, 50), (11, 51), (12, 2)))
    frame = box(10, 50, 11, 51)
    cells = shapely.get_parts(shapely.voronoi_polygons(seats, extend_to=frame))
    cells = shapely.get_parts(shapely.coverage_simplify(shapely.intersection(cells, frame), 0.0))
    regions = gpd.GeoDataFrame(geometry=cells, index=[f"r{i}" for i in range(12)], crs=4326)
    borders = list(shapely.get_parts(shapely.union_all(shapely.boundary(cells))))
    across = [LineString(rng.uniform((10, 50), (11, 51), (4, 2))) for _ in range(4)]
    lines = gpd.GeoDataFrame(geometry=borders + across, crs=4326)
    total = sum(WGS84.geometry_length(shape) for shape in lines.geometry) / 1000
    assert network_density(lines, regions)["length_km"].sum() == pytest.approx(total, rel=1e-6)

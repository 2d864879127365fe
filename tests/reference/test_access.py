"""Access against PySAL's ``access``, on health technicians and people of China's provinces.

Times are great-circle distances between the middles of the provinces' stations at 80 km/h: real
numbers of real size, in which one matrix serves both ways as PySAL's functions need it.
"""

import numpy as np
import pandas as pd
import pytest
from access import Access
from access import weights as peer_weights

import spatialreg as sr
from spatialreg.access import access_from_times, floating_catchment, gaussian, power, steps

BANDS = {240: 1.0, 480: 0.68, 720: 0.22}
LIMIT = 720.0


@pytest.fixture(scope="module")
def provinces():
    stations = sr.datasets.hsr_stations()
    place = stations["county"].str[:2] + "0000"
    lon = np.radians(stations.geometry.x.groupby(place).mean())
    lat = np.radians(stations.geometry.y.groupby(place).mean())
    panel = sr.datasets.provincial_panel().xs(2019, level="year")
    codes = lon.index.intersection(panel.index)
    lon, lat, panel = lon[codes].to_numpy(), lat[codes].to_numpy(), panel.loc[codes]
    cosine = np.sin(lat)[:, None] * np.sin(lat) + np.cos(lat)[:, None] * np.cos(lat) * np.cos(
        lon[:, None] - lon
    )
    minutes = 6371 * np.arccos(np.clip(cosine, -1, 1)) / 80 * 60
    people = panel["population_10k"].astype(float)
    supply = people * panel["health_technicians_per_10k"]
    times = pd.DataFrame((minutes + minutes.T) / 2, codes, codes)
    assert len(times) >= 28
    return times, supply.rename("supply"), people.rename("people")


def peer(provinces, limit=LIMIT):
    """Give PySAL's object; pairs beyond the limit are left out, as its three stages do not."""
    times, supply, people = provinces
    table = times.rename_axis("origin").reset_index()
    costs = table.melt(id_vars="origin", var_name="dest", value_name="cost")
    costs = costs[costs["cost"] <= limit].reset_index(drop=True)
    frame = pd.DataFrame({"geoid": people.index, "people": people.to_numpy()})
    doctors = pd.DataFrame({"geoid": supply.index, "supply": supply.to_numpy()})
    return Access(
        demand_df=frame, demand_index="geoid", demand_value="people",
        supply_df=doctors, supply_index="geoid", supply_value="supply",
        cost_df=costs, cost_origin="origin", cost_dest="dest", cost_name="cost",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "ours", "theirs"),
    [
        ("2sfca", None, None),
        ("e2sfca", steps(BANDS), peer_weights.step_fn(BANDS)),
        ("e2sfca", gaussian(scale=300), peer_weights.gaussian(300)),
        ("3sfca", steps(BANDS), peer_weights.step_fn(BANDS)),
        ("3sfca", gaussian(scale=300), peer_weights.gaussian(300)),
    ],
)
def test_floating_catchments(provinces, method, ours, theirs):
    times, supply, people = provinces
    options = {} if ours is None else {"decay": ours}
    found = floating_catchment(supply, people, times, method=method, threshold=LIMIT, **options)
    stages = peer(provinces)
    if method == "3sfca":
        table = stages.three_stage_fca(name="t", max_cost=LIMIT, weight_fn=theirs)
    else:
        table = stages.two_stage_fca(name="t", max_cost=LIMIT, weight_fn=theirs)
    expected = table["t_supply"].reindex(people.index)
    np.testing.assert_allclose(found.frame["access"], expected, rtol=1e-12)
    assert found.frame["access"].std() > 0


def test_cumulative_and_potential(provinces):
    times, supply, _ = provinces
    stages = peer(provinces)
    inside = stages.weighted_catchment(name="n", max_cost=480)["n_supply"].reindex(times.index)
    found = access_from_times(times, measure="cumulative", threshold=480, opportunities=supply)
    np.testing.assert_allclose(found, inside)
    gravity = peer_weights.gravity(scale=1, alpha=-1, min_dist=30)
    expected = stages.weighted_catchment(name="g", weight_fn=gravity, max_cost=LIMIT)
    potential = access_from_times(
        times, measure="potential", decay=power(1, floor=30), threshold=LIMIT, opportunities=supply
    )
    np.testing.assert_allclose(potential, expected["g_supply"].reindex(times.index))

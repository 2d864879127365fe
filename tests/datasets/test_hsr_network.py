"""High-speed rail as a network: its lengths are the official ones, its times those of trains."""

from __future__ import annotations

import numpy as np
import pytest

import spatialreg as sr
from spatialreg import datasets
from spatialreg.errors import InputError


@pytest.fixture(scope="module")
def frames():
    return datasets.hsr_network()


def test_sections_have_their_official_lengths(frames):
    held = frames.edges.groupby("section")["length_m"].sum() / 1000
    official = datasets.hsr_lines()["length_km"]
    np.testing.assert_allclose(held, official.loc[held.index], rtol=1e-12)
    assert set(held.index) == set(official.index)


def test_one_hop_fewer_than_stations(frames):
    stations = datasets.hsr_lines()["stations"]
    assert (frames.edges.groupby("section").size() + 1).equals(stations.loc[
        sorted(stations.index)].rename(None).rename_axis("section"))  # fmt: skip


def test_beijing_to_shanghai_takes_what_the_docstring_says(frames):
    network = sr.Network.from_frames(frames.nodes, frames.edges, modes={})
    beijing, shanghai = (
        frames.nodes.index[frames.nodes["name_zh"] == name][0] for name in ("北京南", "上海虹桥")
    )
    minutes = sr.travel_times([beijing], [shanghai], network.at(2011)).iloc[0, 0]
    # 1,318 km, of the official table of lines, at three quarters of 380 km/h
    assert minutes == pytest.approx(1318 / (380 * 0.75) * 60, rel=0.01)
    assert np.isinf(sr.travel_times([beijing], [shanghai], network.at(2010), cutoff=9e9).iloc[0, 0])


def test_links_join_the_stations_of_a_city(frames):
    network = sr.Network.from_frames(frames.nodes, frames.edges, modes=frames.modes)
    linked = network.with_links(within_m=40_000, speed_kmh=30)
    names = frames.nodes["name_zh"]
    south, west = (names.index[names == name][0] for name in ("北京南", "北京西"))
    direct = sr.travel_times([south], [west], linked).iloc[0, 0]
    assert 10 < direct < 40
    assert linked.edges["nature"].value_counts()["schematic"] == len(frames.edges)


def test_messages():
    with pytest.raises(InputError, match="speed_share"):
        datasets.hsr_network(speed_share=1.2)

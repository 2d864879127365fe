"""Surfaces of a study over roads, slopes, land cover and water, on cells of 5 km of the coast."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from shapely import LineString, Point, box

import spatialreg as sr
from spatialreg.errors import ConfigError, GeometryError, InputError
from spatialreg.io import write_network

from .coast import CODES, HEAD, write_coast

STUDY = (
    HEAD
    + """
{network}

[[surface]]
name = "minutes"
title = "Minutes to a clinic"
regions = "regions.gpkg"
facilities = "clinics.gpkg"
breaks = [30.0, 60.0]
{options}
"""
)
ROADS = '[[network]]\nname = "roads"\nsource = "roads.gpkg"\n'
SPEED = "speed_kmh = 5.0\n"  # a cell of 5 km takes an hour
BY_ROAD = f'network = "roads"\n{SPEED}'
ROW, FIRST, LAST = 10, 20, 40  # the cells of the road


class World:
    """The folder of a study, and the cells of its grid."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.grid = sr.raster.grid(sr.io.read_regions(folder / "regions.gpkg", code="code"), 5000)

    def at(self, row: float, column: float) -> Point:
        """Give the centre of a cell."""
        return Point(self.grid.transform @ (column + 0.5, row + 0.5))

    def line(self, *cells: tuple[float, float]) -> LineString:
        return LineString([self.at(*cell) for cell in cells])

    def write(self, name: str, geometry: list, **columns) -> None:
        frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=self.grid.crs)
        frame.to_crs(4326).to_file(self.folder / name)

    def write_raster(self, name: str, values: np.ndarray, times: int = 1, **words) -> None:
        """Write values on the grid, or on cells so many times as fine."""
        place = self.grid.transform @ Affine.scale(1 / times)
        raster = sr.raster.Raster(values, place, self.grid.crs, **words)
        sr.io.write_raster(raster, self.folder / name)

    def run(self, options: str = BY_ROAD, network: str = ROADS) -> sr.Study:
        path = self.folder / "study.toml"
        path.write_text(STUDY.format(network=network, options=options), encoding="utf-8")
        return sr.run_study(path, only=["surface"])

    def minutes(self, *cells: tuple[int, int], name: str = "minutes") -> list[float]:
        """Give what the raster that was written has in some cells."""
        raster = sr.io.read_raster(self.folder / "out" / "rasters" / f"{name}.tif")
        return raster.at(*np.transpose(cells)).tolist()


@pytest.fixture
def world(tmp_path):
    """Give a road at 60 km/h along a row, and a clinic in its first cell."""
    write_coast(tmp_path)
    world = World(tmp_path)
    world.write("clinics.gpkg", [world.at(ROW, FIRST)])
    along = [(ROW, column) for column in range(FIRST, LAST + 1)]
    world.write("roads.gpkg", [world.line(*along)], maxspeed=[60])
    return world


def told(study: sr.Study) -> str:
    return next(f.sentence for f in study.findings if f.key == "minutes")


def test_a_road_crosses_slow_land(world):
    study = world.run()
    # 5 minutes a cell by road; from the road to the cell beside it the mean of 5 and 60
    found = world.minutes(
        (ROW, FIRST), (ROW, FIRST + 6), (ROW - 1, FIRST + 6), (ROW - 2, FIRST + 6)
    )
    assert found == pytest.approx([0, 30, 30 + 32.5, 30 + 32.5 + 60], rel=1e-5)
    assert (
        "by road at 60 km/h (network roads, mode road), else over land at 5 km/h, in cells of 5 "
        "km, to the nearest of clinics.gpkg" in told(study)
    )
    assert "by road at 60 km/h" in study.tables["definitions"].loc["minutes_regions", "definition"]
    report = (world.folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Travel time [min] by road at 60 km/h" in report


def test_without_a_road_it_is_as_ever(world):
    study = world.run(SPEED, "")
    assert world.minutes((ROW, FIRST + 6)) == pytest.approx([360], rel=1e-5)
    assert (
        told(study)
        == "Minutes to a clinic (straight over land at 5 km/h, in cells of 5 km, to the nearest of "
        "clinics.gpkg)."
    )
    assert "minutes_people" not in study.tables


def test_a_river_with_and_without_a_bridge(world):
    bank = FIRST + 4
    world.write("river.gpkg", [world.line((-3, bank), (40, bank))])
    river = BY_ROAD + 'barriers = "river.gpkg"\n'
    study = world.run(river)
    assert world.minutes((ROW, bank + 2)) == pytest.approx([30], rel=1e-5)
    assert np.isinf(world.minutes((ROW - 1, bank), (ROW + 3, bank))).all()
    assert "through river.gpkg only by road" in told(study)
    study = world.run(river + "bridges = false\n")
    # the river runs from edge to edge: nothing beyond it is reached
    assert world.minutes((ROW, bank - 1)) == pytest.approx([15], rel=1e-5)
    assert np.isinf(world.minutes((ROW, bank), (ROW, bank + 1), (ROW - 5, bank + 5))).all()
    assert "through river.gpkg not at all" in told(study)
    world.run(SPEED + 'barriers = "river.gpkg"\n', "")
    assert np.isinf(world.minutes((ROW, bank + 1))).all()


def test_a_clinic_on_the_bank_stands_on_its_side(world):
    # the river takes the cell of the clinic, which stands in its east
    world.write("river.gpkg", [world.line((-3, FIRST), (40, FIRST))])
    world.write("clinics.gpkg", [world.at(ROW, FIRST + 0.3), world.at(ROW, LAST)])
    study = world.run(SPEED + 'barriers = "river.gpkg"\n', "")
    found = world.minutes((ROW, FIRST + 1), (ROW, FIRST + 2), (ROW, FIRST - 1))
    assert found == pytest.approx([0, 60, np.inf], rel=1e-5)
    assert "1 of 2 facilities moved to the next cell that is passed" in told(study)


def test_slope_slows(world):
    rows, columns = world.grid.shape
    # one in ten to the east, in cells of 1 km
    east = np.arange(columns * 5) * 1000.0 * 0.1
    world.write_raster("heights.tif", np.tile(east, (rows * 5, 1)), times=5)
    slow = float(np.exp(3.5 * 0.1))
    uphill = BY_ROAD + 'elevation = "heights.tif"\n'
    study = world.run(uphill)
    cells = (ROW, FIRST + 6), (ROW - 1, FIRST + 6)
    assert world.minutes(*cells) == pytest.approx([30, 30 + (5 + 60 * slow) / 2], rel=1e-4)
    assert "slower up slopes by the heights of heights.tif" in told(study)
    world.run(uphill + "slow_roads = true\n")
    assert world.minutes(*cells) == pytest.approx([30 * slow, (30 + 32.5) * slow], rel=1e-4)
    manifest = json.loads((world.folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    account = manifest["inputs"]["heights.tif"]
    assert (account["rows"], account["columns"]) == (rows * 5, columns * 5)
    assert len(account["sha256"]) == 64


def test_land_of_unknown_height_is_not_passed(world):
    heights = np.zeros(world.grid.shape)
    heights[:, FIRST + 3 :] = np.nan
    world.write_raster("heights.tif", heights)
    study = world.run(SPEED + 'elevation = "heights.tif"\n', "")
    # level up to the edge of what is known
    found = world.minutes((ROW, FIRST + 2), (ROW, FIRST + 3))
    assert found == pytest.approx([120, np.inf], rel=1e-5)
    plain = sr.raster.friction(
        world.grid, within=gpd.read_file(world.folder / "regions.gpkg").to_crs(world.grid.crs)
    )
    land = np.isfinite(plain.values)
    lost = land[:, FIRST + 3 :].sum()
    assert f"no way through {lost:,} of {land.sum():,} cells of land" in told(study)


def test_land_cover_that_cannot_be_passed(world):
    cover = np.ones(world.grid.shape, dtype=np.uint8)
    cover[:, FIRST + 2] = 8
    cover[ROW + 1, FIRST + 2] = 2  # the only ford
    world.write_raster("land.tif", cover)
    by_class = 'land_cover = "land.tif"\nland_speeds = { 1 = 5.0, 2 = 2.5, 8 = 0.0 }\n'
    study = world.run(by_class, "")
    # one step slanting towards the ford, one straight into it, one slanting out of it
    over = np.sqrt(2) * 60 + (60 + 120) / 2 + np.sqrt(2) * (120 + 60) / 2
    assert world.minutes((ROW, FIRST + 3), (ROW, FIRST + 2)) == pytest.approx(
        [over, np.inf], rel=1e-5
    )
    assert "by the classes of land.tif (1 at 5 km/h, 2 at 2.5 km/h, 8 not at all)" in told(study)
    world.run(f'network = "roads"\n{by_class}')
    assert world.minutes((ROW, FIRST + 6)) == pytest.approx([30], rel=1e-5)
    with pytest.raises(InputError, match="no speed for the classes 8"):
        world.run('land_cover = "land.tif"\nland_speeds = { 1 = 5.0, 2 = 2.5 }\n', "")


def test_roads_by_year(world):
    half = FIRST + 6
    pieces = [
        world.line(*[(ROW, c) for c in range(FIRST, half + 1)]),
        world.line(*[(ROW, c) for c in range(half, LAST + 1)]),
    ]
    world.write("roads.gpkg", pieces, maxspeed=[60, 60], opened=["1990-01-01", "2015-05-01"])
    study = world.run(BY_ROAD + "years = [2010, 2020]\n")
    far = (ROW, half + 6)
    # five steps over land beyond the end of the road, and the one on to it
    before = 30 + 32.5 + 5 * 60
    assert world.minutes(far, name="minutes_2010") == pytest.approx([before], rel=1e-5)
    assert world.minutes(far, name="minutes_2020") == pytest.approx([60], rel=1e-5)
    assert "mode road, those of each year)" in told(study)
    # without years, as after the last that is known
    study = world.run()
    assert world.minutes(far) == pytest.approx([60], rel=1e-5)
    assert "mode road, all but those that closed)" in told(study)


def test_roads_without_dates_are_the_same_in_every_year(world):
    world.write(
        "clinics.gpkg", [world.at(ROW, FIRST), world.at(ROW, LAST)],
        opened=["1990-01-01", "2015-01-01"],
    )  # fmt: skip
    study = world.run(BY_ROAD + "years = [2010, 2020]\n")
    for year, minutes in ((2010, 100), (2020, 0)):
        assert world.minutes((ROW, LAST), name=f"minutes_{year}") == pytest.approx([minutes])
    assert "mode road, the same in every year" in told(study)
    world.write("clinics.gpkg", [world.at(ROW, FIRST)])
    with pytest.raises(InputError, match="has no column 'opened'"):
        world.run(BY_ROAD + "years = [2010, 2020]\n")


def test_classes_that_count(world):
    lane = [(ROW - 1, c) for c in range(FIRST, LAST + 1)]
    road = [(ROW, c) for c in range(FIRST, LAST + 1)]
    world.write(
        "roads.gpkg", [world.line(*road), world.line(*lane)], maxspeed=[60, 10],
        **{"class": ["main", "lane"]},
    )  # fmt: skip
    study = world.run(BY_ROAD)
    # a lane of 30 minutes a cell beside the road
    assert world.minutes((ROW - 1, FIRST + 6)) == pytest.approx([30 + 17.5], rel=1e-5)
    assert "by road at 10 to 60 km/h" in told(study)
    study = world.run(BY_ROAD + 'classes = ["main"]\n')
    assert world.minutes((ROW - 1, FIRST + 6)) == pytest.approx([30 + 32.5], rel=1e-5)
    assert "mode road, class main" in told(study)
    with pytest.raises(ConfigError, match="no road of the class 'rail'; it has 'lane', 'main'"):
        world.run(BY_ROAD + 'classes = ["rail"]\n')


def write_people(world: World, nodata_row: bool = True) -> None:
    """Write people in cells of a quarter of a degree: all of a's in one, of b's in two."""
    people = np.zeros((5, 16))
    people[1, 1], people[2, 5], people[2, 6] = 100.0, 60.0, 20.0
    people[0] = np.nan if nodata_row else 0.0
    raster = sr.raster.Raster(people, Affine(0.25, 0, 10, 0, -0.25, 46.25), 4326, name="people")
    sr.io.write_raster(raster, world.folder / "people.tif")


def test_people_by_cell(world):
    write_people(world)
    # a clinic where 60 of b's 80 people live, and a study in which 20 live 20 km away
    home = gpd.GeoSeries(gpd.points_from_xy([11.375], [45.625]), crs=4326)
    home.to_frame("geometry").to_file(world.folder / "clinics.gpkg")
    fast = SPEED.replace("5.0", "30.0")
    study = world.run(fast + 'population_raster = "people.tif"\n', "")
    table = study.tables["minutes"].set_index("minutes")
    assert table["people"].tolist() == [60, 80]
    assert table["share"].tolist() == pytest.approx([60 / 180, 80 / 180])
    by_region = study.tables["minutes_people"]
    assert by_region["people"].tolist() == [100, 80, 0, 0]
    assert by_region.loc["b", ["within_30_all", "within_60_all"]].tolist() == [0.75, 1]
    assert by_region.loc["a", "within_60_all"] == 0
    assert by_region.loc[["c", "d"], "within_60_all"].isna().all()
    assert by_region.index.equals(CODES) and by_region["name"].tolist() == list("ABCD")
    assert (
        "of people, counted by the cells of people.tif (2 of 4 regions have none), within 30 "
        "minutes 33% in all; within 60 minutes 44% in all" in told(study)
    )
    assert len(study.tables["minutes"].attrs["definition"]) > 0
    assert (
        "shares of each region's people"
        in (study.tables["definitions"].loc["minutes_people", "definition"])
    )


def test_people_where_no_one_passes_are_told(world):
    write_people(world)
    lake = gpd.GeoDataFrame(geometry=[box(10.25, 45.75, 10.5, 46)], crs=4326)
    lake.to_file(world.folder / "lake.gpkg")
    study = world.run(BY_ROAD + 'barriers = "lake.gpkg"\npopulation_raster = "people.tif"\n')
    assert "56% of them in cells that no one passes" in told(study)  # 100 of 180


def write_rail(world: World) -> None:
    nodes = gpd.GeoDataFrame(
        index=["s", "t"], geometry=[world.at(ROW, FIRST), world.at(ROW, LAST)], crs=world.grid.crs
    ).to_crs(4326)
    edges = gpd.GeoDataFrame(
        {"start": ["s", "s"], "end": ["t", "t"], "minutes": [20.0, 30.0], "mode": ["rail", "bus"]},
        index=["rail", "bus"], geometry=[None, LineString(nodes.geometry.tolist())], crs=4326,
    )  # fmt: skip
    modes = pd.DataFrame({"boarding": 5.0}, index=pd.Index(["bus"], name="mode"))
    write_network(nodes, edges, world.folder / "rail.gpkg", modes=modes)


@pytest.mark.parametrize(
    ("options", "network", "match"),
    [
        ('network = "boats"\n' + SPEED, ROADS, r"no \[\[network\]\] named 'boats'"),
        (BY_ROAD + 'modes = ["sea"]\n', ROADS, "no road of the mode 'sea'; it has 'road'"),
        (BY_ROAD, ROADS.replace("roads.gpkg", "rail.gpkg"), "no road of the mode 'road'"),
        (BY_ROAD + 'modes = ["rail"]\n', ROADS.replace("roads.gpkg", "rail.gpkg"),
         "1 edges without a line on the map"),
        (BY_ROAD + 'modes = ["bus"]\n', ROADS.replace("roads.gpkg", "rail.gpkg"),
         "time to get on and off of 'bus'"),
        (BY_ROAD + 'modes = ["hsr"]\nyears = [2010]\n',
         ROADS.replace("roads.gpkg", "china:hsr_network"), "do not lie where they are drawn"),
        (BY_ROAD, ROADS + "links = { within_m = 500000.0, speed_kmh = 30.0 }\n",
         r"do not lie where they are drawn \(connector"),
        (BY_ROAD, ROADS.replace("roads.gpkg", "away.gpkg"), "lies on the land"),
        ("", "", "give speed_kmh, the speed over land, or land_cover"),
        (SPEED + 'land_cover = "land.tif"\n', "", "one of them"),
        ('land_cover = "land.tif"\n', "", "land_cover needs land_speeds"),
        ('land_cover = "land.tif"\nland_speeds = { 1 = -2.0 }\n', "", "land_speeds.*greater"),
        (SPEED + 'modes = ["road"]\n', "", "modes is not used without network"),
        (SPEED + "slow_roads = true\n", "", "slow_roads is not used without network and elevation"),
        (BY_ROAD + "bridges = false\n", ROADS, "bridges is not used without barriers"),
        (SPEED + "land_speeds = { 1 = 2.0 }\n", "", "land_speeds is not used without land_cover"),
        (SPEED + 'population = "people.csv"\npopulation_raster = "people.tif"\n', "",
         "both hold the people"),
        (SPEED + 'elevation = "none.tif"\n', "", "'none.tif' is neither a file below"),
        (SPEED + 'elevation = "two.tif"\n', "", "two.tif has 2 bands"),
        (SPEED + 'elevation = "empty.tif"\n', "", "empty.tif has no value on the land"),
        (SPEED + 'population_raster = "empty.tif"\n', "", "empty.tif has nobody on the land"),
        (SPEED + 'barriers = "people.csv"\n', "", "holds no lines or polygons"),
    ],
)  # fmt: skip
def test_what_is_refused(world, options, network, match):
    write_rail(world)
    away = gpd.GeoDataFrame({"maxspeed": [60]}, geometry=[LineString([(50, 5), (51, 5)])], crs=4326)
    away.to_file(world.folder / "away.gpkg")
    world.write_raster("empty.tif", np.full(world.grid.shape, np.nan))
    with sr.io.open_raster(world.folder / "empty.tif") as one:
        profile = one.profile | {"count": 2}
    with rasterio.open(world.folder / "two.tif", "w", **profile):
        pass
    with pytest.raises(ConfigError, match=match):
        world.run(options, network)
    assert not (world.folder / "out").exists()


def test_barriers_that_are_points(world):
    with pytest.raises(GeometryError, match="neither lines nor polygons"):
        world.run(SPEED + 'barriers = "clinics.gpkg"\n', "")


def test_inputs_are_checked_before_a_run(world):
    path = world.folder / "study.toml"
    options = SPEED + 'barriers = "rivers.gpkg"\n'
    path.write_text(STUDY.format(network="", options=options), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"'rivers.gpkg' is neither a file"):
        sr.study.check_study(path)

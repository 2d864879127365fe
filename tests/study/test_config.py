"""The study file: every fault is named with its line and its mend."""

from __future__ import annotations

from importlib import resources

import pytest

from spatialreg.errors import ConfigError
from spatialreg.study import read_config

GOOD = """\
[study]
name = "mine"
title = "Mine"

[regions]
source = "regions.gpkg"

[panel]
source = "panel.csv"
per_head = "income"

[inequality]
scheme = "four_segments"
"""


def fault(tmp_path, text):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    return str(caught.value)


def test_the_embedded_study_is_valid():
    with resources.as_file(resources.files("spatialreg") / "data/studies/china.toml") as path:
        config = read_config(path)
    assert config.study.name == "china"
    assert config.coverage[0].claimed == 204


def test_defaults(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    config = read_config(path)
    assert config.inequality.measures == ["gini", "theil", "mld", "cv"]
    assert config.autocorrelation is None


def test_missing_file(tmp_path):
    with pytest.raises(ConfigError, match="spatialreg init"):
        read_config(tmp_path / "none.toml")


def test_no_toml(tmp_path):
    assert "line 2" in fault(tmp_path, "[study]\nname = \n")


def test_not_utf8(tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes('title = "区域协调发展"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_config(path)


def test_unknown_key_names_line_and_what_is_known(tmp_path):
    message = fault(tmp_path, GOOD.replace("per_head", "perhead"))
    assert "line 10: panel.perhead: is not known here" in message
    assert "per_head" in message


def test_missing_key(tmp_path):
    assert "study.title: is missing" in fault(tmp_path, GOOD.replace('title = "Mine"\n', ""))


def test_wrong_value_in_the_second_of_a_kind(tmp_path):
    one = '\n[[coverage]]\nname = "a"\ntitle = "A"\nregions = "r"\nfacilities = "f"\n'
    two = one.replace('"a"', '"b"') + 'definitions = ["near"]\n'
    message = fault(tmp_path, GOOD + one + two)
    line = (GOOD + one + two).splitlines().index('definitions = ["near"]') + 1
    assert f"line {line}: coverage.1.definitions" in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('per_head = "income"', "", "give either per_head"),
        ('per_head = "income"', 'value = "gdp"', "needs population"),
        ('per_head = "income"', 'per_head = "income"\nbase_year = 2000', "go together"),
        ('[panel]\nsource = "panel.csv"\nper_head = "income"\n', "", r"\[panel\] is missing"),
        ('name = "mine"', 'name = "a b"', "study.name"),
    ],
)
def test_what_does_not_go_together(tmp_path, old, new, words):
    import re

    assert re.search(words, fault(tmp_path, GOOD.replace(old, new)))


def test_seat_distance_needs_its_company(tmp_path):
    text = (
        GOOD + '[[coverage]]\nname="a"\ntitle="A"\nregions="r"\nfacilities="f"\nthresholds=[1.0]\n'
    )
    assert "go together" in fault(tmp_path, text)


def test_names_are_told_apart(tmp_path):
    one = '\n[[coverage]]\nname = "a"\ntitle = "A"\nregions = "r"\nfacilities = "f"\n'
    assert "name of its own" in fault(tmp_path, GOOD + one + one)

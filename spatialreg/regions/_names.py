"""Names of regions: what is left of one without its generic ending, and which code bears it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pandas as pd

# generic endings, longest first: 连南瑶族自治县 is compared as 连南瑶族, 从化市 and 从化区 as 从化
_ENDINGS = (
    "特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县",
    "自治旗", "地区", "林区", "特区", "新区", "省", "市", "盟", "州", "县", "区", "旗",
)  # fmt: skip
_ENGLISH = re.compile(
    r"\s+(?:(?:zhuang |hui |uygur |uyghur )?autonomous region|special administrative region|"
    r"municipality|province|prefecture|county|district|city|parish|state)$",
    re.IGNORECASE,
)
# zero-width marks and the byte-order mark, which copies from web pages carry
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


def squeeze(text: str, *, inner: bool = True) -> str:
    """Take out invisible marks and outer spaces, and spaces between Chinese characters.

    Yearbooks pad short names (``北　京``); with `inner`, such spaces go too.
    """
    text = _INVISIBLE.sub("", text).strip()
    if not inner:
        return text
    return re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", text)


def bare_name(name: str) -> str:
    """Give a name without its generic ending, for comparison.

    At least two characters stay, so that 市中区 and 城区 are not emptied.

    Examples
    --------
    >>> from spatialreg.regions import bare_name
    >>> bare_name("密云县"), bare_name("密云区"), bare_name("沙县"), bare_name("Hunan Province")
    ('密云', '密云', '沙县', 'hunan')
    """
    text = _ENGLISH.sub("", squeeze(name)).casefold()
    for ending in _ENDINGS:
        if text.endswith(ending) and len(text) - len(ending) >= 2:
            return text[: -len(ending)]
    return text


class NameIndex(NamedTuple):
    """Codes by full name and by name without its ending."""

    full: dict[str, list[str]]
    bare: dict[str, list[str]]


def name_index(names: Mapping[Any, str] | pd.Series) -> NameIndex:
    """Give the codes that bear each name, full and bare, from names by code."""
    index = NameIndex({}, {})
    for code, name in names.items():
        if isinstance(name, str) and name.strip():
            index.full.setdefault(squeeze(name).casefold(), []).append(str(code))
            index.bare.setdefault(bare_name(name), []).append(str(code))
    return index


@cache
def province_index() -> dict[str, list[str]]:
    """Give the code of each province by its full and short names, Chinese and English."""
    text = (files("spatialreg") / "data" / "provinces.csv").read_text(encoding="utf-8")
    index: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        for column in ("name_zh", "short_zh", "name_en", "short_en"):
            codes = index.setdefault(squeeze(row[column]).casefold(), [])
            if row["code"] not in codes:
                codes.append(row["code"])
    return index

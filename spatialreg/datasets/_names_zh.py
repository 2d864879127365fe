"""Chinese place names: without their generic parts, and in Latin letters.

The syllable of a character is learnt from the settlements of GeoNames, which carry many names in
characters and, syllable by syllable, in Latin letters; a few characters that are read
otherwise in place names are added.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import product

from ..regions import bare_name

_PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水 "
    "东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 塔吉克 怒 俄罗斯 鄂温克 "
    "保安 裕固 独龙 鄂伦春 普米 各"
).split()
# with 族 always, without it where the people's name is too long to be part of another name
_BARE = [one for one in _PEOPLES if len(one) > 2] + ["蒙古", "锡伯"]
_PEOPLE = re.compile("(?:" + "|".join([*(f"{one}族" for one in _PEOPLES), *_BARE]) + ")+$")
# characters whose reading in place names is not the one most common elsewhere
_PLACE_READINGS = {
    "长": "chang", "都": "du", "重": "chong", "乐": "yue", "六": "lu", "厦": "xia", "单": "shan",
    "朝": "chao", "蔚": "yu", "莞": "guan", "泌": "bi", "渑": "mian", "番": "pan", "浚": "xun",
    "歙": "she", "尉": "wei", "洞": "tong", "会": "kuai", "台": "tai", "牟": "mu", "阿": "e",
}  # fmt: skip


def short_name(name: str) -> str:
    """Give a unit's name without its generic ending and the peoples in it.

    Examples
    --------
    >>> [short_name(one) for one in ("密云区", "连南瑶族自治县", "察布查尔锡伯自治县")]
    ['密云', '连南', '察布查尔']
    """
    bare = bare_name(name)
    if name.endswith(("自治县", "自治旗", "自治州")):
        stripped = _PEOPLE.sub("", bare)
        return stripped if len(stripped) >= 2 else bare
    return bare


def latin(text: str) -> str:
    """Give the Latin letters of a name, small and without marks, spaces and apostrophes.

    Examples
    --------
    >>> latin("Xi’an Shi"), latin("西安")
    ('xianshi', '')
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("ü", "v"))
    return re.sub("[^a-z]", "", plain)


def syllables(
    names: Iterable[tuple[Iterable[str], Iterable[list[str]]]],
) -> dict[str, list[str]]:
    """Learn the syllables of characters from names given both ways.

    Parameters
    ----------
    names : iterable of (Chinese names, names split into syllables)
        One pair a settlement.

    Returns
    -------
    dict
        For each character its syllables, the most common first; rare ones are left out.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for chinese, spelled in names:
        for name, parts in product(chinese, spelled):
            if len(name) == len(parts) and all(re.fullmatch("[a-z]+", part) for part in parts):
                for character, syllable in zip(name, parts, strict=True):
                    counts[character][syllable] += 1
    table = {
        character: [one for one, n in found.most_common(4) if n >= max(1, found.total() / 10)]
        for character, found in counts.items()
    }
    for character, syllable in _PLACE_READINGS.items():
        table[character] = list(dict.fromkeys([syllable, *table.get(character, [])]))
    return table


def readings(name: str, table: dict[str, list[str]]) -> set[str]:
    """Give every reading of a name in Latin letters; none if a character is not in the table.

    Examples
    --------
    >>> sorted(readings("长乐", {"长": ["chang"], "乐": ["le", "yue"]}))
    ['changle', 'changyue']
    """
    if len(name) < 2 or any(character not in table for character in name):
        # one syllable alone would match too much
        return set()
    return {"".join(parts) for parts in product(*(table[character] for character in name))}

"""Fonts for Chinese text: found among the installed ones, asked for by family name."""

from __future__ import annotations

from functools import lru_cache

from matplotlib import font_manager

# common families that hold the Chinese ideographs, in the order of preference
_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "AR PL UMing CN",
    "Arial Unicode MS",
)


@lru_cache(maxsize=1)
def chinese_font() -> str | None:
    """Give the family name of an installed font that holds Chinese, or None.

    Examples
    --------
    >>> chinese_font() is None or isinstance(chinese_font(), str)
    True
    """
    installed = {font.name for font in font_manager.fontManager.ttflist}
    found = next((family for family in _FAMILIES if family in installed), None)
    if found is None:  # fonts installed after matplotlib made its cache
        for path in font_manager.findSystemFonts():
            if any(mark in path for mark in ("CJK", "SourceHan", "wqy", "simhei", "msyh")):
                font_manager.fontManager.addfont(path)
        installed = {font.name for font in font_manager.fontManager.ttflist}
        found = next((family for family in _FAMILIES if family in installed), None)
    return found


def has_chinese(text: str) -> bool:
    """Say whether `text` holds Chinese ideographs.

    Examples
    --------
    >>> has_chinese("辽宁"), has_chinese("Liaoning")
    (True, False)
    """
    return any("\u4e00" <= character <= "\u9fff" for character in text)

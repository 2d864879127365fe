"""The standard of basic public services of 2021: the counts that were announced, names by level."""

from __future__ import annotations

from spatialreg import datasets


def test_nine_aspects_twenty_two_categories_and_eighty_items_as_announced():
    """People's Daily Online, 30 April 2021: 80 services of 22 categories and nine aspects."""
    table = datasets.services_standard()
    assert table["aspect_number"].nunique() == table["aspect_zh"].nunique() == 9
    assert table["aspect_en"].nunique() == 9
    assert table["category_number"].unique().tolist() == list(range(1, 23))
    assert table["category_zh"].nunique() == table["category_en"].nunique() == 22
    assert table["item_number"].to_list() == list(range(1, 81))
    assert table["item_zh"].is_unique and table["item_en"].is_unique
    assert table.groupby("aspect_zh")["aspect_en"].nunique().eq(1).all()
    assert table.groupby("category_zh")["category_en"].nunique().eq(1).all()


def test_categories_of_each_aspect():
    """Table of contents of the standard: first and last category of each aspect."""
    table = datasets.services_standard()
    counts = table.groupby("aspect_number")["category_number"].nunique()
    assert counts.to_list() == [3, 4, 2, 3, 2, 2, 3, 1, 2]
    assert table["aspect_zh"].unique().tolist() == [
        "幼有所育", "学有所教", "劳有所得", "病有所医", "老有所养", "住有所居", "弱有所扶",
        "优军服务保障", "文体服务保障",
    ]  # fmt: skip


def test_items_say_where_they_are_from():
    """Reprints show the first item, and those of category 20."""
    table = datasets.services_standard().set_index("item_zh")
    seen = table.index[table["item_source"] == "reprint"].tolist()
    assert seen == [
        "农村免费孕前优生健康检查", "优待抚恤", "退役军人安置", "退役军人就业创业服务",
        "特殊群体集中供养",
    ]  # fmt: skip
    assert set(table["item_source"]) == {"reprint", "memory"}


def test_the_edition_is_that_of_2021_and_says_what_is_from_memory():
    attrs = datasets.services_standard().attrs
    assert "443" in attrs["publisher"]
    assert "81 items" in attrs["vintage"] and "2023" in attrs["vintage"]
    assert "75 are written down from memory" in attrs["how_stated"]

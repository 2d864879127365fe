"""Which items make up an index, in which category and aspect, and in which direction they count.

A hierarchy is a frame with a row an item. It is checked here once and kept in the order of the
items' names, so that the order of its rows changes nothing; and a template of the national
standard of basic public services gives the upper levels to start from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..._align import numeric_series, require_columns, some
from ...errors import InputError

_NEEDED = ["aspect", "category", "item", "column", "direction"]
_NUMBERS = ["target", "low", "high", "weight"]
INDEX = "index"  # the column of the whole index in a result


def services_template() -> pd.DataFrame:
    """Give a hierarchy of public services to fill: 9 aspects, 22 categories and 80 items.

    The levels are those of China's national standard of basic public services, edition of 2021;
    most items are written down from memory (`item_source`). Fill `column` with what your data
    have, set `direction` to -1 where less is better, and drop the rest with
    ``dropna(subset=["column"])``.

    Returns
    -------
    DataFrame
        A row an item: ``aspect``, ``category``, ``item`` (English, our own translation),
        ``column`` (empty), ``direction`` (1), ``target``, ``low``, ``high``, ``weight`` (NaN),
        ``aspect_zh``, ``category_zh``, ``item_zh``, ``item_source``.

    Examples
    --------
    >>> from spatialreg.disparity import services_template
    >>> hierarchy = services_template()
    >>> hierarchy[["aspect", "category", "item"]].nunique().to_list()
    [9, 22, 80]
    >>> hierarchy.loc[hierarchy["item"] == "Vaccination", "column"] = "vaccinated_percent"
    >>> hierarchy.dropna(subset=["column"])[["aspect", "item"]].to_numpy().tolist()
    [['Care for children', 'Vaccination']]
    """
    from ...datasets import services_standard

    standard = services_standard()
    template = pd.DataFrame(
        {
            "aspect": standard["aspect_en"],
            "category": standard["category_en"],
            "item": standard["item_en"],
            "column": pd.Series(None, index=standard.index, dtype=object),
            "direction": 1,
            **dict.fromkeys(_NUMBERS, np.nan),
            "aspect_zh": standard["aspect_zh"],
            "category_zh": standard["category_zh"],
            "item_zh": standard["item_zh"],
            "item_source": standard["item_source"],
        }
    )
    template.attrs = dict(standard.attrs)
    return template


@dataclass(frozen=True)
class Tree:
    """A hierarchy that was checked: arrays by item, in the order of the items' names."""

    items: list[str]
    columns: list[str]
    direction: np.ndarray
    target: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    categories: list[str]
    aspects: list[str]
    category: np.ndarray  # of each item, its place in `categories`
    aspect: np.ndarray  # of each category, its place in `aspects`
    shown: list[str]  # items as the caller ordered them
    nodes: list[str]  # columns of a result: each aspect, then its categories

    @property
    def in_category(self) -> np.ndarray:
        """Items x categories: 1 where the item belongs to the category."""
        return np.eye(len(self.categories))[self.category]

    @property
    def in_aspect(self) -> np.ndarray:
        """Categories x aspects: 1 where the category belongs to the aspect."""
        return np.eye(len(self.aspects))[self.aspect]


def require_hierarchy(hierarchy: pd.DataFrame) -> Tree:
    """Check a hierarchy and give it as a tree."""
    if not isinstance(hierarchy, pd.DataFrame):
        raise InputError(
            f"hierarchy must be a DataFrame with a row an item, not {type(hierarchy).__name__}"
        )
    require_columns(hierarchy, _NEEDED, "the hierarchy")
    if not len(hierarchy):
        raise InputError("the hierarchy has no items: it needs a row for each")
    table = hierarchy.reset_index(drop=True)
    for name in ("aspect", "category", "item", "column"):
        _require_text(table, name)
    for name in ("item", "column"):
        twice = table.loc[table[name].duplicated(), name]
        if len(twice):
            raise InputError(
                f"{len(twice)} {name}s stand in the hierarchy more than once ({some(twice)}): "
                "an item counts once"
            )
    unknown = table.loc[~table["direction"].isin([1, -1]), "item"]
    if len(unknown):
        raise InputError(
            f"direction must be 1 (more is better) or -1 (less is better); {len(unknown)} items "
            f"have neither: {some(unknown)}"
        )
    by_category = table.groupby("category")["aspect"].nunique()
    torn = by_category.index[by_category > 1]
    if len(torn):
        raise InputError(
            f"{len(torn)} categories stand in several aspects ({some(torn)}): give each its own "
            "name"
        )
    return tree_of(table)


def tree_of(table: pd.DataFrame) -> Tree:
    """Give a tree from a table that was checked; numbers that it lacks are NaN."""
    sorted_table = table.sort_values("item", ignore_index=True)
    numbers = {
        name: _numbers(sorted_table, name)
        if name in sorted_table
        else np.full(len(sorted_table), np.nan)
        for name in _NUMBERS
    }
    home = sorted_table.drop_duplicates("category").set_index("category")["aspect"].sort_index()
    categories, aspects = list(home.index), sorted(home.unique())
    return Tree(
        items=list(sorted_table["item"]),
        columns=list(sorted_table["column"]),
        direction=sorted_table["direction"].to_numpy(dtype=float),
        **numbers,
        categories=categories,
        aspects=aspects,
        category=_places(sorted_table["category"], categories),
        aspect=_places(home, aspects),
        shown=list(table["item"]),
        nodes=_nodes(table),
    )


def _places(values: pd.Series, known: Sequence[str]) -> np.ndarray:
    return pd.Index(known).get_indexer(pd.Index(values))


def _nodes(table: pd.DataFrame) -> list[str]:
    """Name the columns of a result; an only category may bear the name of its aspect."""
    nodes: list[str] = []
    for aspect, rows in table.groupby("aspect", sort=False):
        inside = list(rows["category"].unique())
        nodes.append(str(aspect))
        nodes += [name for name in inside if not (name == aspect and len(inside) == 1)]
    twice = sorted({name for name in nodes if nodes.count(name) > 1 or name == INDEX})
    if twice:
        raise InputError(
            f"the names of aspects and categories must differ from one another and from "
            f"{INDEX!r}, since each is a column of the result: rename {some(map(repr, twice))}"
        )
    return nodes


def _require_text(table: pd.DataFrame, name: str) -> None:
    values = table[name]
    empty = values.isna() | (values.astype(str).str.strip() == "")
    if empty.any():
        rows = table.loc[empty]
        what = rows["item"] if name == "column" else rows.index.astype(str)
        raise InputError(
            f"{len(rows)} rows of the hierarchy have no {name} ({some(what)}): fill it, or drop "
            f'rows without data with hierarchy.dropna(subset=["item", "column"])'
        )
    wrong = table.index[~values.map(lambda value: isinstance(value, str))]
    if len(wrong):
        raise InputError(
            f"{name} must be text; rows {some(wrong)} of the hierarchy hold something else"
        )


def _numbers(table: pd.DataFrame, name: str) -> np.ndarray:
    column = table.set_index("item")[name]
    return numeric_series(column, f"{name} of the hierarchy").to_numpy()

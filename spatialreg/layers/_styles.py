"""How a layer is drawn: one class a value, one class a range of numbers, or one symbol for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .._align import require_one_of, some
from ..errors import InputError
from ._brewer import MOST, PALETTES
from ._classes import SCHEMES

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Categorised:
    """One colour for each value of a column.

    Missing values are written as the class `no_data`, which is added to the classes where they do
    not hold it: no region falls out of the map. The column is written as text.

    Attributes
    ----------
    column : str
    classes : sequence of (value, label, colour)
        In the order of the legend; colours as ``#rrggbb``.
    no_data : str
        The class of missing values.

    Raises
    ------
    InputError
        There is no class, a value stands twice, or a colour is not ``#rrggbb``.

    Examples
    --------
    >>> style = Categorised("cluster", classes=[("High-High", "High-High (3)", "#ff0000")])
    >>> style.classes
    (('High-High', 'High-High (3)', '#ff0000'),)
    """

    column: str
    classes: Sequence[tuple[object, str, str]]
    no_data: str = "No data"

    def __post_init__(self) -> None:
        classes = tuple((value, str(label), colour) for value, label, colour in self.classes)
        if not classes:
            raise InputError(
                f"Categorised({self.column!r}) has no classes: give (value, label, colour) for each"
            )
        values = [str(value) for value, _, _ in classes]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise InputError(
                f"Categorised({self.column!r}) has the classes {some(map(repr, twice))} more than "
                "once: give each value one class"
            )
        for _, label, colour in classes:
            _require_colour(colour, f"the colour of class {label!r}")
        object.__setattr__(self, "classes", classes)


@dataclass(frozen=True)
class Graduated:
    """Classes of a numeric column in the shades of a ColorBrewer palette.

    Missing values get a class of their own in the legend and the map, `no_data`.

    Attributes
    ----------
    column : str
    k : int
        Number of classes, 1 to 9; fewer where the column has fewer distinct values.
    scheme : {"quantiles", "natural_breaks", "equal_interval", "box_plot"}
        How classes are cut (mapclassify). A box plot has six classes and takes no `k`.
    breaks : sequence of float, optional
        Upper bounds of the classes, instead of `scheme` and `k`, so that maps can be compared.
    palette : str
        YlOrRd, YlGnBu, Blues, Oranges, Greens, Purples, Greys, or diverging RdBu, PuOr, BrBG;
        ``_r`` turns it round.
    unit : str
        Written behind the title in the legend.
    no_data : str
        Label of missing values.

    Raises
    ------
    InputError
        A scheme or palette is not known, `k` is out of range, or `breaks` do not increase.

    Examples
    --------
    >>> Graduated("income", k=4, palette="Blues", unit="yuan").scheme
    'quantiles'
    """

    column: str
    k: int = 5
    scheme: str = "quantiles"
    breaks: Sequence[float] | None = None
    palette: str = "YlOrRd"
    unit: str = ""
    no_data: str = "No data"

    def __post_init__(self) -> None:
        require_one_of(self.scheme, SCHEMES, "scheme")
        require_one_of(self.palette.removesuffix("_r"), PALETTES, "palette")
        if not 1 <= self.k <= MOST:
            raise InputError(f"k must be 1 to {MOST} classes, not {self.k}")
        if self.breaks is not None:
            object.__setattr__(self, "breaks", tuple(float(b) for b in self.breaks))


@dataclass(frozen=True)
class Simple:
    """One symbol for every feature.

    Attributes
    ----------
    colour : str
        ``#rrggbb``: of points and lines, and the fill of polygons.
    width : float
        Of lines and of the borders of hollow polygons [mm].
    size : float
        Diameter of points [mm].
    dash : bool
        Dashed lines; so are drawn those whose course is schematic.
    hollow : bool
        Draw only the borders of polygons, in `colour`.

    Raises
    ------
    InputError
        The colour is not ``#rrggbb``, or a measure is not positive.

    Examples
    --------
    >>> Simple("#b30000", width=0.5, dash=True).size
    2.0
    """

    colour: str
    width: float = 0.4
    size: float = 2.0
    dash: bool = False
    hollow: bool = False

    def __post_init__(self) -> None:
        _require_colour(self.colour, "colour")
        for name, value in (("width", self.width), ("size", self.size)):
            if not value > 0:
                raise InputError(f"{name} must be a positive number of millimetres, not {value!r}")


Style: TypeAlias = Categorised | Graduated | Simple


def _require_colour(colour: object, what: str) -> None:
    if not (isinstance(colour, str) and _HEX.fullmatch(colour)):
        raise InputError(f"{what} must be hex text like '#d7191c', not {colour!r}")

"""ColorBrewer's classes: which colours a graduated map takes for a palette and a number of classes.

Colour specifications and designs by Cynthia Brewer, Mark Harrower and The Pennsylvania State
University (ColorBrewer 2.0), Copyright 2002, licensed under the Apache License, Version 2.0; a
copy of the licence comes with every package that carries them, matplotlib among them. Only schemes
that ColorBrewer marks as safe for colour-blind readers stand here. For each number of classes the
colours are ColorBrewer's own for that number, not an interpolation.
"""

from __future__ import annotations

from .._align import require_one_of
from ..errors import InputError

# palette -> number of classes -> colours, light to dark or from one end to the other
_SCHEMES = {
    "YlOrRd": {
        3: "ffeda0 feb24c f03b20",
        4: "ffffb2 fecc5c fd8d3c e31a1c",
        5: "ffffb2 fecc5c fd8d3c f03b20 bd0026",
        6: "ffffb2 fed976 feb24c fd8d3c f03b20 bd0026",
        7: "ffffb2 fed976 feb24c fd8d3c fc4e2a e31a1c b10026",
        8: "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c b10026",
        9: "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026",
    },
    "YlGnBu": {
        3: "edf8b1 7fcdbb 2c7fb8",
        4: "ffffcc a1dab4 41b6c4 225ea8",
        5: "ffffcc a1dab4 41b6c4 2c7fb8 253494",
        6: "ffffcc c7e9b4 7fcdbb 41b6c4 2c7fb8 253494",
        7: "ffffcc c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 0c2c84",
        8: "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 0c2c84",
        9: "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58",
    },
    "Blues": {
        3: "deebf7 9ecae1 3182bd",
        4: "eff3ff bdd7e7 6baed6 2171b5",
        5: "eff3ff bdd7e7 6baed6 3182bd 08519c",
        6: "eff3ff c6dbef 9ecae1 6baed6 3182bd 08519c",
        7: "eff3ff c6dbef 9ecae1 6baed6 4292c6 2171b5 084594",
        8: "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 084594",
        9: "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
    },
    "Oranges": {
        3: "fee6ce fdae6b e6550d",
        4: "feedde fdbe85 fd8d3c d94701",
        5: "feedde fdbe85 fd8d3c e6550d a63603",
        6: "feedde fdd0a2 fdae6b fd8d3c e6550d a63603",
        7: "feedde fdd0a2 fdae6b fd8d3c f16913 d94801 8c2d04",
        8: "fff5eb fee6ce fdd0a2 fdae6b fd8d3c f16913 d94801 8c2d04",
        9: "fff5eb fee6ce fdd0a2 fdae6b fd8d3c f16913 d94801 a63603 7f2704",
    },
    "Greens": {
        3: "e5f5e0 a1d99b 31a354",
        4: "edf8e9 bae4b3 74c476 238b45",
        5: "edf8e9 bae4b3 74c476 31a354 006d2c",
        6: "edf8e9 c7e9c0 a1d99b 74c476 31a354 006d2c",
        7: "edf8e9 c7e9c0 a1d99b 74c476 41ab5d 238b45 005a32",
        8: "f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 005a32",
        9: "f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 006d2c 00441b",
    },
    "Purples": {
        3: "efedf5 bcbddc 756bb1",
        4: "f2f0f7 cbc9e2 9e9ac8 6a51a3",
        5: "f2f0f7 cbc9e2 9e9ac8 756bb1 54278f",
        6: "f2f0f7 dadaeb bcbddc 9e9ac8 756bb1 54278f",
        7: "f2f0f7 dadaeb bcbddc 9e9ac8 807dba 6a51a3 4a1486",
        8: "fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 4a1486",
        9: "fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 54278f 3f007d",
    },
    "Greys": {
        3: "f0f0f0 bdbdbd 636363",
        4: "f7f7f7 cccccc 969696 525252",
        5: "f7f7f7 cccccc 969696 636363 252525",
        6: "f7f7f7 d9d9d9 bdbdbd 969696 636363 252525",
        7: "f7f7f7 d9d9d9 bdbdbd 969696 737373 525252 252525",
        8: "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525",
        9: "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525 000000",
    },
    "RdBu": {
        3: "ef8a62 f7f7f7 67a9cf",
        4: "ca0020 f4a582 92c5de 0571b0",
        5: "ca0020 f4a582 f7f7f7 92c5de 0571b0",
        6: "b2182b ef8a62 fddbc7 d1e5f0 67a9cf 2166ac",
        7: "b2182b ef8a62 fddbc7 f7f7f7 d1e5f0 67a9cf 2166ac",
        8: "b2182b d6604d f4a582 fddbc7 d1e5f0 92c5de 4393c3 2166ac",
        9: "b2182b d6604d f4a582 fddbc7 f7f7f7 d1e5f0 92c5de 4393c3 2166ac",
    },
    "PuOr": {
        3: "f1a340 f7f7f7 998ec3",
        4: "e66101 fdb863 b2abd2 5e3c99",
        5: "e66101 fdb863 f7f7f7 b2abd2 5e3c99",
        6: "b35806 f1a340 fee0b6 d8daeb 998ec3 542788",
        7: "b35806 f1a340 fee0b6 f7f7f7 d8daeb 998ec3 542788",
        8: "b35806 e08214 fdb863 fee0b6 d8daeb b2abd2 8073ac 542788",
        9: "b35806 e08214 fdb863 fee0b6 f7f7f7 d8daeb b2abd2 8073ac 542788",
    },
    "BrBG": {
        3: "d8b365 f5f5f5 5ab4ac",
        4: "a6611a dfc27d 80cdc1 018571",
        5: "a6611a dfc27d f5f5f5 80cdc1 018571",
        6: "8c510a d8b365 f6e8c3 c7eae5 5ab4ac 01665e",
        7: "8c510a d8b365 f6e8c3 f5f5f5 c7eae5 5ab4ac 01665e",
        8: "8c510a bf812d dfc27d f6e8c3 c7eae5 80cdc1 35978f 01665e",
        9: "8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e",
    },
}
PALETTES = tuple(_SCHEMES)
MOST = 9


def brewer(palette: str, k: int) -> tuple[str, ...]:
    """Give the `k` colours of a ColorBrewer palette as hex text; ``_r`` turns it round.

    Parameters
    ----------
    palette : str
        YlOrRd, YlGnBu, Blues, Oranges, Greens, Purples, Greys (sequential), RdBu, PuOr, BrBG
        (diverging).
    k : int
        One to nine classes. One and two classes take the middle and the ends of three.

    Raises
    ------
    InputError
        The palette is not known, or `k` is not between one and nine.

    Examples
    --------
    >>> brewer("Blues", 3)
    ('#deebf7', '#9ecae1', '#3182bd')
    >>> brewer("Blues_r", 2)
    ('#3182bd', '#deebf7')
    """
    name = palette.removesuffix("_r")
    require_one_of(name, PALETTES, "palette")
    if not 1 <= k <= MOST:
        raise InputError(
            f"a ColorBrewer palette has 1 to {MOST} classes, not {k}: take fewer classes"
        )
    colours = tuple(f"#{code}" for code in _SCHEMES[name][max(k, 3)].split())
    if k < 3:
        colours = colours[1:2] if k == 1 else colours[::2]
    return colours[::-1] if palette.endswith("_r") else colours

"""Codes of regions: what an adcode is, and how the many ways of writing one come down to it.

An adcode (GB/T 2260) is six digits: two for the province, two for the prefecture, two for the
county. Tables write it as a number, with a trailing ``.0``, in full-width digits, as the 12-digit
code of the statistical office, in its short forms (11, 1101), or write the name instead. Codes of
other countries are text and stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Hashable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from .._align import some
from ..errors import InputError, MissingDataWarning
from ._names import NameIndex, name_index, province_index, squeeze

# the first two digits of GB/T 2260
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
# names under which tables and maps carry the code of a region, in lower case
CODE_COLUMNS = (
    "code", "adcode", "ad_code", "adm_code", "region_code", "area_code", "county_code",
    "city_code", "province_code", "geoid", "fips", "pac", "gb", "xzqdm", "nuts_id", "cvegeo",
    "cve_ent", "代码", "编码", "编号", "行政区划代码", "行政区代码", "行政代码", "区划代码",
    "区划码", "地区代码", "区县代码", "县代码", "城市代码", "省份编码", "省份代码", "省代码",
    "统计用区划代码",
)  # fmt: skip
NAME_COLUMNS = (
    "name", "name_zh", "region", "region_name", "county", "city", "province", "name_en", "namelsad",
    "名称", "地区", "地名", "地区名称", "行政区名称", "区县", "县区", "县", "县名", "市", "城市",
    "省", "省份", "省市区",
)  # fmt: skip


def tidy_code(value: Any) -> str | None:
    """Give a code as plain text, of whatever country: no spaces, no ``.0``, half-width digits.

    None for a missing value. Leading zeros stay as they are given.
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        raise InputError(f"a code must be text or a whole number, not {value!r}")
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        number = float(value)
        if number != number:
            return None
        return str(int(number)) if number.is_integer() else repr(number)
    text = squeeze(unicodedata.normalize("NFKC", str(value)), inner=False).lstrip("'")
    text = re.sub(r"^(\d+)\.0+$", r"\1", text)
    return text or None


def normalise_code(value: Any, *, names: Mapping[Any, str] | pd.Series | None = None) -> str:
    """Give the six-digit code (adcode) that `value` means.

    Parameters
    ----------
    value : str, int or float
        ``110000``, ``110000.0``, ``"110000 "``, full-width digits, the 12-digit code of the
        statistical office with zeros below the county, 156 and the code, two digits (a province),
        four (a prefecture), or a name.
    names : Series or mapping, optional
        Names by code, such as ``regions["name"]``: lets names below the province be found.

    Returns
    -------
    str

    Raises
    ------
    InputError
        `value` is missing, means no region of China, or a name that several regions bear.

    Examples
    --------
    >>> from spatialreg import regions
    >>> regions.normalise_code(110101000000), regions.normalise_code("内蒙古")
    ('110101', '150000')
    """
    code, reason = resolve(value, None if names is None else name_index(names))
    if code is None:
        raise InputError(f"{value!r} is no region of China by code or name: {reason}")
    return code


def normalise_codes(
    series: pd.Series, *, names: Mapping[Any, str] | pd.Series | None = None
) -> pd.Series:
    """Give the six-digit codes (adcodes) that the values of `series` mean.

    Parameters
    ----------
    series : Series
        Codes or names, as :func:`normalise_code` takes them.
    names : Series or mapping, optional
        Names by code, such as ``regions["name"]``: lets names below the province be found.

    Returns
    -------
    Series
        Text on the index of `series`, named ``code``; NaN where no code was found. ``attrs`` holds
        the account: ``changed`` (what was given, as text, to code) and ``unrecognised`` (what was
        given, as text, to reason).

    Warns
    -----
    MissingDataWarning
        Some values mean no region; the message names them.

    Examples
    --------
    >>> import pandas as pd
    >>> from spatialreg import regions
    >>> regions.normalise_codes(pd.Series([110000.0, "上海市", "４４０１"])).tolist()
    ['110000', '310000', '440100']
    """
    if not isinstance(series, pd.Series):
        raise InputError(
            f"normalise_codes takes a Series, not {type(series).__name__}: "
            "pass a column, or pd.Series(values)"
        )
    found, changed, unknown = resolve_all(series, None if names is None else name_index(names))
    result = pd.Series(found, index=series.index, dtype="str", name="code")
    result.attrs = {"changed": changed, "unrecognised": unknown}
    if unknown:
        told = some(f"{given!r}: {reason}" for given, reason in unknown.items())
        warnings.warn(
            MissingDataWarning(
                f"{len(unknown)} values mean no region of China and are NaN ({told}): mend them, "
                "or pass names= (names by code) where they are names"
            ),
            stacklevel=2,
        )
    return result


def resolve_all(
    values: Iterable[Any], names: NameIndex | None
) -> tuple[list[str | None], dict[str, str], dict[str, str]]:
    """Resolve many values: codes or None, what was changed, and what was not recognised, why."""
    found: list[str | None] = []
    changed: dict[str, str] = {}
    unknown: dict[str, str] = {}
    memory: dict[tuple[type, Hashable], tuple[str | None, str]] = {}
    for value in values:
        key = (type(value), value)
        if key not in memory:
            memory[key] = resolve(value, names)
        code, reason = memory[key]
        found.append(code)
        if code is None:
            unknown[str(value)] = reason
        elif str(value) != code:
            changed[str(value)] = code
    return found, changed, unknown


def resolve(value: Any, names: NameIndex | None) -> tuple[str | None, str]:
    """Give (code, "") or (None, why not)."""
    text = tidy_code(value)
    if text is None:
        return None, "missing"
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        return _by_name(text, names)
    digits = text
    if len(digits) == 9 and digits.startswith("156"):
        digits = digits[3:]
    elif len(digits) in (9, 12):
        if digits[6:].strip("0"):
            return None, "a unit below the county"
        digits = digits[:6]
    elif len(digits) in (2, 4):
        digits = digits.ljust(6, "0")
    if len(digits) != 6 or "." in digits:
        return None, "a code has 2, 4, 6, 9 or 12 digits"
    if digits == "100000":
        return None, "the country as a whole"
    if digits[:2] not in PROVINCES:
        return None, f"there is no province {digits[:2]}"
    return digits, ""


def _by_name(text: str, names: NameIndex | None) -> tuple[str | None, str]:
    """Look a name up: full among `names`, then without its ending, then among the provinces.

    A short name can be a province's and a county's (海南); then it is nobody's, unless both are
    the same municipality.
    """
    key = squeeze(text).casefold()
    province = province_index().get(key, [])
    full = names.full.get(key, []) if names else []
    bare = names.bare.get(key, []) if names else []
    codes = full or bare or province
    if not full and bare and province and province[0] not in bare:
        same = len(bare) == 1 and bare[0][:2] == province[0][:2] and bare[0][:2] in MUNICIPALITIES
        codes = bare if same else [*province, *bare]
    if len(codes) == 1:
        return codes[0], ""
    if codes:
        return None, f"{len(codes)} regions bear this name ({some(codes)})"
    return None, "neither a code nor a known name"


def is_adcode(code: Any) -> bool:
    """Say whether `code` is the text of six digits that begin with a province of China.

    Examples
    --------
    >>> from spatialreg import regions
    >>> regions.is_adcode("440103"), regions.is_adcode("01")
    (True, False)
    """
    return (
        isinstance(code, str)
        and len(code) == 6
        and code.isascii()
        and code.isdigit()
        and code[:2] in PROVINCES
    )


def holds_adcodes(codes: Iterable[Any]) -> bool:
    """Say whether most of `codes` (nine in ten) are six-digit adcodes.

    Maps of China carry a feature or two without a code of its own (the line of the South China
    Sea), which does not make them maps of another country.
    """
    listed = list(codes)
    return bool(listed) and sum(map(is_adcode, listed)) >= 0.9 * len(listed)


def level_of(code: str) -> str:
    """Give the level that an adcode is written at: province, prefecture or county.

    Examples
    --------
    >>> from spatialreg import regions
    >>> regions.level_of("440000"), regions.level_of("440100"), regions.level_of("440103")
    ('province', 'prefecture', 'county')
    """
    if not is_adcode(code):
        raise InputError(f"{code!r} is no six-digit code of a region of China")
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"

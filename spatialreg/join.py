"""Tables onto regions: which rows match, which do not, and what those may be.

Codes are compared as text. Where the regions carry adcodes, the codes of the table are brought to
six digits first, and names are looked up. What stays unmatched gets a suggestion: the region of the
same name under another code, of a similar name nearby, or the free code next to it.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from ._align import require_columns, require_one_of, require_unique, some
from ._results import JoinReport
from .errors import InputError, JoinError, MissingDataWarning
from .regions import CODE_COLUMNS, NAME_COLUMNS, holds_adcodes, tidy_code
from .regions._codes import resolve_all
from .regions._names import name_index
from .regions._suggest import Unmatched, suggest

VALIDATE = ("1:1", "1:m", "m:1")


def check_join(
    regions: gpd.GeoDataFrame, table: pd.DataFrame, *, on: str | None = None
) -> JoinReport:
    """Say which regions and rows would match, without joining them.

    Parameters
    ----------
    regions : GeoDataFrame or DataFrame
        Indexed by code; a column ``name`` helps to suggest.
    table : DataFrame
        One row a region, or a panel on (``code``, ``year``), in which a region has a row a year.
    on : str, optional
        The column of the table with codes or names. Where it is not given: an index that is named,
        the one column with a usual name of codes, or an index of which a code is among the regions.

    Returns
    -------
    JoinReport
        matched, regions_only, table_only and duplicates (codes, sorted), suggestions for the rows
        that do not match, and the codes that were changed on the way.

    Raises
    ------
    InputError
        There is no such column, or several could be the codes.
    AlignmentError
        The regions hold a code twice.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> regions = pd.DataFrame({"name": ["密云区", "延庆区"]}, index=["110118", "110119"])
    >>> table = pd.DataFrame({"code": [110228, 110119.0], "name": ["密云县", "延庆区"]})
    >>> sr.check_join(regions, table).suggestions[["code", "suggestion", "reason"]].values.tolist()
    [['110228', '110118', 'the same name under another code']]
    """
    keys = _keys(regions, table, on)
    return _report(regions, keys)


def join_table(
    regions: gpd.GeoDataFrame, table: pd.DataFrame, *, on: str | None = None, validate: str = "1:1"
) -> gpd.GeoDataFrame:
    """Join a table to regions by code; every region stays.

    Parameters
    ----------
    regions : GeoDataFrame or DataFrame
        Indexed by code.
    table : DataFrame
    on : str, optional
        The column of the table with codes or names, found as in :func:`check_join`. For ``"m:1"``
        it is needed, and is a column of the regions.
    validate : {"1:1", "1:m", "m:1"}
        ``"1:1"``: a region has at most one row. ``"1:m"``: a region may have several (a long
        table); the result has a row for each, with the geometry again, on (``code``, ``year``) if
        the table is a panel. ``"m:1"``: several regions share a row (figures of the province for
        each of its counties): the regions' column `on` is looked up in the table's column of that
        name or, where it has none, in its index.

    Returns
    -------
    GeoDataFrame
        The regions in their order, their columns, then the table's; NaN where a region has no row.
        A column ``name`` or ``level`` that both have comes from the regions, and the table's is
        kept as ``name_table`` or ``level_table``.

    Raises
    ------
    JoinError
        A code stands in the table more often than `validate` allows, nothing matches, or both have
        a column of one name.

    Warns
    -----
    MissingDataWarning
        Rows of the table match no region; the message names them.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> regions = pd.DataFrame({"name": ["北京市", "天津市"]}, index=["110000", "120000"])
    >>> sr.join_table(regions, pd.DataFrame({"code": ["12"], "gdp": [1.5]}))["gdp"].tolist()
    [nan, 1.5]
    """
    require_one_of(validate, VALIDATE, "validate")
    if validate == "m:1":
        return _join_shared(regions, table, on)
    keys = _keys(regions, table, on)
    report = _report(regions, keys)
    if keys.panel and validate == "1:1":
        raise JoinError(
            "the table is a panel on (code, year), with a row a year: take one year "
            "(panel.xs(2019, level='year')), or say validate='1:m' for a row a region and year"
        )
    if len(report.duplicates) and (keys.panel or validate == "1:1"):
        raise JoinError(_twice(keys, report.duplicates))
    if len(table) and not len(report.matched):
        raise JoinError(
            f"none of the {len(table)} rows ({some(map(repr, keys.given.unique()))}) is among the "
            f"{len(regions)} regions ({some(regions.index)}): look at check_join(), or name the "
            "column of codes with on="
        )
    _warn_lost(keys, report)
    columns = table.drop(columns=[keys.column] if keys.column else [])
    columns = _apart(regions, columns)
    columns.index = pd.Index(keys.codes, dtype="str", name="code")
    if not keys.panel:
        joined = regions.join(columns.loc[columns.index.isin(regions.index)], how="left")
        return joined.rename_axis(regions.index.name)
    long = columns.assign(year=keys.years).loc[columns.index.isin(regions.index)]
    long = long.sort_values("year", kind="stable")
    joined = regions.join(long, how="left").rename_axis("code")
    joined["year"] = joined["year"].astype("Int64" if joined["year"].hasnans else "int64")
    return joined.set_index("year", append=True)


class _Keys(NamedTuple):
    """The codes of the table's rows: as given, as compared, with the names beside them."""

    given: pd.Series
    codes: pd.Series
    names: pd.Series | None
    changed: dict[str, str]
    unknown: dict[str, str]
    column: str | None
    years: list[int] | None

    @property
    def panel(self) -> bool:
        return self.years is not None


def _keys(regions: pd.DataFrame, table: pd.DataFrame, on: str | None) -> _Keys:
    _require_frames(regions, table)
    panel = "year" in table.index.names and "code" in table.index.names and on is None
    years = table.index.get_level_values("year").tolist() if panel else None
    column = None if panel else _key_column(regions, table, on)
    if panel:
        given = table.index.get_level_values("code").to_series()
    else:
        given = table.index.to_series() if column is None else table[column]
    given = given.reset_index(drop=True)
    called = next(
        (c for usual in NAME_COLUMNS for c in table.columns if str(c).strip().lower() == usual),
        None,
    )
    names = table[called].reset_index(drop=True) if called is not None else None
    if names is None and column is not None and column == called:
        names = given
    if not holds_adcodes(regions.index):
        texts = [tidy_code(value) for value in given]
        changed = {
            str(value): text
            for value, text in zip(given, texts, strict=True)
            if text is not None and isinstance(value, str) and value != text
        }
        return _Keys(given, pd.Series(texts, dtype="str"), names, changed, {}, column, years)
    index = name_index(regions["name"]) if "name" in regions.columns else None
    found, changed, unknown = resolve_all(given, index)
    texts = [
        code if code is not None else tidy_code(value)
        for code, value in zip(found, given, strict=True)
    ]
    return _Keys(given, pd.Series(texts, dtype="str"), names, changed, unknown, column, years)


def _require_frames(regions: pd.DataFrame, table: pd.DataFrame) -> None:
    for frame, what in ((regions, "regions"), (table, "the table")):
        if not isinstance(frame, pd.DataFrame):
            raise InputError(f"{what} must be a DataFrame, not {type(frame).__name__}")
    if isinstance(regions.index, pd.MultiIndex):
        raise InputError("regions must be indexed by code alone: a panel goes in as the table")
    wrong = [label for label in regions.index if not isinstance(label, str)]
    if wrong:
        raise InputError(
            f"regions must be indexed by code, as text; the index holds {some(map(repr, wrong))}: "
            "read them with read_regions(), or set_index() the column of codes"
        )
    require_unique(regions.index, "the index of the regions")


def _key_column(regions: pd.DataFrame, table: pd.DataFrame, on: str | None) -> str | None:
    """Find the column of codes in the table; None is its index."""
    if on is not None:
        if on in table.index.names and on not in table.columns:
            return None
        require_columns(table, [on], "the table")
        return on
    if isinstance(table.index, pd.MultiIndex):
        raise InputError(
            f"the table has an index of {table.index.nlevels} levels "
            f"({some(table.index.names)}): make it a panel with to_panel(), or name a column with "
            "on="
        )
    if table.index.name is not None:
        return None
    usual = [column for column in table.columns if str(column).strip().lower() in CODE_COLUMNS]
    if len(usual) == 1:
        return str(usual[0])
    if usual:
        raise InputError(
            f"the table has {len(usual)} columns that could be the codes "
            f"({some(map(repr, usual))}): choose one with on="
        )
    if pd.Index([tidy_code(value) for value in table.index]).isin(regions.index).any():
        return None
    raise InputError(
        "the table has no column with a usual name of codes; its columns are "
        f"{some(map(repr, table.columns), 12)}: choose one with on="
    )


def _report(regions: pd.DataFrame, keys: _Keys) -> JoinReport:
    present = keys.codes.dropna()
    codes = pd.Index(sorted(present.unique()), dtype="str", name="code")
    mine = pd.Index(sorted(map(str, regions.index)), dtype="str", name="code")
    pairs = present.to_frame("code").assign(year=keys.years if keys.panel else 0)
    twice = pairs.loc[pairs.duplicated(), "code"].unique()
    matched = mine[mine.isin(codes)]
    table_only = codes[~codes.isin(mine)]
    regions_only = mine[~mine.isin(codes)]
    rows = _unmatched(keys, table_only)
    names = regions["name"] if "name" in regions.columns else None
    changed = sorted(keys.changed.items())
    return JoinReport(
        matched=matched,
        regions_only=regions_only,
        table_only=table_only,
        duplicates=pd.Index(sorted(twice), dtype="str", name="code"),
        suggestions=suggest(rows, names, regions_only, mine),
        normalised=pd.DataFrame(changed, columns=["given", "code"], dtype="str"),
    )


def _unmatched(keys: _Keys, table_only: pd.Index) -> list[Unmatched]:
    """Give each unmatched code once, with a name where the table has one, and rows without."""
    rows: dict[tuple[str, str], Unmatched] = {}
    wanted = set(table_only)
    for place, code in enumerate(keys.codes):
        missing = not isinstance(code, str)
        if not missing and code not in wanted:
            continue
        name = keys.names.iloc[place] if keys.names is not None else None
        name = name if isinstance(name, str) else ""
        why = keys.unknown.get(str(keys.given.iloc[place]), "missing" if missing else "")
        key = ("", name) if missing else (code, "")
        # of several rows with one code (a panel) the first name in order speaks, in any order
        if key not in rows or name < rows[key].name:
            rows[key] = Unmatched("" if missing else code, name, why)
    return [rows[key] for key in sorted(rows)]


def _twice(keys: _Keys, duplicates: pd.Index) -> str:
    told = []
    for code in duplicates:
        given = sorted(set(keys.given[keys.codes == code].map(repr)))
        told.append(code if given == [repr(code)] else f"{code}, given as {' and '.join(given)}")
    way = "" if keys.panel else ", or say validate='1:m' to have every row"
    return (
        f"the table has {len(duplicates)} codes more than once{' in a year' if keys.panel else ''} "
        f"({some(told)}): keep one row a region{way}"
    )


def _warn_lost(keys: _Keys, report: JoinReport) -> None:
    """Warn of rows that match no region: by name where there is one."""
    lost = report.suggestions
    if lost.empty:
        return
    codes = lost["code"].fillna("without a code")
    told = some((codes + " " + lost["name"].fillna("")).str.strip())
    count = int((~keys.codes.isin(report.matched)).sum())
    warnings.warn(
        MissingDataWarning(
            f"{count} rows of the table match no region and are left out ({told}); "
            f"{len(report.regions_only)} regions have no row: check_join() suggests what they are"
        ),
        stacklevel=3,
    )


def _apart(regions: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Keep columns of one name apart: names and levels are renamed, anything else raises."""
    both = [column for column in table.columns if column in regions.columns]
    kept = {column: f"{column}_table" for column in both if column in ("name", "level")}
    clash = [column for column in both if column not in kept]
    clash += [new for new in kept.values() if new in regions.columns or new in table.columns]
    if clash:
        raise JoinError(
            f"regions and table both have columns {some(map(repr, clash))}: rename or drop them "
            "on one side"
        )
    return table.rename(columns=kept)


def _join_shared(regions: pd.DataFrame, table: pd.DataFrame, on: str | None) -> gpd.GeoDataFrame:
    """Join one row of the table to each of the regions that name it in their column `on`."""
    _require_frames(regions, table)
    if on is None:
        raise InputError("validate='m:1' needs on=: the column of the regions that names the row")
    require_columns(regions, [on], "the frame of regions")
    rows = table.set_index(on) if on in table.columns else table
    texts = pd.Index([tidy_code(value) for value in rows.index], dtype="str")
    twice = texts[texts.duplicated()].unique()
    if len(twice):
        raise JoinError(
            f"the table has {len(twice)} keys more than once ({some(twice)}): with "
            "validate='m:1' it holds one row a key"
        )
    wanted = pd.Index([tidy_code(value) for value in regions[on]], dtype="str")
    if len(texts) and not texts.isin(wanted).any():
        raise JoinError(
            f"none of the {len(texts)} keys of the table ({some(texts)}) is in the column {on!r} "
            f"of the regions ({some(wanted.unique())})"
        )
    lost = texts[~texts.isin(wanted)]
    if len(lost):
        warnings.warn(
            MissingDataWarning(
                f"{len(lost)} rows of the table match no region and are left out ({some(lost)}): "
                f"the regions name others in {on!r}"
            ),
            stacklevel=3,
        )
    columns = _apart(regions, rows).set_axis(texts).reindex(wanted)
    columns.index = regions.index
    return regions.join(columns)

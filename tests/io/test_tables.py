"""Tables: encodings, delimiters, printed pages, numbers, panels, and every message."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.errors import InputError, MissingDataWarning, RepairWarning

PLAIN = "代码,名称,人口\n110101,东城区,708829\n110102,西城区,1106214\n"


def written(folder, text, name="table.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings_are_found(tmp_path, encoding, said):
    table = sr.read_table(written(tmp_path, PLAIN, encoding=encoding))
    assert table.attrs["encoding"] == said
    assert table["名称"].tolist() == ["东城区", "西城区"]
    assert table["代码"].tolist() == ["110101", "110102"]
    assert table["人口"].dtype == np.int64


def test_bytes_that_fit_utf8_by_accident(tmp_path):
    # 省 is CA A1 in GB18030, which UTF-8 reads as the letter ʡ
    table = sr.read_table(written(tmp_path, "省,y\na,1\n", encoding="gb18030"))
    assert table.columns.tolist() == ["省", "y"]
    assert table.attrs["encoding"] == "gb18030"
    # words of the West, and Hawaii's mark, stay UTF-8 although their bytes are Chinese too
    for word in ("São", "Hawaiʻi", "Ελλάδα", "Ōsaka", "50°"):
        assert sr.read_table(written(tmp_path, f"{word},y\na,1\n")).columns[0] == word


def test_an_encoding_that_is_given_is_used(tmp_path):
    path = written(tmp_path, "code,name\n1,São Paulo\n2,Goiás Velho\n", encoding="cp1252")
    path.read_bytes().decode("gb18030")
    # read as GB18030 these bytes would pass, as characters that nobody writes
    with pytest.raises(InputError, match=r"neither in UTF-8 nor in GB18030: give its encoding="):
        sr.read_table(path)
    assert sr.read_table(path, encoding="cp1252")["name"].tolist() == ["São Paulo", "Goiás Velho"]
    with pytest.raises(InputError, match="is not in the encoding 'ascii'"):
        sr.read_table(path, encoding="ascii")


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_delimiters_are_found(tmp_path, mark):
    table = sr.read_table(written(tmp_path, PLAIN.replace(",", mark), name="table.txt"))
    assert table.shape == (2, 3)
    assert table.attrs["delimiter"] == mark


# the page of a yearbook: title, unit, repeated header, notes, source
PAGE = """表1-1  2019年各区人口,,
,,单位：万人
代码,地区,人口
,(名称),(万人)
110101,东城区,"1,070.8"
110102,西城区,…

代码,地区,人口
110105,朝阳区,３４５.２
110106,丰台区,-
续表1-1,,
110107,石景山区,
注：1. 人口为常住人口，含未登记人口
2. 数据为快报数,,
数据来源：统计局,内部资料,2020
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_printed_page_gives_its_table_and_the_account(tmp_path, encoding):
    table = sr.read_table(written(tmp_path, PAGE, encoding=encoding), code="代码")
    assert table.index.tolist() == ["110101", "110102", "110105", "110106", "110107"]
    expected = [1070.8, np.nan, 345.2, np.nan, np.nan]
    np.testing.assert_array_equal(table["人口"], expected)
    account = [(entry["row"], entry["reason"]) for entry in table.attrs["dropped_rows"]]
    assert account == [
        (1, "above the header"),
        (2, "above the header"),
        (4, "units"),
        (7, "blank"),
        (8, "header repeated"),
        (11, "note"),
        (13, "note"),
        (14, "note"),
        (15, "note"),
    ]
    assert table.attrs["header_row"] == 3
    # no row is lost without a word: header, data and what was left out are all there is
    assert table.attrs["rows_read"] == 1 + table.attrs["rows_kept"] + len(account)
    assert "统计局" in table.attrs["dropped_rows"][-1]["text"]


def test_rows_with_nothing_but_a_code_are_data(tmp_path):
    table = sr.read_table(written(tmp_path, "name,y\n北京市,1\n天津市,\n河北省,\n"))
    assert table["name"].tolist() == ["北京市", "天津市", "河北省"]
    assert table.attrs["dropped_rows"] == []


def test_one_column_is_a_table(tmp_path):
    assert sr.read_table(written(tmp_path, "y\n1\n2\n"))["y"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234.5", "12", "-3"], [1234.5, 12.0, -3.0]),
        (["1 234", "１，２３４", "5"], [1234, 1234, 5]),
        (["-", "—", "…", "...", "……", "", "NA", "7"], [*[np.nan] * 7, 7.0]),
        (["−1.5", "1e3", "+2"], [-1.5, 1000.0, 2.0]),
        (["", "-"], [np.nan, np.nan]),
    ],
)
def test_numbers_as_they_are_printed(tmp_path, cells, values):
    lines = "".join(f'r{number},"{cell}"\n' for number, cell in enumerate(cells))
    table = sr.read_table(written(tmp_path, "region,y\n" + lines))
    np.testing.assert_array_equal(table["y"], values)


def test_decimal_commas_come_with_semicolons(tmp_path):
    text = "region;a;b\nx;1,5;1.234,5\ny;2,25;1,234\n"
    table = sr.read_table(written(tmp_path, text))
    assert table["a"].tolist() == [1.5, 2.25]
    assert table["b"].tolist() == [1234.5, 1.234]
    # without a cell that shows it, commas separate thousands
    table = sr.read_table(written(tmp_path, "region;a\nx;1,500\ny;2,250\n"))
    assert table["a"].tolist() == [1500, 2250]


def test_leading_zeros_and_codes_stay_text(tmp_path):
    table = sr.read_table(written(tmp_path, "GEOID,zip,y\n01001,00501,1\n06037,90001,2\n"))
    assert table["GEOID"].tolist() == ["01001", "06037"]
    assert table["zip"].tolist() == ["00501", "90001"]
    table = sr.read_table(written(tmp_path, "k,adcode\na,110000.0\nb,１２００００\nc,\n"))
    assert table["adcode"].tolist()[:2] == ["110000", "120000"]
    assert table["adcode"].isna().tolist() == [False, False, True]


def test_a_column_of_numbers_with_words_says_so(tmp_path):
    path = written(tmp_path, "r,y\na,1\nb,2\nc,about 3\n")
    with pytest.warns(MissingDataWarning, match="'y' stays text.*'about 3' in row 4.*to_numeric"):
        table = sr.read_table(path)
    assert table["y"].tolist() == ["1", "2", "about 3"]


def test_columns_without_a_name_are_named(tmp_path):
    path = written(tmp_path, "r,y,,y\na,1,2,3\nb,4,5,6\n")
    with pytest.warns(RepairWarning, match="column 3 .'*. as 'unnamed_3', column 4 .'y'. as 'y_2'"):
        table = sr.read_table(path)
    assert table.columns.tolist() == ["r", "y", "unnamed_3", "y_2"]
    assert table["y_2"].tolist() == [3, 6]


def test_rows_without_a_code_are_left_out_and_named(tmp_path):
    path = written(tmp_path, "代码,地区,y\n,全国,10\n110000,北京市,1\n")
    with pytest.warns(MissingDataWarning, match="1 rows have no code.*row 2: 全国 | 10"):
        table = sr.read_table(path, code="代码")
    assert table.index.tolist() == ["110000"]
    assert table.attrs["dropped_rows"] == [{"row": 2, "reason": "no code", "text": "全国 | 10"}]


def test_long_panels(tmp_path):
    text = "代码,年份,y\n110000,2001年,2\n110000,2000年,1\n120000,2000年,3\n"
    table = sr.read_table(written(tmp_path, text), code="代码", year="年份")
    assert table.index.names == ["code", "year"]
    assert table["y"].to_dict() == {("110000", 2000): 1, ("110000", 2001): 2, ("120000", 2000): 3}
    # the code is found where only the year is named
    pd.testing.assert_frame_equal(sr.read_table(written(tmp_path, text), year="年份"), table)


def test_wide_panels_are_made_long_when_asked(tmp_path):
    text = "代码,地区,2019年,2020年\n110000,北京市,1,2\n120000,天津市,3,-\n"
    table = sr.read_table(written(tmp_path, text), code="代码", year="columns")
    assert table.loc[("110000", 2020), "value"] == 2
    assert np.isnan(table.loc[("120000", 2020), "value"])
    assert table.loc[("120000", 2019), "地区"] == "天津市"
    assert len(table) == 4
    # otherwise a column named by a year is a column
    assert "2019年" in sr.read_table(written(tmp_path, text)).columns


def test_wide_panels_of_several_measures(tmp_path):
    text = "code,gdp_2019,gdp_2020,pop_2020,area_km2\n01,1,2,5,9\n"
    table = sr.read_table(written(tmp_path, text), code="code", year="columns")
    assert table.loc[("01", 2020), ["gdp", "pop", "area_km2"]].tolist() == [2, 5, 9]
    assert np.isnan(table.loc[("01", 2019), "pop"])


def workbook(path, sheets):
    with pd.ExcelWriter(path) as book:
        for name, rows in sheets.items():
            pd.DataFrame(rows).to_excel(book, sheet_name=name, header=False, index=False)
    return path


SHEET = [
    ["表1 人口", None, None],
    ["代码", "名称", "人口"],
    [110101.0, "东城区", 70.5],
    [110102.0, "西城区", None],
    ["注：快报", None, None],
]


def test_workbooks(tmp_path):
    path = workbook(tmp_path / "t.xlsx", {"data": SHEET, "empty": []})
    table = sr.read_table(path, code="代码")
    assert table.index.tolist() == ["110101", "110102"]
    assert table["人口"].iloc[0] == 70.5
    assert np.isnan(table["人口"].iloc[1])
    assert table.attrs["sheet"] == "data"
    assert [entry["reason"] for entry in table.attrs["dropped_rows"]] == [
        "above the header",
        "note",
    ]


def test_sheets_are_chosen(tmp_path):
    path = workbook(tmp_path / "t.xlsx", {"a": SHEET, "b": [["k", "y"], ["x", 1]]})
    with pytest.raises(InputError, match=r"2 sheets with data .'a', 'b'.: choose one with sheet="):
        sr.read_table(path)
    assert sr.read_table(path, sheet="b")["y"].tolist() == [1]
    assert sr.read_table(path, sheet=1)["y"].tolist() == [1]
    with pytest.raises(InputError, match="no sheet 'c'; it has 'a', 'b'"):
        sr.read_table(path, sheet="c")
    with pytest.raises(InputError, match="2 sheets, counted from 0, no sheet 2"):
        sr.read_table(path, sheet=2)


def test_parquet_and_frames(tmp_path):
    frame = pd.DataFrame({"code": ["01", "02"], "y": [1.0, np.nan]})
    frame.to_parquet(tmp_path / "t.parquet")
    table = sr.read_table(tmp_path / "t.parquet", code="code")
    assert table.index.tolist() == ["01", "02"]
    given = pd.DataFrame({"adcode": [110000.0, 120000.0], "y": ["1,000", "…"]})
    before = given.copy()
    table = sr.read_table(given, code="adcode")
    pd.testing.assert_frame_equal(given, before)
    assert table.loc["110000", "y"] == 1000
    # a panel that was written with its index comes back as it was
    panel = sr.to_panel(pd.DataFrame({"code": ["01"], "year": [2000], "y": [1.0]}))
    panel.to_parquet(tmp_path / "p.parquet")
    back = sr.read_table(tmp_path / "p.parquet", year="year")
    pd.testing.assert_frame_equal(back, panel)


def test_the_order_of_rows_does_not_matter(tmp_path):
    lines = PLAIN.splitlines(keepends=True)
    mixed = "".join([lines[0], *lines[:0:-1]])
    one = sr.read_table(written(tmp_path, PLAIN), code="代码")
    two = sr.read_table(written(tmp_path, mixed), code="代码")
    pd.testing.assert_frame_equal(two.loc[one.index], one)


@pytest.mark.parametrize(
    ("text", "name", "options", "message"),
    [
        ("", "t.csv", {}, "holds no table"),
        ("\n\n注：无\n", "t.csv", {}, "holds no table"),
        ("110101,1\n110102,2\n", "t.csv", {}, "has no header: .*begins with the code 110101"),
        ("r,y\na,1,234\nb,2\nc,3\n", "t.csv", {}, "more cells than the 2 .*row 2.: quote"),
        ('r,y\na,"1\nb,2\n', "t.csv", {}, "no well-formed delimited text"),
        (PLAIN, "t.doc", {}, "is no table that can be read"),
        (PLAIN, "t.csv", {"sheet": 0}, "sheet= is for workbooks"),
        (PLAIN, "t.xlsx", {"encoding": "gbk"}, "encoding= is for delimited text"),
        (PLAIN, "t.xlsx", {}, "is no workbook that can be read"),
        (PLAIN, "t.csv", {"code": "id"}, "has no column 'id'; its columns are '代码'"),
        ("r,year\na,2000\n", "t.csv", {"year": "year"}, "no column with a usual name of codes"),
        (
            "code,adcode,year\n1,2,2000\n",
            "t.csv",
            {"year": "year"},
            "2 columns that could be the codes .'code', 'adcode'.: name it with code=",
        ),
        (PLAIN, "t.csv", {"code": "代码", "year": "columns"}, "no column named by a year"),
        ("code,columns\n1,2\n", "t.csv", {"code": "code", "year": "columns"}, "a column 'columns'"),
        (
            "code,2019,2019年\n1,2,3\n",
            "t.csv",
            {"code": "code", "year": "columns"},
            "two columns for 2019 .'2019', '2019年'.",
        ),
        (
            "code,value,2019\n1,2,3\n",
            "t.csv",
            {"code": "code", "year": "columns"},
            "has columns 'value', which the long form needs",
        ),
        (
            "code,year,y\n1,2000,3\n1,2000,4\n",
            "t.csv",
            {"code": "code", "year": "year"},
            "pairs of code and year stand more than once",
        ),
        (
            "code,year,y\n1,first,3\n",
            "t.csv",
            {"code": "code", "year": "year"},
            "must hold whole years",
        ),
    ],
)
def test_messages(tmp_path, text, name, options, message):
    with pytest.raises(InputError, match=message):
        sr.read_table(written(tmp_path, text, name=name), **options)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        sr.read_table(tmp_path / "none.csv")


def test_a_published_file_in_gb18030(reference):
    # 31 provinces x 20 years, as the file says
    table = sr.read_table(
        reference / "retail_price_indices_gb18030.csv", code="省份编码", year="年份"
    )
    assert table.attrs["encoding"] == "gb18030"
    assert len(table) == 31 * 20
    # its first line: Beijing, 2019, 100.46890737
    assert table.loc[("110000", 2019), "商品零售价格指数(上年=100)"] == 100.46890737

"""Workbooks and CSV files: read as documented, or refused with one sentence."""

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from dalian_coop.documents.packages import MAX_COLUMNS, MAX_ROWS
from dalian_coop.documents.reading import iso_date, read_csv, read_table, read_workbook
from dalian_coop.documents.refusals import SENTENCES, RefusedFile
from dalian_coop.documents.sheets import CellError, column_letter
from tests.dalian_coop.documents import bad_files

GOOD = bad_files.workbook([["序号", "重点任务"], ["1.1.1", "㐂𠮷 한글"]])
SHEET = "xl/worksheets/sheet1.xml"
START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def refusal(data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(RefusedFile) as refused:
        read_table(data, name)
    assert refused.value.codes == {"file": [refused.value.code]}
    return refused.value.code


def test_plain_workbook_gives_its_values():
    [sheet] = read_workbook(GOOD)
    assert sheet.name == "Sheet1"
    assert [row.values for row in sheet.rows] == [("序号", "重点任务"), ("1.1.1", "㐂𠮷 한글")]
    assert [row.number for row in sheet.rows] == [1, 2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 not a workbook", "not_a_workbook"),
        ("序号,重点任务".encode(), "not_a_workbook"),
        (b"<html><table></table></html>", "not_a_workbook"),
        (b"PK\x03\x04 cut off", "broken"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (bad_files.ole("EncryptedPackage"), "encrypted"),
        (bad_files.ole("Workbook"), "old_workbook"),
        (bad_files.zip_encrypted(), "encrypted"),
        (bad_files.workbook([]), "empty"),
        (bad_files.workbook([[], ["", None]]), "empty"),
        (bad_files.with_dtd(), "has_dtd"),
        (bad_files.with_dtd("[Content_Types].xml"), "has_dtd"),
        (bad_files.with_dtd(SHEET), "has_dtd"),
        (bad_files.with_dtd("docProps/app.xml"), "has_dtd"),
        (bad_files.with_dtd("xl/workbook.xml", "utf-16"), "has_dtd"),
        (bad_files.repacked(GOOD, add={"xl/other.txt": b"<!doctype html>"}), "has_dtd"),
        (bad_files.repacked(GOOD, replace={SHEET: b"<worksheet><sheetData>"}), "broken"),
        (bad_files.repacked(GOOD, replace={"xl/workbook.xml": b"<workbook/>"}), "empty"),
        (bad_files.repacked(GOOD, replace={SHEET: START + b'<row><c t="s"><v>99</v></c></row>' + END}), "broken"),
        (bad_files.repacked(GOOD, replace={SHEET: START + b"<row><c><v>x</v></c></row>" + END}), "broken"),
        (bad_files.repacked(GOOD, replace={SHEET: START + b'<row r="1"><c r="!"><v>1</v></c></row>' + END}), "broken"),
        (bad_files.repacked(GOOD, replace={SHEET: b"<a>" * 100_000}), "broken"),
    ],
)  # fmt: skip
def test_bad_file_is_refused_with_one_sentence(data, code):
    assert refusal(data) == code


def test_a_zip_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(target.getvalue()) == "not_a_workbook"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bad_files.bomb_of_300_mb, "too_large_unpacked"),
        (bad_files.bomb_that_lies, "broken"),
        (bad_files.ten_thousand_entries, "too_many_entries"),
    ],
)
def test_bombs_are_refused_within_a_second_and_in_little_memory(make, code):
    data = make()
    start = time.thread_time()
    assert refusal(data) == code
    assert time.thread_time() - start < 1
    tracemalloc.start()
    try:
        assert refusal(data) == code
        assert tracemalloc.get_traced_memory()[1] < 60 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_an_upload_over_ten_megabytes_is_refused():
    assert refusal(b"PK\x03\x04" + bytes(10 * 1024 * 1024)) == "too_large"
    assert refusal(b"a," * (6 * 1024 * 1024), "a.csv") == "too_large"


def test_rows_that_lie_about_their_place_do_not_fill_memory():
    far = START + b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>' + END
    wide = START + b'<row r="1"><c r="XFD1"><v>1</v></c></row>' + END
    many = START + b"".join(b'<row r="1" s="%d"/>' % (n * n % 9973) for n in range(1_100_000)) + END
    assert refusal(bad_files.repacked(GOOD, replace={SHEET: far})) == "too_many_rows"
    assert refusal(bad_files.repacked(GOOD, replace={SHEET: wide})) == "too_many_columns"
    assert refusal(bad_files.repacked(GOOD, replace={SHEET: many})) == "broken"


def test_a_false_dimension_and_empty_formatted_cells_are_ignored():
    sheet = (
        START.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
        + b'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576" s="1"><c r="XFD1048576" s="0"/></row>'
        + END
    )
    [read] = read_workbook(bad_files.repacked(GOOD, replace={SHEET: sheet}))
    assert [row.values for row in read.rows] == [(7,)]


def test_row_and_column_limits_are_the_documented_ones():
    assert len(read_workbook(bad_files.workbook([["x"]] * MAX_ROWS))[0].rows) == MAX_ROWS
    assert refusal(bad_files.workbook([["x"]] * (MAX_ROWS + 1))) == "too_many_rows"
    assert refusal(bad_files.workbook([["x"] * (MAX_COLUMNS + 1)])) == "too_many_columns"


def test_merged_cells_are_filled_down_and_dates_numbers_and_errors_kept():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "经贸合作"
    sheet.merge_cells("A1:A3")
    sheet["B1"], sheet["B2"], sheet["B3"] = date(2026, 2, 28), datetime(2026, 2, 28, 9, 30), "2026-02-28"
    sheet["C1"], sheet["C2"] = 2.5, "1.10"
    sheet["D1"] = "#REF!"
    sheet["D1"].data_type = "e"
    sheet["D2"] = "a_x000D_\r\nb"
    target = io.BytesIO()
    book.save(target)
    [read] = read_workbook(target.getvalue())
    assert [row[0] for row in read.rows] == ["经贸合作"] * 3
    assert [row[1] for row in read.rows] == [date(2026, 2, 28), datetime(2026, 2, 28, 9, 30), "2026-02-28"]
    assert (read.rows[0][2], read.rows[1][2]) == (2.5, "1.10")
    assert isinstance(read.rows[0][3], CellError)
    assert read.rows[1][3] == "a\nb"


def test_a_formula_is_read_as_its_last_computed_value():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.add_worksheet().write_formula("A1", "=1+1", None, 2)
    book.close()
    assert read_workbook(target.getvalue())[0].rows[0][0] == 2


def test_hidden_sheet_is_marked():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.create_sheet("b")["A1"] = 2
    book["b"].sheet_state = "veryHidden"
    target = io.BytesIO()
    book.save(target)
    assert [(s.name, s.hidden) for s in read_workbook(target.getvalue())] == [("Sheet", False), ("b", True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_an_accepted_encoding_keeps_every_character(encoding):
    sheet = read_csv("序号,重点任务\r\n1.1,㐂𠮷 한글 カタカナ\r\n".encode(encoding))
    assert [row.values for row in sheet.rows] == [("序号", "重点任务"), ("1.1", "㐂𠮷 한글 カタカナ")]


@pytest.mark.parametrize(
    "data",
    [
        "序号,重点任务".encode("utf-16"),
        "序号,重点任务".encode("utf-16-le"),
        "番号,重点ﾀｽｸ,カタカナ".encode("shift_jis"),
        b"\xff\xfe\xfd",
        b"\x81",
        b"a,b\x00c",
    ],
)
def test_csv_in_another_encoding_is_refused(data):
    assert refusal(data, "a.csv") == "bad_encoding"


def test_csv_separators_quotes_and_damage():
    assert read_csv(b"a\tb\n1\t2").rows[1].values == ("1", "2")
    assert read_csv(b"a;b\n1;2").rows[1].values == ("1", "2")
    assert read_csv(b'a,b\r\n"x\r\ny","say ""hi"""').rows[1].values == ("x\ny", 'say "hi"')
    assert refusal(b'a,b\n"x"y,2', "a.csv") == "broken_csv"
    assert refusal(b" \n\n", "a.csv") == "empty"
    assert refusal(b",\n,,\n", "a.csv") == "empty"
    assert refusal(b"x\n" * (MAX_ROWS + 1), "a.csv") == "too_many_rows"
    assert refusal(b"," * MAX_COLUMNS, "a.csv") == "too_many_columns"


def test_a_workbook_named_csv_is_read_as_a_workbook():
    assert read_table(GOOD, "misnamed.csv")[0].name == "Sheet1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-06-30", date(2026, 6, 30)),
        ("2026/6/30", date(2026, 6, 30)),
        ("2026.6.30", date(2026, 6, 30)),
        ("2026年6月30日", date(2026, 6, 30)),
        (datetime(2026, 6, 30, 15), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        ("2026-02-29", None),
        ("2028-02-29", date(2028, 2, 29)),
        ("2026-6/30", None),
        ("2026年6月", None),
        ("6/30/2026", None),
        ("２０２６-06-30", None),
        (46203, None),
        (None, None),
        ("", None),
        (True, None),
    ],
)
def test_only_plain_dates_are_dates(value, expected):
    assert iso_date(value) == expected


def test_header_is_found_by_name_below_title_rows():
    sheet = read_workbook(bad_files.workbook([["题目"], [], ["序 号", "重点\n任务", "序号"], ["1", "a"]]))[0]
    row, columns = sheet.header({"序号", "重点任务"})
    assert (row.number, columns) == (3, {"序号": 0, "重点任务": 1})
    assert sheet.header({"序号", "牵头单位"}) is None


def test_column_letters():
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_every_refusal_has_a_chinese_sentence():
    with translation.override("zh-hans"):
        for code, sentence in SENTENCES.items():
            assert any("\u4e00" <= c <= "\u9fff" for c in str(sentence)), code

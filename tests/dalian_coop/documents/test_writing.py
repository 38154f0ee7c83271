"""CSV and workbooks that open as what they are."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from dalian_coop.documents.reading import read_csv, read_workbook
from dalian_coop.documents.writing import (
    Column,
    Table,
    as_download,
    csv_lines,
    csv_response,
    guarded,
    safe_name,
    unguarded,
    write_workbook,
)

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "'=1", "''+1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_text_that_looks_like_a_formula_gets_an_apostrophe(text):
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "a=b", "1.1.1", "2026-06-30", "'quoted'", "经贸-合作", "㐂𠮷"])
def test_csv_plain_text_is_left_alone(text):
    assert guarded(text) == text == unguarded(text)


@given(st.text(alphabet=" '=+-@\t\r\n＝a1经", max_size=8))
def test_csv_guard_can_always_be_undone(text):
    assert unguarded(guarded(text)) == text


def test_csv_has_mark_crlf_quotes_and_numbers_stay_numbers():
    text = "".join(csv_lines(["序号", "=x"], [["1.1", -2.5], [None, Decimal("-3.10")], ['a,"b"\n', date(2026, 1, 2)]]))
    assert text == '\ufeff序号,\'=x\r\n1.1,-2.5\r\n,-3.10\r\n"a,""b""\n",2026-01-02\r\n'


def test_csv_round_trip_of_rare_characters_and_dangerous_text():
    values = ["㐂𠮷", "한글", "カタカナ", *[t for t in DANGEROUS if "\r" not in t]]
    lines = csv_lines(["a"], [[v] for v in values])
    assert [row[0] for row in read_csv("".join(lines).encode()).rows[1:]] == values


def test_csv_response_is_streamed_as_a_download():
    response = csv_response("任务书.csv", ["a"], ([n] for n in range(3)))
    assert response.streaming
    assert b"".join(response.streaming_content).decode("utf-8-sig").splitlines() == ["a", "0", "1", "2"]
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E4%BB%BB%E5%8A%A1%E4%B9%A6.csv"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("任务书（示例）", "任务书（示例）.csv"),
        ("../../etc/passwd", "etc passwd.csv"),
        ('a"\r\nSet-Cookie: x', "a Set-Cookie  x.csv"),
        ("abc\u202etxt", "abc txt.csv"),
        ("", "export.csv"),
        ("...", "export.csv"),
        ("长" * 300, "长" * 120 + ".csv"),
    ],
)
def test_file_names_are_only_names(stem, expected):
    name = safe_name(stem, "csv")
    assert name == expected
    assert "\n" not in as_download(HttpResponse(), name)["Content-Disposition"]


def written(rows, columns=4, merged=0) -> bytes:
    target = io.BytesIO()
    titles = [Column(f"c{n}", kind="date" if n == 3 else "text") for n in range(columns)]
    write_workbook(target, [Table("表", "题目", "说明", titles, rows, merged=merged)])
    return target.getvalue()


def test_workbook_cells_are_never_formulas_or_links():
    hostile = [*DANGEROUS, "http://example.org", "{=1}", "_x0041_", "a\nb"]
    data = written([[text, "", None, None] for text in hostile])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"<f " not in sheet and b"hyperlink" not in sheet
    read = [row[0] for row in read_workbook(data)[0].rows[3:]]
    assert read == [text.replace("\r", "\n") for text in hostile]


def test_workbook_round_trip_with_merged_blocks():
    rows = [
        ["A", "x", "㐂𠮷", date(2026, 2, 28)],
        ["A", "x", "한글", None],
        ["A", "y", "c", Decimal("2.5")],
        ["B", "y", "d", 3],
        ["B", "y", "e", ""],
    ]
    data = written(rows, merged=2)
    [sheet] = read_workbook(data)
    assert (sheet.rows[0][0], sheet.rows[1][0]) == ("题目", "说明")
    assert [row.values for row in sheet.rows[3:]] == [
        ("A", "x", "㐂𠮷", date(2026, 2, 28)),
        ("A", "x", "한글", None),
        ("A", "y", "c", 2.5),
        ("B", "y", "d", 3),
        ("B", "y", "e", None),
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    merged = {part.split('"')[0] for part in xml.split('<mergeCell ref="')[1:]}
    # the block "y" ends where its parent block "A" ends
    assert merged == {"A1:D1", "A2:D2", "A4:A6", "A7:A8", "B4:B5", "B7:B8"}


def test_a_text_too_long_for_a_cell_is_an_error_not_a_silent_cut():
    with pytest.raises(ValueError, match="32768"):
        written([["x" * 32_768, "", "", ""]])


def test_csv_module_reads_what_we_write():
    text = "".join(csv_lines(["a", "b"], [["1\n2", "x"]])).lstrip("\ufeff")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], ["1\n2", "x"]]

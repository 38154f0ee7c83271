"""Writing tables: CSV as a stream and workbooks row by row, safe to open in Excel and WPS."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from dalian_coop.documents.sheets import column_letter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # characters, a limit of Excel

# What a spreadsheet may run as a formula, also after blanks or apostrophes; full-width signs count.
_DANGEROUS = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")
_UNFIT_FOR_NAME = re.compile(r'[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff<>:"/\\|?*]+')


def guarded(text: str) -> str:
    """``text`` with an apostrophe in front if a spreadsheet could take it for a formula."""
    return "'" + text if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """The inverse of ``guarded``: exactly one apostrophe comes off where ``guarded`` would have put one."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def csv_cell(value: object) -> object:
    """A value as it goes into a CSV file: numbers stay numbers, dates are ISO, nothing is ``None``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return guarded(str(value))


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line: byte order mark, header, rows; comma, CRLF, quotes where needed (RFC 4180)."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([csv_cell(h) for h in header])
    for row in rows:
        yield writer.writerow([csv_cell(v) for v in row])


def safe_name(stem: str, suffix: str) -> str:
    """A file name for a download: ``stem`` without characters that a file system or a header cannot take."""
    name = _UNFIT_FOR_NAME.sub(" ", stem).strip(" .")[:120].strip(" .")
    return f"{name or 'export'}.{suffix}"


def as_download(response: HttpResponse | StreamingHttpResponse, filename: str):
    """Mark ``response`` as a file to save under ``filename`` (RFC 6266) that nobody caches or sniffs."""
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A streamed CSV download; ``rows`` may be a generator over a server-side cursor."""
    lines = (line.encode("utf-8", "replace") for line in csv_lines(header, rows))
    return as_download(StreamingHttpResponse(lines, content_type=CSV_TYPE), filename)


@dataclass(frozen=True)
class Column:
    """A column of a written sheet: its header, its width in characters, and how its values are shown."""

    title: str
    width: float = 16
    kind: str = "text"  # text, date or number
    hidden: bool = False
    locked: bool = False  # where the sheet is protected
    choices: Sequence[str] = ()  # offered as a drop-down; other values are taken with a warning


@dataclass(frozen=True)
class Table:
    """A sheet to write: title and note above the header row, then ``rows``; ``merged`` columns join equal neighbours.

    A cell of a merged column starts a new block when its value, or a value of a merged column left of it, changes.
    """

    name: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    merged: int = 0  # how many columns from ``merge_from`` on are merged down
    merge_from: int = 0
    frozen: int = 0  # how many columns stay in sight
    protected: bool = False  # against slips, without a password: header, hidden and locked columns cannot be typed into


_LISTS = "选项"  # a hidden sheet that holds the choices of all drop-downs
_LAST_OFFERED = 20_000  # rows below the table that offer the drop-downs too
# What a protected sheet still lets people do.
_ALLOWED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "sort": True,
    "autofilter": True,
}


def write_workbook(target: IO[bytes], tables: Iterable[Table]) -> None:
    """Write ``tables`` as sheets of one .xlsx file, row by row in constant memory.

    Texts are written as string cells only, so nothing in them can become a formula or a link.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False})
    book.set_calc_mode("manual")
    try:
        formats = _formats(book)
        lists: list[Sequence[str]] = []
        for table in tables:
            sheet = book.add_worksheet(table.name)
            _write_table(sheet, table, formats)
            if table.protected:
                sheet.protect("", _ALLOWED)
            _offer_choices(sheet, table, lists)
        if lists:
            _write_lists(book, lists)
    finally:
        book.close()


def _offer_choices(sheet, table: Table, lists: list[Sequence[str]]) -> None:
    """Drop-downs of the columns that have choices; the choices themselves stand in the hidden sheet of lists."""
    for index, column in enumerate(table.columns):
        if not column.choices:
            continue
        lists.append(column.choices)
        letter = column_letter(len(lists) - 1)
        rule = {
            "validate": "list",
            "source": f"={_LISTS}!${letter}$1:${letter}${len(column.choices)}",
            "error_type": "warning",
            "ignore_blank": True,
        }
        sheet.data_validation(3, index, _LAST_OFFERED, index, rule)


def _write_lists(book: xlsxwriter.Workbook, lists: list[Sequence[str]]) -> None:
    sheet = book.add_worksheet(_LISTS)
    for row in range(max(map(len, lists))):
        for column, choices in enumerate(lists):
            if row < len(choices):
                sheet.write_string(row, column, choices[row])
    sheet.very_hidden()


def _formats(book: xlsxwriter.Workbook) -> dict:
    body = {"border": 1, "border_color": "#B5B5B5", "valign": "top", "text_wrap": True, "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "note": book.add_format({"font_size": 10, "font_color": "#555555", "text_wrap": True, "valign": "vcenter"}),
        "header": book.add_format(body | {"bold": True, "bg_color": "#E9EEF5", "align": "center", "valign": "vcenter"}),
        "below": book.add_format({"locked": False}),
        **_body_formats(book, body | {"locked": False}, ""),
        **_body_formats(book, body | {"locked": True, "font_color": "#555555"}, "locked "),
    }


def _body_formats(book: xlsxwriter.Workbook, body: dict, prefix: str) -> dict:
    kinds = {
        "text": {"num_format": "@"},
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "number": {"num_format": "0.0"},
        "block": {"valign": "vcenter", "num_format": "@"},
    }
    return {prefix + kind: book.add_format(body | more) for kind, more in kinds.items()}


def _write_table(sheet, table: Table, formats: dict) -> None:
    last = sum(not column.hidden for column in table.columns) - 1  # hidden columns stand at the end
    for index, column in enumerate(table.columns):
        below = None if column.locked or column.hidden else formats["below"]
        sheet.set_column(index, index, column.width, below, {"hidden": column.hidden})
    sheet.freeze_panes(3, table.frozen)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    for number, (text, kind) in enumerate([(table.title, "title"), (table.note, "note")]):
        sheet.set_row(number, 30 if kind == "title" else 20)
        _write_text(sheet, number, 0, text, formats[kind])
        # In constant memory a row cannot be revisited, so blocks are joined by their corners, not by merge_range().
        sheet.merge.append([number, 0, number, last])
    for index, column in enumerate(table.columns):
        _write_text(sheet, 2, index, column.title, formats["header"])
    row_number, blocks = 2, _Blocks(sheet, table)
    for row_number, row in enumerate(table.rows, start=3):
        starts = blocks.starts(row_number, row)
        for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            lock = "locked " if column.locked or column.hidden else ""
            if index in blocks.columns:
                if index in starts:
                    _write_text(sheet, row_number, index, value, formats[lock + "block"])
                else:
                    sheet.write_blank(row_number, index, None, formats[lock + "block"])
            else:
                _write_value(sheet, row_number, index, value, column.kind, formats, lock)
    blocks.finish(row_number)


class _Blocks:
    """Joins equal neighbours of the merged columns."""

    def __init__(self, sheet, table: Table):
        self.sheet = sheet
        self.columns = range(table.merge_from, table.merge_from + table.merged)
        self.open: dict[int, tuple[int, object]] = {}  # column → (first row, value)

    def starts(self, number: int, row: Sequence[object]) -> set[int]:
        """The merged columns in which a new block starts with this row."""
        found: set[int] = set()
        for column in self.columns:
            first = self.open.get(column)
            if found or first is None or first[1] != row[column]:
                self._close(column, number - 1)
                self.open[column] = (number, row[column])
                found.add(column)
        return found

    def finish(self, last: int) -> None:
        for column in list(self.open):
            self._close(column, last)

    def _close(self, column: int, last: int) -> None:
        first, _ = self.open.pop(column, (last, None))
        if last > first:
            self.sheet.merge.append([first, column, last, column])


def _write_text(sheet, row: int, column: int, value: object, cell_format) -> None:
    text = "" if value is None else str(value)
    if len(text) > LONGEST_CELL:
        raise ValueError(f"a cell holds {len(text)} characters, a workbook at most {LONGEST_CELL}")
    if text:
        sheet.write_string(row, column, text, cell_format)
    else:
        sheet.write_blank(row, column, None, cell_format)


def _write_value(sheet, row: int, column: int, value: object, kind: str, formats: dict, lock: str) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[lock + "date"])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value, formats[lock + "number"])
    else:
        _write_text(sheet, row, column, value, formats[lock + kind])

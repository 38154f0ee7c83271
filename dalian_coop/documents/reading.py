"""Reading tables: a workbook or a CSV file becomes ``Sheet`` objects, or is refused with one sentence."""

import csv
import io
import re
import warnings
from collections import defaultdict
from datetime import date, datetime, time

from dalian_coop.documents.packages import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_UPLOAD,
    MEGABYTE,
    SheetScan,
    check_container,
)
from dalian_coop.documents.refusals import RefusedFile
from dalian_coop.documents.sheets import CellError, Row, Sheet, Value
from dalian_coop.documents.texts import cell_text
from dalian_coop.documents.writing import unguarded

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Half-width kana and private-use characters: what Shift_JIS and damaged bytes turn into when read as GB18030.
_MOJIBAKE = re.compile("[\uff61-\uff9f\ue000-\uf8ff\ufffd]")
_DATE = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})")
_CHINESE_DATE = re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日")


def read_table(data: bytes, name: str = "") -> list[Sheet]:
    """The sheets of an uploaded file: a workbook by its first bytes, else CSV if ``name`` ends so.

    Raises ``RefusedFile``; its ``code`` tells why.
    """
    if name.lower().endswith((".csv", ".txt")) and not data.startswith((_ZIP, _OLE)):
        return [read_csv(data)]
    return read_workbook(data)


def read_workbook(data: bytes) -> list[Sheet]:
    """All worksheets of an .xlsx file, formulas as their last computed value, nothing guessed.

    Dates are ``date`` (``datetime`` if the cell has a time of day), error cells ``CellError``, text stays text.
    A merged cell that runs down several rows is repeated in each. Raises ``RefusedFile``.
    """
    scans = check_container(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions it does not keep; we keep none
            return _load(data, scans)
    except RefusedFile:
        raise
    except MemoryError:
        raise
    except Exception as error:  # openpyxl answers damage with a dozen kinds of exception; all mean the same to a user
        raise RefusedFile("broken") from error


def _load(data: bytes, scans: dict[str, SheetScan]) -> list[Sheet]:
    import openpyxl  # loads numpy: only where a workbook is read, not at every start

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.worksheets) > MAX_SHEETS:
            raise RefusedFile("too_many_sheets", limit=MAX_SHEETS)
        sheets = [_load_sheet(ws, scans[ws._worksheet_path.lstrip("/")]) for ws in book.worksheets]
    finally:
        book.close()
    if all(sheet.is_empty for sheet in sheets):
        raise RefusedFile("empty")
    return sheets


def _load_sheet(ws, scan: SheetScan) -> Sheet:
    """Read the part of ``ws`` that has content; the size a sheet declares for itself is never trusted."""
    if scan.last_row > MAX_ROWS:
        raise RefusedFile("too_many_rows", sheet=ws.title, limit=MAX_ROWS)
    if scan.last_column > MAX_COLUMNS:
        raise RefusedFile("too_many_columns", sheet=ws.title, limit=MAX_COLUMNS)
    hidden = ws.sheet_state != "visible"
    if not scan.last_row:
        return Sheet(ws.title, (), hidden)
    ws.reset_dimensions()
    grid: list[list[Value]] = []
    for cells in ws.iter_rows(max_row=scan.last_row, max_col=scan.last_column):
        grid.append([_value(cell) for cell in cells])
        if len(grid) >= scan.last_row:
            break
    _fill_down(grid, scan)
    return Sheet(ws.title, tuple(Row(n, tuple(values)) for n, values in enumerate(grid, start=1)), hidden)


def _value(cell) -> Value:
    value = cell.value
    if isinstance(value, str):
        if cell.data_type == "e":
            return CellError(value)
        return cell_text(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


def _fill_down(grid: list[list[Value]], scan: SheetScan) -> None:
    """Repeat the value of a merged cell in the rows it covers (first column of the range only)."""
    filled: dict[int, int] = defaultdict(int)  # column → last row filled: overlapping ranges cost nothing twice
    for top, left, bottom, _right in sorted(scan.merged):
        if top > len(grid) or left > len(grid[top - 1]):
            continue
        value = grid[top - 1][left - 1]
        bottom = min(bottom, len(grid))
        for number in range(max(top, filled[left]) + 1, bottom + 1):
            row = grid[number - 1]
            if left <= len(row):
                row[left - 1] = value
        filled[left] = max(filled[left], bottom)


def read_csv(data: bytes) -> Sheet:
    """A CSV file in UTF-8 (with or without byte order mark) or GB18030, separated by comma, tab or semicolon.

    Every value is text; an apostrophe put before a formula by our own export is taken off again.
    Raises ``RefusedFile``.
    """
    if not data.strip():
        raise RefusedFile("empty")
    if len(data) > MAX_UPLOAD:
        raise RefusedFile("too_large", limit=MAX_UPLOAD // MEGABYTE)
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows: list[Row] = []
    try:
        for number, fields in enumerate(reader, start=1):
            if number > MAX_ROWS:
                raise RefusedFile("too_many_rows", sheet="CSV", limit=MAX_ROWS)
            if len(fields) > MAX_COLUMNS:
                raise RefusedFile("too_many_columns", sheet="CSV", limit=MAX_COLUMNS)
            rows.append(Row(number, tuple(unguarded(f).replace("\r\n", "\n") or None for f in fields)))
    except csv.Error as error:
        raise RefusedFile("broken_csv", line=reader.line_num) from error
    sheet = Sheet("", tuple(rows))
    if sheet.is_empty:
        raise RefusedFile("empty")
    return sheet


def _decoded(data: bytes) -> str:
    """The text, or a refusal: never text in the wrong characters."""
    if data.startswith(_UTF16_OR_32) or b"\x00" in data:
        raise RefusedFile("bad_encoding")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise RefusedFile("bad_encoding") from None
    if _MOJIBAKE.search(text):
        raise RefusedFile("bad_encoding")
    return text


def _separator(text: str) -> str:
    """The separator that occurs most often in the first five lines; a comma if none does."""
    start = "\n".join(text.splitlines()[:5])
    return max(",\t;", key=start.count)


def iso_date(value: Value) -> date | None:
    """``value`` as a calendar date if it plainly is one: a date cell, or text as 2026-06-30, 2026/6/30, 2026年6月30日.

    A bare number, a month or a phrase is not a date. Returns ``None`` when ``value`` is no such date.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    match = _DATE.fullmatch(text) or _CHINESE_DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None

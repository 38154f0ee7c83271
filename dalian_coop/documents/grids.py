"""Files as people send them, as grids of cells with all that a reader must know: formats, merges, what is hidden.

What a file is, its first bytes tell; its name is only compared with that. ``reading`` gives plain values of files in
the portal's own layout, this module everything of any file.
"""

import csv
import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import datetime, time

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
from dalian_coop.documents.sheets import Value
from dalian_coop.documents.texts import cell_text, decoded
from dalian_coop.documents.webtables import rows_of
from dalian_coop.documents.writing import unguarded

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div|title|tr)\b", re.IGNORECASE)
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
_KEPT_TEXT = re.compile(r'="([^"]*)"')  # how a CSV keeps Excel from taking 1.10 for a number
_ENDINGS = {"workbook": ("xlsx", "xlsm", "xltx", "xltm"), "text": ("csv", "txt", "tsv"), "html": ("html", "htm")}
SEPARATORS = (",", "\t", ";", "，", "|")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that is not blank; ``error`` is the sign of an error cell, ``no_value`` a formula without its result."""

    value: Value
    format: str = "General"
    error: str = ""
    no_value: bool = False


@dataclass(frozen=True)
class Grid:
    """One sheet: cells by row and column (``None`` where blank), merged ranges and hidden parts counted from 1."""

    name: str
    rows: list[list[GridCell | None]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False


@dataclass(frozen=True)
class GridFile:
    """A file: ``kind`` is "workbook", "text" or "html"; ``mismatch`` tells that its name says another kind.

    ``readings`` are the ways it can be taken apart (a text file by each separator); the first is the likeliest.
    ``lossy`` tells that bytes could not be read as text and were replaced.
    """

    kind: str
    readings: list[list[Grid]]
    mismatch: bool = False
    lossy: bool = False


def read_grids(data: bytes, name: str = "") -> GridFile:
    """Take an uploaded file apart. Raises ``RefusedFile``; its ``code`` tells why."""
    if not data.strip():
        raise RefusedFile("empty")
    if len(data) > MAX_UPLOAD:
        raise RefusedFile("too_large", limit=MAX_UPLOAD // MEGABYTE)
    kind = _kind(data)
    lossy = False
    if kind == "workbook":
        readings = [read_workbook_grids(data)]
    else:
        text, lossy = _text(data, kind)
        readings = [[_html_grid(text)]] if kind == "html" else [[grid] for grid in _text_grids(text)]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return GridFile(kind, readings, mismatch=bool(ending) and ending not in _ENDINGS[kind], lossy=lossy)


def _kind(data: bytes) -> str:
    if data.startswith((_ZIP, _OLE)):
        return "workbook"
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or b"<table" in start.lower():
        if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096] and b"<Workbook" in data[:8192]:
            raise RefusedFile("old_xml_workbook")
        if _HTML.search(start):
            return "html"
    if start[:13].lower() == b"mime-version:":
        raise RefusedFile("web_archive")
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"GIF8")):
        raise RefusedFile("not_a_workbook")
    return "text"


def _text(data: bytes, kind: str) -> tuple[str, bool]:
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096]) if kind == "html" else None
    return decoded(data, declared[1].decode("ascii", "replace") if declared else "")


# --- workbooks ---


def read_workbook_grids(data: bytes) -> list[Grid]:
    """All worksheets of an .xlsx file. Raises ``RefusedFile``."""
    scans = check_container(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions it does not keep; we keep none
            grids = _load(data, scans)
    except (RefusedFile, MemoryError):
        raise
    except Exception as error:  # openpyxl answers damage with a dozen kinds of exception; all mean the same to a user
        raise RefusedFile("broken") from error
    if not any(cell for grid in grids for row in grid.rows for cell in row):
        raise RefusedFile("empty")
    return grids


def _load(data: bytes, scans: dict[str, SheetScan]) -> list[Grid]:
    import openpyxl  # loads numpy: only where a workbook is read, not at every start

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        if len(book.worksheets) > MAX_SHEETS:
            raise RefusedFile("too_many_sheets", limit=MAX_SHEETS)
        return [_grid(ws, scans[ws._worksheet_path.lstrip("/")]) for ws in book.worksheets]
    finally:
        book.close()


def _grid(ws, scan: SheetScan) -> Grid:
    """The part of ``ws`` that has content; the size a sheet declares for itself is never trusted."""
    if scan.last_row > MAX_ROWS:
        raise RefusedFile("too_many_rows", sheet=ws.title, limit=MAX_ROWS)
    if scan.last_column > MAX_COLUMNS:
        raise RefusedFile("too_many_columns", sheet=ws.title, limit=MAX_COLUMNS)
    hidden = ws.sheet_state != "visible"
    if not scan.last_row:
        return Grid(ws.title, [], hidden=hidden)
    ws.reset_dimensions()
    rows: list[list[GridCell | None]] = []
    for number, cells in enumerate(ws.iter_rows(max_row=scan.last_row, max_col=scan.last_column), start=1):
        missing = scan.without_value
        rows.append([_cell(cell, bool(missing) and (number, n) in missing) for n, cell in enumerate(cells, start=1)])
        if len(rows) >= scan.last_row:
            break
    hidden_rows, hidden_columns = frozenset(scan.hidden_rows), frozenset(scan.hidden_columns)
    return Grid(ws.title, rows, scan.merged, hidden_rows, hidden_columns, hidden)


def _cell(cell, no_value: bool) -> GridCell | None:
    value = cell.value
    if no_value:
        return GridCell(None, no_value=True)
    if value is None:
        return None
    if isinstance(value, str):
        if cell.data_type == "e":
            return GridCell(None, error=value)
        value = cell_text(value)
        return _text_cell(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return GridCell(value, cell.number_format or "General")


def _text_cell(text: str) -> GridCell | None:
    if not text.strip():
        return None
    return GridCell(None, error=text.strip()) if text.strip() in _ERRORS else GridCell(text)


# --- text and HTML ---


def _text_grids(text: str) -> list[Grid]:
    """The text by each separator, the one that gives the widest rows first."""
    declared = re.match(r"sep=(.)\r?\n", text)
    found, error = [], None
    for separator in [declared[1]] if declared else SEPARATORS:
        try:
            found.append(_separated(text, separator))
        except RefusedFile as refused:
            error = error or refused
    if not found:
        raise error
    return sorted(found, key=lambda grid: -_typical_width(grid))


def _separated(text: str, separator: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[GridCell | None]] = []
    try:
        for fields in reader:
            if len(rows) >= MAX_ROWS:
                raise RefusedFile("too_many_rows", sheet="CSV", limit=MAX_ROWS)
            if len(fields) > MAX_COLUMNS:
                raise RefusedFile("too_many_columns", sheet="CSV", limit=MAX_COLUMNS)
            rows.append([_field(value) for value in fields])
    except csv.Error as error:
        raise RefusedFile("broken_csv", line=reader.line_num) from error
    return Grid("", rows)


def _field(value: str) -> GridCell | None:
    kept = _KEPT_TEXT.fullmatch(value.strip())
    return _text_cell(kept[1] if kept else unguarded(value).replace("\r\n", "\n").replace("\r", "\n"))


def _typical_width(grid: Grid) -> int:
    widths = sorted(sum(cell is not None for cell in row) for row in grid.rows[:200] if any(row))
    return widths[len(widths) // 2] if widths else 0


def _html_grid(text: str) -> Grid:
    found = rows_of(text)
    rows = [[_text_cell(value) for value in row] for row in found.rows]
    return Grid("", rows, found.merged, frozenset(found.hidden_rows))

"""Rows of a resource as the bytes of a file."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import ServiceError
from dalian_coop.documents.writing import LONGEST_CELL, csv_lines
from dalian_coop.exports.enums import Format
from dalian_coop.rest.exported import Exported
from dalian_coop.rest.renderers import plain

MOST_SHEET_ROWS = 1_048_575  # below the header
_LINES = 500  # lines in one piece, so that a row costs no system call


class TooLong(ServiceError):
    """The rows do not fit into the format."""


def pieces(
    resource: Exported, found: QuerySet, kind: Format, note: "Note", counted: Callable[[int], None]
) -> Iterator[bytes]:
    """The file in pieces. Workbooks are built in a temporary file first, the others flow.

    ``counted`` is told how many rows have been read, again and again; what it raises ends the file.
    """
    if kind is Format.NDJSON:
        for count, lines in resource.lines(found, actor=note.actor):
            counted(count)
            yield lines
        return
    rows = _counted(resource.rows(found, actor=note.actor, stream=True), counted)
    if kind is Format.CSV:
        titles = list(resource.schema())
        lines = csv_lines(titles, ([cell(row[title]) for title in titles] for row in rows))
        yield from _joined(line.encode() for line in lines)
    else:
        yield from _workbook(resource, rows, note)


def _counted(rows: Iterator[tuple], counted: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    with closing(rows):
        while chunk := list(islice(rows, _LINES)):
            counted(len(chunk))
            for _key, _version, row in chunk:
                yield row


class Note:
    """What the notes sheet says: whose view this is, and when it was true."""

    def __init__(self, actor, as_of: datetime):
        self.actor, self.as_of = actor, as_of

    def lines(self, resource: Exported) -> list[tuple[str, str]]:
        return [
            (_("Resource"), resource.name),
            (_("Meaning"), resource.description),
            (_("As of"), timezone.localtime(self.as_of).isoformat(timespec="seconds")),
            (_("As seen by"), str(self.actor)),
            (_("Bureau"), str(self.actor.bureau or "")),
            (_("Cells"), _("All cells are text; lists and groups stand as JSON; an empty cell means no value.")),
        ]


def cell(value: Any) -> Any:
    """A value as one cell: text as it is, numbers in full, lists and groups as JSON."""
    if isinstance(value, list | dict):
        return json.dumps(orjson.loads(orjson.dumps(value, default=plain)), ensure_ascii=False)
    if isinstance(value, Decimal):
        return Decimal(plain(value))
    return value


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if len(held) == _LINES:
            yield b"".join(held)
            held = []
    if held:
        yield b"".join(held)


def _workbook(resource: Exported, rows: Iterable[dict[str, Any]], note: Note) -> Iterator[bytes]:
    """String cells only: nothing in a text can become a formula, and a code like 0012 keeps its zeros."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "book.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(path, options)
        bold = book.add_format({"bold": True})
        sheet, titles = book.add_worksheet(resource.name[:31]), list(resource.schema())
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, titles, bold)
        for number, row in enumerate(rows, start=1):
            if number > MOST_SHEET_ROWS:
                raise TooLong(_("A sheet holds 1,048,575 rows; ask for CSV or NDJSON."))
            for column, title in enumerate(titles):
                if (text := _text(row[title])) != "":
                    sheet.write_string(number, column, text)
        notes = book.add_worksheet(_("Notes"))
        notes.set_column(0, 0, 18)
        notes.set_column(1, 1, 90)
        for number, (title, text) in enumerate(note.lines(resource)):
            notes.write_string(number, 0, title, bold)
            notes.write_string(number, 1, text)
        book.close()
        with path.open("rb") as file:
            while piece := file.read(256 * 1024):
                yield piece


def _text(value: Any) -> str:
    value = cell(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    if len(text) > LONGEST_CELL:
        raise TooLong(_("A text is longer than a cell holds; ask for CSV or NDJSON."))
    return text

"""All tables of a report as one workbook: a sheet each, numbers as numbers, reasons in words."""

import io
import re

import xlsxwriter
from django.utils.translation import gettext as _

from dalian_coop.documents.writing import guarded
from planning.gaps.selectors.report import Report
from planning.gaps.selectors.sections import whole
from planning.gaps.selectors.sections.parts import Cell, Table
from planning.gaps.selectors.summary import summary

WIDEST = 60
_UNFIT = re.compile(r"[\[\]:*?/\\']")


def workbook(report: Report) -> bytes:
    """The file. The first sheet holds the summary and the identity of the run."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": report.title, "comments": report.run.input_hash})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#e6eef4", "border": 1, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "own": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _front(book, formats, report)
    names: set[str] = set()
    for section in whole(report):
        for table in section.all_tables:
            _sheet(book, formats, table, _name(f"{section.number} {table.title}", names))
    book.close()
    return buffer.getvalue()


def _front(book, formats, report: Report) -> None:
    sheet = book.add_worksheet(_("Summary"))
    sheet.set_column(0, 0, 110, formats["wrap"])
    sheet.write_string(0, 0, guarded(report.title), formats["title"])
    lines = [s.text for s in summary(report)]
    lines += ["", _("Hash of the input") + f": {report.run.input_hash}", _("Engine") + f": {report.run.code_version}"]
    for row, line in enumerate(lines, 2):
        sheet.write_string(row, 0, guarded(line), formats["wrap"])


def _sheet(book, formats, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    widths = [len(c.label) for c in table.columns]
    for column, head in enumerate(table.columns):
        sheet.write_string(0, column, guarded(head.label), formats["head"])
    rows = table.rows + ([table.total] if table.total else [])
    for number, row in enumerate(rows):
        style = formats["own"] if number in table.own or number >= len(table.rows) else None
        for column, cell in enumerate(row):
            _write(sheet, number + 1, column, cell, style)
            widths[column] = max(widths[column], _width(cell.plain))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(WIDEST, width + 2))
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)


def _write(sheet, row: int, column: int, cell: Cell, style) -> None:
    # A figure whose text says more than the number (an interval, a unit) stays text.
    if cell.value is not None and not cell.reason and _is_bare(cell.text):
        sheet.write_number(row, column, cell.value, style)
    else:
        sheet.write_string(row, column, guarded(cell.plain), style)


def _is_bare(text: str) -> bool:
    return bool(re.fullmatch(r"[+\-−]?[\d,]+(\.\d+)?%?", text))


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _name(text: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 characters, each name once."""
    base = _UNFIT.sub(" ", text)[:31].strip()
    name, number = base, 2
    while name.lower() in taken:
        name = f"{base[:27]} {number}"
        number += 1
    taken.add(name.lower())
    return name

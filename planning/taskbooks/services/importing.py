"""A task book comes in as a file: look first (``preview``), then write all of it or nothing (``apply``)."""

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.documents.reading import read_table
from dalian_coop.documents.refusals import RefusedFile
from dalian_coop.documents.sheets import Row, Sheet
from dalian_coop.history.context import acting
from planning.plans.enums import Horizon
from planning.plans.models import Programme
from planning.plans.services import ensure_plan, ensure_programme
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services import layout
from planning.taskbooks.services.books import create_book
from planning.taskbooks.services.checks import book_errors
from planning.taskbooks.services.reports import Report
from planning.taskbooks.services.sheets import ImportRun, handlers
from planning.taskbooks.services.task_sheet import TaskSheet

_YEARS = re.compile(r"(20[0-9]{2})\s*年?\s*[-—–~至到]+\s*(20[0-9]{2})\s*年?")
_ONE_YEAR = re.compile(r"(20[0-9]{2})\s*年")
SAMPLE_MARK = "示例"


def is_own_layout(*, data: bytes, name: str) -> bool:
    """Whether the file is in the portal's layout, so that nothing in it has to be interpreted.

    Raises ``RefusedFile`` if it cannot be read at all.
    """
    try:
        _sorted_out(read_table(data, name))
    except RefusedFile as refused:
        if refused.code in ("wrong_header", "old_workbook", "not_a_workbook", "bad_encoding", "broken_csv"):
            return False  # for the reader of other layouts, which knows better what it is
        raise
    return True


def preview(*, data: bytes = b"", name: str, book: TaskBook | None, by, sheets: list[Sheet] | None = None) -> Report:
    """What importing the file would do, without doing it: the same code runs and is rolled back.

    ``data`` is the file, ``name`` its name as uploaded (tells a CSV file). With ``book=None`` the file makes a book
    of its own, named by its title; a book of that title, if there is one, is the one meant. ``sheets``, if given, are
    taken instead of ``data``: a file in another layout that was brought into this one (``taking_over``).
    Returns a ``Report`` (``applied`` is False): counts, changed cells old → new, messages with sheet, row, column.
    Raises ``RefusedFile`` (a ``ValidationError`` at ``file``) if the file as a whole cannot be taken,
    ``ValidationError`` at ``book`` if the book is issued, ``NotAllowed`` if ``by`` may not import.
    """
    return _run(data, name, book, by, write=False, sheets=sheets)


def apply(
    *,
    data: bytes = b"",
    name: str,
    book: TaskBook | None,
    by,
    expected: str = "",
    sheets: list[Sheet] | None = None,
) -> Report:
    """Import the file: everything in one transaction, or nothing if a single row is rejected.

    ``expected`` is the ``digest`` of the report the person looked at; if the outcome is no longer that (somebody
    edited the book in between), nothing is written and the report carries the message ``changed_since_preview``.
    Returns the ``Report``; ``applied`` tells whether it was written. Running it again gives 0 new, 0 changed.
    Raises as ``preview`` does.
    """
    return _run(data, name, book, by, write=True, expected=expected, sheets=sheets)


def _run(
    data: bytes,
    name: str,
    book: TaskBook | None,
    by,
    *,
    write: bool,
    expected: str = "",
    sheets: list[Sheet] | None = None,
) -> Report:
    if not by.has_perm(Perm.IMPORT_BOOK, book):
        raise NotAllowed(_("Only the coordinating office imports task books."))
    sheets = read_table(data, name) if sheets is None else sheets
    parts = _sorted_out(sheets)
    report = Report()
    label = "".join(c for c in name if c.isprintable())[:180]  # a name from outside, on its way into the history
    with transaction.atomic(), acting(by, reason=str(_("Import of the file %(name)s") % {"name": label})):
        _into_book(report, book, sheets, by, lock=write)
        _take_parts(report, parts, by, lock=write)
        if write and expected and not report.errors and report.digest != expected:
            report.refuse("", 0, None, _CHANGED_SINCE_PREVIEW)
        report.applied = write and not report.errors
        if not report.applied:
            transaction.set_rollback(True)
    return report


_CHANGED_SINCE_PREVIEW = Error(
    "changed_since_preview", _("The book was edited since you looked at this report. Please look again.")
)


def _sorted_out(sheets: list[Sheet]) -> list[tuple]:
    """(handler or ``None`` for tasks, sheet, header row, columns) of every sheet that is a table of ours."""
    found = []
    for sheet in sheets:
        if match := sheet.header(set(layout.REQUIRED)):
            found.append((None, sheet, *match))
            continue
        for handler in handlers():
            if match := sheet.header(set(handler.required)):
                found.append((handler, sheet, *match))
                break
    if not found:
        raise RefusedFile("wrong_header", columns="、".join(layout.missing_columns(sheets)))
    return found


def _take_parts(report: Report, parts: list[tuple], by, *, lock: bool) -> None:
    """Tasks first, then what hangs on them. A later kind is read only if the tasks are all right."""
    tasks = TaskSheet(report.book, report, by, lock=lock)
    for handler, sheet, header, columns in parts:
        if handler is None:
            tasks.take(sheet, header, columns)
    tasks.note_measures()
    if any(handler is None for handler, *_rest in parts):
        report.absent = tasks.absent()
    if report.errors:
        return
    tasks.write()
    run = ImportRun(report.book, by, report, tasks.tasks())
    for handler, sheet, header, columns in parts:
        if handler is not None:
            handler.take(sheet, header, columns, run)


# --- the book itself ---


def _into_book(report: Report, book: TaskBook | None, sheets: list[Sheet], by, *, lock: bool) -> None:
    """Settle which book the file goes into; make it if it is new."""
    title, note = _heading(sheets)
    if book is None:
        book = TaskBook.objects.filter(title=title).first() if title else None
    elif title and title != book.title:
        report.remark(
            sheets[0].name, 1, 0, Error("other_title", _("The file is titled “%(title)s”.") % {"title": title})
        )
    if book is None:
        report.creates_book = True
        book = _new_book(title, note, by)
    elif lock:
        book = TaskBook.objects.select_for_update().get(pk=book.pk)
    if found := book_errors(book):
        raise ValidationError({"book": found})
    report.book, report.book_title = book, book.title


def _heading(sheets: list[Sheet]) -> tuple[str, str]:
    """Title and note: the first two filled rows above the header of the first sheet of tasks."""
    for sheet in sheets:
        if match := sheet.header(set(layout.REQUIRED)):
            lines = [_first_text(row) for row in sheet.rows if row.number < match[0].number]
            title, note, *_rest = [*filter(None, lines), "", ""]
            return title, note
    return "", ""


def _first_text(row: Row) -> str:
    return next((value.strip() for value in row.values if isinstance(value, str) and value.strip()), "")


def _new_book(title: str, note: str, by) -> TaskBook:
    """A book, its programme and its plans, made from the title: its years, and whether it is only a sample."""
    years = _YEARS.search(title) or _ONE_YEAR.search(title)
    if not title or not years:
        message = _("The file has no title that names the years of the book, such as 2026—2030年.")
        raise ValidationError({"file": [Error("title_missing", message)]})
    first, last = int(years[1]), int(years[years.lastindex])
    if last < first:
        raise ValidationError({"file": [Error("years_reversed", _("The years in the title are in the wrong order."))]})
    code = _free_code(f"jk-{first}-{last}")
    is_sample = SAMPLE_MARK in title
    programme = ensure_programme(code=code, name_zh=title, is_sample=is_sample, by=by)
    for horizon, start, end in _horizons(first, last):
        ensure_plan(programme=programme, horizon=horizon, first_year=start, last_year=end, by=by)
    return create_book(
        code=code,
        title=title,
        note=note,
        programme=programme,
        first_year=first,
        last_year=last,
        is_sample=is_sample,
        by=by,
    )


def _horizons(first: int, last: int) -> list[tuple[Horizon, int, int]]:
    """The years of a book by horizon: the first year is near, the next two are medium, the rest is far."""
    spans = [(Horizon.SHORT, first, first), (Horizon.MEDIUM, first + 1, first + 2), (Horizon.LONG, first + 3, last)]
    return [(horizon, start, min(end, last)) for horizon, start, end in spans if start <= last]


def _free_code(wanted: str) -> str:
    """``wanted``, or with a number behind it if another book has it."""
    taken = set(TaskBook.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    taken |= set(Programme.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := wanted if n == 1 else f"{wanted}-{n}") not in taken)

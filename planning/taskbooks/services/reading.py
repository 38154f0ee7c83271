"""Reading any file as a task book: the file is taken apart safely, then the pure reader says what it understood."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.services.bureaus import packaged_units
from dalian_coop.calendars.enums import Country
from dalian_coop.calendars.selectors import calendar_of
from dalian_coop.calendars.services import packaged_calendar
from dalian_coop.documents.grids import Grid, GridFile, read_grids
from dalian_coop.documents.refusals import RefusedFile
from planning.taskbooks.engine.reader import Setting, read_tables
from planning.taskbooks.engine.result import Remark, Result
from planning.taskbooks.engine.tables import Cell, Table
from planning.taskbooks.engine.units import Register

KINDS = {
    "lead_ambiguous": gettext_lazy("More than one lead bureau is named; the first is taken."),
    "lead_missing": gettext_lazy("No lead bureau is named."),
    "unit_unknown": gettext_lazy("This organisation is not in the list; it stays as written."),
    "due_unparsed": gettext_lazy("The deadline is not understood."),
    "due_ambiguous": gettext_lazy("The deadline can be read in more than one way."),
    "due_missing": gettext_lazy("There is no deadline."),
    "due_before_start": gettext_lazy("The deadline lies before the start."),
    "due_nonworking": gettext_lazy("The deadline is not a working day."),
    "year_assumed": gettext_lazy("The year is not written here; it is taken from the heading above."),
    "serial_date": gettext_lazy("A bare number was taken as a date."),
    "code_duplicate": gettext_lazy("This number stands already further up."),
    "code_missing": gettext_lazy("There is no number."),
    "code_numeric": gettext_lazy("The number is a numeric cell and may have lost a zero at its end."),
    "formula_error": gettext_lazy("The cell shows an error."),
    "formula_no_value": gettext_lazy("The file does not hold the result of this formula; open and save it in Excel."),
    "hidden_row": gettext_lazy("The row is hidden in the file."),
    "hidden_column": gettext_lazy("The column is hidden in the file."),
    "hidden_sheet": gettext_lazy("The sheet is hidden in the file."),
    "extension_mismatch": gettext_lazy("The file is of another kind than its name says; it was read as what it is."),
    "text_lossy": gettext_lazy("Characters of this text were lost before it came here."),
    "content_missing": gettext_lazy("The row has no task in it."),
}


def read_file(
    *,
    data: bytes,
    name: str,
    today: date,
    packaged: bool = False,
    learnt: Mapping[str, str] | None = None,
    years: str = "",
) -> Result:
    """What the reader understands of a file, without writing anything. Never raises for a bad file: then ``error``
    holds the sentence.

    ``packaged``: the lists of organisations and holidays shipped with the portal instead of the database's.
    ``learnt`` and ``years`` as in ``engine.reader.Setting``.
    """
    name = PurePath(name.replace("\\", "/")).name
    try:
        file = read_grids(data, name)
        setting = Setting(*_registers(packaged, today), learnt=learnt or {}, years=years)
        return _worded(_best(file, name, setting))
    except RefusedFile as refused:
        return Result(name, error=str(refused.errors["file"][0]))


def database_is_usable() -> bool:
    """Whether there is a database with organisations in it to read with."""
    try:
        return Bureau.objects.exists()
    except DatabaseError:
        return False


def _registers(packaged: bool, today: date):
    if packaged:
        return Register(packaged_units()), today, packaged_calendar(Country.CHINA).is_working_day
    units = [(b.name_zh, [b.full_name, *b.aliases]) for b in Bureau.objects.order_by("pk")]
    return Register(units), today, calendar_of(Country.CHINA).is_working_day


def _best(file: GridFile, name: str, setting: Setting) -> Result:
    """The reading of the file that makes most of it. Raises ``RefusedFile`` if none finds a table of tasks."""
    results = [read_tables(map(_table, grids), name, setting) for grids in file.readings]
    results = [result for result in results if result.tables]
    if not results:
        raise RefusedFile("no_table")
    best = max(results, key=lambda r: (max(sum(c.role != "" for c in t.columns) for t in r.tables), len(r.tasks)))
    extra = []
    if file.mismatch:
        extra.append(Remark("", None, "extension_mismatch", file.kind))
    if file.lossy and not any(w.kind == "text_lossy" for w in best.warnings):
        extra.append(Remark("", None, "text_lossy", ""))
    best.warnings[:0] = extra
    return best


def _table(grid: Grid) -> Table:
    rows = [[c and Cell(c.value, c.format, c.error, c.no_value) for c in row] for row in grid.rows]
    return Table(grid.name, rows, grid.merged, grid.hidden_rows, grid.hidden_columns, grid.hidden)


def _worded(result: Result) -> Result:
    """Remarks with a sentence each, and what was written there behind it."""
    result.warnings = [replace(w, text=_sentence(w.kind, w.text)) for w in result.warnings]
    result.rejected = [replace(r, text=_sentence(r.kind, r.text)) for r in result.rejected]
    return result


def _sentence(kind: str, detail: str) -> str:
    sentence = str(KINDS[kind])
    return _("%(sentence)s (%(detail)s)") % {"sentence": sentence, "detail": detail} if detail else sentence

"""A task book goes out as a workbook or as CSV, in the layout in which it comes in."""

import io
from collections.abc import Iterator

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery

from dalian_coop.accounts.models import Bureau
from dalian_coop.documents.writing import Column, Table, csv_response, safe_name, write_workbook
from partners.industries.models import CooperationField
from planning.plans.models import Measure
from planning.taskbooks.models import Task, TaskBook, TaskUnit
from planning.taskbooks.services import layout
from planning.taskbooks.services.editing import refusals
from planning.taskbooks.services.parts import all_handed_in
from planning.taskbooks.services.reports import Report
from planning.taskbooks.services.sheets import handlers

_PATHS = {"field": "field__name_zh", "measure": "measure__title", "lead": "lead__name_zh", "units": "unit_names"}
_CHUNK = 2000


def task_rows(book: TaskBook, actor) -> Iterator[tuple]:
    """The book's tasks as the actor may see them, one tuple a row in the order of ``layout.COLUMNS``, then id, version.

    One query with a server-side cursor, whatever the number of rows.
    """
    units = (
        TaskUnit.objects.filter(task=OuterRef("pk"))
        .order_by()
        .values("task")
        .annotate(names=StringAgg("bureau__name_zh", layout.SEPARATOR, order_by="order"))
        .values("names")
    )
    tasks = Task.objects.visible_to(actor).filter(book=book).order_by("sort_key", "code")
    paths = [_PATHS.get(column.field, column.field) for column in layout.COLUMNS]
    rows = tasks.annotate(unit_names=Subquery(units)).values_list(*paths, "id", "version")
    return rows.iterator(chunk_size=_CHUNK)


def _form_rows(book: TaskBook, actor) -> Iterator[list]:
    """``task_rows`` in the words of the form."""
    fields = {field.name_zh: _form_name(field) for field in CooperationField.objects.all()}
    for row in task_rows(book, actor):
        values = list(row)
        values[_FIELD] = fields[values[_FIELD]]
        values[_HORIZON] = layout.HORIZON_NAMES.get(values[_HORIZON], "")
        yield values


def _form_name(field: CooperationField) -> str:
    """The field as task books spell it: with the remark in brackets, as in 经贸合作（主轴）, if it has one."""
    return next((alias for alias in field.aliases if alias.startswith(f"{field.name_zh}（")), field.name_zh)


_ORDER = [column.field for column in layout.COLUMNS]
_FIELD, _HORIZON = _ORDER.index("field"), _ORDER.index("horizon")


def book_table(book: TaskBook, actor) -> Table:
    """The sheet of tasks: as the sample, plus a hidden column with key and version of each row."""
    offered = _choices(book)
    fields = {c.field for c in layout.COLUMNS}
    locked = refusals(book, fields, actor, is_handed_in=lambda: all_handed_in(book, actor))
    columns = [
        Column(c.title, c.width, c.kind, locked=c.field in locked, choices=offered.get(c.field, ()))
        for c in layout.COLUMNS
    ]
    return Table(
        name=layout.sheet_name(layout.SHEET_NAME, book.is_sample),
        title=book.title,
        note=book.note,
        columns=[*columns, Column(layout.IDENTITY, hidden=True)],
        rows=([*values, f"{key}@{version}"] for *values, key, version in _form_rows(book, actor)),
        merge_from=layout.MERGED_FROM,
        merged=layout.MERGED,
        frozen=1,
        protected=True,
    )


def _choices(book: TaskBook) -> dict[str, list[str]]:
    """What the drop-downs of the workbook offer."""
    fields = CooperationField.objects.all()
    return {
        "field": [_form_name(field) for field in fields],
        "measure": list(Measure.objects.filter(programme=book.programme_id).values_list("title", flat=True)),
        "lead": list(Bureau.objects.values_list("name_zh", flat=True)),
        "horizon": list(layout.HORIZON_NAMES.values()),
    }


def conflict_workbook(*, report: Report, by) -> io.BytesIO:
    """The cells of an import that the file and the portal both changed, with both texts, as an .xlsx file."""
    rows = [(c.sheet, c.row, c.code, c.column, c.base, c.theirs, c.mine) for c in report.conflicts]
    table = Table(
        name="冲突",
        title=f"{report.book_title}：两边都改过的单元格",
        note="系统中的值已保留；如以文件中的值为准，请在系统中改正，或重新导出后填入再导入。",
        columns=[
            Column("工作表", 14),
            Column("行", 6),
            Column("序号", 10),
            Column("栏目", 14),
            Column("导出时的值", 36),
            Column("系统中的值（保留）", 36),
            Column("文件中的值（未采用）", 36),
        ],
        rows=rows,
        frozen=4,
    )
    target = io.BytesIO()
    write_workbook(target, [table])
    target.seek(0)
    return target


def _guide(book: TaskBook) -> Table:
    return Table(
        name=layout.sheet_name("填表说明", book.is_sample),
        title="填表说明",
        note="隐藏列“行标识”用于识别各行，请勿改动；删除某行不会删除系统中的任务。",
        columns=[Column("栏目", 16), Column("要求", 90)],
        rows=layout.GUIDE,
    )


def export_workbook(*, book: TaskBook, by) -> io.BytesIO:
    """The whole book as an .xlsx file, positioned at its start: tasks, what the rooms above add, a guide.

    Holds what ``by`` may see. Imported again unchanged it gives 0 new, 0 changed.
    """
    target = io.BytesIO()
    write_workbook(target, [book_table(book, by), *(h.table(book, by) for h in handlers()), _guide(book)])
    target.seek(0)
    return target


def export_csv(*, book: TaskBook, by):
    """The tasks as a streamed CSV download (a ``StreamingHttpResponse``).

    The columns are those of the workbook, without the hidden one.
    """
    header = [column.title for column in layout.COLUMNS]
    return csv_response(file_name(book, "csv"), header, (row[: len(header)] for row in _form_rows(book, by)))


def file_name(book: TaskBook, suffix: str) -> str:
    """A file name for a download of ``book``."""
    return safe_name(str(book.title), suffix)

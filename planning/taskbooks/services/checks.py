"""The rules of a task, in one place: the page, the grid, REST and the import all ask here."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import Error
from dalian_coop.base.text import text_errors
from planning.taskbooks.enums import DueKind, TaskState
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services.phrases import last_day
from planning.taskbooks.workflow import rows_may_come_and_go

TEXTS = (
    "content",
    "objective",
    "actions",
    "deliverable",
    "acceptance",
    "responsible",
    "due_text",
    "partners_text",
    "key_industries",
    "guarantees",
    "progress_note",
)
_CODE = re.compile(r"[1-9][0-9]{0,4}(?:\.[1-9][0-9]{0,4}){0,5}")
_YEARS = range(2000, 2101)

REQUIRED = Error("required", _("Please fill this in."))


def book_errors(book: TaskBook) -> list[Error]:
    """Why the rows of ``book`` may not be edited now (empty if they may)."""
    if not rows_may_come_and_go(book.status):
        return [
            Error("book_issued", _("The task book is not in draft and not being amended; its rows cannot be edited."))
        ]
    return []


def is_code(text: str) -> bool:
    """Whether ``text`` is a number a task can have."""
    return _CODE.fullmatch(text) is not None


def sort_key(code: str) -> list[int]:
    """1.1.10 as [1, 1, 10], so that it follows 1.1.9."""
    return [int(part) for part in code.split(".")]


def task_errors(task: Task, *, units: Iterable[Bureau] = ()) -> dict[str, list[Error]]:
    """What is wrong with ``task`` (not necessarily saved) and its supporting bureaus: ``{field: [Error, …]}``."""
    found: dict[str, list[Error]] = {}

    def add(field: str, *errors: Error) -> None:
        if errors:
            found.setdefault(field, []).extend(errors)

    if not _CODE.fullmatch(task.code):
        add("code", Error("bad_code", _("The number must look like 1.2.3.")))
    for name in TEXTS:
        add(name, *text_errors(getattr(task, name), max_length=Task._meta.get_field(name).max_length))
    if not task.content.strip():
        add("content", REQUIRED)
    add("start", *_year_errors(task.start))
    add("due", *_year_errors(task.due))
    if task.start and task.due and task.due < task.start:
        add("due", Error("before_start", _("The deadline lies before the start.")))
    if task.weight is not None and not Decimal(0) <= task.weight <= Decimal(100):
        add("weight", Error("out_of_range", _("The weight must lie between 0 and 100.")))
    add("progress", *_progress_errors(task))
    add("units", *_unit_errors(task, list(units)))
    return found


def deadline_errors(task: Task) -> dict[str, list[Error]]:
    """The date and the deadline as written must say the same. Asked when one of them changes, not of old rows."""
    named = last_day(task.due_text)
    if named and task.due and named != task.due:
        message = _("The deadline as written ends on %(day)s, which is not the date beside it.") % {"day": named}
        return {"due_text": [Error("due_text_differs", message)]}
    if task.due and task.due_kind in (DueKind.LONG_TERM, DueKind.RECURRING):
        message = _("Work that goes on has no date. Please empty the date or write the deadline differently.")
        return {"due": [Error("continuous_has_no_date", message)]}
    return {}


def measure_errors(task: Task) -> dict[str, list[Error]]:
    """A task carries out a measure of its own field of cooperation."""
    if task.measure.field_id == task.field_id:
        return {}
    message = _("This measure belongs to another field of cooperation.")
    return {"measure": [Error("measure_of_other_field", message)]}


def _progress_errors(task: Task) -> list[Error]:
    if not 0 <= task.progress <= 100:
        return [Error("out_of_range", _("The progress must lie between 0 and 100."))]
    if task.state == TaskState.COMPLETED and task.progress != 100:
        return [Error("completed_means_100", _("The progress of a completed task is 100. Please correct one of them."))]
    return []


def _unit_errors(task: Task, bureaus: list[Bureau]) -> list[Error]:
    found = []
    if task.lead_id in {b.pk for b in bureaus}:
        found.append(Error("lead_supports", _("The lead bureau cannot also be a supporting bureau.")))
    if len({b.pk for b in bureaus}) < len(bureaus):
        found.append(Error("unit_twice", _("A supporting bureau is named twice.")))
    return found


def _year_errors(day: date | None) -> list[Error]:
    if day is None or day.year in _YEARS:
        return []
    return [Error("year_out_of_range", _("The year must lie between 2000 and 2100."))]

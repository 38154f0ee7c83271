"""Starting a book from another one: the same rows, every date at the same distance from the first day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.calendars.workdays import OutOfCalendar, WorkingDays
from dalian_coop.history.context import acting
from planning.roadmap.enums import Counting
from planning.roadmap.models import Dependency, Milestone, MilestonePart, TaskEstimate
from planning.roadmap.selectors.network import BookNetwork, book_network
from planning.taskbooks.enums import DueKind, TaskState
from planning.taskbooks.models import Task, TaskBook, TaskRegion, TaskUnit
from planning.taskbooks.services.books import create_book
from planning.taskbooks.services.phrases import last_day, phrase_of

_LAST_YEAR = 2100
_OWN = {"id", "version", "created_at", "updated_at"}
# What a new book does not take over: what happened in the old one.
_TASK_RESULTS = {"book", "state", "progress", "progress_note", "completed_on", "deleted_at"}
_STONE_RESULTS = {"task", "done_on", "forecast", "reported_on", "reported_by", "verified_by", "deleted_at"}


@dataclass(frozen=True)
class Distance:
    """Where a date lies when ``first`` becomes ``start``.

    In calendar days every distance stays. In working days the n-th working day after ``first`` becomes the n-th after
    ``start``: the working days from a start to an end, both included, stay as many. A start that is no working day
    counts as the next one, an end as the last one before it.
    """

    first: date
    start: date
    counting: str

    def begin(self, day: date, calendar: WorkingDays) -> date:
        """The first day of something."""
        if self.counting == Counting.CALENDAR:
            return day + (self.start - self.first)
        return self._nth(calendar, calendar.table.index(day.toordinal()))

    def end(self, day: date, calendar: WorkingDays) -> date:
        """The last day of something."""
        if self.counting == Counting.CALENDAR:
            return day + (self.start - self.first)
        return self._nth(calendar, calendar.table.index(day.toordinal() + 1) - 1)

    def _nth(self, calendar: WorkingDays, index: int) -> date:
        table = calendar.table
        away = index - table.index(self.first.toordinal())
        return date.fromordinal(table.nth(table.index(self.start.toordinal()) + away))


def first_day(source: TaskBook) -> date:
    """The earliest date of the book's tasks and milestones; of a book without dates 1 January of its first year."""
    tasks = Task.objects.alive().filter(book=source).values_list("start", "due")
    stones = Milestone.objects.filter(task__book=source, deleted_at=None, task__deleted_at=None)
    days = [day for pair in tasks for day in pair if day] + list(stones.values_list("due", flat=True))
    return min(days, default=date(source.first_year, 1, 1))


@transaction.atomic
def start_book(*, source: TaskBook, code: str, title: str, start: date, counting: str, by: Any) -> TaskBook:
    """A draft with the tasks, milestones, dependencies, parts and estimates of ``source``, its first date on ``start``.

    Progress, results, forecasts and requests stay behind. Durations are kept exactly (see ``Distance``). Raises as
    ``create_book``; ``ValidationError`` under ``start``: ``out_of_calendar``; under ``counting``: ``unknown``.
    """
    if counting not in Counting.values:
        raise ValidationError({"counting": [Error("unknown", _("This choice is not known."))]})
    net = book_network(source)
    distance = Distance(first_day(source), start, counting)
    tasks = list(Task.objects.alive().filter(book=source).select_related("lead").order_by("sort_key"))
    try:
        copies = {task.pk: _task(task, distance, net) for task in tasks}
        stones = {pk: _stone(stone, copies[stone.task_id], distance, net) for pk, stone in net.stones.items()}
    except (OutOfCalendar, OverflowError, ValueError) as error:
        raise _outside() from error
    years = [day.year for row in (*copies.values(), *stones.values()) for day in (row.due,) if day]
    last = max([*years, start.year + source.last_year - source.first_year])
    if max([*years, start.year]) > _LAST_YEAR:
        raise _outside()
    book = create_book(
        code=code, title=title, programme=source.programme, first_year=start.year, last_year=min(last, _LAST_YEAR),
        by=by, note=source.note,
    )  # fmt: skip
    with acting(by, reason=(_("Started from %(title)s") % {"title": source.title})[:400]):
        _write(book, copies, stones)
    return book


def _outside() -> ValidationError:
    message = _("A date would lie outside the years 2000 to 2100, for which the calendars count.")
    return ValidationError({"start": [Error("out_of_calendar", message)]})


def _task(task: Task, distance: Distance, net: BookNetwork) -> Task:
    calendar = net.calendars(task.lead.seat_country or "CN")
    copy = Task(**_values(task, _TASK_RESULTS), state=TaskState.NOT_STARTED)
    copy.start = distance.begin(task.start, calendar) if task.start else None
    copy.due = distance.end(task.due, calendar) if task.due else None
    if copy.start and copy.due:
        copy.due = max(copy.start, copy.due)
    if copy.due and last_day(task.due_text):
        copy.due_text, copy.due_kind = phrase_of(copy.due), DueKind.DATE
    return copy


def _stone(stone: Milestone, task: Task, distance: Distance, net: BookNetwork) -> Milestone:
    calendar = net.calendar(stone)
    copy = Milestone(**_values(stone, _STONE_RESULTS), task=task)
    copy.due = distance.end(stone.due, calendar)
    if task.start:
        copy.due = max(copy.due, task.start)
    if stone.limit_on:
        copy.limit_on = distance.end(stone.limit_on, calendar)
    return copy


def _values(row: Any, leave_out: set[str]) -> dict[str, Any]:
    fields = [f for f in row._meta.concrete_fields if f.name not in _OWN | leave_out]
    return {f.attname: getattr(row, f.attname) for f in fields}


def _write(book: TaskBook, tasks: dict[UUID, Task], stones: dict[UUID, Milestone]) -> None:
    for task in tasks.values():
        task.book = book
    Task.objects.bulk_create(tasks.values())
    _copy(TaskUnit, TaskUnit.objects.filter(task__in=tasks), {"task": tasks})
    _copy(TaskRegion, TaskRegion.objects.filter(task__in=tasks), {"task": tasks})
    _copy(TaskEstimate, TaskEstimate.objects.filter(task__in=tasks), {"task": tasks})
    Milestone.objects.bulk_create(stones.values())
    links = Dependency.objects.filter(predecessor__in=stones, successor__in=stones)
    _copy(Dependency, links, {"predecessor": stones, "successor": stones})
    parts = MilestonePart.objects.filter(milestone__in=stones)
    _copy(MilestonePart, parts, {"milestone": stones}, leave_out={"done_on"})


def _copy(model: type, rows: Iterable[Any], to: dict[str, dict[UUID, Any]], leave_out: set[str] = frozenset()) -> None:
    """Copies of ``rows`` that hang on the copies of what they hung on."""
    ends = {name: f"{name}_id" for name in to}
    model.objects.bulk_create(
        model(**_values(row, leave_out | set(to)), **{n: to[n][getattr(row, attname)] for n, attname in ends.items()})
        for row in rows
    )

"""Milestones in lists, and the list of road maps: each with a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from planning.roadmap.models import Dependency, Milestone
from planning.taskbooks.lights import LATE_DAYS, SOON_DAYS
from planning.taskbooks.models import Task, TaskBook


@dataclass(frozen=True)
class BookLine:
    """One road map in the list of road maps."""

    book: TaskBook
    tasks: int
    stones: int
    late_tasks: int
    late_stones: int
    next_stone: Milestone | None


def book_lines(actor: Any, today: date) -> list[BookLine]:
    """The books one sees with the counts of what one sees in them: four queries."""
    late = today - timedelta(days=LATE_DAYS)
    visible = Task.objects.visible_to(actor).order_by().values("book_id")
    tasks = {
        row["book_id"]: row
        for row in visible.annotate(n=Count("id"), late=Count("id", filter=Q(due__lt=late) & ~Q(state="completed")))
    }
    seen = Milestone.objects.visible_to(actor)
    stones = {
        row["task__book_id"]: row
        for row in seen.order_by()
        .values("task__book_id")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due__lt=late, done_on=None)))
    }
    ahead = seen.filter(done_on=None, due__gte=today).order_by("task__book_id", "due", "code")
    following = {stone.task.book_id: stone for stone in ahead.distinct("task__book_id").select_related("task")}
    none = {"n": 0, "late": 0}
    return [
        BookLine(book, t["n"], s["n"], t["late"], s["late"], following.get(book.pk))
        for book in TaskBook.objects.visible_to(actor).select_related("programme")
        for t, s in [(tasks.get(book.pk, none), stones.get(book.pk, none))]
    ]


@dataclass(frozen=True)
class StoneFilter:
    """Which milestones a list shows: of one book, country or field, of one light, overdue, due within so many days."""

    book: str = ""
    light: str = ""
    within: int | None = None
    overdue: bool = False
    country: str = ""
    field: str = ""


def milestones(actor: Any, today: date, wanted: StoneFilter):
    """Milestones one sees, by date, with ``light``."""
    found = Milestone.objects.visible_to(actor).with_light(today).select_related("task__book", "task__lead")
    if wanted.book:
        found = found.filter(task__book__code=wanted.book)
    if wanted.light:
        found = found.filter(light=wanted.light)
    if wanted.country:
        found = found.filter(task__countries__contains=[wanted.country])
    if wanted.field:
        found = found.filter(task__field__code=wanted.field)
    if wanted.overdue:
        found = found.filter(due__lt=today, done_on__isnull=True)
    if wanted.within is not None:
        found = found.due_between(today, today + timedelta(days=wanted.within))
    return found.order_by("due", "task__sort_key", "code")


def milestones_of_task(task: Task, today: date) -> list[Milestone]:
    """The milestones of one task in order, with ``light`` and what each waits for (``waits_for``): two queries."""
    stones = list(
        Milestone.objects.filter(task=task, deleted_at__isnull=True).with_light(today).order_by("due", "order")
    )
    links = Dependency.objects.filter(successor__in=stones, predecessor__deleted_at__isnull=True)
    waits: dict[UUID, list[str]] = {}
    for successor, code in links.order_by("predecessor__due").values_list("successor_id", "predecessor__code"):
        waits.setdefault(successor, []).append(code)
    for stone in stones:
        stone.waits_for = waits.get(stone.pk, [])
    return stones


def light_days() -> dict[str, int]:
    """The two limits of the light rule, for the sentence beside the light."""
    return {"soon": SOON_DAYS, "late": LATE_DAYS}

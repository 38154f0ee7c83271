"""Page-shaped reads of the road map, each with a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from dalian_coop.accounts.models import Bureau
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Plan
from planning.roadmap.engine import years_from_horizons
from planning.roadmap.models import Dependency, Milestone
from planning.taskbooks.lights import LATE_DAYS, SOON_DAYS, light_for
from planning.taskbooks.models import Task, TaskBook

DUE_SOON_DAYS = 30


@dataclass(slots=True)
class StoneLine:
    """A milestone, flat."""

    id: UUID
    code: str
    task: str
    name: str
    due: date
    done_on: date | None
    deliverable: str
    light: str


@dataclass(slots=True)
class TaskLine:
    """A task, flat. ``group`` is (field, measure)."""

    code: str
    content: str
    group: tuple[str, str]
    state: str
    progress: int
    start: date | None
    due: date | None
    due_text: str
    horizon: str
    lead: str
    light: str
    stones: list[StoneLine] = field(default_factory=list)

    @property
    def completed(self) -> bool:
        return self.state == "completed"

    @property
    def undated(self) -> bool:
        return self.start is None and self.due is None


@dataclass(slots=True)
class Group:
    """A field of cooperation or a measure with the lights of its tasks counted."""

    key: str
    title: str
    lights: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.lights.total()


@dataclass(slots=True)
class RoadMap:
    """Everything a road map page shows of one book."""

    book: TaskBook
    today: date
    phases: list[tuple[str, int, int]]
    tasks: list[TaskLine]
    stones: list[StoneLine]
    links: list[tuple[UUID, UUID]]
    fields: dict[str, Group]
    measures: dict[str, Group]

    @property
    def undated(self) -> list[TaskLine]:
        return [task for task in self.tasks if task.undated]

    @property
    def lights(self) -> Counter:
        return Counter(task.light for task in self.tasks)

    def dates(self) -> Iterable[date | None]:
        for task in self.tasks:
            yield task.start
            yield task.due
        for stone in self.stones:
            yield stone.due


def road_map(book: TaskBook, actor: Any, today: date, *, with_leads: bool = False) -> RoadMap:
    """The rows of ``book`` that ``actor`` sees, with milestones and dependencies: five queries.

    The names of the lead bureaus are read only ``with_leads``: the drawing shows none, the table does (one more).
    """
    fields = {f.pk: Group(f.code, f.name) for f in CooperationField.objects.all()}
    measures: dict[UUID, Group] = {}
    leads = {bureau.pk: bureau.name for bureau in Bureau.objects.all()} if with_leads else {}
    tasks, codes = _task_lines(book, actor, today, fields, measures, leads)
    stones = _stone_lines(book, codes, tasks, today)
    return RoadMap(
        book=book,
        today=today,
        phases=phases_of(book, tasks),
        tasks=list(tasks.values()),
        stones=stones,
        links=_links(book) if stones else [],
        fields={group.key: group for group in fields.values() if group.total},
        measures={group.key: group for group in measures.values()},
    )


def _task_lines(book, actor, today, fields, measures, leads) -> tuple[dict[str, TaskLine], dict[UUID, str]]:
    rows = (
        Task.objects.visible_to(actor)
        .filter(book=book)
        .order_by("field__order", "sort_key")
        .values_list(
            "id", "code", "content", "field_id", "measure_id", "measure__code", "measure__title", "state", "progress",
            "start", "due", "due_text", "horizon", "lead_id",
        )
    )  # fmt: skip
    lines: dict[str, TaskLine] = {}
    codes: dict[UUID, str] = {}
    for (pk, code, content, field_id, measure_id, measure_code, title, state, progress, start, due, due_text, horizon,
         lead_id) in rows:  # fmt: skip
        light = light_for(start=start, due=due, completed=state == "completed", today=today)
        area = fields[field_id]
        measure = measures.get(measure_id)
        if measure is None:
            measure = measures[measure_id] = Group(measure_code, title)
        area.lights[light] += 1
        measure.lights[light] += 1
        codes[pk] = code
        lines[code] = TaskLine(
            code, content, (area.key, measure.key), state, progress, start, due, due_text, horizon,
            leads.get(lead_id, ""), light,
        )  # fmt: skip
    return lines, codes


def _stone_lines(book, codes, tasks, today) -> list[StoneLine]:
    found = []
    rows = (
        Milestone.objects.filter(task__book=book, deleted_at__isnull=True)
        .order_by("due", "order", "code")
        .values_list("id", "code", "task_id", "name", "due", "done_on", "deliverable")
    )
    for pk, code, task_id, name, due, done_on, deliverable in rows:
        task = codes.get(task_id)
        if task is None:
            continue  # a row of a task that this person does not see
        stone = StoneLine(pk, code, task, name, due, done_on, deliverable, stone_light(due, done_on, today))
        tasks[task].stones.append(stone)
        found.append(stone)
    return found


def stone_light(due: date, done_on: date | None, today: date) -> str:
    """The light of a milestone; it has no start, so before its last week it is simply not due yet (grey)."""
    return light_for(start=None, due=due, completed=done_on is not None, today=today)


def _links(book: TaskBook) -> list[tuple[UUID, UUID]]:
    return list(
        Dependency.objects.filter(successor__task__book=book, successor__deleted_at__isnull=True)
        .order_by("created_at", "id")
        .values_list("predecessor_id", "successor_id")
    )


def phases_of(book: TaskBook, tasks: dict[str, TaskLine]) -> list[tuple[str, int, int]]:
    """(horizon, first year, last year) from the plans of the programme; without plans from what the tasks say."""
    plans = Plan.objects.filter(programme=book.programme_id).values_list("horizon", "first_year", "last_year")
    return list(plans) or years_from_horizons(
        ((task.horizon, task.due) for task in tasks.values()), order=tuple(Horizon), first_year=book.first_year
    )


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
        for book in TaskBook.objects.visible_to(actor)
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

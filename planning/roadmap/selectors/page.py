"""What a road map page shows of one book, today or as it stood on a past day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from dalian_coop.accounts.models import Bureau
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Plan
from planning.roadmap.engine import years_from_horizons
from planning.roadmap.models import Dependency
from planning.roadmap.selectors.sources import Source
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import Task, TaskBook, TaskRegion

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
    version: int = 1
    forecast: date | None = None

    @property
    def expected(self) -> date | None:
        """The forecast, as long as it says something: not reached yet, and another day than the plan's."""
        return self.forecast if self.done_on is None and self.forecast != self.due else None


@dataclass(slots=True)
class TaskLine:
    """A task, flat. ``group`` is (field, measure); ``regions`` are (code, name, country) of the places it names."""

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
    id: UUID | None = None
    version: int = 1
    lead_id: UUID | None = None
    lead_code: str = ""
    countries: tuple[str, ...] = ()
    stones: list[StoneLine] = field(default_factory=list)
    regions: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def completed(self) -> bool:
        return self.state == "completed"

    @property
    def undated(self) -> bool:
        return self.start is None and self.due is None

    def overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today and not self.completed


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Which tasks a road map shows; an empty value asks for nothing."""

    light: str = ""
    lead: str = ""
    country: str = ""
    field: str = ""
    horizon: str = ""
    q: str = ""
    overdue: bool = False

    @property
    def active(self) -> bool:
        return self != MapFilter()

    def keeps(self, task: TaskLine, today: date) -> bool:
        wanted = (
            (self.light, task.light), (self.lead, task.lead_code), (self.field, task.group[0]),
            (self.horizon, task.horizon),
        )  # fmt: skip
        if any(value and value != held for value, held in wanted):
            return False
        if self.country and self.country not in task.countries:
            return False
        if self.overdue and not task.overdue(today):
            return False
        words = self.q.casefold().split()
        text = f"{task.code} {task.content} {task.lead}".casefold()
        return all(word in text for word in words)


@dataclass(slots=True)
class Group:
    """A lane (a field of cooperation, a bureau …) or a part of one (a measure, a city …) with its lights counted.

    ``numbered``: its key is a number that people know and is written before the title.
    """

    key: str
    title: str
    lights: Counter = field(default_factory=Counter)
    numbered: bool = False

    @property
    def total(self) -> int:
        return self.lights.total()


@dataclass(slots=True)
class RoadMap:
    """Everything a road map page shows of one book. ``hidden`` counts the tasks that the filter leaves out,
    ``restricted`` the dependencies that end in a row this person may not see.
    """

    book: TaskBook
    today: date
    phases: list[tuple[str, int, int]]
    tasks: list[TaskLine]
    stones: list[StoneLine]
    links: list[tuple[UUID, UUID]]
    fields: dict[str, Group]
    measures: dict[str, Group]
    link_kinds: list[tuple[str, int]] = field(default_factory=list)
    hidden: int = 0
    restricted: int = 0
    live: bool = True

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
            yield stone.expected


def road_map(
    book: TaskBook,
    actor: Any,
    today: date,
    *,
    wanted: MapFilter = MapFilter(),  # noqa: B008 - frozen
    as_of: date | None = None,
    with_places: bool = False,
) -> RoadMap:
    """The rows of ``book`` that ``actor`` sees, with milestones and dependencies: six queries.

    ``as_of`` takes everything from the history as it stood at the end of that day, lights included; the regions of
    the tasks are read ``with_places`` only (one more query) and are always today's.
    """
    source = Source(book, actor, as_of)
    day = as_of or today
    fields = {f.pk: Group(f.code, f.name) for f in CooperationField.objects.all()}
    leads = {bureau.pk: (bureau.code, bureau.name) for bureau in Bureau.objects.all()}
    every = _task_lines(source, day, fields, leads)
    if with_places:
        _read_places(book, every)
    kept = {pk: task for pk, task in every.items() if wanted.keeps(task, day)}
    stones, left_out = _stone_lines(source, every, kept, day)
    links, kinds, restricted = _links(source, {stone.id for stone in stones}, left_out)
    return RoadMap(
        book=book, today=day, phases=phases_of(book, every.values()), tasks=list(kept.values()), stones=stones,
        links=links, link_kinds=kinds, live=as_of is None, hidden=len(every) - len(kept),
        restricted=restricted,
        fields=_counted(kept, 0, {group.key: group.title for group in fields.values()}),
        measures=_counted(kept, 1, source.measures),
    )  # fmt: skip


def _task_lines(source: Source, today: date, fields, leads) -> dict[UUID, TaskLine]:
    lines: dict[UUID, TaskLine] = {}
    for row in source.tasks():
        light = light_for(start=row.start, due=row.due, completed=row.state == "completed", today=today)
        lead_code, lead = leads.get(row.lead_id, ("", ""))
        lines[row.id] = TaskLine(
            row.code, row.content, (fields[row.field_id].key, row.measure_code), row.state, row.progress, row.start,
            row.due, row.due_text, row.horizon, lead, light, row.id, row.version, row.lead_id, lead_code,
            tuple(row.countries),
        )  # fmt: skip
    return lines


def _read_places(book: TaskBook, lines: dict[UUID, TaskLine]) -> None:
    rows = TaskRegion.objects.filter(task__book=book).select_related("region").order_by("region__pinyin")
    for row in rows:
        if (task := lines.get(row.task_id)) is not None:
            task.regions.append((row.region.code, row.region.name, row.region.country))


def _stone_lines(source: Source, every, kept, today: date) -> tuple[list[StoneLine], set[UUID]]:
    """The milestones of the tasks ``kept``, and the keys of those that only the filter leaves out."""
    found, left_out = [], set()
    for row in source.stones():
        task = kept.get(row.task_id)
        if task is None:
            if row.task_id in every:
                left_out.add(row.id)
            continue
        light = stone_light(row.due, row.done_on, today)
        stone = StoneLine(
            row.id, row.code, task.code, row.name, row.due, row.done_on, row.deliverable, light, row.version,
            row.forecast,
        )  # fmt: skip
        task.stones.append(stone)
        found.append(stone)
    return found, left_out


def stone_light(due: date, done_on: date | None, today: date) -> str:
    """The light of a milestone; it has no start, so before its last week it is simply not due yet (grey)."""
    return light_for(start=None, due=due, completed=done_on is not None, today=today)


def _links(source: Source, seen: set[UUID], left_out: set[UUID]):
    """Pairs of milestones that are both shown, beside each its kind and lag, and how many end in rows not allowed."""
    pairs, kinds, restricted = [], [], 0
    for row in source.links(Dependency):
        ends = {row.predecessor_id, row.successor_id}
        if ends <= seen:
            pairs.append((row.predecessor_id, row.successor_id))
            kinds.append((row.kind, row.lag_days))
        elif ends & seen and not ends <= seen | left_out:
            restricted += 1
    return pairs, kinds, restricted


def _counted(tasks: dict[UUID, TaskLine], level: int, titles: dict[str, str]) -> dict[str, Group]:
    """The groups of one level that have a task, in the order of ``titles``, or of the tasks."""
    groups = {key: Group(key, title) for key, title in titles.items()}
    for task in tasks.values():
        groups[task.group[level]].lights[task.light] += 1
    return {key: group for key, group in groups.items() if group.total}


def phases_of(book: TaskBook, tasks: Iterable[TaskLine]) -> list[tuple[str, int, int]]:
    """(horizon, first year, last year) from the plans of the programme; without plans from what the tasks say."""
    plans = Plan.objects.filter(programme=book.programme_id).values_list("horizon", "first_year", "last_year")
    return list(plans) or years_from_horizons(
        ((task.horizon, task.due) for task in tasks), order=tuple(Horizon), first_year=book.first_year
    )


@dataclass(frozen=True)
class Frame:
    """What stands around a road map before its rows are fetched: the choices of the filter, phases, number of tasks."""

    leads: list[tuple[str, str]]
    fields: list[tuple[str, str]]
    phases: list[tuple[str, int, int]]
    count: int


def frame(book: TaskBook, actor: Any) -> Frame:
    """Four queries; only bureaus and fields that have a task in the book are offered."""
    tasks = Task.objects.visible_to(actor).filter(book=book).order_by()
    leads = Bureau.objects.filter(pk__in=tasks.values("lead_id")).order_by("pinyin")
    fields = CooperationField.objects.filter(pk__in=tasks.values("field_id"))
    plans = Plan.objects.filter(programme=book.programme_id).values_list("horizon", "first_year", "last_year")
    return Frame(
        [(bureau.code, bureau.name) for bureau in leads], [(field.code, field.name) for field in fields], list(plans),
        tasks.count(),
    )  # fmt: skip

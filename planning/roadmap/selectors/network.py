"""The milestones of a book as items of the scheduling engine, each on the calendar of its place of work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from dalian_coop.calendars import selectors as calendars
from dalian_coop.calendars.enums import Country
from dalian_coop.calendars.workdays import WorkingDays
from planning.roadmap.enums import Limit
from planning.roadmap.models import Dependency, Milestone
from planning.roadmap.schedule import Item, Link
from planning.taskbooks.models import Task, TaskBook

Field = Literal["due", "forecast"]


@dataclass
class BookNetwork:
    """Living milestones of a book with their tasks, by key, and the links between them."""

    book: TaskBook
    stones: dict[UUID, Milestone]
    links: list[Link]
    calendars: Callable[[str], WorkingDays]
    tasks: dict[UUID, Task] = field(default_factory=dict)

    def items(self, which: Field = "due") -> list[Item]:
        """One item a milestone, planned by its date (or by what is now expected)."""
        return [self.item(stone, which) for stone in self.stones.values()]

    def item(self, stone: Milestone, which: Field = "due") -> Item:
        planned = stone.forecast or stone.due if which == "forecast" else stone.due
        return Item(
            key=stone.pk, calendar=self.calendar(stone).table, planned=planned, finished=stone.done_on,
            fixed=stone.limit_on if stone.limit == Limit.FIXED else None,
            not_before=stone.limit_on if stone.limit == Limit.NOT_BEFORE else None,
            not_after=stone.limit_on if stone.limit == Limit.NOT_AFTER else None,
        )  # fmt: skip

    def calendar(self, stone: Milestone) -> WorkingDays:
        return self.calendars(workplace_of(stone))

    def task_item(self, task: Task) -> Item | None:
        """A task with both dates, as long as it is planned to be; else None."""
        if task.start is None or task.due is None:
            return None
        calendar = self.calendars(task.lead.seat_country or Country.CHINA)
        duration = max(1, calendar.working_days_between(task.start, task.due))
        return Item(task.pk, calendar.table, duration, planned=task.start)


def workplace_of(stone: Milestone) -> str:
    """The codes of the countries whose working days count, joined by +."""
    return stone.workplace or stone.task.lead.seat_country or str(Country.CHINA)


def countries_of(stone: Milestone) -> set[str]:
    """Whose holidays whoever sets a date should know: the place of work, and the partners of the task."""
    return set(workplace_of(stone).split("+")) | (set(stone.task.countries) & set(Country.values))


def book_network(book: TaskBook) -> BookNetwork:
    """Two queries, and one a country that occurs when its calendar is first asked for."""
    stones = Milestone.objects.filter(task__book=book, deleted_at=None, task__deleted_at=None)
    found = {stone.pk: stone for stone in stones.select_related("task__lead").order_by("due", "order", "code")}
    links = [
        Link(before, after, kind, lag, calendar_days)
        for before, after, kind, lag, calendar_days in Dependency.objects.filter(successor__task__book=book)
        .order_by("created_at", "id")
        .values_list("predecessor_id", "successor_id", "kind", "lag_days", "calendar_days")
        if before in found and after in found
    ]
    tasks = {stone.task_id: stone.task for stone in found.values()}
    return BookNetwork(book, found, links, _calendars(), tasks)


def stone_network(stone: Milestone) -> BookNetwork:
    """The milestone alone, without links; its task, book and lead bureau must be loaded."""
    return BookNetwork(stone.task.book, {stone.pk: stone}, [], _calendars(), {stone.task_id: stone.task})


def _calendars() -> Callable[[str], WorkingDays]:
    known: dict[str, WorkingDays] = {}

    def calendar(place: str) -> WorkingDays:
        if place not in known:
            known[place] = calendars.joint_calendar(place.split("+"))
        return known[place]

    return calendar


def working_days_moved(calendar: WorkingDays, old: date, new: date) -> int:
    """How many working days lie between two dates; negative when the new one is earlier."""
    table = calendar.table
    return table.index(new.toordinal() + 1) - table.index(old.toordinal() + 1)

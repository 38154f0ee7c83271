"""What the engine says about a book: earliest and latest days, the domino, and the finish with risk."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from planning.roadmap.models import Milestone, TaskEstimate
from planning.roadmap.schedule import Estimate, Item, Link, Outlook, Result, Slip, schedule, worst_slip
from planning.roadmap.selectors.network import BookNetwork
from planning.roadmap.selectors.page import stone_light
from planning.taskbooks.models import Task

SEED = 20260101
RUNS = 2000
_TODAY = "today"


def book_schedule(net: BookNetwork, today: date | None = None) -> Result:
    """The plan as it stands; with ``today`` what is now to be expected: forecasts, and nothing undone in the past.

    Slack counts towards the end of each chain. A milestone without links is never critical: it drags nothing along.
    """
    found = schedule(net.items("forecast" if today else "due"), net.links, as_of=today, ends="each")
    linked = {key for link in net.links for key in (link.before, link.after)}
    for key, row in found.rows.items():
        row.critical = row.critical and key in linked
    return found


def domino(net: BookNetwork, today: date, days: int = 10) -> Slip | None:
    """The milestone whose slip by ``days`` working days would turn most lights.

    The light of a slipped milestone is the one its plan would show on the day it is then expected.
    """

    def light(key: UUID, day: date) -> str:
        stone = net.stones[key]
        return stone_light(stone.due, stone.done_on, max(day, today) if day > stone.due else today)

    return worst_slip(net.items("forecast"), net.links, light, days=days, as_of=today)


@dataclass(frozen=True)
class Risk:
    """``outlooks`` by milestone; ``estimated`` counts the tasks that have an estimate, out of ``tasks``.

    ``moved`` are the milestones whose finish depends on an estimate: of such a task, or waiting for one.
    """

    outlooks: dict[UUID, Outlook]
    estimated: int
    tasks: int
    seed: int
    runs: int
    moved: frozenset[UUID] = frozenset()


def risk(net: BookNetwork, *, seed: int = SEED, runs: int = RUNS, today: date | None = None) -> Risk:
    """When each milestone is reached with a chance of 50 and 80 of 100: one query.

    A task is cut into stretches that end in its milestones; a stretch keeps its share of the task's three points. The
    links between milestones hold between the ends of the stretches. Where a task has no estimate or no start, its
    milestones keep their dates and are only pushed. Done milestones are where they were; with ``today`` nothing
    undone is reached before it.
    """
    from planning.roadmap.schedule.risk import simulate  # loads numpy: not at the start of every web process

    rows = {row.task_id: row for row in TaskEstimate.objects.filter(task__book=net.book)}
    items, links, estimates = {}, [Link(k.before, k.after, "FF", k.lag, k.calendar_days) for k in net.links], {}
    for stone in net.stones.values():
        items[stone.pk] = net.item(stone)
    for pk, row in rows.items():
        task = net.tasks.get(pk)
        if task is not None and task.start:
            _cut(net, task, row, items, links, estimates)
    if today:
        _not_before(net, today, items, links)
    found = simulate(items.values(), links, estimates, seed=seed, runs=runs, ends="each")
    found.pop(_TODAY, None)
    return Risk(found, len(rows), len(net.tasks), seed, runs, _behind(estimates, links))


def _not_before(net: BookNetwork, today: date, items: dict, links: list[Link]) -> None:
    """The present day is an item that is done, and everything undone ends after it."""
    items[_TODAY] = Item(_TODAY, net.calendars("CN").table, finished=today)
    links += [Link(_TODAY, key, "FF") for key, stone in net.stones.items() if not stone.done_on]


def _behind(estimates: dict[Any, Any], links: list[Link]) -> frozenset[UUID]:
    """The items with an estimate and everything that waits for one of them."""
    after: dict[UUID, list[UUID]] = {}
    for link in links:
        after.setdefault(link.before, []).append(link.after)
    found, stack = set(estimates), list(estimates)
    while stack:
        fresh = [key for key in after.get(stack.pop(), ()) if key not in found]
        found.update(fresh)
        stack += fresh
    return frozenset(found)


def _cut(net: BookNetwork, task: Task, row: TaskEstimate, items: dict, links: list[Link], estimates: dict[Any, Any]):
    """Replace the milestones of one task by stretches of work."""
    stones = sorted((s for s in net.stones.values() if s.task_id == task.pk), key=lambda s: (s.due, s.order))
    end = max(task.due or stones[-1].due, stones[-1].due)
    whole = max(1, net.calendars(task.lead.seat_country or "CN").working_days_between(task.start, end))
    before: Milestone | None = None
    since = task.start
    for stone in stones:
        calendar = net.calendar(stone)
        days = calendar.working_days_between(since, stone.due) - (1 if before and calendar.is_working_day(since) else 0)
        if not stone.done_on and not stone.limit and days > 0:
            share = days / whole
            items[stone.pk] = Item(stone.pk, calendar.table, days, planned=None if before else task.start)
            estimates[stone.pk] = Estimate(row.optimistic * share, row.likely * share, row.pessimistic * share)
            if before:
                links.append(Link(before.pk, stone.pk))
        before, since = stone, stone.due

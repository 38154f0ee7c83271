"""What the lights stood at, at the end of past months, from the history of the tasks."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from planning.taskbooks.lights import light_for


@dataclass(frozen=True, slots=True)
class Event:
    """One write of a task: the day (in Shanghai) and what the task held afterwards; ``gone`` if it was deleted."""

    task: Hashable
    day: date
    start: date | None
    due: date | None
    completed: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The last day looked at, and the tasks by light on it; ``lights`` is None where no history reaches."""

    day: date
    lights: Counter | None


def month_ends(today: date, count: int = 12) -> list[date]:
    """The last days of the ``count`` - 1 months before this one, and today."""
    found = [today]
    day = today.replace(day=1) - timedelta(days=1)
    while len(found) < count:
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found[::-1]


def lights_by_month(events: Iterable[Event], days: list[date]) -> list[Month]:
    """The lights on each of ``days`` (ascending) as they were on that day: with the dates and states of then.

    ``events`` come in the order in which they happened. A day before the first event has no lights (None), which is
    not the same as a day on which no task existed any more.
    """
    months: list[Month] = []
    held: dict[Hashable, Event] = {}
    began = False
    waiting = iter(events)
    event = next(waiting, None)
    for day in days:
        while event is not None and event.day <= day:
            began = True
            if event.gone:
                held.pop(event.task, None)
            else:
                held[event.task] = event
            event = next(waiting, None)
        months.append(Month(day, _lights(held.values(), day) if began else None))
    return months


def _lights(events: Iterable[Event], day: date) -> Counter:
    return Counter(light_for(start=e.start, due=e.due, completed=e.completed, today=day) for e in events)

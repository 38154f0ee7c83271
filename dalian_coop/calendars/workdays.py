"""Arithmetic on working days (pure): no Django, no clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

LONGEST_BREAK = 60  # days without a working day after which a calendar must be wrong
_DAY = timedelta(days=1)
_SATURDAY = 5


class WorkingDays:
    """Counting on a calendar. A subclass says which days are working days."""

    def is_working_day(self, day: date) -> bool:
        raise NotImplementedError

    def next_working_day(self, day: date) -> date:
        """``day`` if it is a working day, else the first one after it."""
        return self._nearest(day, _DAY)

    def previous_working_day(self, day: date) -> date:
        """``day`` if it is a working day, else the last one before it."""
        return self._nearest(day, -_DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it if negative).

        With 0: ``day`` itself, moved to the next working day if it is none. ``day`` is never counted.
        """
        if count == 0:
            return self.next_working_day(day)
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day = self._nearest(day + step, step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie from ``start`` to ``end``, both included; 0 if ``end`` is before ``start``."""
        return sum(self.is_working_day(start + _DAY * n) for n in range((end - start).days + 1))

    def _nearest(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_BREAK):
            if self.is_working_day(day):
                return day
            day += step
        raise ValueError(f"the calendar has no working day within {LONGEST_BREAK} days of {day}")


@dataclass(frozen=True)
class Calendar(WorkingDays):
    """One country: weekdays are worked unless ``off``, and ``worked`` days are worked whatever else they are.

    ``decreed_years`` are the years whose days are known for certain; in other years ``off`` is an expectation
    (China decrees each year's make-up working days in the autumn before).
    """

    country: str
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    decreed_years: frozenset[int] = field(default=frozenset())

    def is_working_day(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def is_decreed(self, day: date) -> bool:
        """Whether it is certain that ``day`` is a working day or not."""
        return day.year in self.decreed_years


@dataclass(frozen=True)
class JointCalendar(WorkingDays):
    """Days on which all of ``calendars`` work: when offices of several countries must meet."""

    calendars: tuple[WorkingDays, ...]

    def is_working_day(self, day: date) -> bool:
        return all(calendar.is_working_day(day) for calendar in self.calendars)

    def is_decreed(self, day: date) -> bool:
        return all(calendar.is_decreed(day) for calendar in self.calendars)


def joint(calendars: Iterable[WorkingDays]) -> WorkingDays:
    """The common calendar of ``calendars``; of a single one, that one."""
    found = tuple(calendars)
    if not found:
        raise ValueError("a joint calendar needs at least one calendar")
    return found[0] if len(found) == 1 else JointCalendar(found)

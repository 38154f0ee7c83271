"""Arithmetic on working days (pure): no Django, no clock, no database.

Counting is a look-up: every calendar has a ``Table`` of all days from 1999 to 2103, built once and kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

LONGEST_BREAK = 60  # days without a working day after which a calendar must be wrong
FIRST_DAY, LAST_DAY = date(1999, 1, 1), date(2103, 12, 31)
_SATURDAY = 5


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """The working days of a calendar, for look-ups in O(1). Days are proleptic ordinals (``date.toordinal``).

    ``before[n - first]`` is the number of working days of the table before day ``n``; ``days`` lists the working days
    in order, so that ``days[before[n - first]]`` is day ``n`` or the first working day after it.
    """

    first: int
    before: Sequence[int]
    days: Sequence[int]

    def __repr__(self) -> str:
        return f"<Table of {len(self.days)} working days>"

    def index(self, day: int) -> int:
        """How many working days of the table lie before ``day``. Raises ``OutOfCalendar``."""
        position = day - self.first
        if not 0 <= position < len(self.before):
            raise OutOfCalendar(day)
        return self.before[position]

    def nth(self, index: int) -> int:
        """The working day that has ``index`` working days before it. Raises ``OutOfCalendar``."""
        if not 0 <= index < len(self.days):
            raise OutOfCalendar(None)
        return self.days[index]


class OutOfCalendar(ValueError):
    """A day lies outside the years a calendar can count."""

    def __init__(self, day: int | None):
        what = "the day" if day is None else date.fromordinal(min(max(day, 1), date.max.toordinal())).isoformat()
        super().__init__(f"{what} lies outside {FIRST_DAY.year} to {LAST_DAY.year}")


class WorkingDays:
    """Counting on a calendar. A subclass says which days are working days and can be hashed."""

    def is_working_day(self, day: date) -> bool:
        raise NotImplementedError

    def is_decreed(self, day: date) -> bool:
        """Whether it is certain that ``day`` is a working day or not."""
        raise NotImplementedError

    @property
    def table(self) -> Table:
        """The look-up table of this calendar; equal calendars share one."""
        return _table(self)

    def next_working_day(self, day: date) -> date:
        """``day`` if it is a working day, else the first one after it."""
        table = self.table
        return _near(day, table.nth(table.index(day.toordinal())))

    def previous_working_day(self, day: date) -> date:
        """``day`` if it is a working day, else the last one before it."""
        table = self.table
        return _near(day, table.nth(table.index(day.toordinal() + 1) - 1))

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it if negative).

        With 0: ``day`` itself, moved to the next working day if it is none. ``day`` is never counted.
        Raises ``OutOfCalendar`` (a ``ValueError``) beyond the years of the table.
        """
        if count == 0:
            return self.next_working_day(day)
        table, n = self.table, day.toordinal()
        if count > 0:
            _near(day, table.nth(table.index(n + 1)))
            return date.fromordinal(table.nth(table.index(n + 1) + count - 1))
        _near(day, table.nth(table.index(n) - 1))
        return date.fromordinal(table.nth(table.index(n) + count))

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie from ``start`` to ``end``, both included; 0 if ``end`` is before ``start``."""
        table = self.table
        return max(0, table.index(end.toordinal() + 1) - table.index(start.toordinal()))


def _near(day: date, found: int) -> date:
    if abs(found - day.toordinal()) >= LONGEST_BREAK:
        raise ValueError(f"the calendar has no working day within {LONGEST_BREAK} days of {day}")
    return date.fromordinal(found)


@lru_cache(maxsize=32)
def _table(calendar: WorkingDays) -> Table:
    first, last = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
    before, days = [], []
    is_working_day, from_ordinal = calendar.is_working_day, date.fromordinal
    for day in range(first, last + 1):
        before.append(len(days))
        if is_working_day(from_ordinal(day)):
            days.append(day)
    before.append(len(days))
    return Table(first, before, days)


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


def next_common_days(calendar: WorkingDays, day: date, count: int) -> list[date]:
    """The first ``count`` working days of ``calendar`` from ``day`` on (of a joint one: when all can meet)."""
    table = calendar.table
    first = table.index(day.toordinal())
    return [date.fromordinal(n) for n in table.days[first : first + count]]

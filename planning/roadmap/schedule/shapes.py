"""What goes into the engine and what comes out."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

WEIGHT = 4  # of the most likely value in a three-point estimate


class Days(Protocol):
    """The working days of one calendar; ``dalian_coop.calendars.workdays.Table`` is one.

    Days are ordinals (``date.toordinal``). ``before[n - first]`` counts the working days before day ``n``, ``days``
    lists them in order.
    """

    first: int
    before: Sequence[int]
    days: Sequence[int]


class Why(StrEnum):
    """What decided the early date of an item."""

    LINK = "link"  # a predecessor
    PLANNED = "planned"  # the date somebody gave it
    NOT_BEFORE = "not_before"
    FIXED = "fixed"
    ACTUAL = "actual"
    TODAY = "today"  # it is not done, and the past is over
    START = "start"  # nothing: the beginning of the schedule


@dataclass(frozen=True, slots=True)
class Item:
    """A task (``duration`` working days, at least 1) or a milestone (``duration`` 0) on the calendar of its place.

    ``planned`` is the day given by people: the start of a task, the day of a milestone. It stays unless a link asks for
    later. ``fixed`` stays even then, and the link is reported as broken. ``not_before`` bounds the same day as
    ``planned``, ``not_after`` the finish. ``finished`` and ``started`` are what happened.
    """

    key: Hashable
    calendar: Days
    duration: int = 0
    planned: date | None = None
    fixed: date | None = None
    not_before: date | None = None
    not_after: date | None = None
    started: date | None = None
    finished: date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """``after`` waits for ``before``. ``kind`` is FS, SS, FF or SF: which end of each.

    ``lag`` is counted in working days of the calendar of ``after``, or in ``calendar_days``; negative is a lead.
    """

    before: Hashable
    after: Hashable
    kind: str = "FS"
    lag: int = 0
    calendar_days: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an item cannot be earlier; ``link`` is the binding link when ``why`` says so."""

    why: Why
    link: Link | None = None


@dataclass(slots=True)
class Row:
    """The answer for one item: first and last possible days, slack in working days of its calendar.

    ``total`` says how far it may slip before an end moves (negative: a date cannot be kept), ``free`` how far before
    anything else moves. ``critical``: no slack at all, and not done.
    """

    early_start: date
    early_finish: date
    late_start: date
    late_finish: date
    total: int
    free: int
    critical: bool
    cause: Cause


@dataclass(slots=True)
class Result:
    """The whole answer. ``undated`` items have no date and wait for nothing that has one; ``broken`` are links that
    cannot be kept because of a fixed or actual date; ``late`` are items that miss ``not_after``.
    """

    rows: dict[Hashable, Row]
    undated: list[Hashable] = field(default_factory=list)
    broken: list[Link] = field(default_factory=list)
    late: list[Hashable] = field(default_factory=list)
    path: list[Hashable] = field(default_factory=list)

    @property
    def finish(self) -> date | None:
        """The last day of all."""
        return max((row.early_finish for row in self.rows.values()), default=None)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Working days if all goes well, most likely, and if much goes wrong."""

    optimistic: float
    likely: float
    pessimistic: float

    def __post_init__(self):
        if not 0 <= self.optimistic <= self.likely <= self.pessimistic:
            raise ValueError("an estimate must grow from optimistic over likely to pessimistic, and not be negative")

    @property
    def mean(self) -> float:
        return (self.optimistic + WEIGHT * self.likely + self.pessimistic) / (WEIGHT + 2)

    @property
    def deviation(self) -> float:
        """The classical approximation (p − o)/6."""
        return (self.pessimistic - self.optimistic) / 6


@dataclass(frozen=True, slots=True)
class Outlook:
    """When an item finishes: with a chance of one half, of four fifths, and how often it was on the critical path."""

    p50: date
    p80: date
    criticality: float

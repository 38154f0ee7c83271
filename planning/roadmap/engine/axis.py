"""Dates as places on a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIT_WIDTH = 1000.0
_DAY = timedelta(days=1)


class Zoom(StrEnum):
    """How much of time one sees at once. ``FIT`` shows the whole range in the width there is."""

    QUARTER = "quarter"
    YEAR = "year"
    PHASE = "phase"
    FIT = "fit"


_UNITS_A_YEAR = {Zoom.QUARTER: 480.0, Zoom.YEAR: 260.0, Zoom.PHASE: 110.0}


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from ``first`` to ``last``, both whole, on ``width`` units."""

    first: date
    last: date
    width: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, day: date) -> float:
        """Where ``day`` begins; outside the range the nearest edge."""
        offset = (day - self.first).days
        return self.width * min(max(offset, 0), self.days) / self.days

    def end(self, day: date) -> float:
        """Where ``day`` ends."""
        return self.x(day + _DAY)

    def middle(self, day: date) -> float:
        return (self.x(day) + self.end(day)) / 2

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Tick:
    """Beginning of a year (``quarter`` is 0) or of a quarter, and how wide it is."""

    x: float
    width: float
    year: int
    quarter: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """The years of one phase, as far as the axis shows them."""

    horizon: str
    first_year: int
    last_year: int
    x: float
    width: float


def axis_for(*, first_year: int, last_year: int, dates: Iterable[date | None], zoom: Zoom) -> Axis:
    """Whole years from ``first_year`` to ``last_year``, widened to hold every one of ``dates``."""
    years = [day.year for day in dates if day is not None]
    first, last = min([first_year, *years]), max([last_year, *years])
    count = last - first + 1
    width = FIT_WIDTH if zoom is Zoom.FIT else _UNITS_A_YEAR[zoom] * count
    return Axis(date(first, 1, 1), date(last, 12, 31), width)


def ticks_for(axis: Axis, *, quarters: bool) -> list[Tick]:
    """The years of the axis, or its quarters."""
    found = []
    for year in range(axis.first.year, axis.last.year + 1):
        if not quarters:
            x = axis.x(date(year, 1, 1))
            found.append(Tick(x, axis.end(date(year, 12, 31)) - x, year))
            continue
        for quarter in (1, 2, 3, 4):
            x = axis.x(date(year, 3 * quarter - 2, 1))
            after = date(year, 3 * quarter + 1, 1) if quarter < 4 else date(year + 1, 1, 1)
            found.append(Tick(x, axis.x(after) - x, year, quarter))
    return found


def bands_for(axis: Axis, phases: Iterable[tuple[str, int, int]]) -> list[Band]:
    """``(horizon, first year, last year)`` as bands; phases outside the axis are left out."""
    found = []
    for horizon, first, last in sorted(phases, key=lambda phase: phase[1]):
        x, end = axis.x(date(first, 1, 1)), axis.end(date(last, 12, 31))
        if end > x:
            found.append(Band(horizon, first, last, x, end - x))
    return found


def years_from_horizons(
    tasks: Iterable[tuple[str, date | None]], *, order: tuple[str, ...], first_year: int
) -> list[tuple[str, int, int]]:
    """Phases of a programme without plans, from what its tasks say: ``(horizon, due)`` of each.

    A phase ends with the latest year due in it and begins after the one before; a horizon without a due year, or one
    that would end before it begins, is left out.
    """
    latest: dict[str, int] = {}
    for horizon, due in tasks:
        if horizon and due is not None:
            latest[horizon] = max(due.year, latest.get(horizon, 0))
    found = []
    begin = first_year
    for horizon in order:
        last = latest.get(horizon, 0)
        if last >= begin:
            found.append((horizon, begin, last))
            begin = last + 1
    return found

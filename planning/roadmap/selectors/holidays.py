"""Days off of the three countries as stretches, for the layer behind the road map."""

from dataclasses import dataclass
from datetime import date, timedelta

from dalian_coop.calendars.enums import Country, Season
from dalian_coop.calendars.selectors import Notes
from dalian_coop.calendars.workdays import Calendar

_REACH = timedelta(days=3)  # from a Friday to the Monday after
# Customs of Japan on which offices are closed though not every day is a day off by law: (month, first, last day).
_CUSTOMS = ((4, 29, 30), (5, 1, 5), (8, 13, 16))


@dataclass(slots=True)
class Stretch:
    """Days off in a row, a weekend between them counted in. ``name`` is that of the season, "" for other days off;
    ``sure`` is False when the country has not decreed the days of that year yet.
    """

    country: str
    first: date
    last: date
    name: str
    sure: bool


def stretches(first: date, last: date) -> list[Stretch]:
    """Of China, Japan and South Korea between two days, by country and date: one query a country."""
    notes = Notes(Country.values)
    found: list[Stretch] = []
    for country, calendar in notes.calendars.items():
        for day in _days_off(calendar, first, last):
            name = _season(notes, country, day)
            before = found[-1] if found else None
            if before and before.country == country and _joined(before.last, day):
                before.last, before.name = day, before.name or name
            else:
                found.append(Stretch(country, day, day, name, calendar.is_decreed(day)))
    return found


def _days_off(calendar: Calendar, first: date, last: date) -> list[date]:
    days = set(calendar.off - calendar.worked)
    if calendar.country == Country.JAPAN:
        for year in range(first.year, last.year + 1):
            days.update(date(year, month, n) for month, begin, end in _CUSTOMS for n in range(begin, end + 1))
    return sorted(day for day in days if first <= day <= last)


def _season(notes: Notes, country: str, day: date) -> str:
    plain = (Season.DAY_OFF, Season.NOT_DECREED, Season.MAKEUP_WORKDAY)
    found = (note for note in notes.of(day) if note.country == country and note.season not in plain)
    return next((str(note.season.label) for note in found), "")


def _joined(before: date, after: date) -> bool:
    """Whether nothing but a weekend lies between two days."""
    between = (before + timedelta(days=n) for n in range(1, (after - before).days))
    return after - before <= _REACH and all(day.weekday() >= 5 for day in between)

"""The calendars as they now stand: the package ``holidays`` overridden by the table of special days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from dalian_coop.calendars import workdays
from dalian_coop.calendars.enums import Country, DayKind, Season
from dalian_coop.calendars.models import Holiday
from dalian_coop.calendars.workdays import Calendar, WorkingDays, joint

FIRST_YEAR, LAST_YEAR = 2015, 2045
# The State Council publishes the days of a year in the last months of the year before.
DECREE_EXPECTED = (11, 15)


@cache
def calendar_from_package(country: str) -> Calendar:
    """What the package knows. China's year counts as decreed when the package has its make-up working days."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    days = holidays.country_holidays(country, years=years)
    worked = frozenset(getattr(days, "weekend_workdays", ()))
    decreed = frozenset(d.year for d in worked) if country == Country.CHINA else frozenset(years)
    return Calendar(country, frozenset(days), worked, decreed)


def calendar_of(country: str) -> Calendar:
    """The calendar of ``country`` ("CN", "JP" or "KR"): one query. Raises ``ValueError`` for another country."""
    if country not in Country.values:
        raise ValueError(f"no calendar of {country!r}")
    return overridden(
        calendar_from_package(country), Holiday.objects.filter(country=country).values_list("date", "kind")
    )


def overridden(calendar: Calendar, rows) -> Calendar:
    """``calendar`` with special days ``(date, kind)`` put over it: a row wins over what the package says of its day."""
    kinds = dict(rows)
    off = {d for d, kind in kinds.items() if kind == DayKind.HOLIDAY}
    worked = kinds.keys() - off
    decreed = {d.year for d in worked} if calendar.country == Country.CHINA else set()
    return Calendar(
        calendar.country,
        (calendar.off - worked) | off,
        (calendar.worked - off) | worked,
        calendar.decreed_years | decreed,
    )


def joint_calendar(countries) -> WorkingDays:
    """The days on which all ``countries`` work; China's calendar if none is named."""
    return joint(calendar_of(country) for country in (sorted(set(countries)) or [Country.CHINA]))


def missing_decrees(today: date) -> list[int]:
    """Years whose Chinese working days are needed and not known: this year, and from mid-November the next."""
    wanted = [today.year]
    if (today.month, today.day) >= DECREE_EXPECTED:
        wanted.append(today.year + 1)
    decreed = calendar_of(Country.CHINA).decreed_years
    return [year for year in wanted if year not in decreed]


@dataclass(frozen=True)
class DayNote:
    """Something about a day in a country that whoever sets a date should know."""

    country: str
    season: Season

    def __str__(self) -> str:
        return f"{Country(self.country).label}: {self.season.label}"


class Notes:
    """What there is to say about days in several countries; the calendars are read once."""

    def __init__(self, countries):
        self.calendars = {country: calendar_of(country) for country in sorted(set(countries))}

    def of(self, day: date) -> list[DayNote]:
        """The seasons ``day`` falls into, whether it is a day off or a make-up working day, and how sure that is."""
        found = []
        for country, calendar in self.calendars.items():
            season = _season(calendar, day)
            working = calendar.is_working_day(day)
            if season is None and not working:
                season = Season.DAY_OFF
            if season is not None:
                found.append(DayNote(country, season))
            if day in calendar.worked:
                found.append(DayNote(country, Season.MAKEUP_WORKDAY))
            if not calendar.is_decreed(day):
                found.append(DayNote(country, Season.NOT_DECREED))
        return found


def _season(calendar: Calendar, day: date) -> Season | None:
    """By its core days: everybody rests from the last working day before them to the first after them.

    Japan's weeks are customs with fixed days: Golden Week from 29 April to 5 May, Obon from 13 to 16 August.
    """
    if calendar.country == Country.JAPAN and (4, 29) <= (day.month, day.day) <= (5, 5):
        return Season.GOLDEN_WEEK
    if calendar.country == Country.JAPAN and (8, 13) <= (day.month, day.day) <= (8, 16):
        return Season.OBON
    if calendar.is_working_day(day):
        return None
    cores = _core_days(calendar.country)
    step = calendar.previous_working_day(day) + timedelta(days=1)
    last = calendar.next_working_day(day)
    while step < last:
        if (season := cores.get(step)) is not None:
            return season
        step += timedelta(days=1)
    return None


_CORES = {
    Country.CHINA: (("Chinese New Year", Season.SPRING_FESTIVAL), ("National Day", Season.NATIONAL_DAY)),
    Country.JAPAN: (("Constitution Day", Season.GOLDEN_WEEK), ("Children's Day", Season.GOLDEN_WEEK)),
    Country.KOREA: (("Korean New Year", Season.SEOLLAL), ("Chuseok", Season.CHUSEOK)),
}


@cache
def _core_days(country: str) -> dict[date, Season]:
    """The days a season is named for, by the package's English names."""
    days = holidays.country_holidays(country, years=range(FIRST_YEAR, LAST_YEAR + 1), language="en_US")
    return {day: season for day, name in days.items() for word, season in _CORES[Country(country)] if word in name}


def next_common_days(countries, day: date, count: int = 5) -> list[date]:
    """The first ``count`` days from ``day`` on, on which all ``countries`` work."""
    return workdays.next_common_days(joint_calendar(countries), day, count)

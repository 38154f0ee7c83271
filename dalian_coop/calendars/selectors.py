"""The calendars as they now stand: the package ``holidays`` overridden by the table of special days."""

from datetime import date
from functools import cache

import holidays

from dalian_coop.calendars.enums import Country, DayKind
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

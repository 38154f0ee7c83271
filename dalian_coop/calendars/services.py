"""Writing special days."""

from datetime import date
from pathlib import Path

from django.db import transaction

from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.reference import BadRow, Counts, rows, sync
from dalian_coop.calendars.enums import Country, DayKind
from dalian_coop.calendars.models import Holiday
from dalian_coop.calendars.selectors import calendar_from_package, overridden
from dalian_coop.calendars.workdays import Calendar

FILE = Path(__file__).parent / "data" / "holidays.csv"
FIELDS = ("country", "date", "name", "name_local", "kind", "source")


def load_holidays(path: Path = FILE) -> list[Counts]:
    """Load the shipped list (2020-2027). Rows that people added for other days stay; raises ``BadRow``."""
    found, seen = [], {}
    for line, row in rows(path):
        day = _special_day(path, line, row)
        key = (day["country"], day["date"])
        if key in seen:
            raise BadRow(path, line, f"{key[0]} {key[1]} stands already in line {seen[key]}")
        seen[key] = line
        found.append(day)
    return [sync(Holiday, found, ("country", "date"), path=path)]


def _special_day(path: Path, line: int, row: dict[str, str]) -> dict:
    if row["country"] not in Country.values or row["kind"] not in DayKind.values:
        raise BadRow(path, line, f"unknown country {row['country']!r} or kind {row['kind']!r}")
    try:
        day = date.fromisoformat(row["date"])
    except ValueError as error:
        raise BadRow(path, line, error) from error
    return {"date": day} | {name: row[name] for name in FIELDS if name != "date"}


def packaged_calendar(country: str, path: Path = FILE) -> Calendar:
    """The calendar of ``country`` from the shipped list alone, without the database. Raises ``BadRow``."""
    days = [_special_day(path, line, row) for line, row in rows(path)]
    special = [(day["date"], day["kind"]) for day in days if day["country"] == country]
    return overridden(calendar_from_package(country), special)


@transaction.atomic
def change_special_day(*, holiday: Holiday, by) -> Holiday:
    """Save an added or edited special day, whose values were checked by ``full_clean``.

    ``by`` is the person who enters the decree (the history takes its name from the request). Raises ``Conflict`` if
    somebody changed the day since ``holiday`` was read.
    """
    if holiday._state.adding:
        holiday.save(force_insert=True)
        return holiday
    return save_if_unchanged(holiday, FIELDS, expected=holiday.version)

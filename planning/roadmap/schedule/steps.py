"""One link forwards and backwards in time.

Instants are whole numbers: ``n`` is the beginning of the day with ordinal ``n``, which is the end of the day before.
``index`` of an instant is the number of working days that are over by then.
"""

from planning.roadmap.schedule.shapes import Days


def advance(days: Days, instant: int, lag: int, calendar_days: bool) -> int:
    """The instant that lies ``lag`` after ``instant``: the end of the last working day that had to pass.

    A lead (negative) gives the beginning of the working day that lies so many working days before.
    """
    if not lag:
        return instant
    if calendar_days:
        return instant + lag
    index = days.before[instant - days.first] + lag
    return days.days[_inside(index - 1, days)] + 1 if lag > 0 else days.days[_inside(index, days)]


def retreat(days: Days, limit: int, lag: int, calendar_days: bool) -> int:
    """The last instant from which ``advance`` does not lead beyond ``limit``."""
    if not lag:
        return limit
    if calendar_days:
        return limit - lag
    if lag > 0:
        return days.days[_inside(days.before[limit - days.first] - lag, days)]
    return days.days[_inside(days.before[limit + 1 - days.first] - 1 - lag, days)]


def _inside(index: int, days: Days) -> int:
    """A list counts negative positions from its end; here they mean a day before the first known one."""
    if not 0 <= index < len(days.days):
        raise IndexError("the day lies outside the years of the calendar")
    return index

"""A scheduler by trial, day by day, that shares nothing with the engine but the calendars' ``is_working_day``.

It is slow and obvious: an item waits until every rule allows the day; slack is how many working days one can hold an
item back before something else moves.
"""

from datetime import date, timedelta

DAY = timedelta(days=1)


def finish_of(item, calendar, start: date) -> date:
    """The last day of a task that begins on ``start``."""
    left, day = item.duration, start
    while True:
        left -= calendar.is_working_day(day)
        if not left:
            return day
        day += DAY


def after_lag(calendar, moment: date, lag: int, calendar_days: bool) -> date:
    """``moment`` is the morning of a day; the morning that is ``lag`` later."""
    if calendar_days:
        return moment + DAY * lag
    while lag > 0:
        lag -= calendar.is_working_day(moment)
        moment += DAY
    while lag < 0:
        moment -= DAY
        lag += calendar.is_working_day(moment)
    return moment


def simulate(items, links, calendars, begin: date, held: dict | None = None):
    """``{key: (start, finish)}``; ``held`` holds items back by so many working days. Raises RuntimeError on a ring."""
    done, left = {}, list(items)
    while left:
        item = next((i for i in left if all(k.before in done for k in links if k.after == i.key)), None)
        if item is None:
            raise RuntimeError("ring")
        left.remove(item)
        done[item.key] = _try(item, [k for k in links if k.after == item.key], done, calendars, begin)
        for _ in range((held or {}).get(item.key, 0)):
            start = done[item.key][0] + DAY
            while not calendars[item.key].is_working_day(start):
                start += DAY
            done[item.key] = (start, finish_of(item, calendars[item.key], start) if item.duration else start)
    return done


def _try(item, links, done, calendars, begin):
    calendar = calendars[item.key]
    day = item.planned or (date(2026, 1, 1) if links else begin)
    if item.not_before:
        day = max(day, item.not_before)
    while True:
        if calendar.is_working_day(day):
            finish = finish_of(item, calendar, day) if item.duration else day
            if all(_kept(item, link, day, finish, done, calendar) for link in links):
                return day, finish
        day += DAY


def _kept(item, link, start, finish, done, calendar) -> bool:
    their_start, their_finish = done[link.before]
    milestone = their_start == their_finish and link.before.startswith("m")
    morning = their_finish + DAY if link.kind[0] == "F" or milestone else their_start
    morning = after_lag(calendar, morning, link.lag, link.calendar_days)
    mine = finish + DAY if link.kind[1] == "F" or not item.duration else start
    return mine >= morning

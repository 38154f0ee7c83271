"""Forward and backward pass, slack, critical path."""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Literal

from planning.roadmap.schedule.network import Network, network
from planning.roadmap.schedule.shapes import Cause, Item, Link, Result, Row, Why
from planning.roadmap.schedule.steps import advance, retreat

Bound = tuple[int, Why, int]  # an instant, what asks for it, and the number of the link if a link does
_NOTHING: Bound = (0, Why.START, -1)
_FAR = 1 << 40  # later than any day; taken modulo itself it says that there is no limit


def schedule(
    items: Iterable[Item],
    links: Iterable[Link],
    *,
    start: date | None = None,
    as_of: date | None = None,
    ends: Literal["last", "each"] = "last",
) -> Result:
    """Schedule ``items`` under ``links``.

    ``start`` is the first day for items that have no date and wait for nothing. With ``as_of`` nothing that is not
    done lies before that day. ``ends``: slack is counted towards the last finish of all, or for ``each`` item that
    nobody waits for towards its own finish. Raises ``Cycle``, ``UnknownItem``; ``IndexError`` when a day falls out of
    the years of a calendar.
    """
    net = network(items, links)
    times = Times(net, start, as_of)
    times.run()
    late = _Late(times, ends)
    late.run()
    return _result(times, late)


class Times:
    """The forward pass: earliest start and finish of every item as instants, 0 where there is no date."""

    def __init__(self, net: Network, start: date | None, as_of: date | None):
        self.net = net
        self.first = start.toordinal() if start else 0
        self.today = as_of.toordinal() if as_of else 0
        self.starts = [0] * len(net.items)
        self.finishes = [0] * len(net.items)
        self.causes: list[Bound] = [_NOTHING] * len(net.items)
        self.broken: list[int] = []

    def run(self) -> None:
        for number in self.net.order:
            self.place(number)

    def place(self, number: int) -> None:
        """Work out one item; what it waits for must be worked out."""
        item = self.net.items[number]
        if item.finished or item.fixed:
            self._pinned(number, item)
        else:
            self._free(number, item)

    def _free(self, number: int, item: Item) -> None:
        """As early as its links, dates and limits allow."""
        point = 0 if item.duration else 1  # a milestone is the end of its day
        start, finish, by_start, by_finish = self.asked(number, item)
        held, why = self._own(item, point)
        if held > start:
            start, by_start = held, (held, why, -1)
        if not start and not finish:
            return
        if item.duration:
            self._task(number, item, start, finish)
            moved_by_finish = (
                finish and self.finishes[number] >= finish and self._first_start(item, start) < (self.starts[number])
            )
            self.causes[number] = by_finish if moved_by_finish or not start else by_start
            return
        instant, cause = (finish, by_finish) if finish > start else (start, by_start)
        if cause[1] not in (Why.PLANNED, Why.NOT_BEFORE):
            days = item.calendar
            instant = days.days[days.before[instant - 1 - days.first]] + 1
        self.starts[number] = self.finishes[number] = instant
        self.causes[number] = cause

    def _first_start(self, item: Item, start: int) -> int:
        if not start:
            return 0
        days = item.calendar
        return max(start, days.days[days.before[start - days.first]])

    def _task(self, number: int, item: Item, start: int, finish: int) -> None:
        days = item.calendar
        index = days.before[start - days.first] if start else 0
        if finish:  # the last day must be over by then
            index = max(index, days.before[finish - 1 - days.first] - item.duration + 1)
        last = index + item.duration - 1
        manual = item.planned and item.planned.toordinal() == start
        if manual and days.before[start - days.first] == index:
            self.starts[number] = start  # people may begin on a holiday; it counts from the next working day
        else:
            self.starts[number] = days.days[index]
        self.finishes[number] = days.days[last] + 1

    def _own(self, item: Item, point: int) -> tuple[int, Why]:
        """The day that the item itself asks for, as an instant."""
        if item.started and item.duration:
            return item.started.toordinal(), Why.ACTUAL
        held, why = (item.planned.toordinal() + point, Why.PLANNED) if item.planned else (0, Why.START)
        if item.not_before and (bound := item.not_before.toordinal() + point) > held:
            held, why = bound, Why.NOT_BEFORE
        if self.today and self.today + point > held:
            held, why = self.today + point, Why.TODAY
        if not held and self.first and not self.net.before[self.net.numbers[item.key]]:
            held = self.first + point
        return held, why

    def asked(self, number: int, item: Item) -> tuple[int, int, Bound, Bound]:
        """What the predecessors ask of start and finish (0: nothing), and which link does."""
        start = finish = 0
        by_start = by_finish = _NOTHING
        days, starts, finishes = item.calendar, self.starts, self.finishes
        for other, from_finish, to_finish, lag, calendar_days, link in self.net.before[number]:
            instant = finishes[other] if from_finish else starts[other]
            if not instant:
                continue
            if lag:
                instant = advance(days, instant, lag, calendar_days)
            if to_finish:
                if instant > finish:
                    finish, by_finish = instant, (instant, Why.LINK, link)
            elif instant > start:
                start, by_start = instant, (instant, Why.LINK, link)
        return start, finish, by_start, by_finish

    def _pinned(self, number: int, item: Item) -> None:
        """It happened, or must happen, on a day; links that ask for later are broken."""
        days = item.calendar
        if item.finished:
            finish = item.finished.toordinal() + 1
            start = item.started.toordinal() if item.started and item.duration else self._back(item, finish)
            why = Why.ACTUAL
        else:
            start = item.fixed.toordinal() + (0 if item.duration else 1)
            finish, why = start, Why.FIXED
            if item.duration:
                finish = days.days[days.before[start - days.first] + item.duration - 1] + 1
        self.starts[number], self.finishes[number] = start, finish
        self.causes[number] = (start, why, -1)
        if item.finished:
            return
        for other, from_finish, to_finish, lag, calendar_days, link in self.net.before[number]:
            instant = self.finishes[other] if from_finish else self.starts[other]
            if instant and advance(days, instant, lag, calendar_days) > (finish if to_finish else start):
                self.broken.append(link)

    def _back(self, item: Item, finish: int) -> int:
        if not item.duration:
            return finish
        days = item.calendar
        return min(days.days[days.before[finish - days.first] - item.duration], finish - 1)


class _Late:
    """The backward pass: latest start and finish, total and free slack."""

    def __init__(self, times: Times, ends: str):
        self.times = times
        self.each = ends == "each"
        self.last = max(times.finishes, default=0)
        self.starts = list(times.starts)
        self.finishes = list(times.finishes)
        count = len(times.starts)
        self.total, self.free = [0] * count, [0] * count

    def run(self) -> None:
        items, early = self.times.net.items, self.times
        for number in reversed(self.times.net.order):
            if not early.finishes[number]:
                continue
            item = items[number]
            if item.finished:
                continue
            start, finish, free_start, free_finish = self._limits(number)
            if not item.fixed:
                self._settle(number, item, start, finish)
            self._count(number, item, free_start, free_finish)

    def _settle(self, number: int, item: Item, start: int, finish: int) -> None:
        early_start, early_finish = self.times.starts[number], self.times.finishes[number]
        if not start and not finish or not self.each:
            end = early_finish if self.each else self.last
            finish = min(finish, end) if finish else end
        if item.not_after:
            finish = min(finish or self.last, item.not_after.toordinal() + 1)
        days = item.calendar
        before, first = days.before, days.first
        if not item.duration:
            limit = min(x for x in (start, finish) if x)
            if limit != early_finish:
                limit = days.days[before[limit - first] - 1] + 1
            self.starts[number] = self.finishes[number] = limit
            return
        last = before[finish - first] - 1 if finish else len(days.days)
        if start:
            last = min(last, before[start + 1 - first] + item.duration - 2)
        if last == before[early_finish - first] - 1:
            self.starts[number], self.finishes[number] = early_start, early_finish
        else:
            self.starts[number], self.finishes[number] = days.days[last - item.duration + 1], days.days[last] + 1

    def _limits(self, number: int) -> tuple[int, int, int, int]:
        """The last instants at which the item may start and finish for its successors' sake (0: no limit).

        First those that move no end, then those that move none of the successors' early dates.
        """
        items, early = self.times.net.items, self.times
        start = finish = free_start = free_finish = _FAR
        for other, from_finish, to_finish, lag, calendar_days, _link in early.net.after[number]:
            late, soon = (
                (self.finishes[other], early.finishes[other])
                if to_finish
                else (self.starts[other], early.starts[other])
            )
            if not soon or items[other].finished:
                continue
            if lag:
                days = items[other].calendar
                late, soon = retreat(days, late, lag, calendar_days), retreat(days, soon, lag, calendar_days)
            if from_finish:
                finish, free_finish = min(finish, late), min(free_finish, soon)
            else:
                start, free_start = min(start, late), min(free_start, soon)
        return start % _FAR, finish % _FAR, free_start % _FAR, free_finish % _FAR

    def _count(self, number: int, item: Item, start: int, finish: int) -> None:
        before, first = item.calendar.before, item.calendar.first
        early = before[self.times.finishes[number] - first]
        self.total[number] = before[self.finishes[number] - first] - early
        free = []
        if finish:
            free.append(before[finish - first] - early)
        if start and item.duration:
            free.append(before[start + 1 - first] - 1 - before[self.times.starts[number] - first])
        elif start:
            free.append(before[start - first] - early)
        self.free[number] = max(0, min(free)) if free else max(0, self.total[number])


def _result(times: Times, late: _Late) -> Result:
    day, net = date.fromordinal, times.net
    result = Result({}, broken=[net.links[n] for n in times.broken])
    for number, item in enumerate(net.items):
        finish = times.finishes[number]
        if not finish:
            result.undated.append(item.key)
            continue
        point = 0 if item.duration else 1
        total = late.total[number]
        _instant, why, link = times.causes[number]
        result.rows[item.key] = Row(
            day(times.starts[number] - point), day(finish - 1), day(late.starts[number] - point),
            day(late.finishes[number] - 1), total, late.free[number], total <= 0 and not item.finished,
            Cause(why, net.links[link] if link >= 0 else None),
        )  # fmt: skip
        if item.not_after and finish - 1 > item.not_after.toordinal() and not item.finished:
            result.late.append(item.key)
    result.path = _path(times)
    return result


def _path(times: Times) -> list[Hashable]:
    """One chain from the last end back along the links that decided, as far as they did."""
    net = times.net
    # Among several that finish last, the one furthest down: what it waits for belongs to the chain.
    last = max(reversed(net.order), key=lambda n: times.finishes[n], default=None)
    if last is None or not times.finishes[last]:
        return []
    chain: list[Hashable] = []
    while last is not None:
        chain.append(net.items[last].key)
        _instant, why, link = times.causes[last]
        last = net.numbers[net.links[link].before] if why == Why.LINK else None
    return chain[::-1]

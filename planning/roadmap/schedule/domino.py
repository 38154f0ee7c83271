"""The one slip that would turn most lights ("domino"), found exactly: every item is tried."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date

from planning.roadmap.schedule.network import Network, network
from planning.roadmap.schedule.passes import Times
from planning.roadmap.schedule.shapes import Item, Link

_WORST = ("done", "green", "grey", "blue", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Slip:
    """If ``item`` slips by ``days`` working days: the lights that get worse, item by item (before, after)."""

    item: Hashable
    days: int
    turned: dict[Hashable, tuple[str, str]] = field(default_factory=dict)
    moved: int = 0


def worst_slip(
    items: Iterable[Item],
    links: Iterable[Link],
    light: Callable[[Hashable, date], str],
    *,
    days: int,
    as_of: date | None = None,
) -> Slip | None:
    """The slip of one item by ``days`` working days after which most lights are worse than before.

    ``light`` says which light an item shows if it finishes on a day. Among equals the slip that moves more, then the
    item given first. Items that are done cannot slip. None if no slip turns a light. Only what waits for the slipped
    item, directly or not, is computed anew. Raises as ``schedule``.
    """
    if days < 1:
        raise ValueError("a slip is at least one working day")
    trial = _Trial(network(items, links), light, as_of)
    best: Slip | None = None
    for number, item in enumerate(trial.net.items):
        if not trial.times.finishes[number] or item.finished:
            continue
        slip = trial.slip(number, days)
        if slip.turned and (best is None or (len(slip.turned), slip.moved) > (len(best.turned), best.moved)):
            best = slip
    return best


class _Trial:
    """One slip after the other on the same times, which are put back afterwards: copying all would be quadratic."""

    def __init__(self, net: Network, light: Callable[[Hashable, date], str], as_of: date | None):
        self.net, self.light = net, light
        self.times = Times(net, None, as_of)
        self.times.run()
        self.place = {number: position for position, number in enumerate(net.order)}
        self.now = [
            light(item.key, _day(finish)) if finish else ""
            for item, finish in zip(net.items, self.times.finishes, strict=True)
        ]

    def slip(self, number: int, days: int) -> Slip:
        """Push the item, let what waits for it follow, look at the lights, put everything back."""
        behind = self._behind(number)
        before = {n: (self.times.starts[n], self.times.finishes[n]) for n in (number, *behind)}
        self._push(number, days)
        for other in behind:
            self.times.place(other)
        turned, moved = {}, 0
        for other, (_start, finish) in before.items():
            if self.times.finishes[other] == finish:
                continue
            moved += 1
            key = self.net.items[other].key
            after = self.light(key, _day(self.times.finishes[other]))
            if _WORST.index(after) > _WORST.index(self.now[other] or after):
                turned[key] = (self.now[other], after)
        for other, (start, finish) in before.items():
            self.times.starts[other], self.times.finishes[other] = start, finish
        return Slip(self.net.items[number].key, days, turned, moved)

    def _push(self, number: int, days: int) -> None:
        item, times = self.net.items[number], self.times
        calendar = item.calendar
        last = calendar.before[times.finishes[number] - calendar.first] + days - 1
        times.finishes[number] = calendar.days[last] + 1
        times.starts[number] = calendar.days[last - item.duration + 1] if item.duration else times.finishes[number]

    def _behind(self, number: int) -> list[int]:
        """Everything that waits for the item, directly or not, in topological order."""
        seen, stack = {number}, [number]
        while stack:
            for edge in self.net.after[stack.pop()]:
                if edge[0] not in seen:
                    seen.add(edge[0])
                    stack.append(edge[0])
        return sorted(seen - {number}, key=self.place.__getitem__)


def _day(instant: int) -> date:
    return date.fromordinal(instant - 1)

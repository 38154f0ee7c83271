"""Items and links as arrays of integers, in an order in which everything comes after what it waits for."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from planning.roadmap.schedule.shapes import Item, Link

_ENDS = {"FS": (True, False), "SS": (False, False), "FF": (True, True), "SF": (False, True)}
# (other item, its finish counts, my finish is meant, lag, in calendar days, number of the link)
Edge = tuple[int, bool, bool, int, bool, int]


class Cycle(ValueError):
    """Items wait for each other in a ring; ``chain`` names them in the order in which one waits for the other."""

    def __init__(self, chain: list[Hashable]):
        super().__init__(" → ".join(str(key) for key in [*chain, chain[0]]))
        self.chain = chain


class UnknownItem(ValueError):
    """A link names an item that is not among those given, or an item is given twice."""


@dataclass(slots=True)
class Network:
    """Items by number; ``before[i]`` and ``after[i]`` are the edges of item ``i``, ``order`` is topological."""

    items: Sequence[Item]
    links: Sequence[Link]
    numbers: dict[Hashable, int]
    before: list[list[Edge]]
    after: list[list[Edge]]
    order: list[int]


def network(items: Iterable[Item], links: Iterable[Link]) -> Network:
    """Raises ``UnknownItem``, ``Cycle`` (also for a link of an item to itself), ``ValueError`` for a bad kind."""
    items, links = list(items), list(links)
    numbers = {item.key: number for number, item in enumerate(items)}
    if len(numbers) < len(items):
        raise UnknownItem("an item is given twice")
    before: list[list[Edge]] = [[] for _ in items]
    after: list[list[Edge]] = [[] for _ in items]
    for number, link in enumerate(links):
        try:
            first, second = numbers[link.before], numbers[link.after]
            from_finish, to_finish = _ENDS[link.kind]
        except KeyError as missing:
            raise UnknownItem(f"unknown item or kind of link: {missing}") from missing
        before[second].append((first, from_finish, to_finish, link.lag, link.calendar_days, number))
        after[first].append((second, from_finish, to_finish, link.lag, link.calendar_days, number))
    order = _sorted(before, after)
    if len(order) < len(items):
        raise Cycle([items[number].key for number in _ring(before, set(order))])
    return Network(items, links, numbers, before, after, order)


def _sorted(before: list[list[Edge]], after: list[list[Edge]]) -> list[int]:
    waiting = [len(edges) for edges in before]
    order = [number for number, count in enumerate(waiting) if not count]
    for number in order:  # grows while it is read
        for edge in after[number]:
            second = edge[0]
            waiting[second] -= 1
            if not waiting[second]:
                order.append(second)
    return order


def _ring(before: list[list[Edge]], done: set[int]) -> list[int]:
    """Walk back among the items left over until one comes up again."""
    current = next(number for number in range(len(before)) if number not in done)
    trail: dict[int, int] = {}
    while current not in trail:
        trail[current] = len(trail)
        current = next(edge[0] for edge in before[current] if edge[0] not in done)
    ring = [number for number in trail if trail[number] >= trail[current]]
    return ring[::-1]

"""The scheduling engine on 10,000 items with 20,000 links, as a factor over the standard library's topological sort.

``python -m tests.bench.schedule`` prints CPU times and the factor; ``make bench`` runs it as well.
"""

import graphlib
import random
import sys
import time
from collections.abc import Callable
from datetime import date

ITEMS, LINKS, GOAL, MOST_SECONDS, ROUNDS = 10_000, 20_000, 15, 0.5, 5


def graph():
    """A made-up plan: 200 chains that start at once, links of every kind to one of the 300 items before."""
    from dalian_coop.calendars.workdays import Calendar
    from planning.roadmap.schedule import Item, Link

    calendar, chance = Calendar("CN").table, random.Random(6)  # noqa: S311 - a repeatable example
    first = date(2026, 1, 5)
    items = [
        Item(n, calendar, chance.randint(0, 20), planned=first if n < 200 else None) for n in range(ITEMS)
    ]  # fmt: skip
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < LINKS:
        after = chance.randrange(200, ITEMS)
        pairs.add((chance.randrange(max(0, after - 300), after), after))
    kinds = ("FS", "SS", "FF", "SF")
    return items, [Link(a, b, chance.choice(kinds), chance.randint(0, 5)) for a, b in sorted(pairs)]


def sort(items, links) -> None:
    """What every scheduler must do at least: put the graph in order."""
    sorter = graphlib.TopologicalSorter({item.key: () for item in items})
    for link in links:
        sorter.add(link.after, link.before)
    list(sorter.static_order())


def best(work: Callable[[], object]) -> float:
    """The least CPU time of some rounds, which is the one least disturbed."""
    times = []
    for _n in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def report() -> bool:
    """Print one line; true when the goals are met."""
    from planning.roadmap.schedule import schedule

    items, links = graph()
    seconds, floor = best(lambda: schedule(items, links)), best(lambda: sort(items, links))
    factor = seconds / floor
    met = factor <= GOAL and seconds <= MOST_SECONDS
    print(
        f"schedule of {ITEMS:,} items, {LINKS:,} links: {seconds * 1000:.0f} CPU-ms (goal {MOST_SECONDS * 1000:.0f}), "
        f"{factor:.1f} × a topological sort ({floor * 1000:.0f} ms; goal {GOAL}) {'yes' if met else 'NO'}"
    )
    return met


if __name__ == "__main__":
    sys.exit(0 if report() else 1)

"""What the scheduling engine says of a book as it stands: the critical path, and how far each milestone may slip."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from planning.roadmap.schedule import Cycle, schedule
from planning.roadmap.selectors.network import book_network
from planning.taskbooks.models import TaskBook


@dataclass(frozen=True)
class Timing:
    """``critical`` milestones have no slack towards the last finish of all; ``slack`` counts, in working days of the
    milestone's place, how far it may slip before the end of its own chain moves. Both are empty with a ``problem``:
    "cycle", or "years" when a date lies outside the years of the calendars.
    """

    critical: frozenset[UUID] = frozenset()
    slack: dict[UUID, int] = field(default_factory=dict)
    finish: date | None = None
    problem: str = ""


def timing(book: TaskBook) -> Timing:
    """Two queries for the network and one a country for its calendar."""
    net = book_network(book)
    items = net.items()
    try:
        whole = schedule(items, net.links)
        each = schedule(items, net.links, ends="each")
    except Cycle:
        return Timing(problem="cycle")
    except IndexError:
        return Timing(problem="years")
    critical = frozenset(key for key, row in whole.rows.items() if row.critical)
    return Timing(critical, {key: row.total for key, row in each.rows.items()}, whole.finish)

"""What could go wrong with a book: the domino, the risk of each milestone, how milestones moved."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from planning.roadmap.models import Milestone
from planning.roadmap.schedule import Outlook
from planning.roadmap.selectors.network import BookNetwork
from planning.roadmap.selectors.outlook import Risk, domino
from planning.roadmap.selectors.versions import SlipRecord, slips
from planning.taskbooks.models import Task


@dataclass(frozen=True)
class Domino:
    """The slip that turns most lights. ``stone`` is None when the person may not see that milestone; ``unseen`` counts
    the turned lights of milestones they may not see. ``turned`` holds (milestone, light now, light then).
    """

    stone: Milestone | None
    days: int
    count: int
    turned: list[tuple[Milestone, str, str]]
    unseen: int


def worst(net: BookNetwork, actor: Any, today: date, days: int) -> Domino | None:
    """One query. None when no slip of ``days`` working days turns a light."""
    found = domino(net, today, days)
    if found is None:
        return None
    seen = seen_tasks(net, actor)
    rows = [(net.stones[key], *lights) for key, lights in found.turned.items()]
    turned = sorted((r for r in rows if r[0].task_id in seen), key=lambda row: (row[0].due, row[0].code))
    stone = net.stones[found.item]
    return Domino(stone if stone.task_id in seen else None, days, len(found.turned), turned, len(rows) - len(turned))


@dataclass(frozen=True)
class RiskLine:
    """A milestone with its outlook; ``late_by`` are the calendar days by which P80 lies after the plan."""

    stone: Milestone
    outlook: Outlook

    @property
    def late_by(self) -> int:
        return (self.outlook.p80 - self.stone.due).days


def risk_lines(net: BookNetwork, found: Risk, actor: Any) -> list[RiskLine]:
    """Milestones not yet done whose finish depends on an estimate, the likeliest to be late first: one query."""
    seen = seen_tasks(net, actor)
    rows = [
        RiskLine(net.stones[key], outlook)
        for key, outlook in found.outlooks.items()
        if net.stones[key].task_id in seen and not net.stones[key].done_on and key in found.moved
    ]
    return sorted(rows, key=lambda row: (-row.late_by, -row.outlook.criticality, row.stone.due))


def slipped(net: BookNetwork, actor: Any, today: date) -> list[tuple[Milestone, SlipRecord]]:
    """Milestones that were rescheduled or are late, the furthest first: four queries."""
    seen = seen_tasks(net, actor)
    rows = [
        (net.stones[key], record)
        for key, record in slips(net, today).items()
        if (record.rescheduled or record.late) and net.stones[key].task_id in seen
    ]
    return sorted(rows, key=lambda row: (-row[1].days, -row[1].late_by, row[0].due))


def seen_tasks(net: BookNetwork, actor: Any) -> set[UUID]:
    return set(Task.objects.visible_to(actor).filter(book=net.book).values_list("pk", flat=True))

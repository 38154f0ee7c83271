"""Makers of milestones for tests; tasks and books come from tests/planning/factories.py."""

import itertools
from datetime import date

from planning.roadmap.models import Dependency, Milestone
from planning.taskbooks.models import Task
from tests.planning.factories import make_task

_numbers = itertools.count(1)


def make_stone(task: Task | None = None, due: date = date(2026, 12, 31), **values) -> Milestone:
    """A milestone of ``task`` (a new one if none is given)."""
    number = next(_numbers)
    task = task or make_task(start=date(2026, 1, 5), due=date(2027, 12, 31))
    defaults = {"code": f"{task.code}-M{number}", "name": f"第{number}个里程碑", "order": number}
    return Milestone.objects.create(task=task, due=due, **defaults | values)


def make_link(predecessor: Milestone, successor: Milestone, **values) -> Dependency:
    return Dependency.objects.create(predecessor=predecessor, successor=successor, **values)

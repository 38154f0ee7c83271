"""The tree of horizons: programme → plans → objectives → measures → tasks → milestones, with what hangs loose.

A task stands in the plan of its own horizon, under the objective that its measure serves there. Every number comes
from the same list of lines that ``rows`` gives, so a number and the rows it opens cannot differ.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from planning.plans.enums import Horizon
from planning.plans.models import Measure, Objective, ObjectiveMeasure, Plan, Programme
from planning.roadmap.engine.completion import Completion, completion
from planning.roadmap.models import Milestone
from planning.roadmap.selectors.page import stone_light
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import Task

NONE = "none"
_TASK = (
    "id", "code", "content", "book__code", "measure_id", "horizon", "weight", "progress", "state", "start", "due",
    "lead_id",
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """A task with its milestones, flat. ``objective`` is the key of the one it stands under, or ``NONE``."""

    id: UUID
    code: str
    content: str
    book: str
    measure: UUID
    horizon: str
    weight: Decimal | None
    progress: int
    light: str
    due: date | None
    objective: str = NONE
    stones: list["Stone"] = field(default_factory=list)


@dataclass(slots=True)
class Stone:
    id: UUID
    name: str
    due: date
    reached: bool
    light: str


@dataclass(slots=True)
class Node:
    """A level of the tree: its lines, their counts, and the query string that lists exactly those lines."""

    kind: str
    title: str
    query: str
    lines: list[Line]
    children: list["Node"] = field(default_factory=list)
    thing: Any = None
    note: str = ""

    @property
    def tasks(self) -> int:
        return len(self.lines)

    @property
    def stones(self) -> int:
        return sum(len(line.stones) for line in self.lines)

    @property
    def reached(self) -> int:
        return sum(stone.reached for line in self.lines for stone in line.stones)

    @property
    def late(self) -> int:
        return sum(line.light == "red" for line in self.lines)

    @property
    def lights(self) -> Counter:
        return Counter(line.light for line in self.lines)

    @property
    def done(self) -> Completion:
        return completion((line.weight, line.progress) for line in self.lines)


@dataclass(slots=True)
class Loose:
    """What hangs loose: short tasks without a medium-term parent, objectives without measure, measures without task."""

    tasks: list[Line]
    objectives: list[Objective]
    measures: list[Measure]

    @property
    def count(self) -> int:
        return len(self.tasks) + len(self.objectives) + len(self.measures)


class Tree:
    """Everything of one programme as ``actor`` sees it: six queries."""

    def __init__(self, programme: Programme, actor: Any, today: date):
        self.programme = programme
        self.plans = list(Plan.objects.filter(programme=programme))
        self.objectives = list(Objective.objects.filter(plan__programme=programme).select_related("plan", "parent"))
        self.measures = {m.pk: m for m in Measure.objects.filter(programme=programme).select_related("field")}
        self.served = set(
            ObjectiveMeasure.objects.filter(objective__plan__programme=programme).values_list("objective", "measure")
        )
        self.lines = self._lines(actor, today)

    def _lines(self, actor: Any, today: date) -> list[Line]:
        places = {
            (objective.plan.horizon, measure): str(objective.pk)
            for objective in self.objectives
            for measure in self.measures
            if (objective.pk, measure) in self.served
        }
        rows = Task.objects.visible_to(actor).filter(book__programme=self.programme).order_by("book_id", "sort_key")
        lines: dict[UUID, Line] = {}
        for row in rows.values_list(*_TASK, named=True):
            light = light_for(start=row.start, due=row.due, completed=row.state == "completed", today=today)
            lines[row.id] = Line(
                row.id, row.code, row.content, row.book__code, row.measure_id, row.horizon or NONE, row.weight,
                row.progress, light, row.due, places.get((row.horizon, row.measure_id), NONE),
            )  # fmt: skip
        stones = Milestone.objects.filter(task__book__programme=self.programme, deleted_at=None).order_by("due", "code")
        for pk, task, name, due, done_on in stones.values_list("id", "task_id", "name", "due", "done_on"):
            if (line := lines.get(task)) is not None:
                line.stones.append(Stone(pk, name, due, done_on is not None, stone_light(due, done_on, today)))
        return list(lines.values())

    def rows(self, *, horizon: str = "", objective: str = "", measure: str = "", loose: bool = False) -> list[Line]:
        """The lines of a node; ``loose`` asks for short tasks without a medium-term parent."""
        codes = {m.code: pk for pk, m in self.measures.items()}
        tests: list[Callable[[Line], bool]] = []
        if horizon:
            tests.append(lambda line: line.horizon == horizon)
        if objective:
            tests.append(lambda line: line.objective == objective)
        if measure:
            tests.append(lambda line: line.measure == codes.get(measure))
        if loose:
            tests.append(self._without_parent)
        return [line for line in self.lines if all(test(line) for test in tests)]

    def _without_parent(self, line: Line) -> bool:
        if line.horizon != Horizon.SHORT:
            return False
        medium = {o.pk for o in self.objectives if o.plan.horizon == Horizon.MEDIUM}
        own = [o for o in self.objectives if (o.pk, line.measure) in self.served]
        return not any(o.pk in medium or o.parent_id in medium for o in own)

    def loose(self) -> Loose:
        used = {line.measure for line in self.lines}
        holders = {objective for objective, _measure in self.served}
        return Loose(
            [line for line in self.lines if self._without_parent(line)],
            [objective for objective in self.objectives if objective.pk not in holders],
            [measure for pk, measure in self.measures.items() if pk not in used],
        )

    def root(self) -> Node:
        node = Node("programme", self.programme.name, "", self.lines)
        node.children = [self._plan(plan) for plan in self.plans]
        known = {plan.horizon for plan in self.plans}
        if stray := [line for line in self.lines if line.horizon not in known]:
            node.children.append(Node("stray", "", f"horizon={NONE}", stray, self._measures(stray, f"horizon={NONE}")))
        return node

    def _plan(self, plan: Plan) -> Node:
        lines = self.rows(horizon=plan.horizon)
        query = f"horizon={plan.horizon}"
        node = Node("plan", plan.get_horizon_display(), query, lines, thing=plan)
        for objective in (o for o in self.objectives if o.plan_id == plan.pk):
            own = [line for line in lines if line.objective == str(objective.pk)]
            place = f"{query}&objective={objective.pk}"
            measures = self._measures(own, place, {m for o, m in self.served if o == objective.pk})
            node.children.append(Node("objective", str(objective), place, own, measures, objective))
        if rest := [line for line in lines if line.objective == NONE]:
            place = f"{query}&objective={NONE}"
            node.children.append(Node("none", "", place, rest, self._measures(rest, place)))
        return node

    def _measures(self, lines: Iterable[Line], query: str, named: Iterable[UUID] = ()) -> list[Node]:
        """Measures with a line, and those that the objective names although none of its tasks is theirs."""
        groups: dict[UUID, list[Line]] = {pk: [] for pk in self.measures if pk in set(named)}
        for line in lines:
            groups.setdefault(line.measure, []).append(line)
        return [
            Node("measure", str(measure), f"{query}&measure={measure.code}", groups[pk], thing=measure)
            for pk, measure in self.measures.items()
            if pk in groups
        ]

"""Rows, bars and milestones."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from planning.roadmap.engine.axis import Axis
from planning.roadmap.engine.routes import Corridors, Point, route

HEIGHT = 36  # of a row
STONE = 7  # half of a diamond


Dates = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class TaskItem:
    """What the drawing needs of a task. ``group`` is its place: a lane, or a lane and its part; a task that stands in
    several lanes is given once for each. ``base`` are start and due date of an earlier plan.
    """

    key: str
    group: tuple[str, ...]
    start: date | None
    due: date | None
    completed: bool
    progress: int
    base: Dates | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True)
class StoneItem:
    """What the drawing needs of a milestone: its date, beside it that of an earlier plan and the one now expected."""

    key: str
    task: str
    due: date
    base: date | None = None
    forecast: date | None = None
    critical: bool = False
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the road map: a lane (``field``), its part (``measure``), a ``task`` or (if asked for) a ``stone`` of
    its own.
    """

    kind: str
    key: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A task from its start to the end of its due date, or the span of a group.

    ``done`` is the width of what is done, ``late`` the width from the due date to today of what is overdue. A side
    without a date runs to the edge of the drawing (``open_start``, ``open_end``).
    """

    row: int
    kind: str
    x: float
    width: float
    done: float = 0.0
    late: float = 0.0
    open_start: bool = False
    open_end: bool = False
    critical: bool = False

    @property
    def end(self) -> float:
        return self.x + self.width + self.late


@dataclass(frozen=True, slots=True)
class Base:
    """A task as an earlier plan had it."""

    row: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Stone:
    """A milestone; ``base``, ``forecast`` and ``actual`` are places on the axis, None where there is none or it is the
    day of the plan.
    """

    key: str
    row: int
    x: float
    base: float | None = None
    forecast: float | None = None
    critical: bool = False
    actual: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency as corners; the last one touches the successor's diamond from above or below."""

    predecessor: str
    successor: str
    points: list[Point]
    critical: bool = False

    @property
    def enters_down(self) -> bool:
        return self.points[-1][1] > self.points[-2][1]


@dataclass(slots=True)
class Drawing:
    axis: Axis
    rows: list[Row] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    bases: list[Base] = field(default_factory=list)
    stones: list[Stone] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    hidden_links: int = 0

    @property
    def height(self) -> int:
        return len(self.rows) * HEIGHT

    def part(self, first: int, last: int) -> "Drawing":
        """The rows from ``first`` up to but without ``last``, as on one sheet of paper; links are cut at its edges."""
        top, bottom = first * HEIGHT, last * HEIGHT
        return Drawing(
            self.axis,
            self.rows[first:last],
            [replace(bar, row=bar.row - first) for bar in self.bars if first <= bar.row < last],
            [replace(base, row=base.row - first) for base in self.bases if first <= base.row < last],
            [replace(stone, row=stone.row - first) for stone in self.stones if first <= stone.row < last],
            [
                replace(link, points=[(x, y - top) for x, y in link.points])
                for link in self.links
                if min(y for _x, y in link.points) < bottom and max(y for _x, y in link.points) > top
            ],
        )


def draw(
    axis: Axis,
    tasks: Iterable[TaskItem],
    stones: Iterable[StoneItem],
    links: Iterable[tuple[str, str]],
    *,
    today: date,
    closed: frozenset[str] = frozenset(),
    stone_rows: bool = False,
    with_links: bool = True,
) -> Drawing:
    """Lay everything out: lanes, below them their parts (if they have any), below them tasks, in the order given.

    A group whose key is in ``closed`` shows its own row only. With ``stone_rows`` each milestone has a row of its
    own below its task, otherwise it stands on the task's row. On one row the order of milestones shows the links
    between them, so those are not drawn.
    """
    drawing = Drawing(axis)
    by_task: dict[str, list[StoneItem]] = {}
    for stone in stones:
        by_task.setdefault(stone.task, []).append(stone)
    for field_key, measures in _grouped(tasks).items():
        row = _group_row(drawing, "field", field_key, [t for ts in measures.values() for t in ts], closed)
        if row.closed:
            continue
        for measure_key, members in measures.items():
            if measure_key and _group_row(drawing, "measure", measure_key, members, closed).closed:
                continue
            for task in members:
                _task_rows(drawing, task, by_task.get(task.key, ()), today, stone_rows)
    if with_links:
        _link(drawing, list(links))
    return drawing


def _grouped(tasks: Iterable[TaskItem]) -> dict[str, dict[str, list[TaskItem]]]:
    found: dict[str, dict[str, list[TaskItem]]] = {}
    for task in tasks:
        lane, part = task.group if len(task.group) > 1 else (task.group[0], "")
        found.setdefault(lane, {}).setdefault(part, []).append(task)
    return found


def _group_row(drawing: Drawing, kind: str, key: str, members: list[TaskItem], closed: frozenset[str]) -> Row:
    row = Row(kind, key, key in closed)
    drawing.rows.append(row)
    days = [day for task in members for day in (task.start, task.due) if day is not None]
    if days:
        x = drawing.axis.x(min(days))
        drawing.bars.append(Bar(len(drawing.rows) - 1, kind, x, drawing.axis.end(max(days)) - x))
    return row


def _task_rows(drawing: Drawing, task: TaskItem, stones: Iterable[StoneItem], today: date, stone_rows: bool) -> None:
    axis = drawing.axis
    drawing.rows.append(Row("task", task.key))
    index = len(drawing.rows) - 1
    if (bar := bar_of(task, index, axis, today)) is not None:
        drawing.bars.append(bar)
    else:
        drawing.undated.append(task.key)
    if task.base and task.base != (None, None):
        x, end = _ends(task.base, axis)
        drawing.bases.append(Base(index, x, max(end - x, 0.0)))
    for stone in stones:
        if stone_rows:
            drawing.rows.append(Row("stone", stone.key))
            index = len(drawing.rows) - 1
        drawing.stones.append(_stone(stone, index, axis))


def _stone(stone: StoneItem, row: int, axis: Axis) -> Stone:
    days = (stone.base, stone.forecast, stone.done)
    base, forecast, actual = (axis.middle(day) if day and day != stone.due else None for day in days)
    return Stone(stone.key, row, axis.middle(stone.due), base, forecast, stone.critical, actual)


def _ends(dates: Dates, axis: Axis) -> tuple[float, float]:
    """From the start to the end of the due day; a side without a date lies at the edge of the drawing."""
    start, due = dates
    return axis.x(start) if start else 0.0, axis.end(due) if due else axis.width


def bar_of(task: TaskItem, row: int, axis: Axis, today: date) -> Bar | None:
    """The bar of a task, or None when it has neither start nor due date."""
    if task.start is None and task.due is None:
        return None
    x, end = _ends((task.start, task.due), axis)
    width = max(end - x, 0.0)
    late = 0.0
    if task.due is not None and not task.completed and today > task.due:
        late = axis.end(min(today, axis.last)) - end
    done = width if task.completed else width * task.progress / 100
    return Bar(
        row, "task", x, width, done, max(late, 0.0), task.start is None, task.due is None, critical=task.critical
    )


def _link(drawing: Drawing, links: list[tuple[str, str]]) -> None:
    if not links:
        return
    places: dict[str, Stone] = {}
    for stone in drawing.stones:
        places.setdefault(stone.key, stone)
    spans: list[list[tuple[float, float]]] = [[] for _ in drawing.rows]
    for bar in drawing.bars:
        spans[bar.row].append((bar.x, bar.end))
    for stone in drawing.stones:
        spans[stone.row].append((stone.x - STONE, stone.x + STONE))
    corridors = Corridors(spans, drawing.axis.width)
    for before, after in links:
        a, b = places.get(before), places.get(after)
        if a is None or b is None:
            drawing.hidden_links += 1
        elif a.row != b.row:
            points = route(a.x, a.row, b.x, b.row, corridors=corridors, height=HEIGHT)
            drawing.links.append(Link(before, after, points, a.critical and b.critical))

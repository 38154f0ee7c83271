"""What stands on a sheet: title, phases and years, labels, bars, milestones, dependencies, legend."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.plans.enums import Horizon
from planning.roadmap.engine import Axis, Bar, Base, Drawing, Link, Stone, bands_for, ticks_for
from planning.roadmap.engine.lanes import HEIGHT
from planning.roadmap.selectors import Group, RoadMap, StoneLine, TaskLine
from planning.roadmap.views.paper.pens import (
    BRAND,
    HATCH,
    INK,
    INK2,
    INK3,
    LINE,
    RED,
    SOFT,
    SOFT_LINE,
    STRIPE,
    WHITE,
    Pen,
    shortened,
    text_width,
)
from planning.taskbooks.enums import Light

TITLE, HEAD, FOOT, EDGE = 76, 60, 44, 24
AXIS_WIDTH = 1400.0
A3_ROWS = 30  # with the title and the legend they fill a sheet of A3 landscape
_A1 = 570 / 817  # width to height of the printed part of a sheet of A1
_BANDS = (SOFT, STRIPE, WHITE)
_TONES = {"green": "#157345", "yellow": "#945700", "red": RED, "blue": BRAND, "grey": INK3, "done": INK2}
_HALF = 7  # of a diamond


@dataclass(frozen=True, slots=True)
class Look:
    """Width of the label column and size of its texts, in px; a wall is read from further away than a sheet."""

    labels: int = 380
    text: int = 13

    @property
    def width(self) -> int:
        """Of everything beside the axis."""
        return self.labels + 2 * EDGE


SHEET, WALL = Look(), Look(labels=620, text=21)


def wall_axis(rows: int) -> float:
    """The width of the axis with which so many rows fill a sheet of A1."""
    return max(AXIS_WIDTH, (TITLE + HEAD + rows * HEIGHT + FOOT) * _A1 - WALL.width)


@dataclass(frozen=True, slots=True)
class Content:
    """The words of a sheet. ``baseline`` is the label of the plan laid under, "" for none; with ``critical`` the
    critical path stands out.
    """

    road_map: RoadMap
    groups: dict[str, Group]
    title: str
    now: datetime
    baseline: str = ""
    critical: bool = True


class Sheet:
    """Draws ``drawing`` (all rows or those of one page) with ``pen``; ``number`` is (page, pages), ``above`` the lane
    in which the first row stands when the lane began on the page before.
    """

    def __init__(
        self, pen: Pen, drawing: Drawing, content: Content, *, look: Look = SHEET, number=(1, 1), above: str = ""
    ):
        self.pen, self.drawing, self.content, self.look = pen, drawing, content, look
        self.number, self.above = number, above
        self.road_map = content.road_map
        self.tasks = {task.code: task for task in self.road_map.tasks}
        self.lines = {stone.id: stone for stone in self.road_map.stones}
        self.codes = max((text_width(code, look.text) for code in self.tasks), default=0.0)  # room for the numbers

    @property
    def width(self) -> float:
        return self.drawing.axis.width + self.look.width

    @property
    def height(self) -> float:
        return TITLE + HEAD + self.drawing.height + FOOT

    def draw(self) -> None:
        pen, look, axis = self.pen, self.look, self.drawing.axis
        pen.text(EDGE, 36, self.content.title, size=round(look.text * 1.8), bold=True)
        pen.text(EDGE, 64, self._status(), size=look.text, fill=INK2)
        x, top = look.labels + EDGE, TITLE + HEAD
        with pen.window(x, TITLE, axis.width, HEAD + self.drawing.height):
            self._head(axis)
        with pen.window(EDGE, TITLE, look.labels, HEAD):
            corner = _("Task / milestone")
            if self.above:
                corner = _("continued: %(lane)s") % {"lane": self.above}
            pen.text(6, HEAD - 12, shortened(corner, look.text, look.labels - 12), size=look.text, bold=True)
        with pen.window(EDGE, top, self.width - 2 * EDGE, self.drawing.height):
            self._labels()
        with pen.window(x, top, axis.width + EDGE, self.drawing.height):
            self._plot()
        with pen.window(EDGE, top + self.drawing.height, self.width - 2 * EDGE, FOOT):
            self._foot()

    def _status(self) -> str:
        phases = " · ".join(f"{Horizon(h).label} {_years(first, last)}" for h, first, last in self.road_map.phases)
        text = _("%(phases)s · as it stood on %(day)s · printed %(now)s") % {
            "phases": phases,
            "day": self.road_map.today.isoformat(),
            "now": self.content.now.strftime("%Y-%m-%d %H:%M"),
        }
        return f"{text} · {self.content.baseline}" if self.content.baseline else text

    # --- Time ---

    def _head(self, axis: Axis) -> None:
        pen, size, height = self.pen, self.look.text, self.drawing.height
        for number, band in enumerate(bands_for(axis, self.road_map.phases)):
            fill = _BANDS[number % 3]
            pen.rect(band.x, 0, band.width, 30, fill=fill)
            pen.rect(band.x, HEAD, band.width, height, fill=fill, opacity=0.4)
            name = f"{Horizon(band.horizon).label} {_years(band.first_year, band.last_year)}"
            pen.text(band.x + 10, 20, shortened(name, size, band.width - 12), size=size, bold=True)
        ticks = ticks_for(axis, quarters=axis.width / axis.days * 365 >= 330)
        for tick in ticks:
            pen.line([(tick.x, 30), (tick.x, HEAD + height)], stroke=LINE)
            name = f"{tick.year}" if tick.quarter < 2 else f"Q{tick.quarter}"
            pen.text(tick.x + 7, 50, name, size=size, fill=INK2)
        pen.line([(0, HEAD), (axis.width, HEAD)], stroke=SOFT_LINE)
        if axis.holds(self.road_map.today):
            self._today(axis.middle(self.road_map.today), HEAD + height)

    def _today(self, x: float, bottom: float) -> None:
        self.pen.line([(x, 54), (x, bottom)], stroke=BRAND, line=2, dash="5 4")
        self.pen.rect(x - 22, 35, 44, 20, fill=BRAND, radius=4)
        word = _("Today") if self.road_map.live else f"{self.road_map.today:%m-%d}"
        self.pen.text(x, 49.5, word, size=12, bold=True, fill=WHITE, anchor="middle")

    # --- Labels ---

    def _labels(self) -> None:
        pen, look = self.pen, self.look
        width = self.width - 2 * EDGE
        parted = any(row.kind == "measure" for row in self.drawing.rows)
        for number, row in enumerate(self.drawing.rows):
            y = number * HEIGHT
            if row.kind == "field":
                pen.rect(0, y, width, HEIGHT, fill=STRIPE, opacity=0.9)
            pen.line([(0, y + HEIGHT), (width, y + HEIGHT)], stroke=LINE)
            if row.kind == "task":
                self._task_label(self.tasks[row.key], y, 32 if parted else 18)
            elif row.kind == "stone":
                name = shortened(self.lines[row.key].name, look.text, look.labels - 56)
                pen.text(46, y + 23, name, size=look.text, fill=INK2)
            else:
                self._group_label(row, y, 6 if row.kind == "field" else 18)

    def _group_label(self, row, y: float, indent: float) -> None:
        group, look = self.content.groups[row.key], self.look
        text = f"{group.key} {group.title}" if group.numbered else group.title
        count = f"{group.total}" + (f" · {Light.RED.label} {group.lights['red']}" if group.lights["red"] else "")
        room = look.labels - indent - text_width(count, look.text - 1) - 20
        self.pen.text(indent, y + 23, shortened(text, look.text, room), size=look.text, bold=True)
        self.pen.text(look.labels - 8, y + 23, count, size=look.text - 1, fill=INK2, anchor="end")

    def _task_label(self, task: TaskLine, y: float, indent: float) -> None:
        pen, look = self.pen, self.look
        light = str(Light(task.light).label)
        pen.text(indent, y + 23, task.code, size=look.text, bold=True)
        begin = indent + self.codes + look.text * 0.6
        room = look.labels - begin - text_width(light, look.text - 1) - 22
        pen.text(begin, y + 23, shortened(task.content, look.text, room), size=look.text)
        tone = _TONES[task.light]
        pen.text(look.labels - 8, y + 23, light, size=look.text - 1, bold=True, fill=tone, anchor="end")

    # --- Rows ---

    def _plot(self) -> None:
        for link in self.drawing.links:
            self._link(link)
        for base in self.drawing.bases:
            self._base(base)
        for bar in self.drawing.bars:
            self._bar(bar) if bar.kind == "task" else self._span(bar)
        outermost: dict[int, list[float]] = {}
        for stone in self.drawing.stones:
            self._stone(self.lines[stone.key], stone)
            outermost.setdefault(stone.row, []).extend(
                x for x in (stone.x, stone.base, stone.forecast, stone.actual) if x is not None
            )
        for bar in self.drawing.bars:
            if bar.kind == "task":
                self._note(bar, outermost.get(bar.row, []))
        if any(row.kind == "stone" for row in self.drawing.rows):
            for stone in self.drawing.stones:
                self._stone_note(self.lines[stone.key], stone)

    def _link(self, link: Link) -> None:
        heavy = link.critical and self.content.critical
        stroke, line = (INK, 2) if heavy else (INK3, 1)
        self.pen.line(link.points, stroke=stroke, line=line)
        x, y = link.points[-1]
        way = 7 if link.enters_down else -7
        self.pen.shape([(x - 4, y - way), (x + 4, y - way), (x, y)], fill=stroke)

    def _span(self, bar: Bar) -> None:
        y, thick = bar.row * HEIGHT + 14, 6 if bar.kind == "field" else 3
        self.pen.rect(bar.x, y, max(bar.width, 2), thick, fill=INK2)

    def _base(self, base: Base) -> None:
        self.pen.rect(base.x, base.row * HEIGHT + 28, max(base.width, 2), 4, fill=SOFT_LINE)

    def _bar(self, bar: Bar) -> None:
        y, width = bar.row * HEIGHT + 11, max(bar.width, 2)
        dash = "4 3" if bar.open_start or bar.open_end else ""
        self.pen.rect(bar.x, y, width, 14, fill=SOFT, stroke=BRAND, radius=3, dash=dash)
        if bar.done:
            self.pen.rect(bar.x, y, bar.done, 14, fill=BRAND, radius=min(3, bar.done / 2))
        if bar.late:
            self.pen.rect(bar.x + bar.width, y, bar.late, 14, fill=HATCH, stroke=RED)
        if bar.critical and self.content.critical:
            self.pen.rect(bar.x, y, width + bar.late, 14, stroke=INK, line=2.5, radius=3)

    def _note(self, bar: Bar, xs: list[float]) -> None:
        """The text beside a bar: right of it, left of it where there is no room, or else inside its end."""
        text = self._words(self.tasks[self.drawing.rows[bar.row].key])
        if not text:
            return
        size, y = max(self.look.text - 1, 12), bar.row * HEIGHT + 23
        room = text_width(text, size) + 26
        end, begin = max([bar.end, *xs]), min([bar.x, *xs])
        if end + room <= self.drawing.axis.width + EDGE:
            self.pen.text(end + 13, y, text, size=size, fill=INK2, halo=True)
        elif begin > room:
            self.pen.text(begin - 13, y, text, size=size, fill=INK2, anchor="end", halo=True)

    def _words(self, task: TaskLine) -> str:
        if task.completed:
            return ""
        words = [f"{task.progress}%"] if task.progress else []
        if task.overdue(self.road_map.today):
            days = (self.road_map.today - task.due).days
            words.append(ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days})
        return " · ".join(words)

    # --- Milestones ---

    def _stone(self, line: StoneLine, stone: Stone) -> None:
        pen, x, y = self.pen, stone.x, stone.row * HEIGHT + HEIGHT / 2
        if stone.base is not None:
            pen.shape(_diamond(stone.base, y, 6), stroke=INK3, line=1.2)
        if stone.forecast is not None:
            pen.line([(x, y), (stone.forecast, y)], stroke=BRAND, line=1.2, dash="2 3")
            pen.shape(_diamond(stone.forecast, y, 6), fill=WHITE, stroke=BRAND, dash="3 2")
        if stone.actual is not None:
            pen.line([(x, y), (stone.actual, y)], stroke=BRAND, line=1.2)
            pen.dot(stone.actual, y, 4, BRAND)
        if stone.critical and self.content.critical:
            pen.shape(_diamond(x, y, 11), fill=WHITE, stroke=INK, line=2)
        missed = line.done_on is None and line.light in ("red", "yellow")
        fill = BRAND if line.done_on else WHITE if missed else INK
        pen.shape(_diamond(x, y, _HALF), fill=fill, stroke=INK if missed else WHITE)
        if missed:
            pen.dot(x, y, 2.5, RED)

    def _stone_note(self, line: StoneLine, stone: Stone) -> None:
        text, size = f"{line.name} {line.due:%Y-%m-%d}", max(self.look.text - 1, 12)
        end = max(stone.x, stone.forecast or 0, stone.actual or 0)
        right = end + text_width(text, size) + 20 <= self.drawing.axis.width + EDGE
        x, anchor = (end + 13, "start") if right else (stone.x - 13, "end")
        self.pen.text(x, stone.row * HEIGHT + 23, text, size=size, fill=INK2, anchor=anchor, halo=True)

    # --- Foot ---

    def _foot(self) -> None:
        x, size = 0.0, min(self.look.text, 18)
        for draw, text in self._keys():
            draw(x)
            self.pen.text(x + 32, 26, text, size=size, fill=INK2)
            x += 32 + text_width(text, size) + 26
        page, pages = self.number
        if pages > 1:
            self.pen.text(self.width - 2 * EDGE, 26, f"{page} / {pages}", size=size, fill=INK2, anchor="end")

    def _keys(self):
        pen = self.pen
        keys = [
            (lambda x: pen.rect(x, 16, 24, 10, fill=SOFT, stroke=BRAND, radius=2), _("Plan")),
            (lambda x: pen.rect(x, 16, 24, 10, fill=BRAND, radius=2), _("Done")),
            (lambda x: pen.rect(x, 16, 24, 10, fill=HATCH, stroke=RED), _("Overdue until today")),
        ]
        if self.content.baseline:
            keys.append((lambda x: pen.rect(x, 19, 24, 4, fill=SOFT_LINE), _("Baseline")))
        if self.content.critical:
            keys.append(
                (lambda x: pen.rect(x, 16, 24, 10, fill=SOFT, stroke=INK, line=2.5, radius=2), _("Critical path"))
            )
        return [
            *keys,
            (lambda x: pen.shape(_diamond(x + 12, 21, 7), fill=BRAND), _("Milestone reached")),
            (lambda x: pen.shape(_diamond(x + 12, 21, 7), fill=INK), _("Milestone ahead")),
            (self._missed_key, _("Milestone missed")),
            (lambda x: pen.shape(_diamond(x + 12, 21, 6), stroke=BRAND, dash="3 2"), _("Forecast")),
            (lambda x: pen.dot(x + 12, 21, 4, BRAND), _("Actual day")),
        ]

    def _missed_key(self, x: float) -> None:
        self.pen.shape(_diamond(x + 12, 21, 7), fill=WHITE, stroke=INK)
        self.pen.dot(x + 12, 21, 2.5, RED)


def _years(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}—{last}"


def _diamond(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]

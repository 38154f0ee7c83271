"""The whole road map as one SVG that needs no style sheet: file to save, picture for a canvas, wall poster.

Everything is said by attributes, in the colours of the light theme; texts from people go through ``escape``.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.plans.enums import Horizon
from planning.roadmap.engine import Axis, Bar, Drawing, bands_for, ticks_for
from planning.roadmap.engine.lanes import HEIGHT
from planning.roadmap.selectors import RoadMap, StoneLine, TaskLine
from planning.roadmap.views.svg import path_of
from planning.taskbooks.enums import Light

TITLE, HEAD, FOOT, EDGE = 76, 60, 44, 24
AXIS_WIDTH = 1400.0
WALL = 570 / 800  # width to height of the printed part of an A1 sheet
_INK, _INK2, _LINE, _BRAND, _SOFT, _RED = "#17212b", "#4a5866", "#dbe2e8", "#0b5c8a", "#e3eff6", "#c62828"
_BANDS = ("#e3eff6", "#eef2f5", "#ffffff")
_TONES = {
    "green": "#157345", "yellow": "#945700", "red": _RED, "blue": _BRAND, "grey": "#5f6d7a", "done": _INK2,
}  # fmt: skip
_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif"
_DIAMOND = "M0 -7L7 0L0 7L-7 0Z"


@dataclass(frozen=True, slots=True)
class Look:
    """Width of the label column and size of its texts, in px; a wall is read from further away than a screen."""

    labels: int = 380
    text: int = 13

    @property
    def width(self) -> int:
        """Of everything beside the axis."""
        return self.labels + 2 * EDGE


SCREEN, ON_WALL = Look(), Look(labels=620, text=21)


def wall_axis(rows: int) -> float:
    """The width of the axis with which so many rows fill a sheet of A1."""
    return max(AXIS_WIDTH, (TITLE + HEAD + rows * HEIGHT + FOOT) * WALL - ON_WALL.width)


def poster(drawing: Drawing, road_map: RoadMap, *, title: str, now: datetime, look: Look = SCREEN) -> SafeString:
    """The drawing with title, phases, labels and legend. On the wall it has no size of its own: the page gives it."""
    width = drawing.axis.width + look.width
    height = TITLE + HEAD + drawing.height + FOOT
    size = "" if look is ON_WALL else f' width="{width:.0f}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg"{size} viewBox="0 0 {width:.0f} {height}" font-family="{_FONT}" '
        f'font-size="13" fill="{_INK}" role="img" aria-label="{escape(title)}">{_DEFS}'
        f'<rect width="{width:.0f}" height="{height}" fill="#fff"/>'
        f'<text x="{EDGE}" y="36" font-size="{look.text * 1.8:.0f}" font-weight="700">{escape(title)}</text>'
        f'<text x="{EDGE}" y="64" font-size="{look.text}" fill="{_INK2}">{escape(_status(road_map, now))}</text>'
    ]
    x = look.labels + EDGE
    parts.append(f'<g transform="translate({x} {TITLE})">')
    parts.append(f'<g font-size="{look.text}">')
    _head(parts, drawing.axis, road_map, drawing.height)
    parts.append(f'</g></g><g transform="translate({EDGE} {TITLE + HEAD})">')
    _labels(parts, drawing, road_map, width - 2 * EDGE, look)
    parts.append(f'</g><g transform="translate({x} {TITLE + HEAD})">')
    _plot(parts, drawing, road_map)
    parts.append(f'</g><g transform="translate({EDGE} {TITLE + HEAD + drawing.height + 26})">{_legend()}</g></svg>')
    return SafeString("".join(parts))


_DEFS = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="#fdeaea"/><rect width="3" height="6" fill="{_RED}"/></pattern></defs>'
)


def _status(road_map: RoadMap, now: datetime) -> str:
    phases = " · ".join(f"{Horizon(h).label} {first}—{last}" for h, first, last in road_map.phases)
    return _("%(phases)s · as it stood on %(day)s · printed %(now)s") % {
        "phases": phases,
        "day": road_map.today.isoformat(),
        "now": now.strftime("%Y-%m-%d %H:%M"),
    }


def _head(parts: list[str], axis: Axis, road_map: RoadMap, height: int) -> None:
    for number, band in enumerate(bands_for(axis, road_map.phases)):
        years = f"{band.first_year}" if band.first_year == band.last_year else f"{band.first_year}—{band.last_year}"
        parts.append(
            f'<rect x="{band.x:.1f}" width="{band.width:.1f}" height="30" fill="{_BANDS[number % 3]}"/>'
            f'<rect x="{band.x:.1f}" y="60" width="{band.width:.1f}" height="{height}" fill="{_BANDS[number % 3]}" '
            f'fill-opacity="0.4"/><text x="{band.x + 10:.1f}" y="20" font-weight="700">'
            f"{escape(Horizon(band.horizon).label)} {years}</text>"
        )
    for tick in ticks_for(axis, quarters=False):
        parts.append(
            f'<path d="M{tick.x:.1f} 30V{60 + height}" stroke="{_LINE}"/>'
            f'<text x="{tick.x + 7:.1f}" y="50" fill="{_INK2}">{tick.year}</text>'
        )
    if axis.holds(road_map.today):
        x = axis.middle(road_map.today)
        parts.append(
            f'<path d="M{x:.1f} 54V{60 + height}" stroke="{_BRAND}" stroke-width="2" stroke-dasharray="5 4"/>'
            f'<rect x="{x - 22:.1f}" y="35" width="44" height="20" rx="4" fill="{_BRAND}"/>'
            f'<text x="{x:.1f}" y="49.5" fill="#fff" font-size="12" font-weight="700" text-anchor="middle">'
            f"{escape(_('Today') if road_map.live else f'{road_map.today:%m-%d}')}</text>"
        )


def _labels(parts: list[str], drawing: Drawing, road_map: RoadMap, width: float, look: Look) -> None:
    parts.append(f'<g font-size="{look.text}">')
    tasks = {task.code: task for task in road_map.tasks}
    stones = {stone.id: stone for stone in road_map.stones}
    groups = {"field": road_map.fields, "measure": road_map.measures}
    for number, row in enumerate(drawing.rows):
        y = number * HEIGHT
        if row.kind == "field":
            parts.append(f'<rect y="{y}" width="{width:.0f}" height="{HEIGHT}" fill="#eef2f5" fill-opacity="0.9"/>')
        parts.append(f'<path d="M0 {y + HEIGHT}H{width:.0f}" stroke="{_LINE}"/>')
        if row.kind == "task":
            parts.append(_task_label(tasks[row.key], y, look))
        elif row.kind == "stone":
            parts.append(f'<text x="44" y="{y + 23}" fill="{_INK2}">{_short(stones[row.key].name, look, 80)}</text>')
        else:
            group = groups[row.kind][row.key]
            text = group.title if row.kind == "field" else f"{group.key} {group.title}"
            indent = 6 if row.kind == "field" else 18
            parts.append(f'<text x="{indent}" y="{y + 23}" font-weight="700">{_short(text, look, 50)}</text>')
    parts.append("</g>")


def _task_label(task: TaskLine, y: int, look: Look) -> str:
    light = escape(Light(task.light).label)
    return (
        f'<text x="32" y="{y + 23}"><tspan font-weight="700">{escape(task.code)}</tspan> '
        f'{_short(task.content, look, 32 + look.text * 8.5)}</text><text x="{look.labels - 8}" y="{y + 23}" '
        f'font-size="{look.text - 1}" font-weight="700" '
        f'text-anchor="end" fill="{_TONES[task.light]}">{light}</text>'
    )


def _short(text: str, look: Look, less: float) -> str:
    """``text`` cut to the label column without ``less`` px; Han signs are as wide as high, others a bit over half."""
    used = 0.0
    for place, sign in enumerate(text):
        used += look.text if sign > "\xff" else look.text * 0.58
        if used > look.labels - less:
            return escape(text[: max(place - 1, 1)]) + "…"
    return escape(text)


def _plot(parts: list[str], drawing: Drawing, road_map: RoadMap) -> None:
    for link in drawing.links:
        x, y = link.points[-1]
        tip = f"M{x - 4:.1f} {y - 7:.0f}h8l-4 7z" if link.enters_down else f"M{x - 4:.1f} {y + 7:.0f}h8l-4 -7z"
        parts.append(f'<path d="{path_of(link.points)}" fill="none" stroke="#5f6d7a"/><path d="{tip}" fill="#5f6d7a"/>')
    for bar in drawing.bars:
        parts.append(_bar(bar) if bar.kind == "task" else _span(bar))
    lines = {stone.id: stone for stone in road_map.stones}
    for stone in drawing.stones:
        parts.append(_stone(lines[stone.key], stone.x, stone.row * HEIGHT + HEIGHT // 2))


def _span(bar: Bar) -> str:
    y, thick = bar.row * HEIGHT + 14, 6 if bar.kind == "field" else 3
    return f'<rect x="{bar.x:.1f}" y="{y}" width="{max(bar.width, 2):.1f}" height="{thick}" fill="{_INK2}"/>'


def _bar(bar: Bar) -> str:
    y = bar.row * HEIGHT + 11
    dashes = ' stroke-dasharray="4 3"' if bar.open_start or bar.open_end else ""
    text = (
        f'<rect x="{bar.x:.1f}" y="{y}" width="{max(bar.width, 2):.1f}" height="14" rx="3" fill="{_SOFT}" '
        f'stroke="{_BRAND}"{dashes}/>'
    )
    if bar.done:
        text += f'<rect x="{bar.x:.1f}" y="{y}" width="{bar.done:.1f}" height="14" rx="3" fill="{_BRAND}"/>'
    if bar.late:
        x = bar.x + bar.width
        text += f'<rect x="{x:.1f}" y="{y}" width="{bar.late:.1f}" height="14" fill="url(#hatch)" stroke="{_RED}"/>'
    return text


def _stone(line: StoneLine, x: float, y: int) -> str:
    missed = line.done_on is None and line.light in ("red", "yellow")
    fill = _BRAND if line.done_on else "#fff" if missed else _INK
    mark = f'<circle r="2.5" fill="{_RED}"/>' if missed else ""
    return (
        f'<g transform="translate({x:.1f} {y})"><title>{escape(line.name)} {line.due.isoformat()}</title>'
        f'<path d="{_DIAMOND}" fill="{fill}" stroke="{_INK if missed else "#fff"}" stroke-width="1.5"/>{mark}</g>'
    )


def _legend() -> str:
    keys = (
        (f'<rect y="-10" width="24" height="10" rx="2" fill="{_SOFT}" stroke="{_BRAND}"/>', _("Plan")),
        (f'<rect y="-10" width="24" height="10" rx="2" fill="{_BRAND}"/>', _("Done")),
        (f'<rect y="-10" width="24" height="10" fill="url(#hatch)" stroke="{_RED}"/>', _("Overdue until today")),
        (f'<path transform="translate(12 -5)" d="{_DIAMOND}" fill="{_BRAND}"/>', _("Milestone reached")),
        (f'<path transform="translate(12 -5)" d="{_DIAMOND}" fill="{_INK}"/>', _("Milestone ahead")),
        (
            f'<g transform="translate(12 -5)"><path d="{_DIAMOND}" fill="#fff" stroke="{_INK}" stroke-width="1.5"/>'
            f'<circle r="2.5" fill="{_RED}"/></g>',
            _("Milestone missed"),
        ),
    )
    return "".join(
        f'<g transform="translate({n * 190} 0)">{key}<text x="32" fill="{_INK2}">{escape(text)}</text></g>'
        for n, (key, text) in enumerate(keys)
    )

"""The road map's geometry as SVG text.

A road map may hold thousands of rows, so the text is joined here and not in a template; every text that comes from
people goes through ``escape``. Places along time are shares of the width (``%``) or lie in an inner drawing that is
stretched, so that the page can give the plot any width. Only attributes are used, never ``style``.
"""

from collections.abc import Callable
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.plans.enums import Horizon
from planning.roadmap.engine import Axis, Band, Bar, Drawing, Tick, Zoom, bands_for, ticks_for
from planning.roadmap.engine.lanes import HEIGHT
from planning.roadmap.selectors import Group, RoadMap, StoneLine, TaskLine
from planning.taskbooks.enums import Light

HEAD = 60
BAND = 30
_RIGHT, _LEFT = 0.74, 0.26  # texts beside bars that end further right change the side


def percent(axis: Axis, x: float) -> str:
    return f"{100 * x / axis.width:.2f}%"


def outer_width(axis: Axis, zoom: Zoom) -> str:
    """Of the whole drawing: fixed, or all there is."""
    return "100%" if zoom is Zoom.FIT else f"{axis.width:.0f}"


def head(axis: Axis, zoom: Zoom, phases, today: date) -> SafeString:
    """The two lines above the plot: phases, and years or quarters, with the mark of today."""
    parts = [f'<svg class="rm-svg" width="{outer_width(axis, zoom)}" height="{HEAD}" aria-hidden="true">']
    for number, band in enumerate(bands_for(axis, phases)):
        parts.append(_band_head(axis, band, number))
    for tick in ticks_for(axis, quarters=zoom is Zoom.QUARTER):
        parts.append(_tick(axis, tick))
    if axis.holds(today):
        word = escape(_("Today"))
        parts.append(
            f'<svg x="{percent(axis, axis.middle(today))}" y="{BAND}" class="rm-over"><rect class="rm-now-tag" '
            f'x="-22" y="5" width="44" height="20" rx="4"/><text class="rm-now-text" y="19">{word}</text></svg>'
        )
    parts.append("</svg>")
    return SafeString("".join(parts))


def _band_head(axis: Axis, band: Band, number: int) -> str:
    years = str(band.first_year) if band.first_year == band.last_year else f"{band.first_year}—{band.last_year}"
    return (
        f'<svg x="{percent(axis, band.x)}" width="{percent(axis, band.width)}" height="{BAND}">'
        f'<rect class="rm-band-{number % 3}" width="100%" height="{BAND}"/>'
        f'<text class="rm-phase" x="10" y="20">{escape(Horizon(band.horizon).label)} {years}</text></svg>'
    )


def _tick(axis: Axis, tick: Tick) -> str:
    label = (
        f"{tick.year}"
        if not tick.quarter
        else f"{tick.year} Q{tick.quarter}"
        if tick.quarter == 1
        else f"Q{tick.quarter}"
    )
    x = percent(axis, tick.x)
    return (
        f'<line class="rm-tick" x1="{x}" x2="{x}" y1="{BAND}" y2="{HEAD}"/>'
        f'<text class="rm-year" x="{x}" dx="8" y="{BAND + 19}">{label}</text>'
    )


def plot(drawing: Drawing, road_map: RoadMap, zoom: Zoom, *, label: str) -> SafeString:
    """The plot below the head: bands, lines, bars, dependencies, today, texts, milestones."""
    axis, height = drawing.axis, drawing.height
    parts = [
        f'<svg class="rm-svg" width="{outer_width(axis, zoom)}" height="{height}" role="group" '
        f'aria-label="{escape(label)}">{_DEFS}'
        f'<svg viewBox="0 0 {axis.width:.0f} {height}" preserveAspectRatio="none" width="100%" height="{height}" '
        f'aria-hidden="true">'
    ]
    _background(parts, drawing, road_map, zoom)
    for bar in drawing.bars:
        _bar(parts, bar)
    parts += [f'<path class="rm-link" d="{path_of(link.points)}"/>' for link in drawing.links]
    parts.append("</svg>")
    _today(parts, axis, road_map.today, height)
    _texts(parts, drawing, road_map)
    for link in drawing.links:
        x, y = link.points[-1]
        turn = "d" if link.enters_down else "u"
        parts.append(f'<use href="#rm-arrow-{turn}" x="{percent(axis, x)}" y="{y:.0f}"/>')
    _stones(parts, drawing, road_map)
    parts.append("</svg>")
    return SafeString("".join(parts))


_DEFS = (
    '<defs><path id="rm-ahead" d="M0 -7L7 0L0 7L-7 0Z"/>'
    '<g id="rm-reached"><path d="M0 -8L8 0L0 8L-8 0Z"/><path class="rm-tick-mark" d="M-3 0L-1 2.5L3 -2"/></g>'
    '<g id="rm-missed"><path class="rm-hollow" d="M0 -7L7 0L0 7L-7 0Z"/><circle class="rm-dot" r="2.5"/></g>'
    '<path id="rm-arrow-d" d="M-4 -7H4L0 0Z"/>'
    '<path id="rm-arrow-u" d="M-4 7H4L0 0Z"/>'
    '<pattern id="rm-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="rm-hatch-ground" width="6" height="6"/><rect class="rm-hatch-line" width="3" height="6"/></pattern>'
    "</defs>"
)


def _background(parts: list[str], drawing: Drawing, road_map: RoadMap, zoom: Zoom) -> None:
    axis, height = drawing.axis, drawing.height
    for number, band in enumerate(bands_for(axis, road_map.phases)):
        parts.append(
            f'<rect class="rm-tint-{number % 3}" x="{band.x:.1f}" width="{band.width:.1f}" height="{height}"/>'
        )
    groups = "".join(
        f"M0 {i * HEIGHT}h{axis.width:.0f}v{HEIGHT}h-{axis.width:.0f}z"
        for i, row in enumerate(drawing.rows)
        if row.kind == "field"
    )
    if groups:
        parts.append(f'<path class="rm-stripe" d="{groups}"/>')
    across = "".join(f"M0 {(i + 1) * HEIGHT - 0.5}H{axis.width:.0f}" for i in range(len(drawing.rows)))
    down = "".join(f"M{tick.x:.1f} 0V{height}" for tick in ticks_for(axis, quarters=zoom is Zoom.QUARTER))
    parts.append(f'<path class="rm-line" d="{across}{down}"/>')


def _bar(parts: list[str], bar: Bar) -> None:
    y = bar.row * HEIGHT
    if bar.kind != "task":
        thick, drop = (6, 7) if bar.kind == "field" else (3, 5)
        top = y + 14 if bar.kind == "field" else y + 16
        parts.append(
            f'<path class="rm-span" d="M{bar.x:.1f} {top}h{bar.width:.1f}v{thick + drop}l-6 -{drop}'
            f'H{bar.x + 6:.1f}l-6 {drop}z"/>'
            if bar.width > 12
            else f'<rect class="rm-span" x="{bar.x:.1f}" y="{top}" width="{max(bar.width, 2):.1f}" height="{thick}"/>'
        )
        return
    kind = "rm-bar rm-open" if bar.open_start or bar.open_end else "rm-bar"
    parts.append(
        f'<rect class="{kind}" x="{bar.x:.1f}" y="{y + 11}" width="{max(bar.width, 2):.1f}" height="14" rx="3"/>'
    )
    if bar.done:
        parts.append(f'<rect class="rm-done" x="{bar.x:.1f}" y="{y + 11}" width="{bar.done:.1f}" height="14" rx="3"/>')
    if bar.late:
        x = bar.x + bar.width
        parts.append(f'<rect class="rm-late" x="{x:.1f}" y="{y + 11}" width="{bar.late:.1f}" height="14" rx="2"/>')


def path_of(points) -> str:
    text = f"M{points[0][0]:.1f} {points[0][1]:.0f}"
    for (x0, _y0), (x, y) in zip(points, points[1:], strict=False):
        text += f"H{x:.1f}" if x != x0 else f"V{y:.0f}"
    return text


def _today(parts: list[str], axis: Axis, today: date, height: int) -> None:
    if axis.holds(today):
        x = percent(axis, axis.middle(today))
        parts.append(f'<line class="rm-now" x1="{x}" x2="{x}" y1="0" y2="{height}"/>')


def _texts(parts: list[str], drawing: Drawing, road_map: RoadMap) -> None:
    axis = drawing.axis
    tasks = {task.code: task for task in road_map.tasks}
    outermost: dict[int, list[float]] = {}
    for stone in drawing.stones:
        outermost.setdefault(stone.row, []).append(stone.x)
    words = {light.value: escape(light.label) for light in Light}
    for bar in drawing.bars:
        if bar.kind != "task":
            continue
        task = tasks[drawing.rows[bar.row].key]
        stones = outermost.get(bar.row, ())
        x, place = _beside(axis, bar, max(stones, default=0.0), min(stones, default=axis.width))
        parts.append(
            f'<text class="rm-note" x="{x}" y="{bar.row * HEIGHT + 23}"{place}>'
            f"{_note(task, words, road_map.today)}</text>"
        )


def _beside(axis: Axis, bar: Bar, last: float, first: float) -> tuple[str, str]:
    """Where the text of a bar stands: right of it, left of it where there is no room, or else inside its end."""
    end = max(bar.end, last)
    if end <= _RIGHT * axis.width:
        return percent(axis, end), ' dx="14"'
    begin = min(bar.x, first)
    if begin >= _LEFT * axis.width:
        return percent(axis, begin), ' dx="-14" text-anchor="end"'
    return percent(axis, end), ' dx="-16" text-anchor="end"'


def _note(task: TaskLine, words: dict[str, str], today: date) -> str:
    text = words[task.light]
    if task.completed:
        return text
    if task.progress:
        text += f" · {task.progress}%"
    if task.due is not None and task.due < today:
        days = (today - task.due).days
        text += " · " + escape(ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days})
    return text


def _stones(parts: list[str], drawing: Drawing, road_map: RoadMap) -> None:
    axis = drawing.axis
    lines = {stone.id: stone for stone in road_map.stones}
    words = {light.value: escape(light.label) for light in Light} | {"grey": escape(_("Not yet due"))}
    own_rows = any(row.kind == "stone" for row in drawing.rows)
    for stone in drawing.stones:
        line = lines[stone.key]
        x, y = percent(axis, stone.x), stone.row * HEIGHT + HEIGHT // 2
        kind = "reached" if line.done_on else "missed" if line.light in ("red", "yellow") else "ahead"
        name = escape(line.name)
        parts.append(
            f'<a href="milestones/{line.id}/" class="rm-{kind}"><use href="#rm-{kind}" x="{x}" y="{y}"/>'
            f"<title>{name} · {line.due:%Y-%m-%d} · {words[line.light]}</title></a>"
        )
        if own_rows:
            parts.append(_stone_text(axis, stone.x, y, name, line))


def _stone_text(axis: Axis, at: float, y: int, name: str, line: StoneLine) -> str:
    place = ' dx="14"' if at <= 0.6 * axis.width else ' dx="-14" text-anchor="end"'
    return f'<text class="rm-note" x="{percent(axis, at)}" y="{y + 5}"{place}>{name} {line.due:%Y-%m-%d}</text>'


def labels(
    drawing: Drawing, road_map: RoadMap, groups: dict[str, Group], *, task_address: str, toggle: Callable[[str], str]
) -> SafeString:
    """The left column: one list item a row. ``task_address`` holds ``{}`` for the number of the task."""
    tasks = {task.code: task for task in road_map.tasks}
    stones = {stone.id: stone for stone in road_map.stones}
    words = {light.value: escape(light.label) for light in Light}
    unfold, fold = escape(_("Unfold")), escape(_("Fold"))
    parts: list[str] = []
    for row in drawing.rows:
        if row.kind == "task":
            task = tasks[row.key]
            parts.append(
                f'<li class="rm-task"><svg class="glyph light-{task.light}" viewBox="0 0 16 16" role="img" '
                f'aria-label="{words[task.light]}"><use href="#rm-l-{task.light}"/></svg>'
                f'<a href="{task_address.format(task.code)}"><b>{task.code}</b> {escape(task.content)}</a></li>'
            )
        elif row.kind == "stone":
            stone = stones[row.key]
            parts.append(f'<li class="rm-stone-row"><a href="milestones/{stone.id}/">{escape(stone.name)}</a></li>')
        else:
            group = groups[row.key]
            sign, verb = ("▸", unfold) if row.closed else ("▾", fold)
            number = f"<b>{escape(group.key)}</b> " if group.numbered else ""
            late = f"<i>{words['red']} {group.lights['red']}</i>" if group.lights["red"] else ""
            text = f"{number}{escape(group.title)}"
            if address := escape(toggle(row.key)):
                text = f'<a href="{address}" title="{verb}"><span aria-hidden="true">{sign}</span> {text}</a>'
            parts.append(f'<li class="rm-{row.kind}">{text}<small>{group.total}{late}</small></li>')
    return SafeString("".join(parts))

"""Rows of the table view as HTML text, joined here because there may be thousands; every text is escaped."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dalian_coop.ui.templatetags.ui import light
from planning.roadmap.selectors import Group, RoadMap, StoneLine, TaskLine
from planning.roadmap.selectors.lanes import Lanes
from planning.roadmap.selectors.timing import Timing
from planning.roadmap.selectors.underlay import Underlay
from planning.roadmap.templatetags.roadmap import stone_light
from planning.taskbooks.enums import Light


def heads() -> list[str]:
    """The column heads; on a phone they stand before each value."""
    return [
        _("No."), _("Key task"), _("Light"), _("Progress"), _("Start"), _("Due"), _("Baseline"), _("Lead bureau"),
        _("Milestones"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Overlays:
    """What is laid over the plan: its earlier state, its critical path, and what waits for what."""

    under: Underlay | None
    timing: Timing
    critical: bool = True

    def heavy(self, road_map: RoadMap) -> set[str]:
        """The tasks that hold a milestone of the critical path."""
        return {stone.task for stone in road_map.stones if stone.id in self.timing.critical} if self.critical else set()


class Words:
    """What is the same in every row, worked out once."""

    def __init__(self, task_address: str, stone_address: str):
        self.task_address, self.stone_address = task_address, stone_address
        self.labels = [escape(head) for head in heads()]
        self.lights = {value.value: light(value) for value in Light}
        self.stone_lights = {value.value: stone_light(value.value) for value in Light}
        self.missing, self.none = escape(_("not given")), escape(_("none"))
        self.critical = escape(_("Critical path"))
        self.base, self.forecast, self.actual = escape(_("Baseline")), escape(_("Forecast")), escape(_("Actual day"))
        self.waits = escape(_("Waits for"))


class Table:
    """``lanes`` group the rows; with ``undated`` only tasks that cannot be drawn are shown."""

    def __init__(self, road_map: RoadMap, lanes: Lanes, over: Overlays, words: Words):
        self.road_map, self.lanes, self.over, self.words = road_map, lanes, over, words
        self.heavy = over.heavy(road_map)
        names = {stone.id: stone.code for stone in road_map.stones}
        self.waits: dict[UUID, list[str]] = defaultdict(list)
        for before, after in road_map.links:
            self.waits[after].append(names[before])

    def rows(self, *, undated: bool = False) -> SafeString:
        """A row for every lane and its parts, and one for every task."""
        parts: list[str] = []
        last: tuple[str, ...] = ()
        for task, keys in self.lanes.places:
            if undated and not task.undated:
                continue
            for level, key in enumerate(keys):
                if keys[: level + 1] != last[: level + 1]:
                    parts.append(_group(self.lanes.groups[key]))
            last = keys
            parts.append(self._task(task))
        return SafeString("".join(parts))

    def _task(self, task: TaskLine) -> str:
        words = self.words
        no, content, lamp, progress, start, due, base, lead, stones = words.labels
        link = words.task_address.format(task.code)
        ends = task.due.isoformat() if task.due else escape(task.due_text) or words.missing
        return (
            f'<tr data-row><td class="rm-code" data-label="{no}">{escape(task.code)}</td>'
            f'<td data-label="{content}"><a href="{link}">{escape(task.content)}</a></td>'
            f'<td data-label="{lamp}">{words.lights[task.light]}{self._marks(task)}</td>'
            f'<td class="num" data-label="{progress}">{task.progress}%</td>'
            f'<td class="nowrap" data-label="{start}">{task.start.isoformat() if task.start else words.missing}</td>'
            f'<td class="nowrap" data-label="{due}">{ends}</td>'
            f'<td class="nowrap" data-label="{base}">{self._base(task)}</td>'
            f'<td data-label="{lead}">{escape(task.lead)}</td>'
            f'<td data-label="{stones}">{self._stones(task.stones)}</td></tr>'
        )

    def _marks(self, task: TaskLine) -> str:
        found = []
        if task.overdue(self.road_map.today):
            days = (self.road_map.today - task.due).days
            found.append(escape(ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}))
        if task.code in self.heavy:
            found.append(self.words.critical)
        return f'<span class="small muted nowrap"><br>{"<br>".join(found)}</span>' if found else ""

    def _base(self, task: TaskLine) -> str:
        """The due date of the plan laid under, and by how many days the present one lies after it."""
        held = self.over.under.tasks.get(task.id) if self.over.under else None
        if not held or held[1] is None:
            return f'<span class="no-data">{self.words.none}</span>'
        return held[1].isoformat() + _moved(held[1], task.due)

    def _stones(self, stones: list[StoneLine]) -> str:
        if not stones:
            return f'<span class="no-data">{self.words.none}</span>'
        return f'<ul class="rm-stones">{"".join(self._stone(stone) for stone in stones)}</ul>'

    def _stone(self, stone: StoneLine) -> str:
        words = self.words
        notes = []
        held = self.over.under.stones.get(stone.id) if self.over.under else None
        if held and held != stone.due:
            notes.append(f"{words.base} {held.isoformat()}{_moved(held, stone.due)}")
        if stone.expected:
            notes.append(f"{words.forecast} {stone.expected.isoformat()}")
        if stone.done_on:
            notes.append(f"{words.actual} {stone.done_on.isoformat()}")
        if self.over.critical and stone.id in self.over.timing.critical:
            notes.append(words.critical)
        if before := self.waits.get(stone.id):
            notes.append(f"{words.waits} {escape('、'.join(before))}")
        more = f'<span class="small muted rm-notes">{" · ".join(notes)}</span>' if notes else ""
        return (
            f'<li><span class="nowrap">{stone.due.isoformat()}</span>'
            f'<a href="{words.stone_address.format(stone.id)}">{escape(stone.name)}</a>'
            f'<span class="small">{words.stone_lights[stone.light]}</span>{more}</li>'
        )


def _moved(old: date, new: date | None) -> str:
    days = (new - old).days if new else 0
    if not days:
        return ""
    text = ngettext("%(counter)s day", "%(counter)s days", abs(days)) % {"counter": f"{days:+d}"}
    return f' <span class="small muted">{escape(text)}</span>'


def _group(group: Group) -> str:
    number = f"{escape(group.key)} " if group.numbered else ""
    return (
        f'<tr class="is-group"><th scope="rowgroup" colspan="{len(heads())}">{number}{escape(group.title)} '
        f'<span class="muted small">{group.total}</span></th></tr>'
    )


def shown(tasks: Iterable[TaskLine], *, undated: bool) -> int:
    """How many tasks the table shows; one in several lanes counts once."""
    return sum(task.undated or not undated for task in tasks)

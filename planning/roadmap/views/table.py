"""Rows of the table view as HTML text, joined here because there may be thousands; every text is escaped."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dalian_coop.ui.templatetags.ui import light
from planning.roadmap.selectors import Group, RoadMap, StoneLine, TaskLine
from planning.roadmap.templatetags.roadmap import stone_light
from planning.taskbooks.enums import Light


def heads() -> list[str]:
    """The column heads; on a phone they stand before each value."""
    return [
        _("No."), _("Key task"), _("Light"), _("Progress"), _("Start"), _("Due"), _("Lead bureau"), _("Milestones"),
    ]  # fmt: skip


class Words:
    """What is the same in every row, worked out once."""

    def __init__(self, task_address: str, stone_address: str):
        self.task_address, self.stone_address = task_address, stone_address
        self.labels = [escape(head) for head in heads()]
        self.lights = {value.value: light(value) for value in Light}
        self.stone_lights = {value.value: stone_light(value.value) for value in Light}
        self.missing, self.none = escape(_("not given")), escape(_("none"))


def rows(road_map: RoadMap, tasks: Iterable[TaskLine], *, task_address: str, stone_address: str) -> SafeString:
    """A row for every field and measure, and one for every task. The addresses hold ``{}`` for number and key."""
    words = Words(task_address, stone_address)
    parts: list[str] = []
    field = measure = None
    for task in tasks:
        if task.group[0] != field:
            field, measure = task.group[0], None
            parts.append(_group(road_map.fields[field], ""))
        if task.group[1] != measure:
            measure = task.group[1]
            parts.append(_group(road_map.measures[measure], f"{escape(measure)} "))
        parts.append(_task(task, words))
    return SafeString("".join(parts))


def _group(group: Group, number: str) -> str:
    return (
        f'<tr class="is-group"><th scope="rowgroup" colspan="8">{number}{escape(group.title)} '
        f'<span class="muted small">{group.total}</span></th></tr>'
    )


def _task(task: TaskLine, words: Words) -> str:
    no, content, lamp, progress, start, due, lead, stones = words.labels
    ends = task.due.isoformat() if task.due else escape(task.due_text) or words.missing
    return (
        f'<tr data-row><td class="rm-code" data-label="{no}">{task.code}</td>'
        f'<td data-label="{content}"><a href="{words.task_address.format(task.code)}">{escape(task.content)}</a></td>'
        f'<td data-label="{lamp}">{words.lights[task.light]}</td>'
        f'<td class="num" data-label="{progress}">{task.progress}%</td>'
        f'<td class="nowrap" data-label="{start}">{task.start.isoformat() if task.start else words.missing}</td>'
        f'<td class="nowrap" data-label="{due}">{ends}</td>'
        f'<td data-label="{lead}">{escape(task.lead)}</td>'
        f'<td data-label="{stones}">{_stones(task.stones, words)}</td></tr>'
    )


def _stones(stones: list[StoneLine], words: Words) -> str:
    if not stones:
        return f'<span class="no-data">{words.none}</span>'
    lines = "".join(
        f'<li><span class="nowrap">{stone.due.isoformat()}</span>'
        f'<a href="{words.stone_address.format(stone.id)}">{escape(stone.name)}</a>'
        f'<span class="small">{words.stone_lights[stone.light]}</span></li>'
        for stone in stones
    )
    return f'<ul class="rm-stones">{lines}</ul>'

"""What was read of an office's own workbook, brought into the portal's layout, with the answers people gave.

From there on it is an import like any other: the same services, the same rules, the same report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dalian_coop.accounts.models import Bureau
from dalian_coop.documents.sheets import Row, Sheet, column_letter
from partners.industries.models import CooperationField
from planning.taskbooks.engine.result import ReadTask, Result
from planning.taskbooks.engine.units import Register
from planning.taskbooks.enums import DueKind
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services import layout
from planning.taskbooks.services.cells import BadCell
from planning.taskbooks.services.checks import is_code
from planning.taskbooks.services.deadlines import due_kind_of
from planning.taskbooks.services.lookups import Fields
from planning.taskbooks.services.phrases import last_day, phrase_of
from planning.taskbooks.services.reports import Report

HEADER = tuple(column.title for column in layout.COLUMNS)
# Columns of the layout → roles of the reader in whose cell they were written, the likeliest first.
_ROLES = {
    "objective": ("target",),
    "lead": ("lead", "units", "support"),
    "units": ("support", "units", "lead"),
    "start": ("start", "period"),
    "due": ("due", "period", "due_text"),
    "due_text": ("due_text", "due", "period"),
}
# What a column can be taken for, in the words of the decreed form.
ROLE_NAMES = {
    "code": "序号",
    "field": "领域",
    "measure": "主要举措",
    "content": "重点任务",
    "target": "工作目标",
    "actions": "具体措施",
    "deliverable": "成果形式",
    "acceptance": "验收标准",
    "lead": "牵头单位",
    "support": "配合单位",
    "units": "责任单位（第一个牵头，其余配合）",
    "responsible": "责任人",
    "start": "起始时间",
    "due": "完成时限",
    "period": "起止时间",
    "due_text": "时限表述",
    "horizon": "期限类别",
    "partners_text": "对应国别/城市",
    "key_industries": "重点产业",
    "guarantees": "保障措施",
    "weight": "权重",
}
_CONTINUOUS = (DueKind.LONG_TERM, DueKind.RECURRING)


@dataclass(frozen=True)
class Answers:
    """What people answered to the questions of one file.

    ``headings``: heading → role. ``units``: unknown name → code of a bureau, "" leaves it out. ``themes``: theme →
    code of a field of cooperation. ``lead``: code of the bureau that leads where none is named. ``number``: give
    numbers to tasks without a usable one. ``confirmed``: kinds of remarks somebody has looked through.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""
    number: bool = False
    confirmed: frozenset[str] = frozenset()


@dataclass
class Questions:
    """What has to be answered before the file can be imported."""

    units: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    lead_missing: int = 0
    code_missing: int = 0


class TakingOver:
    """Turns one ``Result`` into sheets in the portal's layout."""

    def __init__(self, result: Result, answers: Answers, book: TaskBook | None):
        self.result, self.answers, self.book = result, answers, book
        bureaus = list(Bureau.objects.all())
        self._short = {bureau.code: bureau.name_zh for bureau in bureaus}
        self._register = Register((b.name_zh, [b.full_name, *b.aliases]) for b in bureaus)
        self._field_names = {f.code: f.name_zh for f in CooperationField.objects.all()}
        self._fields = Fields()
        self.questions = Questions()
        self._taken_codes = {task.code for task in result.tasks}
        self._by_content: dict[str, str] = {}
        if book is not None:
            rows = list(book.tasks.alive().values_list("content", "code"))
            self._by_content = dict(rows)
            self._taken_codes |= {code for _content, code in rows}

    def sheets(self) -> list[Sheet]:
        """One sheet for each sheet of the file that holds tasks; rows keep the numbers they have in the file."""
        by_sheet: dict[str, list[Row]] = {}
        seen: set[str] = set()
        for task in self.result.tasks:
            rows = by_sheet.setdefault(task.sheet, [Row(-1, (self._title(),)), Row(0, HEADER)])
            rows.append(Row(task.row, self._values(task, seen)))
        return [Sheet(name, tuple(rows)) for name, rows in by_sheet.items()]

    def _title(self) -> str | None:
        return self.result.title if self.book is None else None

    def _values(self, task: ReadTask, seen: set[str]) -> tuple[Any, ...]:
        theme = self._theme(task.field)
        lead, support = self._units(task)
        values = {
            **task.more,
            "code": self._code(task, seen),
            "field": theme,
            "measure": task.more.get("measure") or theme,
            "content": task.content,
            "objective": task.target,
            "lead": lead,
            "units": layout.SEPARATOR.join(support),
            "start": task.start,
            "due": task.due,
            "due_text": due_words(task.due_text, task.due),
            "horizon": task.horizon or "",
        }
        return tuple(values.get(column.field) or None for column in layout.COLUMNS)

    def _theme(self, theme: str) -> str:
        """The field of cooperation that a theme means, as somebody said or by its name."""
        if chosen := self._field_names.get(self.answers.themes.get(theme, "")):
            _once(self.questions.themes, theme)
            return chosen
        try:
            return self._fields.named(theme).name_zh
        except BadCell:
            _once(self.questions.themes, theme)
            return theme

    def _units(self, task: ReadTask) -> tuple[str, list[str]]:
        lead = self._unit(task.lead) if task.lead else ""
        if not lead:
            self.questions.lead_missing += 1
            lead = self._short.get(self.answers.lead, "")
        support = [name for unit in task.support if (name := self._unit(unit))]
        return lead, [name for name in dict.fromkeys(support) if name != lead]

    def _unit(self, name: str) -> str:
        if found := self._register.find(name):
            return found
        _once(self.questions.units, name)
        code = self.answers.units.get(name)
        return self._short.get(code, "") if code is not None else name

    def _code(self, task: ReadTask, seen: set[str]) -> str:
        """The number of a task. One without a usable number keeps the one that the same task has in the book."""
        code = task.code
        if is_code(code) and code not in seen:
            seen.add(code)
            return code
        self.questions.code_missing += 1
        if not self.answers.number:
            return code
        known = self._by_content.get(task.content)
        code = known if known and known not in seen else self._free_code()
        seen.add(code)
        self._taken_codes.add(code)
        return code

    def _free_code(self) -> str:
        numbers = (str(n) for n in range(1, len(self._taken_codes) + 2))
        return next(code for code in numbers if code not in self._taken_codes)


def due_words(text: str, due: date | None) -> str:
    """The deadline as written, unless its words say something else than the day that was understood."""
    if due is None or not text:
        return text
    contradicts = due_kind_of(text, due) in _CONTINUOUS or last_day(text) not in (None, due)
    return phrase_of(due) if contradicts or len(text) > 80 else text


def at_its_cells(report: Report, result: Result) -> Report:
    """Messages of ``report`` moved to the cells of the file as it was sent."""
    cells = {(task.sheet, task.row): task.cells for task in result.tasks}
    letters = {column_letter(n): column.field for n, column in enumerate(layout.COLUMNS)}
    for n, message in enumerate(report.messages):
        name = letters.get(message.column)
        found = cells.get((message.sheet, message.row))
        if name and found is not None:
            place = next((found[role] for role in _ROLES.get(name, (name,)) if role in found), "")
            report.messages[n] = replace(message, column=place.rstrip("0123456789"))
    return report


def _once(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)

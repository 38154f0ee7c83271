"""One row of a table becomes one task, or the continuation of the task above it, or is rejected."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from planning.taskbooks.engine.deadlines import NONE, UNPARSED, Deadline, read_day, read_number, read_phrase
from planning.taskbooks.engine.display import date_shape, displayed, text_of
from planning.taskbooks.engine.header import Header
from planning.taskbooks.engine.headings import horizon_in, unnumbered
from planning.taskbooks.engine.result import ReadTask
from planning.taskbooks.engine.tables import Cell, place
from planning.taskbooks.engine.timing import Timing
from planning.taskbooks.engine.units import Units, read_units
from planning.taskbooks.engine.vocabulary import MORE
from planning.taskbooks.engine.words import code_text, looks_lossy, squashed

if TYPE_CHECKING:
    from planning.taskbooks.engine.reader import SheetReader

_PARTS = ("lead", "units", "support", "due", "period", "target", "start", "due_text", "actions", "deliverable")
_WRITTEN = ("lead", "units", "support", "start", "due", "period", "due_text", "field", "horizon", "code")


class RowReader:
    """Reads the rows below one header."""

    def __init__(self, sheet: "SheetReader", header: Header):
        self.sheet, self.header, self.roles = sheet, header, header.roles
        self.table, self.merges, self.remarks = sheet.table, sheet.merges, sheet.remarks
        self.name = sheet.table.name
        self.task: ReadTask | None = None
        self._field, self._field_under = "", ""
        self._measure_above = ("", "")
        self._units: dict[tuple[str, str | None], Units] = {}  # the same few lists of offices stand in many rows

    # --- cells ---

    def cell(self, row: int, role: str) -> Cell | None:
        """The cell of a role, that of the merged range it lies in if this runs down the column."""
        column = self.roles.get(role)
        if column is None:
            return None
        top, left = self.merges.origin(row, column)
        return self.table.cell(top, left) if left == column and top > self.header.last else None

    def is_own(self, row: int, role: str) -> bool:
        """Whether the cell of a role has a content of its own in this row."""
        return role in self.roles and self.table.cell(row, self.roles[role]) is not None

    def text(self, row: int, role: str) -> str:
        """The displayed text, with a remark if the cell shows an error, has no value, or has lost characters."""
        cell = self.cell(row, role)
        text = displayed(cell)
        if cell is not None:
            if cell.error:
                self.remark(row, role, "formula_error", cell.error)
            elif cell.no_value:
                self.remark(row, role, "formula_no_value")
            elif looks_lossy(text):
                self.remark(row, role, "text_lossy", text)
        return text

    def remark(self, row: int, role: str, kind: str, text: str = "") -> None:
        self.remarks.cell(self.name, row, self.roles[role], kind, text)

    # --- rows ---

    def take(self, row: int) -> None:
        content = self.cell(row, "content")
        if content is not None and not self.is_own(row, "content") and not self.is_own(row, "code"):
            self._continue(row)
            return
        if not displayed(content):
            self._reject(row, content)
            return
        self.task = ReadTask(self.name, row, content=self.text(row, "content"))
        self._fill()
        self.sheet.result.tasks.append(self.task)

    def _reject(self, row: int, content: Cell | None) -> None:
        """A row without a task's words: a task that cannot be taken, if other parts of a task stand in it."""
        broken = content is not None and (content.error or content.no_value)
        own = [role for role in _PARTS if self.is_own(row, role)]
        carried = [role for role in _PARTS if self.cell(row, role) is not None]
        others = sum(1 for _ in self.table.filled(row))
        has_code = self.is_own(row, "code") and (carried or others > 1)
        if not (broken or own or has_code):
            return
        if content is not None and content.no_value:
            self.remark(row, "content", "formula_no_value")
        kind = "formula_error" if content is not None and content.error else "content_missing"
        self.remarks.reject(self.name, row, self.roles["content"], kind, content.error if content else "")

    def _continue(self, row: int) -> None:
        """A row under a merged task: what it adds goes to the task above."""
        task = self.task
        if task is None or not any(True for _ in self.table.filled(row)):
            return
        if self.is_own(row, "target") and (more := self.text(row, "target")):
            task.target = f"{task.target}\n{more}".strip()
        for role in MORE:
            if self.is_own(row, role) and (more := self.text(row, role)):
                task.more[role] = f"{task.more.get(role, '')}\n{more}".strip()
        own_units = [role for role in ("lead", "units", "support") if self.is_own(row, role)]
        if own_units:
            lead, support = self._units_of(row, own_units, quiet=True)
            if lead and task.lead and lead != task.lead and "support" not in own_units[:1]:
                self.remark(row, own_units[0], "lead_ambiguous", lead)
            names = [*task.support, *filter(None, [lead]), *support]
            task.support = [n for n in dict.fromkeys(names) if n != task.lead]
        for role in ("due", "period", "due_text"):
            if self.is_own(row, role) and self.deadline(row, role).last != task.due:
                self.remark(row, role, "due_ambiguous", displayed(self.cell(row, role)))

    def _fill(self) -> None:
        task, row = self.task, self.task.row
        task.cells = {role: place(row, column) for role, column in self.roles.items()}
        task.written = {r: text for r in _WRITTEN if (text := displayed(self.cell(row, r)))}
        if row in self.table.hidden_rows:
            self.remark(row, "content", "hidden_row")
        self._fill_code()
        task.field = self._theme(row)
        if "target" in self.roles:
            task.target = self.text(row, "target")
        task.lead, task.support = self._lead_and_support(row)
        Timing(self).fill(task)
        horizon = self.text(row, "horizon") if "horizon" in self.roles else ""
        task.horizon = horizon_in(horizon) or self.sheet.sections.horizon
        task.more = {role: self.text(row, role) for role in MORE if role in self.roles}
        task.more["measure"] = self._measure(task)

    def _fill_code(self) -> None:
        task, row = self.task, self.task.row
        if "code" not in self.roles:
            self.remarks.sheet(self.name, "code_missing")
            return
        cell = self.cell(row, "code")
        task.code = code_text(self.text(row, "code"))
        if cell is None:
            self.remark(row, "code", "code_missing")
        elif isinstance(cell.value, float | date | datetime) and not isinstance(cell.value, bool):
            if isinstance(cell.value, date) or (cell.value % 1 and displayed(cell) == text_of(cell.value)):
                self.remark(row, "code", "code_numeric", task.code)

    def _theme(self, row: int) -> str:
        """The theme in its column, merged or standing only in the first row of its block, else the section's."""
        section = self.sheet.sections.theme
        if "field" not in self.roles:
            return section
        if written := self.text(row, "field"):
            self._field, self._field_under = unnumbered(written), section
        elif self._field_under != section:
            self._field = ""
        return self._field or section

    def _measure(self, task: ReadTask) -> str:
        """The measure in its column, standing only in the first row of its block, else the section's."""
        if written := task.more.get("measure", ""):
            self._measure_above = (task.field, written)
        elif self._measure_above[0] == task.field:
            return self._measure_above[1]
        return written or self.sheet.sections.measure

    # --- units ---

    def _lead_and_support(self, row: int) -> tuple[str | None, list[str]]:
        given = [role for role in ("lead", "units", "support") if role in self.roles]
        lead, support = self._units_of(row, given)
        if "lead" not in self.roles and "units" not in self.roles:
            lead = self.sheet.own_unit
            if lead is None:
                self.remarks.sheet(self.name, "lead_missing")
            elif self.sheet.setting.register.find(lead) is None:
                self.remarks.sheet(self.name, "unit_unknown", lead)
        return lead, [name for name in support if name != lead]

    def _units_of(self, row: int, given: list[str], *, quiet: bool = False) -> tuple[str | None, list[str]]:
        """(lead, supporting) as the cells of ``given`` roles name them."""
        lead, support = None, []
        for role in given:
            units = self._read_units(row, role)
            if role == "support" or (role == "units" and "lead" in given):
                support += [*units.leads, *units.unmarked, *units.supports]
                continue
            leads = units.leads or (units.unmarked if role == "lead" else units.unmarked[:1])
            leads = list(dict.fromkeys(leads))
            rest = [name for name in units.unmarked if name not in leads]
            lead = leads[0] if leads else None
            support += [*leads[1:], *rest, *units.supports]
            if not quiet:
                self._remark_on_leads(row, role, leads)
        return lead, [name for name in dict.fromkeys(support) if name != lead]

    def _read_units(self, row: int, role: str) -> Units:
        key = (self.text(row, role), self.sheet.own_unit)
        if (units := self._units.get(key)) is None:
            units = self._units[key] = read_units(key[0], self.sheet.setting.register, key[1])
        for name in dict.fromkeys(units.unknown):
            self.remark(row, role, "unit_unknown", name)
        return units

    def _remark_on_leads(self, row: int, role: str, leads: list[str]) -> None:
        cell = self.cell(row, role)
        if len(leads) > 1:
            self.remark(row, role, "lead_ambiguous", "、".join(leads))
        elif not leads and not (cell is not None and (cell.error or cell.no_value)):
            self.remark(row, role, "lead_missing")

    # --- deadlines ---

    def deadline(self, row: int, role: str) -> Deadline:
        """What the cell of ``role`` says about time."""
        cell = self.cell(row, role)
        if cell is None or cell.no_value:
            return NONE
        if cell.error:
            return UNPARSED
        heading = self.sheet.sections.year
        if isinstance(cell.value, datetime | date):
            day = cell.value.date() if isinstance(cell.value, datetime) else cell.value
            return read_day(day, date_shape(cell.format))
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            return read_number(cell.value, heading)
        text = displayed(cell)
        return read_phrase(text, heading, self.sheet.setting.today) if squashed(text) else NONE

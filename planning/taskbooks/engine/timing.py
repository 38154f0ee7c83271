"""Start and deadline of a task from the columns that speak of time."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from planning.taskbooks.engine.deadlines import NONE, Deadline
from planning.taskbooks.engine.display import displayed
from planning.taskbooks.engine.result import ReadTask

if TYPE_CHECKING:
    from planning.taskbooks.engine.rows import RowReader

_UNTIL = re.compile(r"[前底末内]")
_RANGE = re.compile(r"[-—–~～至到]")


class Timing:
    """Fills the times of one task."""

    def __init__(self, rows: "RowReader"):
        self.rows = rows

    def fill(self, task: ReadTask) -> None:
        role, deadline = self._deadline(task)
        task.due, task.due_kind = deadline.last, deadline.kind
        task.start = self._start(task)
        if role:
            self._remark(task, role, deadline)
        elif not self.rows.roles.keys() & {"due", "due_text", "period"}:
            self.rows.remarks.sheet(self.rows.name, "due_missing")

    def _deadline(self, task: ReadTask) -> tuple[str, Deadline]:
        """(role of the cell it stands in, deadline). Date and phrase in two columns must say the same."""
        rows, row = self.rows, task.row
        role = next((r for r in ("due", "period") if r in rows.roles), "")
        found = rows.deadline(row, role) if role else NONE
        if role:
            rows.text(row, role)  # for its remarks
            cell = rows.cell(row, role)
            task.due_text = displayed(cell) if cell is not None and isinstance(cell.value, str) else ""
        if "due_text" not in rows.roles:
            return role, found
        phrase = rows.deadline(row, "due_text")
        task.due_text = rows.text(row, "due_text") or task.due_text
        if found.kind == "none":
            return role or "due_text", phrase
        if phrase.kind == "none":
            return role, found
        if phrase.last == found.last and phrase.last is not None:
            return role, replace(phrase, year_assumed=False, ambiguous=False)
        return role, replace(found, ambiguous=True)

    def _start(self, task: ReadTask):
        rows, row = self.rows, task.row
        if "start" in rows.roles:
            found = rows.deadline(row, "start")
            rows.text(row, "start")
            self._remark_on_reading(row, "start", found)
            return found.first
        if "period" in rows.roles:
            text = displayed(rows.cell(row, "period"))
            found = rows.deadline(row, "period")
            if _RANGE.search(text) or (found.kind != "date" and not _UNTIL.search(text)):
                return found.first
        return None

    def _remark(self, task: ReadTask, role: str, deadline: Deadline) -> None:
        rows, row = self.rows, task.row
        cell = rows.cell(row, role)
        broken = cell is not None and (cell.error or cell.no_value)
        if deadline.kind == "none" and not broken:
            rows.remark(row, role, "due_missing")
        if not broken:
            self._remark_on_reading(row, role, deadline)
        if deadline.kind == "date" and not rows.sheet.setting.is_working_day(deadline.last):
            rows.remark(row, role, "due_nonworking", deadline.last.isoformat())
        if task.due and task.start and task.due < task.start:
            rows.remark(row, role, "due_before_start", f"{task.start.isoformat()} > {task.due.isoformat()}")

    def _remark_on_reading(self, row: int, role: str, found: Deadline) -> None:
        """What is in doubt about a day that was read."""
        cell = self.rows.cell(row, role)
        if cell is None or cell.error or cell.no_value:
            return
        understood = f"{displayed(cell)} → {found.last.isoformat()}" if found.last else displayed(cell)
        kinds = {
            "due_unparsed": found.kind == "unparsed",
            "due_ambiguous": found.ambiguous,
            "year_assumed": found.year_assumed,
            "serial_date": found.serial,
        }
        for kind, holds in kinds.items():
            if holds:
                self.rows.remark(row, role, kind, understood)

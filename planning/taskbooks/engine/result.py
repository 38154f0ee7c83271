"""What was read: tasks, remarks on them, rows that cannot be taken. ``as_json`` is the shape others rely on."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from typing import Any

WARNINGS = (
    "lead_ambiguous",
    "lead_missing",
    "unit_unknown",
    "due_unparsed",
    "due_ambiguous",
    "due_missing",
    "due_before_start",
    "due_nonworking",
    "year_assumed",
    "serial_date",
    "code_duplicate",
    "code_missing",
    "code_numeric",
    "formula_error",
    "formula_no_value",
    "hidden_row",
    "hidden_column",
    "hidden_sheet",
    "extension_mismatch",
    "text_lossy",
)
REJECTIONS = ("content_missing", "formula_error")


@dataclass(frozen=True)
class Remark:
    """Something a person should look at. ``cell`` is ``None`` for a remark on a whole sheet or file."""

    sheet: str
    cell: str | None
    kind: str
    text: str
    row: int = 0


@dataclass(frozen=True)
class Rejected:
    """A row that is a task and cannot be taken."""

    sheet: str
    row: int
    cell: str
    kind: str
    text: str


@dataclass
class ReadTask:
    """One task as understood. ``more`` holds the columns of the decreed form that the JSON does not show, as text;
    ``cells`` says in which cell each part was written.
    """

    sheet: str
    row: int
    code: str = ""
    field: str = ""
    content: str = ""
    target: str = ""
    lead: str | None = None
    support: list[str] = made(default_factory=list)
    start: date | None = None
    due: date | None = None
    due_kind: str = "none"
    due_text: str = ""
    horizon: str | None = None
    more: dict[str, str] = made(default_factory=dict)
    cells: dict[str, str] = made(default_factory=dict)
    written: dict[str, str] = made(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "code": self.code,
            "field": self.field,
            "content": self.content,
            "target": self.target,
            "lead": self.lead,
            "support": self.support,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat() if self.due else None,
            "due_kind": self.due_kind,
            "due_text": self.due_text,
            "horizon": self.horizon,
        }


@dataclass(frozen=True)
class MappedColumn:
    """A column of a table found: its letters, its heading as written, and what it was taken for ("" = not used)."""

    column: str
    label: str
    role: str


@dataclass(frozen=True)
class FoundTable:
    """Where a table of tasks was found: its sheet, the rows of its header, its columns."""

    sheet: str
    first_row: int
    last_row: int
    columns: tuple[MappedColumn, ...]


@dataclass
class Result:
    """All that was read from one file, or why it was refused (``error``)."""

    file: str
    tasks: list[ReadTask] = made(default_factory=list)
    warnings: list[Remark] = made(default_factory=list)
    rejected: list[Rejected] = made(default_factory=list)
    tables: list[FoundTable] = made(default_factory=list)
    title: str = ""
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "tasks": [task.as_json() for task in self.tasks],
            "warnings": [
                {"sheet": w.sheet, "cell": w.cell, "kind": w.kind, "text": str(w.text)} for w in self.warnings
            ],
            "rejected": [
                {"sheet": r.sheet, "row": r.row, "cell": r.cell, "kind": r.kind, "text": str(r.text)}
                for r in self.rejected
            ],
            "error": self.error,
        }

    def warnings_at(self, sheet: str, row: int) -> Iterable[Remark]:
        return (w for w in self.warnings if w.sheet == sheet and w.row == row)

"""What an import did or would do, row by row and cell by cell."""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dalian_coop.base.errors import Error
from dalian_coop.documents.sheets import column_letter
from planning.taskbooks.services.merging import CellConflict


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Change:
    """One cell that differs: ``column`` is its name in the form, ``old`` and ``new`` are texts as displayed."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Message:
    """A remark on a cell or row, placed as the user sees it in Excel. ``column`` is a letter, or "" for a whole row.

    An ``is_error`` keeps the whole file from being imported; the others only want to be read.
    """

    sheet: str
    row: int
    column: str
    code: str
    text: Any  # a sentence, translated when shown
    is_error: bool = True

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row}" if self.column else str(self.row)


@dataclass(frozen=True)
class RowReport:
    """A row that is new, changed or rejected. ``kind`` tells what it is: a key of ``Report.counts``."""

    kind: str
    sheet: str
    row: int
    code: str
    label: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()


@dataclass
class Counts:
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0

    def add(self, outcome: Outcome) -> None:
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)


@dataclass
class Report:
    """The whole result. ``rows`` lists everything but unchanged rows; ``counts`` has one entry per kind of row.

    ``applied`` says whether it was written. ``absent`` counts tasks of the book that the file does not name; they
    stay as they are. ``conflicts`` are cells that the file and the portal both changed; the portal's text stays.
    ``digest`` stands for everything the import would write, to notice when that has changed.
    """

    book: Any = None
    book_title: str = ""
    creates_book: bool = False
    rows: list[RowReport] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)
    conflicts: list[CellConflict] = field(default_factory=list)
    absent: int = 0
    applied: bool = False

    def note(self, row: RowReport) -> None:
        self.counts.setdefault(row.kind, Counts()).add(row.outcome)
        if row.outcome is not Outcome.SAME:
            self.rows.append(row)

    def refuse(self, sheet: str, row: int, column: int | None, error: Error) -> None:
        """Record an error at a cell; ``column`` counts from 0, ``None`` means the whole row."""
        letter = "" if column is None else column_letter(column)
        self.messages.append(Message(sheet, row, letter, error.code, error.message))

    def remark(self, sheet: str, row: int, column: int | None, error: Error) -> None:
        """Record something worth knowing that does not keep the file out."""
        letter = "" if column is None else column_letter(column)
        self.messages.append(Message(sheet, row, letter, error.code, error.message, is_error=False))

    @property
    def errors(self) -> list[Message]:
        return [m for m in self.messages if m.is_error]

    @property
    def warnings(self) -> list[Message]:
        return [m for m in self.messages if not m.is_error]

    @property
    def new(self) -> int:
        return sum(c.new for c in self.counts.values())

    @property
    def changed(self) -> int:
        """Rows with at least one changed cell; the cells are ``changes``."""
        return sum(c.changed for c in self.counts.values())

    @property
    def same(self) -> int:
        return sum(c.same for c in self.counts.values())

    @property
    def rejected(self) -> int:
        return sum(c.rejected for c in self.counts.values())

    @property
    def changes(self) -> int:
        """How many cells of existing rows change."""
        return sum(len(r.changes) for r in self.rows if r.outcome is Outcome.CHANGED)

    @property
    def writes_nothing(self) -> bool:
        return not (self.new or self.changed or self.creates_book)

    @property
    def digest(self) -> str:
        content = [[r.kind, r.code, r.outcome, [[c.column, c.old, c.new] for c in r.changes]] for r in self.rows]
        both = [[c.code, c.column, c.theirs, c.mine] for c in self.conflicts]
        return hashlib.sha256(json.dumps([self.book_title, content, both]).encode()).hexdigest()

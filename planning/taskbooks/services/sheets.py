"""Which kinds of sheets a task book's workbook may hold besides its tasks.

A room above this one (the road map) registers a handler in its AppConfig's ``ready``; import and export then go
through all of them in one transaction and one report.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from dalian_coop.documents.sheets import Row, Sheet
from dalian_coop.documents.writing import Table
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services.reports import Report


@dataclass
class ImportRun:
    """What a handler works with: the book, who imports, the report to fill, and the tasks by number.

    ``tasks`` holds every task the book has once this file is in, those of the file included, with their keys.
    """

    book: TaskBook
    by: Any
    report: Report
    tasks: dict[str, Task] = field(default_factory=dict)


class SheetHandler(Protocol):
    """Reads and writes one kind of sheet."""

    name: str  # key of ``Report.counts``
    required: frozenset[str]  # column names by which a sheet of this kind is known

    def take(self, sheet: Sheet, header: Row, columns: dict[str, int], run: ImportRun) -> None:
        """Write what ``sheet`` says inside the caller's transaction; errors go to ``run.report``, not into the air."""

    def table(self, book: TaskBook, actor: Any) -> Table:
        """The sheet of ``book`` as ``actor`` may see it."""


_handlers: dict[str, SheetHandler] = {}


def register_sheet(handler: SheetHandler) -> None:
    """Add a kind of sheet (again under the same name: replace it)."""
    _handlers[handler.name] = handler


def handlers() -> list[SheetHandler]:
    return list(_handlers.values())

"""Collects what a person should look at, each thing once."""

from planning.taskbooks.engine.header import Header
from planning.taskbooks.engine.result import Rejected, Remark, Result
from planning.taskbooks.engine.tables import Table, place


class Remarks:
    """Writes warnings and rejections into a ``Result``. Their text is what was written or understood there."""

    def __init__(self, result: Result):
        self.result = result
        self._once: set[tuple] = set()

    def cell(self, sheet: str, row: int, column: int, kind: str, text: str = "") -> None:
        self.result.warnings.append(Remark(sheet, place(row, column), kind, text, row))

    def sheet(self, sheet: str, kind: str, text: str = "") -> None:
        """A remark on a whole sheet or file."""
        if (sheet, kind, text) not in self._once:
            self._once.add((sheet, kind, text))
            self.result.warnings.append(Remark(sheet, None, kind, text))

    def reject(self, sheet: str, row: int, column: int, kind: str, text: str = "") -> None:
        self.result.rejected.append(Rejected(sheet, row, place(row, column), kind, text))

    def columns(self, table: Table, header: Header) -> None:
        """Columns that are used although nobody sees them."""
        for role, column in sorted(header.roles.items(), key=lambda item: item[1]):
            if column in table.hidden_columns and role != "identity":
                self.cell(table.name, header.last, column, "hidden_column", header.labels.get(column, ""))

    def note_duplicates(self) -> None:
        """Numbers that stand twice in the file, at the later row."""
        first: dict[str, int] = {}
        for task in self.result.tasks:
            if not task.code:
                continue
            if task.code in first:
                remark = Remark(task.sheet, task.cells.get("code"), "code_duplicate", task.code, task.row)
                self.result.warnings.append(remark)
            first.setdefault(task.code, task.row)

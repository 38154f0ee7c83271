"""What the reader is given: tables of cells as a spreadsheet shows them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Value = None | str | bool | int | float | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank. ``format`` is its number format; an error cell has its sign (``#REF!``) in ``error``.

    ``no_value`` marks a formula whose result the file does not hold.
    """

    value: Value = None
    format: str = "General"
    error: str = ""
    no_value: bool = False


Merged = tuple[int, int, int, int]  # top, left, bottom, right; all from 1


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook, or a whole text file or HTML file (then ``name`` is empty).

    ``rows[n - 1]`` holds the cells of row ``n`` from column A, ``None`` where blank. ``merged`` are ranges whose value
    stands in their first cell; ``hidden_rows`` and ``hidden_columns`` count from 1.
    """

    name: str
    rows: list[list[Cell | None]]
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at ``row``, ``column`` (from 1), without looking into merged ranges."""
        cells = self.rows[row - 1]
        return cells[column - 1] if column <= len(cells) else None

    def filled(self, row: int) -> Iterator[tuple[int, Cell]]:
        """Columns (from 1) and cells of ``row`` that are not blank."""
        return ((n, cell) for n, cell in enumerate(self.rows[row - 1], start=1) if cell is not None)


class Merges:
    """Looks up which merged range a cell belongs to."""

    def __init__(self, table: Table):
        self._owner: dict[tuple[int, int], Merged] = {}
        height = len(table.rows)
        for found in table.merged:
            top, left, bottom, right = found
            for row in range(top, min(bottom, height) + 1):
                for column in range(left, min(right, left + 60) + 1):
                    self._owner.setdefault((row, column), found)

    def range_of(self, row: int, column: int) -> Merged | None:
        return self._owner.get((row, column))

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The cell whose value is shown at ``row``, ``column``."""
        found = self._owner.get((row, column))
        return (found[0], found[1]) if found else (row, column)

    def width(self, row: int, column: int) -> int:
        found = self._owner.get((row, column))
        return found[3] - found[1] + 1 if found else 1


def letters(column: int) -> str:
    """Column ``column`` (from 1) as Excel shows it: 1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def place(row: int, column: int) -> str:
    """``(7, 6)`` → ``F7``."""
    return f"{letters(column)}{row}"

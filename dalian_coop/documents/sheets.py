"""What a read file looks like to the rest of the portal: plain values, wherever they came from."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Value = None | str | bool | int | float | date | datetime | time | timedelta

_BLANKS = re.compile(r"\s+")


class CellError(str):
    """A cell that shows an error such as ``#REF!`` instead of a value."""


@dataclass(frozen=True)
class Row:
    """One row: its number as the user sees it (from 1) and its values, one per column from A."""

    number: int
    values: tuple[Value, ...]

    def __getitem__(self, column: int) -> Value:
        return self.values[column] if column < len(self.values) else None

    @property
    def is_blank(self) -> bool:
        return all(v is None or v == "" for v in self.values)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file (then ``name`` is empty).

    A merged cell that runs down several rows has its value in each of them. ``hidden`` tells a sheet the user
    does not see in Excel.
    """

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        return all(row.is_blank for row in self.rows)

    def header(self, wanted: set[str], within: int = 20) -> tuple[Row, dict[str, int]] | None:
        """The first of the top ``within`` rows that holds all ``wanted`` column names.

        Returns the row and ``{name: column index}`` of every named column in it, or ``None``. Blanks and line
        breaks inside a name do not count. Of two columns with one name the first is taken.
        """
        for row in self.rows[:within]:
            columns = header_names(row)
            if wanted <= columns.keys():
                return row, columns
        return None


def header_names(row: Row) -> dict[str, int]:
    """``{column name without blanks: column index}`` of a row read as a header."""
    columns: dict[str, int] = {}
    for index, value in enumerate(row.values):
        if isinstance(value, str) and (name := _BLANKS.sub("", value)):
            columns.setdefault(name, index)
    return columns


def column_letter(index: int) -> str:
    """Column ``index`` (from 0) as Excel shows it: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

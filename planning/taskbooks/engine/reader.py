"""From tables of cells to tasks: goes down each sheet, keeps the headings in mind, and reads row by row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from planning.taskbooks.engine.deadlines import Heading, year_of
from planning.taskbooks.engine.display import displayed
from planning.taskbooks.engine.header import Header, HeaderFinder
from planning.taskbooks.engine.headings import (
    Sections,
    horizon_in,
    is_note,
    is_numeral,
    is_statistics,
    is_sum,
    is_title,
    level_of,
    sheet_subject,
    unit_line,
)
from planning.taskbooks.engine.remarks import Remarks
from planning.taskbooks.engine.result import FoundTable, MappedColumn, Result
from planning.taskbooks.engine.rows import RowReader
from planning.taskbooks.engine.tables import Merges, Table, letters
from planning.taskbooks.engine.units import Register
from planning.taskbooks.engine.vocabulary import OTHER
from planning.taskbooks.engine.words import squashed

_WHO_AND_WHEN = ("lead", "units", "support", "due", "period", "due_text")
_OF_A_TASK = ("lead", "units", "support", "due", "period", "target", "start", "due_text", "actions", "deliverable")


@dataclass(frozen=True)
class Setting:
    """What the reader is given besides the file.

    ``learnt``: headings that people have explained (``vocabulary.key_of`` → role). ``years``: a heading to fall back
    on, such as the title of the book the file goes into.
    """

    register: Register
    today: date
    is_working_day: Callable[[date], bool]
    learnt: Mapping[str, str] = field(default_factory=dict)
    years: str = ""


def read_tables(tables: Iterable[Table], file: str, setting: Setting) -> Result:
    """Read every table of tasks in ``tables``. Without one, ``Result.tables`` is empty and it is for the caller to
    refuse the file.
    """
    tables = list(tables)
    result = Result(file)
    remarks = Remarks(result)
    book = _book_years(tables, file, setting)
    for table in tables:
        SheetReader(table, setting, result, remarks, book).read()
    remarks.note_duplicates()
    return result


def _book_years(tables: list[Table], file: str, setting: Setting) -> list[Heading]:
    """Years of the book as a whole: the title of the first sheet, the book it goes into, the file's name."""
    titles = []
    if tables:
        finder = HeaderFinder(tables[0], Merges(tables[0]), setting.learnt)
        for row in range(1, min(len(tables[0].rows), 15) + 1):
            if finder.at(row):
                break
            titles += [text for _c, cell in tables[0].filled(row) if not is_note(text := displayed(cell))]
    return [year_of(text) for text in [*titles, setting.years, file]]


class SheetReader:
    """Reads one sheet."""

    def __init__(self, table: Table, setting: Setting, result: Result, remarks: Remarks, book: list[Heading]):
        self.table, self.setting, self.result, self.remarks = table, setting, result, remarks
        self.merges = Merges(table)
        self.finder = HeaderFinder(table, self.merges, setting.learnt)
        self.sections = Sections(outer=[year_of(table.name), *book], name_horizon=horizon_in(table.name))
        self.header: Header | None = None
        self.rows: RowReader | None = None
        self.own_unit = setting.register.find(table.name) or setting.register.find(sheet_subject(table.name))
        self.named_by_unit = self.own_unit is not None
        self.seen: set[tuple] = set()

    def read(self) -> None:
        row, height = 1, len(self.table.rows)
        self._look_for_own_unit()
        while row <= height:
            header = self.finder.at(row) if any(True for _ in self.table.filled(row)) else None
            if header is not None:
                self._take_header(header)
                row = header.last + 1
                continue
            self._take(row)
            row += 1
        if self.header and self.table.hidden:
            self.remarks.sheet(self.table.name, "hidden_sheet")

    def _look_for_own_unit(self) -> None:
        """A line 填报单位 above or below the table, unless the sheet is named after its unit."""
        for row in range(1, len(self.table.rows) + 1) if self.own_unit is None else ():
            if name := self._unit_line(row):
                self.own_unit = name
                return

    def _unit_line(self, row: int, *, sure: bool = True) -> str:
        """The organisation that the row gives as the one reporting, or ""."""
        texts = [displayed(cell) for _c, cell in self.table.filled(row)][:6]
        for n, text in enumerate(texts):
            name = unit_line(text, sure=sure)
            if not name and squashed(text).rstrip(":") in ("填报单位", "报送单位") and n + 1 < len(texts):
                name = texts[n + 1]
            if name and (known := self.setting.register.find(name)) or (name and sure):
                return known or name
        return ""

    def _take_header(self, header: Header) -> None:
        self.header = header
        self.rows = RowReader(self, header)
        if header.same_layout in self.seen:
            return
        self.seen.add(header.same_layout)
        roles = {column: role for role, column in header.roles.items()}
        columns = tuple(
            MappedColumn(letters(column), label, roles.get(column, OTHER))
            for column, label in sorted(header.labels.items())
        )
        self.result.tables.append(FoundTable(self.table.name, header.first, header.last, columns))
        self.remarks.columns(self.table, header)

    def _take(self, row: int) -> None:
        """One row that is no header."""
        cells = [(c, text) for c, cell in self.table.filled(row) if (text := displayed(cell))]
        if self.header is None or self.rows is None:
            self._take_above(row, cells)
            return
        if self._is_sum(cells):
            return
        if self._take_heading(row, cells):
            return
        self.rows.take(row)

    def _take_above(self, row: int, cells: list[tuple[int, str]]) -> None:
        """Above the first header: titles, and perhaps already the heading of a section."""
        if self.own_unit is None and (name := self._unit_line(row, sure=False)):
            self.own_unit = name
        for _column, text in cells[:1]:
            if level_of(text) is not None and not is_title(text) and len(squashed(text)) <= 40:
                self.sections.open(text)
            elif not is_note(text) and not unit_line(text, sure=False):
                self.sections.titles.append(text)
                if not self.result.title and len(squashed(text)) > 4 and not squashed(text).startswith("附件"):
                    self.result.title = text

    def _is_sum(self, cells: list[tuple[int, str]]) -> bool:
        """Sums and statistics, by the first words of the row or of its cell of tasks."""
        content = self.header.roles["content"]
        words = [text for column, text in cells[:2] if not text.isdigit() or column == content][:1]
        words += [text for column, text in cells if column == content]
        if any(is_sum(text) for text in words):
            return True
        parts = [(column, text) for column, text in cells if not text.replace(".", "").isdigit()]
        return any(is_statistics(text) for text in words) and not self._has_parts(parts[1:], _WHO_AND_WHEN)

    def _has_parts(self, cells: list[tuple[int, str]], parts: tuple[str, ...] = _OF_A_TASK) -> bool:
        wanted = {self.header.roles[r] for r in parts if r in self.header.roles}
        return any(column in wanted for column, _text in cells)

    def _take_heading(self, row: int, cells: list[tuple[int, str]]) -> bool:
        """Whether the row was a heading, a title or a note, which then is remembered or passed over."""
        if not cells:
            return not self._has_broken_cell(row)
        roles = self.header.roles
        if len(cells) == 1:
            return self._take_lone(row, *cells[0])
        if len(cells) == 2 and not self._has_parts(cells[:1]):
            (first, number), (second, text) = cells
            if is_numeral(number) and not (second != roles["content"] and self._has_parts(cells[1:])):
                self.sections.open(number.rstrip("、.") + "、" + text if "(" not in squashed(number) else number + text)
                return True
            if first == roles.get("code") and second == roles["content"] and self._is_parent(row, number):
                self.sections.open(f"{number.strip('.、')}、{text}")
                return True
        if (name := self._unit_line(row)) and not (self._has_content(cells) and self._has_parts(cells)):
            self.own_unit = self.own_unit if self.named_by_unit else name
            return True
        return is_note(cells[0][1]) and not self._has_content(cells) and cells[0][0] == 1

    def _has_content(self, cells: list[tuple[int, str]]) -> bool:
        return any(column == self.header.roles["content"] for column, _text in cells)

    def _has_broken_cell(self, row: int) -> bool:
        return any(cell.error or cell.no_value for _c, cell in self.table.filled(row))

    def _take_lone(self, row: int, column: int, text: str) -> bool:
        """A row with one filled cell: a heading, a note, or a task of which only the words are there."""
        if self._has_broken_cell(row):
            return False
        wide = self.merges.width(row, column) > 1
        is_content = column == self.header.roles["content"]
        if level_of(text) is not None and len(squashed(text)) <= 40 and (not is_content or level_of(text) <= 2 or wide):
            self.sections.open(text)
            return True
        if is_content and not wide and not _is_footnote(text):
            return False
        if name := self._unit_line(row):
            self.own_unit = self.own_unit if self.named_by_unit else name
            return True
        if is_note(text) or is_sum(text) or is_statistics(text):
            return True
        if is_title(text) and len(squashed(text)) > 6:
            self.sections.retitle(text)
        elif column == 1 or wide:
            self._open_unnumbered(row, column, text, wide)
        return True

    def _open_unnumbered(self, row: int, column: int, text: str, wide: bool) -> None:
        key = squashed(text)
        is_merged_down = (found := self.merges.range_of(row, column)) is not None and found[2] > found[0]
        if not key.replace(".", "").isdigit() and len(key) <= 40 and not (is_merged_down and not wide):
            self.sections.open(text)

    def _is_parent(self, row: int, number: str) -> bool:
        """1 above 1.1: the heading of the tasks below it."""
        column = self.header.roles["code"]
        for below in range(row + 1, min(row + 4, len(self.table.rows)) + 1):
            if text := displayed(self.table.cell(below, column)):
                return squashed(text).startswith(squashed(number).rstrip(".、") + ".")
        return False


def _is_footnote(text: str) -> bool:
    """Words alone in the column of tasks are a task unless they begin as notes and signatures do."""
    return is_note(text) and squashed(text)[:1] in "注说备填制审联※*"

"""The tables of an HTML file, which many systems send under the name of a workbook."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from dalian_coop.documents.packages import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from dalian_coop.documents.refusals import RefusedFile

_SILENT = {"script", "style", "head", "title", "template"}
_BREAKS = {"br", "p", "div", "li"}
_BLANKS = re.compile(r"[ \t\r\f\v\n\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass
class WebRows:
    """Rows in the order of their ``tr`` over the whole file; a spanning cell stands in its first place only."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)


def rows_of(text: str) -> WebRows:
    """All table rows in an HTML text. Nothing is loaded, nothing is run. Raises ``RefusedFile``."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    parser.end_cell()
    return parser.found


class _Tables(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = WebRows()
        self.silent = self.cells = 0
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.taken: dict[int, int] = {}  # column → rows still covered by a cell from above

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += tag not in ("head",)
        elif tag == "table":
            self.end_cell()
            self.taken = {}
        elif tag == "tr":
            self._start_row(attributes)
        elif tag in ("td", "th") and self.found.rows:
            self.end_cell()
            self.cell, self.span = [], (_span(attributes, "rowspan"), _span(attributes, "colspan"))
        elif tag in _BREAKS and self.cell is not None:
            self.cell.append("\0")

    def handle_endtag(self, tag):
        if tag in _SILENT:
            self.silent = max(0, self.silent - (tag not in ("head",)))
        elif tag in ("td", "th", "tr", "table"):
            self.end_cell()
        elif tag in _BREAKS and self.cell is not None:
            self.cell.append("\0")

    def handle_data(self, data):
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.end_cell()
        self.found.rows.append([])
        if len(self.found.rows) > MAX_ROWS:
            raise RefusedFile("too_many_rows", sheet="HTML", limit=MAX_ROWS)
        self.taken = {column: left - 1 for column, left in self.taken.items() if left > 1}
        if _HIDDEN.search(attributes.get("style", "")) or "hidden" in attributes:
            self.found.hidden_rows.add(len(self.found.rows))

    def end_cell(self) -> None:
        """Put the open cell into the first place of its row that no cell from above covers."""
        if self.cell is None:
            return
        text = "\n".join(line for part in "".join(self.cell).split("\0") if (line := _BLANKS.sub(" ", part).strip()))
        row, (down, across) = self.found.rows[-1], self.span
        self.cell = None
        while len(row) + 1 in self.taken:
            row.append("")
        first, number = len(row) + 1, len(self.found.rows)
        self.cells += across
        if first + across - 1 > MAX_COLUMNS or self.cells > MAX_CELLS:
            raise RefusedFile("too_many_columns", sheet="HTML", limit=MAX_COLUMNS)
        row += [text, *[""] * (across - 1)]
        if down > 1:
            self.taken |= {column: down for column in range(first, first + across)}
        if down > 1 or across > 1:
            self.found.merged.append((number, first, number + down - 1, first + across - 1))


def _span(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "").strip()
    return max(1, min(int(value), MAX_ROWS)) if value.isascii() and value.isdigit() and len(value) < 7 else 1

"""What sections of a report are made of: tables and charts as plain data, for the page, paper, Excel, Word and PDF."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Cell:
    """One cell. ``value`` is the number behind the text, for Excel; ``reason`` why there is no figure,
    ``depth`` how far a name is set in, in steps."""

    text: str = ""
    value: float | None = None
    href: str = ""
    tone: str = ""
    reason: str = ""
    lang: str = ""
    depth: int = 0

    @property
    def plain(self) -> str:
        """The cell where there are no links and no colours."""
        if not self.reason:
            return self.text
        return f"{self.text or _('no data')} ({self.reason})"


@dataclass(frozen=True)
class Column:
    """A column: its heading, and whether it holds numbers."""

    label: str
    num: bool = False


@dataclass
class Table:
    """A table; the first cell of a row names it. ``own`` are the numbers of the rows of the own region,
    ``anchors`` what rows are called in addresses."""

    key: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    own: set[int] = field(default_factory=set)
    note: str = ""
    total: list[Cell] | None = None
    anchors: list[str] = field(default_factory=list)


@dataclass
class Chart:
    """A chart: ``kind`` is one of those of the scripts, ``data`` what it draws, ``table`` the same figures.

    ``wide``: as broad as the page, also where charts stand side by side.
    """

    key: str
    kind: str
    title: str
    data: dict[str, Any]
    table: Table
    wide: bool = False


@dataclass
class Section:
    """A section of the report with its anchor."""

    key: str
    title: str
    note: str = ""
    texts: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    foot: str = ""
    number: int = 0

    @property
    def all_tables(self) -> list[Table]:
        """Tables of the section, those of its charts first."""
        return [c.table for c in self.charts] + self.tables


def text(value: Any, href: str = "", tone: str = "", lang: str = "") -> Cell:
    """A cell of words."""
    return Cell(str(value), href=href, tone=tone, lang=lang)


def number(shown: str | None, value: float | None, reason: str = "", href: str = "") -> Cell:
    """A cell with a figure (``href``: where it comes from), or with the reason why there is none."""
    if shown is None:
        return Cell("", reason=reason)
    return Cell(shown, value=value, reason=reason, href=href)


def columns(*labels: Any) -> list[Column]:
    """Columns from labels; a label that starts with ``#`` heads numbers."""
    return [Column(str(t)[1:], True) if str(t).startswith("#") else Column(str(t)) for t in labels]

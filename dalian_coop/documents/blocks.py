"""A document of several parts on paper: headings, sentences, tables and bars (written by ``pdf_blocks``)."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """``level`` 1 opens a section, 2 names a table."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Prose:
    """One paragraph; ``mark`` stands before it ("1.", "•"), ``small`` is for notes."""

    text: str
    mark: str = ""
    small: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with its heading row. ``right``: columns of numbers; ``strong``: rows (from 0) in bold colours."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    strong: frozenset[int] = frozenset()

    def __post_init__(self):
        if wrong := next((n for n, row in enumerate(self.rows) if len(row) != len(self.head)), None):
            raise ValueError(f"row {wrong} does not have one text a column")


@dataclass(frozen=True)
class Bar:
    """One lying bar from ``low`` to ``high``; ``mark`` is a sign on it, ``text`` stands behind it."""

    label: str
    low: float
    high: float
    text: str = ""
    mark: float | None = None
    strong: bool = False


@dataclass(frozen=True)
class Bars:
    """A chart of lying bars on one scale, with its caption."""

    caption: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Blocks:
    """The document, A4 across. ``foot`` stands small at the foot of every page, ``lang`` is its HTML language tag."""

    title: str
    blocks: Sequence[Heading | Prose | Grid | Bars]
    above: Sequence[str] = field(default_factory=tuple)
    foot: str = ""
    lang: str = "zh-Hans"

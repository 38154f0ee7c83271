"""A document on paper: what stands in it, whatever it is written as (``word``, ``pdf``)."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PaperColumn:
    """A column of the table: its heading and its share of the page's width (any unit)."""

    title: str
    share: float


@dataclass(frozen=True)
class Paper:
    """A titled table, landscape. ``above`` are lines between title and table, ``head`` stands small on every page.

    ``rows`` are texts, one a column; ``size`` is "A3" or "A4".
    """

    title: str
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]]
    above: Sequence[str] = field(default_factory=tuple)
    head: str = ""
    size: str = "A3"

    def __post_init__(self):
        if self.size not in ("A3", "A4"):
            raise ValueError(f"no paper of size {self.size!r}")
        if wrong := next((n for n, row in enumerate(self.rows) if len(row) != len(self.columns)), None):
            raise ValueError(f"row {wrong} does not have one text a column")

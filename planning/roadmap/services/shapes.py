"""What a change of dates looks like before it is made."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Change:
    """Another date for one row.

    ``kind`` "milestone": ``due`` becomes the plan, or with ``which`` "forecast" what is now expected. ``kind`` "task":
    ``start`` and ``due`` of the bar; None leaves the date as it is.
    """

    id: UUID
    due: date | None = None
    start: date | None = None
    kind: str = "milestone"
    which: str = "due"


@dataclass(frozen=True, slots=True)
class Move:
    """One date that would move. ``days`` counts working days of the row's place; ``cause`` is a sentence.

    ``asked``: the change itself; the others are knock-on moves. ``light`` and ``light_after``: the light it shows now
    and would show. ``allowed``: the person may write this row. ``notes``: holidays on the new day, as sentences.
    ``field`` is "due", "forecast" or (of a task) "start"; for a task both dates move, each with a line of its own.
    """

    id: UUID
    kind: str
    field: str
    code: str
    name: str
    old: date | None
    new: date
    days: int
    cause: str
    cause_id: UUID | None
    asked: bool
    light: str
    light_after: str
    version: int
    allowed: bool
    bureau: str
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Preview:
    """What a change would do. Nothing is written.

    ``problems`` (sentences) stand in the way of applying; ``warnings`` do not. ``unseen`` counts moved rows that the
    person may not see; a change that moves such a row cannot be applied by them. ``versions`` goes back to ``apply``.
    """

    moves: list[Move]
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unseen: int = 0

    @property
    def versions(self) -> dict[str, int]:
        """``{row key: version}`` of every row that would be written."""
        return {str(move.id): move.version for move in self.moves}

    @property
    def turned(self) -> list[Move]:
        """The moves that change a light."""
        return [move for move in self.moves if move.light != move.light_after]

    @property
    def applicable(self) -> bool:
        return bool(self.moves) and not self.problems and not self.unseen and all(m.allowed for m in self.moves)

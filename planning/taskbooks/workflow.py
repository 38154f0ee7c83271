"""Life of a task book: one table of moves (pure). Who may is told by role codes; the services ask here."""

from dataclasses import dataclass

from planning.taskbooks.enums import BookStatus


@dataclass(frozen=True)
class Move:
    """A step from one status to another, by somebody who holds one of ``roles``.

    ``needs_reason`` and ``needs_number`` name what must come with it; with ``needs_check`` nothing may block it at the
    quality gate.
    """

    name: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    needs_reason: bool = False
    needs_number: bool = False
    needs_check: bool = False


def _move(name: str, sources: tuple[str, ...], target: str, roles: tuple[str, ...], **needs: bool) -> Move:
    return Move(name, frozenset(sources), target, frozenset(roles), **needs)


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        _move(
            "submit",
            (BookStatus.DRAFT, BookStatus.RETURNED),
            BookStatus.SUBMITTED,
            ("head", "coordinator"),
            needs_check=True,
        ),
        _move("return", (BookStatus.SUBMITTED,), BookStatus.RETURNED, ("coordinator", "leader"), needs_reason=True),
        _move("approve", (BookStatus.SUBMITTED,), BookStatus.APPROVED, ("leader",)),
        _move("issue", (BookStatus.APPROVED,), BookStatus.ISSUED, ("coordinator",), needs_number=True),
        _move("close", (BookStatus.ISSUED,), BookStatus.CLOSED, ("coordinator",)),
    )
}

# Once a book is issued it is a document: only what bureaus report about their work still moves.
LOCKED = frozenset({BookStatus.ISSUED, BookStatus.CLOSED})
PROGRESS_FIELDS = frozenset({"state", "progress", "progress_note", "completed_on"})


def moves_from(status: str, roles) -> list[Move]:
    """The moves that somebody with ``roles`` (codes) may make from ``status``, in the order of a book's life."""
    return [m for m in MOVES.values() if status in m.sources and m.roles & set(roles)]


def locked_fields(status: str, fields) -> set[str]:
    """Which of ``fields`` may not be changed while the book has ``status``."""
    return set(fields) - PROGRESS_FIELDS if status in LOCKED else set()


def rows_may_come_and_go(status: str) -> bool:
    """Whether tasks may be added, deleted and restored."""
    return status not in LOCKED

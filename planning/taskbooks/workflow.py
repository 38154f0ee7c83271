"""Life of a task book and of its parts: one table of moves each (pure). Roles are codes; the services ask here.

A bureau submits its own rows as a part of the book. When the parts are accepted the coordinating bureau assembles the
book, has it countersigned, the leader approves it, and it is issued as a numbered version. An issued book changes only
by an amendment, which takes the same way again.
"""

from dataclasses import dataclass

from planning.taskbooks.enums import BookStatus, PartStatus, SignState


@dataclass(frozen=True)
class Move:
    """A step from one status to another, by somebody who holds one of ``roles``.

    What must come with it: ``needs_reason``, ``needs_number`` (of the document), ``needs_bureaus`` (to sign). What must
    hold before: ``needs_check`` nothing blocks at the quality gate, ``needs_parts`` every part is accepted,
    ``needs_signatures`` nobody asked has yet to sign and no objection stands.
    """

    name: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    needs_reason: bool = False
    needs_number: bool = False
    needs_bureaus: bool = False
    needs_check: bool = False
    needs_parts: bool = False
    needs_signatures: bool = False


def _table(*rows: tuple) -> dict[str, Move]:
    return {
        name: Move(name, frozenset(sources), target, frozenset(roles), **{f"needs_{need}": True for need in needs})
        for name, sources, target, roles, *needs in rows
    }


_B, _P = BookStatus, PartStatus
OPEN = frozenset({_B.DRAFT, _B.AMENDING})

MOVES = _table(
    ("assemble", OPEN, _B.ASSEMBLED, ("coordinator",), "check", "parts"),
    ("countersign", (_B.ASSEMBLED,), _B.COUNTERSIGN, ("coordinator",), "bureaus"),
    ("return", (_B.ASSEMBLED, _B.COUNTERSIGN, _B.APPROVED), _B.DRAFT, ("coordinator", "leader"), "reason"),
    ("approve", (_B.ASSEMBLED, _B.COUNTERSIGN), _B.APPROVED, ("leader",), "signatures"),
    ("issue", (_B.APPROVED,), _B.ISSUED, ("coordinator",), "number"),
    ("amend", (_B.ISSUED,), _B.AMENDING, ("coordinator",), "reason"),
    ("close", (_B.ISSUED,), _B.CLOSED, ("coordinator",)),
)
# Of a part: the head of the bureau that leads its rows, or the coordinating bureau.
PART_MOVES = _table(
    ("submit", (_P.DRAFT, _P.RETURNED), _P.SUBMITTED, ("head", "coordinator"), "check"),
    ("recall", (_P.SUBMITTED,), _P.DRAFT, ("head",)),
    ("accept", (_P.SUBMITTED,), _P.ACCEPTED, ("coordinator",)),
    ("return", (_P.SUBMITTED, _P.ACCEPTED), _P.RETURNED, ("coordinator",), "reason"),
)
# Of a signature: the head of the bureau that was asked; an objection is settled by the coordinating bureau.
SIGN_MOVES = _table(
    ("sign", (SignState.PENDING, SignState.OBJECTED), SignState.SIGNED, ("head",)),
    ("object", (SignState.PENDING, SignState.SIGNED), SignState.OBJECTED, ("head",), "reason"),
    ("settle", (SignState.OBJECTED,), SignState.SETTLED, ("coordinator",), "reason"),
)

# Only what bureaus report about their work moves while a book is not open.
PROGRESS_FIELDS = frozenset({"state", "progress", "progress_note", "completed_on"})
HANDED_IN = frozenset({_P.SUBMITTED, _P.ACCEPTED})


def moves_from(status: str, roles, table: dict[str, Move] = MOVES) -> list[Move]:
    """The moves that somebody with ``roles`` (codes) may make from ``status``, in the order of a book's life."""
    return [m for m in table.values() if status in m.sources and m.roles & set(roles)]


def target_of(move: Move, *, was_issued: bool) -> str:
    """Where ``move`` leads: what was issued once goes back to being amended, not to a draft."""
    return BookStatus.AMENDING if move.target == BookStatus.DRAFT and was_issued else move.target


def locked_fields(status: str, fields) -> set[str]:
    """Which of ``fields`` may not be changed while the book has ``status``."""
    return set() if status in OPEN else set(fields) - PROGRESS_FIELDS


def locked_in_part(status: str, fields) -> set[str]:
    """Which of ``fields`` the bureau may not change in its rows while its part has ``status``; it may recall it."""
    return set(fields) - PROGRESS_FIELDS if status in HANDED_IN else set()


def rows_may_come_and_go(status: str) -> bool:
    """Whether tasks may be added, deleted and restored."""
    return status in OPEN

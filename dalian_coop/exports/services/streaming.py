"""A small set at once, as a stream out of one snapshot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.utils import timezone, translation

from dalian_coop.base.errors import ServiceError
from dalian_coop.base.snapshots import snapshot
from dalian_coop.exports.enums import Format
from dalian_coop.exports.selectors import Choice
from dalian_coop.exports.services.writing import Note, pieces
from dalian_coop.history.selectors import present_cursor
from dalian_coop.history.services import stamp

MOST_STREAMED = 100_000  # rows; more hold a connection and a snapshot too long


class TooMany(ServiceError):
    """More rows than are streamed; an export job is the way."""


@dataclass
class Prepared:
    """A stream that is ready to flow. The snapshot stays open until the last piece, or until ``close``."""

    cursor: str | None  # None for a part, which the feed cannot keep up to date
    as_of: str
    rows: int
    pieces: Iterator[bytes]


def stream(actor, choice: Choice, kind: Format, sent: Callable[[int], None]) -> Prepared:
    """The rows chosen that ``actor`` sees, with the cursor at which the feed goes on.

    ``sent`` is told how many rows have been handed over. Raises ``TooMany``, ``BadParameter``. What was
    committed has its number before the snapshot is taken, so the feed repeats little.
    """
    stamp()
    stack = ExitStack()
    try:
        stack.enter_context(snapshot())
        as_of = timezone.now()
        found = choice.rows(actor)
        count = found.order_by().count()
        if count > MOST_STREAMED:
            raise TooMany
        cursor = present_cursor(actor, [choice.whole]).text() if choice.is_whole else None
    except BaseException:
        stack.close()
        raise
    flow = pieces(choice.resource, found, kind, Note(actor, as_of), sent)
    return Prepared(cursor, as_of.isoformat(), count, _Flow(flow, stack, translation.get_language()))


class _Flow:
    """Pieces of the file, in the language of the request, and the end of the snapshot whatever happens.

    The server iterates after the view has returned, and calls ``close`` also when the client has gone away.
    """

    def __init__(self, flow: Iterator[bytes], stack: ExitStack, language: str | None):
        self.flow, self.stack, self.language = flow, stack, language

    def __iter__(self) -> "_Flow":
        return self

    def __next__(self) -> bytes:
        with translation.override(self.language):
            try:
                return next(self.flow)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        self.flow.close()
        self.stack.close()

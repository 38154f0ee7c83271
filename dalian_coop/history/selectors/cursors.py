"""Cursors of the change feed: signed, opaque, bound to who asks and to what he sees.

A cursor says up to which number a client has read (``seq``). It also carries the greatest number that existed when it
was made (``high``) and a mark of that row. A database that was restored or switched over has no such row, or another
one under this number: the client must start anew, instead of missing changes without anybody noticing. The ``epoch``
says the same for what PostgreSQL itself knows (cluster, timeline, database, table) and for the office's own counter.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection
from django.utils.translation import get_language

from dalian_coop.accounts.permissions import granted
from dalian_coop.accounts.scope import row_limit, sees_every_bureau
from dalian_coop.history.models import FeedEpoch
from dalian_coop.rest.exported import Exported

_signer = signing.Signer(salt="dalian_coop.history.feed")


class BadCursor(Exception):
    """Not made here, or made for somebody or something else."""


class Gone(Exception):
    """The cursor cannot be continued; ``reason`` is retention, scope, schema or restored."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cursor:
    """What a cursor says. ``state`` is a hash of what the actor sees, ``schema`` of the columns' major versions."""

    seq: int
    high: int
    mark: str
    actor: str
    names: tuple[str, ...]
    language: str
    state: str
    schema: str
    epoch: str

    def text(self) -> str:
        """The cursor as clients hold it."""
        return _signer.sign_object([self.seq, self.high, self.mark, self.actor, self.names, self.language, self.state,
                                    self.schema, self.epoch])  # fmt: skip

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises ``BadCursor`` for anything that was not signed here."""
        try:
            seq, high, mark, actor, names, *rest = _signer.unsign_object(text)
            return cls(seq, high, mark, actor, tuple(names), *rest)
        except (signing.BadSignature, ValueError, TypeError):
            raise BadCursor from None


def present_cursor(actor, resources: Iterable[Exported]) -> Cursor:
    """The cursor of this moment: everything numbered so far is read. Call it inside the snapshot that was read."""
    high = _greatest()
    chosen = list(resources)
    return Cursor(
        seq=high,
        high=high,
        mark=_mark(high),
        actor=str(actor.pk),
        names=tuple(resource.name for resource in chosen),
        language=get_language() or "",
        state=actor_state(actor, chosen),
        schema=_schema(chosen),
        epoch=_epoch(),
    )


def read_cursor(text: str, actor, resources: list[Exported]) -> Cursor:
    """The cursor, if it can be continued. Raises ``BadCursor`` or ``Gone``. Call it inside the snapshot."""
    found = Cursor.parse(text)
    if found.actor != str(actor.pk) or found.names != tuple(resource.name for resource in resources):
        raise BadCursor
    if found.schema != _schema(resources):
        raise Gone("schema")
    if found.state != actor_state(actor, resources):
        raise Gone("scope")
    if found.epoch != _epoch():
        raise Gone("restored")
    if found.seq + 1 < _smallest():
        raise Gone("retention")
    if found.high and _mark(found.high) != found.mark:
        raise Gone("restored")
    return found


def actor_state(actor, resources: Iterable[Exported]) -> str:
    """Hash of everything that decides which rows and columns the actor gets of ``resources``."""
    facts: list[Any] = [
        sorted(granted(actor)),
        sorted(str(key) for key in actor.bureau_ids),
        actor.seat_country,
        sees_every_bureau(actor),
        sorted(str(key) for key in row_limit(actor)),
        [[resource.name, resource.scope(actor)] for resource in resources],
    ]
    return _hash(facts)


def _schema(resources: Iterable[Exported]) -> str:
    return _hash([[resource.name, resource.major] for resource in resources])


def _hash(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()[:16]


def _greatest() -> int:
    return _one("SELECT coalesce(max(seq), 0) FROM change_log")


def _smallest() -> int:
    return _one("SELECT coalesce(min(seq), 1) FROM change_log")


def _mark(seq: int) -> str:
    row = _one("SELECT concat_ws(' ', id, xid::text, extract(epoch FROM at)) FROM change_log WHERE seq = %s", [seq])
    return _hash(row) if row else ""


def _epoch() -> str:
    """Another value after a restore into a new cluster, database or table, after a switch-over, or by hand."""
    facts = _one(
        """
        SELECT concat_ws(' ', (SELECT system_identifier FROM pg_control_system()),
                         (SELECT timeline_id FROM pg_control_checkpoint()),
                         (SELECT oid FROM pg_database WHERE datname = current_database()),
                         'change_log'::regclass::oid)
        """
    )
    counter = FeedEpoch.objects.filter(id=1).values_list("counter", flat=True).first() or 0
    return _hash([facts, counter])


def _one(sql: str, params: list | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        row = cursor.fetchone()
    return row[0] if row else None

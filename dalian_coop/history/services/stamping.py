"""Giving changes their number after commit, and finding out what else they change.

A row of the feed shows values of other objects: the name of the lead bureau, the code of the book. When those change,
the row must come again although nobody wrote it. The stamper adds such rows (``op`` E) in the same transaction.
"""

from collections.abc import Iterable

from django.db import connection, models, transaction

from dalian_coop.rest import exported

_LOCK = 4_242_001  # one stamper at a time in the whole database
BATCH = 20_000  # an import of a million rows is numbered in pieces, so that no reader waits for all of it


def stamp() -> int:
    """Number committed changes that have no ``seq`` yet, the oldest 20,000 in id order; returns how many.

    The lock is taken in a statement of its own: under READ COMMITTED the update then sees whatever was committed
    before the lock was free, so numbers appear in order and nothing comes in below one already given. Two writes of
    one object hold its row lock one after the other, so the order of ids is the order of its versions.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            """
            WITH todo AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM change_log
                          WHERE seq IS NULL ORDER BY id LIMIT %s),
                 base AS (SELECT coalesce(max(seq), 0) AS last FROM change_log)
            UPDATE change_log c SET seq = base.last + todo.n FROM todo, base WHERE c.id = todo.id
            RETURNING c.resource, c.object_id
            """,
            [BATCH],
        )
        written: dict[str, set[str]] = {}
        count = cursor.rowcount
        for label, key in cursor.fetchall():
            written.setdefault(label, set()).add(key)
        _add_embedding_rows(cursor, written)
        return count


def _add_embedding_rows(cursor, written: dict[str, set[str]]) -> None:
    """Rows of exported resources that show something of what was written, unless they are in this batch themselves.

    What was written is committed, and so is every row found here: a row that comes to embed it later is written
    later, and has a number of its own.
    """
    touched: dict[str, set[str]] = {}
    for label, keys in written.items():
        for resource, embedding in exported.embeddings().get(label, ()):
            found = {str(key) for key in _embedding_keys(embedding, keys) if key is not None}
            touched.setdefault(resource.label, set()).update(found)
    for label, keys in touched.items():
        cursor.execute(
            """
            INSERT INTO change_log (resource, object_id, op, xid, at, seq)
            SELECT %s, key, 'E', pg_current_xact_id(), clock_timestamp(),
                   (SELECT coalesce(max(seq), 0) FROM change_log) + row_number() OVER ()
            FROM unnest(%s::text[]) AS key
            """,
            [label, sorted(keys - written.get(label, set()))],
        )


def _embedding_keys(embedding: exported.Embedding, keys: Iterable[str]) -> set:
    """Keys of the resource whose rows embed one of ``keys``."""
    found = _values(embedding.base._base_manager, embedding.lookup, embedding.key, keys)
    if embedding.lookup == "pk" and (events := _events(embedding.base)) is not None:
        # A supporting unit that was removed, or moved to another task: its history knows on what it hung.
        found |= _values(events.objects, "pgh_obj_id", embedding.key, keys)
    return found


def _values(rows, lookup: str, key: str, keys: Iterable[str]) -> set:
    return set(rows.filter(**{f"{lookup}__in": list(keys)}).values_list(key, flat=True))


def _events(model: type[models.Model]) -> type[models.Model] | None:
    return next((r.related_model for r in model._meta.related_objects if r.name == "events"), None)

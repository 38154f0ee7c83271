"""Giving changes their number after commit."""

from django.db import connection, transaction

_LOCK = 4_242_001  # one stamper at a time in the whole database


def stamp() -> int:
    """Number every committed change that has no ``seq`` yet, in id order; returns how many.

    The lock is taken in a statement of its own: under READ COMMITTED the update then sees whatever was committed
    before the lock was free, so numbers appear in order and nothing comes in below one already given.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            """
            WITH todo AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM change_log WHERE seq IS NULL),
                 base AS (SELECT coalesce(max(seq), 0) AS last FROM change_log)
            UPDATE change_log c SET seq = base.last + todo.n FROM todo, base WHERE c.id = todo.id
            """
        )
        return cursor.rowcount

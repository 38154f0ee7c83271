"""Giving changes their number after commit, and finding out what else they change.

A row of the feed shows values of other objects: the name of the lead bureau, the code of the book. When those change,
the row must come again although nobody wrote it. The stamper adds such rows (``op`` E) in the same transaction.
"""

from collections.abc import Iterator

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
            RETURNING c.resource, c.object_id, c.seq
            """,
            [BATCH],
        )
        stamped = cursor.fetchall()
        if stamped:
            _add_embedding_rows(cursor, stamped)
        return len(stamped)


def _add_embedding_rows(cursor, stamped: list[tuple[str, str, int]]) -> None:
    """Rows of exported resources that show something of what was written, unless they are in this batch already.

    What was written is committed, and so is every row found here: a row that comes to embed it later is written
    later, and has a number of its own. The keys stay in the database: a unit of measurement may stand in a million
    figures.
    """
    first = min(seq for _label, _key, seq in stamped)
    written: dict[str, set[str]] = {}
    for label, key, _seq in stamped:
        written.setdefault(label, set()).add(key)
    for label, keys in written.items():
        for resource, embedding in exported.embeddings().get(label, ()):
            for rows in _embedding_rows(embedding, list(keys)):
                _insert(cursor, resource.label, rows, first)


def _embedding_rows(embedding: exported.Embedding, keys: list[str]) -> Iterator[models.QuerySet]:
    """Keys of the resource whose rows embed one of ``keys``, as statements that are not run yet."""
    rows = embedding.base._base_manager.filter(**{f"{embedding.lookup}__in": keys})
    yield rows.values_list(embedding.key)
    if embedding.lookup == "pk" and (events := _events(embedding.base)) is not None:
        # A supporting unit that was removed, or moved to another task: its history knows on what it hung.
        yield events.objects.filter(pgh_obj_id__in=keys).values_list(embedding.key)


def _insert(cursor, label: str, rows: models.QuerySet, first: int) -> None:
    """A change with the next numbers for each key of ``rows`` that has none from ``first`` on."""
    statement, params = rows.order_by().query.sql_with_params()
    cursor.execute(
        f"""
        INSERT INTO change_log (resource, object_id, op, xid, at, seq)
        SELECT %s, new.key, 'E', pg_current_xact_id(), clock_timestamp(),
               (SELECT max(seq) FROM change_log) + row_number() OVER ()
        FROM (SELECT DISTINCT found.key::text AS key FROM ({statement}) AS found (key)
              WHERE found.key IS NOT NULL) AS new
        WHERE NOT EXISTS (SELECT FROM change_log c WHERE c.resource = %s AND c.object_id = new.key AND c.seq >= %s)
        """,  # noqa: S608 - the statement is the ORM's, every value a parameter
        [label, *params, label, first],
    )


def _events(model: type[models.Model]) -> type[models.Model] | None:
    return next((r.related_model for r in model._meta.related_objects if r.name == "events"), None)

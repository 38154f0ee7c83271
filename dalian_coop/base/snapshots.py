"""Reading several tables as they stood at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Every read inside sees the database as of its first statement (REPEATABLE READ); writing is refused.

    Inside a transaction that is already open (a test, a shell) the reads belong to that one: PostgreSQL sets the
    isolation of a transaction at its beginning only.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

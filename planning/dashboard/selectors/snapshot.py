"""One moment of the database for all figures of a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[datetime]:
    """Inside, every query sees the database as it was at one moment, which is given: two figures cannot contradict.

    Inside somebody else's transaction (a test, a larger read) that one's rules go on.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT now()")
        yield cursor.fetchone()[0]

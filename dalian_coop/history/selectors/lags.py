"""How far the feed is behind the writers."""

import logging
import time
from dataclasses import dataclass

from django.db import connection

log = logging.getLogger("dalian_coop.history")
WARN_SECONDS = 30.0
_EVERY = 60.0  # seconds between two warnings of one process: the timer asks every second
_warned = -_EVERY


@dataclass(frozen=True)
class Lag:
    """In seconds: the oldest committed change without a number, and the oldest transaction that still writes.

    The first is what a client waits for beyond its own poll; the second is what nobody can see yet.
    """

    unstamped: float
    open_write: float


def feed_lag() -> Lag:
    """The present lag; both figures are 0 when there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(extract(epoch FROM clock_timestamp() - (
                       SELECT at FROM change_log WHERE seq IS NULL ORDER BY id LIMIT 1)), 0),
                   coalesce(extract(epoch FROM clock_timestamp() - (
                       SELECT min(xact_start) FROM pg_stat_activity
                       WHERE backend_xid IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid())), 0)
            """
        )
        unstamped, open_write = cursor.fetchone()
    return Lag(max(0.0, float(unstamped)), max(0.0, float(open_write)))


def warn_of_lag() -> None:
    """Say so in the log, once a minute, when either is older than half a minute."""
    global _warned
    lag = feed_lag()
    if max(lag.unstamped, lag.open_write) > WARN_SECONDS and time.monotonic() - _warned >= _EVERY:
        _warned = time.monotonic()
        log.warning("The change feed is behind", extra={"unstamped": lag.unstamped, "open_write": lag.open_write})

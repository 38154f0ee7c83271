"""How far back the feed goes, and how all cursors end at once."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from dalian_coop.history.models import FeedEpoch

RETENTION = timedelta(days=400)
_CHUNK = 50_000


def purge(*, now: datetime | None = None) -> int:
    """Remove the oldest changes, tombstones among them, once all up to there are older than 400 days.

    Numbers are removed from the beginning only, so the smallest one left tells whether a cursor has missed some. The
    last numbered change always stays: the next number is one more. Returns how many were removed.
    """
    before = (now or timezone.now()) - RETENTION
    removed = 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT least(
                (SELECT min(seq) FROM change_log WHERE at >= %s),
                (SELECT max(seq) FROM change_log))
            """,
            [before],
        )
        keep_from = cursor.fetchone()[0]
        while keep_from is not None:
            with transaction.atomic():
                cursor.execute(
                    "DELETE FROM change_log WHERE seq IN (SELECT seq FROM change_log WHERE seq < %s "
                    "ORDER BY seq LIMIT %s)",
                    [keep_from, _CHUNK],
                )
                removed += cursor.rowcount
                if cursor.rowcount < _CHUNK:
                    break
    return removed


@transaction.atomic
def begin_epoch() -> int:
    """Declare every cursor void: each client loads a full copy at its next request. Returns the new counter."""
    FeedEpoch.objects.get_or_create(id=1)
    FeedEpoch.objects.filter(id=1).update(counter=F("counter") + 1)
    return FeedEpoch.objects.get(id=1).counter

"""The change feed: a page of 500 must cost the same in a log of 10,000 rows and in one of a million."""

import statistics
import time
import urllib.parse
import urllib.request
from dataclasses import replace

from django.db import connection

from dalian_coop.accounts.models import ApiClient
from dalian_coop.history.selectors import present_cursor
from dalian_coop.rest.exported import resources

SIZES = (10_000, 1_000_000)
MOST_MS = 300.0
MOST_RATIO = 1.5


def measure(token: str, port: int, rounds: int) -> dict[int, list[float]]:
    """{rows of the log: seconds of each request}. The pages lie in the middle of the log, each with 500 tasks."""
    found = {}
    for size in SIZES:
        _fill(size)
        cursors = [_cursor(size // 2 + 500 * n) for n in range(rounds + 3)]
        times = [_ask(token, port, cursor) for cursor in cursors]
        found[size] = times[3:]
    return found


def report(found: dict[int, list[float]]) -> bool:
    """Print a line for each size; true when the page is fast enough and flat."""
    p50 = {size: statistics.median(times) * 1000 for size, times in found.items()}
    for size, milliseconds in p50.items():
        times = sorted(found[size])
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))] * 1000
        print(f"feed page of 500, log of {size:>9,}: p50 {milliseconds:.1f} ms, p95 {p95:.1f} ms (goal {MOST_MS:.0f})")
    ratio = p50[SIZES[1]] / p50[SIZES[0]]
    met = ratio <= MOST_RATIO and max(p50.values()) <= MOST_MS
    print(f"feed page, million to ten thousand: {ratio:.2f} (goal {MOST_RATIO}) {'yes' if met else 'NO'}")
    return met


def _fill(size: int) -> None:
    """A log of ``size`` numbered changes that walk over all tasks."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE change_log")
        cursor.execute(
            """
            WITH task AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM taskbooks_task)
            INSERT INTO change_log (resource, object_id, version, op, xid, at, seq)
            SELECT 'taskbooks.task', task.id::text, 1, 'U', pg_current_xact_id(), now(), i
            FROM generate_series(1, %s) AS i JOIN task ON task.n = i %% (SELECT count(*) FROM taskbooks_task)
            """,
            [size],
        )
        cursor.execute("VACUUM ANALYZE change_log")


def _cursor(seq: int) -> str:
    client = ApiClient.objects.get(name="bench")
    return replace(present_cursor(client, [resources()["tasks"]]), seq=seq).text()


def _ask(token: str, port: int, cursor: str) -> float:
    query = urllib.parse.urlencode({"resource": "tasks", "limit": 500, "cursor": cursor})
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/changes/?{query}")
    request.add_header("Authorization", f"Bearer {token}")
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        body = answer.read()
    seconds = time.perf_counter() - start
    if body.count(b'"op":"upsert"') < 400:
        raise SystemExit("the feed page of the bench is not full")
    return seconds

"""Counting statements of a page."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(client, url: str, **headers) -> int:
    """Statements of the second request (the first one fills caches that live as long as the process)."""
    client.get(url, **headers)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, **headers).status_code == 200
    return len(seen)

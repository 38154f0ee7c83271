"""The account of what client systems were given."""

import hashlib
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from django.utils import timezone

from dalian_coop.accounts.models import ApiClient, ApiPull

KEPT = timedelta(days=210)  # 180 days and a month in which to look
_PAGING = {"cursor", "limit"}


def note_pull(
    *, client: ApiClient, key_id: str, method: str, resource: str, query: str, status: int, rows: int, size: int,
    address: str, request_id: str = "",
) -> ApiPull:  # fmt: skip
    """Write down one answer to ``client``: ``rows`` and ``size`` (bytes of the body) as they were sent."""
    return ApiPull.objects.create(
        client=client,
        key_id=key_id,
        at=timezone.now(),
        method=method,
        resource=resource[:60],
        filter_hash=filter_hash(query),
        status=status,
        rows=rows,
        bytes=size,
        address=address[:64],
        request_id=request_id[:64],
    )


def filter_hash(query: str) -> str:
    """16 hexadecimal digits that are the same for the same question, on whatever page and in whatever order."""
    asked = sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in _PAGING)
    return hashlib.sha256(urlencode(asked).encode()).hexdigest()[:16]


def purge_pulls() -> int:
    """Forget what is older than 210 days; returns how many rows."""
    return ApiPull.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]

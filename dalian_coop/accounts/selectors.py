"""Reads of accounts for pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from dalian_coop.accounts.models import ApiClient, ApiPull, ApiToken, Bureau
from dalian_coop.rest import exported

RECENT = timedelta(days=30)


def clients_with_tokens() -> QuerySet[ApiClient]:
    """Every client with its bureau and its live tokens (``live_tokens``): two statements."""
    live = Prefetch("tokens", queryset=ApiToken.objects.live().order_by("created_at"), to_attr="live_tokens")
    return ApiClient.objects.select_related("owner").prefetch_related(live).order_by("disabled_at", "name")


@dataclass(frozen=True)
class Usage:
    """What a client was given in the last 30 days."""

    requests: int = 0
    rows: int = 0
    bytes: int = 0
    last_at: Any = None
    refused: int = 0
    synced_at: Any = None  # last page of the feed, or last file


def usage(clients: Iterable[ApiClient]) -> dict[Any, Usage]:
    """Usage by key of the client, for those that were here: one statement."""
    pulls = ApiPull.objects.since(timezone.now() - RECENT).filter(client__in=[client.pk for client in clients])
    synced = Q(status__lt=400, resource__in=["changes", "export", "exports-file"])
    sums = (
        pulls.values("client")
        .order_by()
        .annotate(
            requests=Count("id"),
            sent=Sum("rows"),
            size=Sum("bytes"),
            last=Max("at"),
            refused=Count("id", filter=Q(status__gte=400)),
            synced=Max("at", filter=synced),
        )
    )
    return {
        row["client"]: Usage(row["requests"], row["sent"], row["size"], row["last"], row["refused"], row["synced"])
        for row in sums
    }


@dataclass(frozen=True)
class Reach:
    """How many rows of a resource somebody sees, of how many there are; ``None`` where his scopes open none."""

    name: str
    label: str
    seen: int | None
    total: int


def reach(actor) -> list[Reach]:
    """What ``actor`` sees of every resource that is handed out; for a client before it is admitted as well."""
    return [
        Reach(
            name,
            str(resource.model._meta.verbose_name_plural),
            resource.visible_to(actor).order_by().count() if actor.has_perm(resource.perm) else None,
            resource.alive().order_by().count(),
        )
        for name, resource in exported.resources().items()
    ]


def named_bureaus(keys: Iterable) -> list[str]:
    """Names of bureaus in the order of the list of bureaus."""
    return [bureau.name for bureau in Bureau.objects.filter(pk__in=list(keys)).order_by("pinyin")] if keys else []

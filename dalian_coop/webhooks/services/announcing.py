"""From the change log to announcements.

The change log is the outbox: its rows are written in the transaction of the change itself, by whatever path it comes.
Here they become one delivery per endpoint and object, in the transaction that moves the endpoint's position on; so
nothing is lost and nothing announced twice, whenever a worker dies.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F, Subquery
from django.utils import timezone

from dalian_coop.history.models import Change
from dalian_coop.history.services import stamp
from dalian_coop.rest import exported
from dalian_coop.webhooks.models import Delivery, Endpoint, EndpointState

WINDOW = 500


def announce() -> int:
    """Make deliveries of what has changed since the last time; returns how many."""
    newest = Change.objects.filter(seq__isnull=False).order_by("-seq").values("seq")[:1]
    behind = EndpointState.objects.filter(endpoint__in=Endpoint.objects.live())
    if not behind.exists():
        return 0
    stamp()
    behind = behind.annotate(newest=Subquery(newest)).filter(position__lt=F("newest"))
    return sum(_announce_to(pk) for pk in behind.values_list("pk", flat=True))


@transaction.atomic
def _announce_to(pk) -> int:
    """Look at the next changes for one endpoint. Somebody else may be at it: then there is nothing to do."""
    state = EndpointState.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if state is None:
        return 0
    endpoint = Endpoint.objects.select_related("client__owner").get(pk=pk)
    changes = list(Change.objects.filter(seq__gt=state.position).order_by("seq")[:WINDOW])
    made = []
    for resource in _resources(endpoint):
        last = {UUID(change.object_id): change for change in changes if change.resource == resource.label}
        for key in _seen(endpoint.client, resource, set(last)):
            made.append(_delivery(endpoint, resource, last[key]))
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    if changes:
        state.position = changes[-1].seq
        state.save(update_fields=["position"])
    return len(made)


def _resources(endpoint: Endpoint) -> list[exported.Exported]:
    """Those asked for that the client may still read."""
    known = exported.resources()
    found = [known[name] for name in endpoint.resources if name in known]
    return [resource for resource in found if endpoint.client.has_perm(resource.perm)]


def _seen(client, resource: exported.Exported, keys: set) -> set:
    """Of ``keys`` those that the client sees, or may have seen before they went: what the feed will tell it."""
    if not keys:
        return set()
    visible = set(resource.visible_to(client).filter(pk__in=keys).values_list("pk", flat=True))
    return visible | set(resource.seen(client, keys - visible))


def _delivery(endpoint: Endpoint, resource: exported.Exported, change: Change) -> Delivery:
    return Delivery(
        endpoint=endpoint,
        resource=resource.name,
        object_id=change.object_id,
        version=change.version,
        seq=change.seq,
        occurred_at=change.at,
        next_at=timezone.now(),
    )


def newest_number() -> int:
    """The greatest number given so far: where a new endpoint begins."""
    return Change.objects.filter(seq__isnull=False).order_by("-seq").values_list("seq", flat=True).first() or 0

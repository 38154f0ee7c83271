"""Reads of webhooks for pages."""

from django.db.models import Count, Q, QuerySet

from dalian_coop.rest import exported
from dalian_coop.webhooks.enums import DeliveryState
from dalian_coop.webhooks.models import Delivery, Endpoint


def endpoints_of(client) -> QuerySet[Endpoint]:
    """A client's endpoints with ``waiting``, ``dead`` and ``delivered`` counts and their state: one statement."""
    counts = {state.value: Count("deliveries", filter=Q(deliveries__state=state)) for state in DeliveryState}
    return client.webhooks.select_related("state").annotate(**counts).order_by("created_at")


def recent(client) -> QuerySet[Delivery]:
    """The last announcements to a client, the newest first."""
    return Delivery.objects.filter(endpoint__client=client).select_related("endpoint").order_by("-seq", "endpoint")[:20]


def dead_letters() -> QuerySet[Delivery]:
    """What was given up, the newest first."""
    return Delivery.objects.dead().select_related("endpoint__client").order_by("-seq")


def readable_resources(client) -> list[tuple[str, str]]:
    """(name, label) of what the client may be told of."""
    return [
        (name, str(resource.model._meta.verbose_name_plural))
        for name, resource in exported.resources().items()
        if client.has_perm(resource.perm)
    ]

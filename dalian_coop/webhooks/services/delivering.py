"""Sending what waits: in order per object, with growing pauses, until it is taken or given up after three days."""

import random
import time
from datetime import timedelta

import orjson
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from dalian_coop.webhooks.enums import DeliveryState
from dalian_coop.webhooks.models import Delivery, Endpoint, EndpointState
from dalian_coop.webhooks.services import sending, signing

# Seconds after the first, second … try; ten tries in about three days.
PAUSES = (10, 120, 600, 3600, 4 * 3600, 8 * 3600, 15 * 3600, 20 * 3600, 24 * 3600)
MOST_TRIES = len(PAUSES) + 1
LEASE = timedelta(seconds=60)
BUDGET_SECONDS = 30.0
LONGEST_QUIET = 300  # seconds that a failing receiver is left alone, whatever waits for it
KEPT = timedelta(days=30)
_random = random.SystemRandom()


def endpoints_to_serve() -> list:
    """Keys of endpoints for which something is due and that are neither being served nor to be left alone."""
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    calm = Q(quiet_until=None) | Q(quiet_until__lte=now)
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=now).values("endpoint")
    states = EndpointState.objects.filter(free & calm, endpoint__in=Endpoint.objects.live(now), pk__in=waiting)
    return list(states.values_list("pk", flat=True))


def serve(endpoint_id) -> int:
    """Send what is due to one endpoint until it fails, nothing is left or half a minute is over; how many it took.

    One worker at a time serves an endpoint: a lease on its state, which runs out if the worker dies. A try that was
    cut off counts, and the same id is sent again.
    """
    if not _lease(endpoint_id):
        return 0
    taken, end = 0, time.monotonic() + BUDGET_SECONDS
    try:
        while time.monotonic() < end and (delivery := _claim(endpoint_id)):
            _lease_on(endpoint_id)
            outcome = sending.post(delivery.endpoint.url, *_message(delivery))
            _note(delivery, outcome)
            if not outcome.taken:
                break
            taken += 1
    finally:
        EndpointState.objects.filter(pk=endpoint_id).update(busy_until=None)
    return taken


def event(delivery: Delivery) -> dict:
    """The event as CloudEvents 1.0: that something changed, and nothing of what it says now."""
    return {
        "specversion": "1.0",
        "id": str(delivery.pk),
        "source": "/api/v1/",
        "type": f"cn.dalian.jrk.{delivery.resource}.changed",
        "subject": delivery.object_id,
        "time": delivery.occurred_at,
        "datacontenttype": "application/json",
        "data": {
            "resource": delivery.resource,
            "id": delivery.object_id,
            "version": delivery.version,
            "seq": delivery.seq,
        },
    }


def purge() -> int:
    """Forget what was delivered a month ago; returns how many."""
    old = Delivery.objects.filter(state=DeliveryState.DELIVERED, delivered_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def _lease(endpoint_id) -> bool:
    now = timezone.now()
    free = EndpointState.objects.filter(Q(busy_until=None) | Q(busy_until__lte=now), pk=endpoint_id)
    return bool(free.update(busy_until=now + LEASE))


def _lease_on(endpoint_id) -> None:
    EndpointState.objects.filter(pk=endpoint_id).update(busy_until=timezone.now() + LEASE)


@transaction.atomic
def _claim(endpoint_id) -> Delivery | None:
    """The next due delivery, its try counted and its next one set as if this one failed."""
    delivery = Delivery.objects.due().filter(endpoint=endpoint_id, endpoint__in=Endpoint.objects.live()).first()
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.next_at = timezone.now() + _pause(delivery.attempts)
    delivery.save(update_fields=["attempts", "next_at"])
    return delivery


def _pause(attempts: int) -> timedelta:
    """How long to wait after so many tries, give or take a tenth, so that not all come back at once."""
    seconds = PAUSES[min(attempts, len(PAUSES)) - 1]
    return timedelta(seconds=seconds * _random.uniform(0.9, 1.1))


def _message(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    body = orjson.dumps(event(delivery))
    timestamp = int(time.time())
    keys = [signing.key_of(secret) for secret in delivery.endpoint.secrets.live()]
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "dalian-coop-webhooks/1",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signing.signature(keys, str(delivery.pk), timestamp, body),
    }
    return body, headers


@transaction.atomic
def _note(delivery: Delivery, outcome: sending.Outcome) -> None:
    now = timezone.now()
    delivery.last_status, delivery.last_error = outcome.status, outcome.error[:200]
    if outcome.taken:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    elif delivery.attempts >= MOST_TRIES:
        delivery.state = DeliveryState.DEAD
    delivery.save(update_fields=["last_status", "last_error", "state", "delivered_at"])
    state = EndpointState.objects.filter(pk=delivery.endpoint_id)
    if outcome.taken:
        state.filter(failures__gt=0).update(failures=0, quiet_until=None)
    else:
        failures = state.values_list("failures", flat=True).get()
        quiet = min(LONGEST_QUIET, 5 * 2 ** min(failures, 10))
        state.update(failures=F("failures") + 1, quiet_until=now + timedelta(seconds=quiet))

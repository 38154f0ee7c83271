"""Endpoints and their secrets; replaying what was given up."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import ApiClient
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.history.services import stamp
from dalian_coop.rest import exported
from dalian_coop.webhooks.enums import DeliveryState
from dalian_coop.webhooks.models import Delivery, Endpoint, EndpointState, Secret
from dalian_coop.webhooks.services.addresses import Refused, resolve
from dalian_coop.webhooks.services.announcing import newest_number
from dalian_coop.webhooks.services.signing import text_of

MOST_ENDPOINTS = 5
OVERLAP = timedelta(hours=24)


def add_endpoint(*, client: ApiClient, url: str, resources: Iterable[str], by=None) -> tuple[Endpoint, str]:
    """(endpoint, its secret as text). Changes from now on are announced.

    Raises ``ValidationError`` for an address the portal does not send to, or a resource the client may not read.
    """
    stamp()  # in a transaction of its own: what was committed so far is not announced
    return _add(client, url, sorted(set(resources)))


@transaction.atomic
def _add(client: ApiClient, url: str, names: list[str]) -> tuple[Endpoint, str]:
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    errors = _problems(client, url, names)
    if errors:
        raise ValidationError(errors)
    endpoint = Endpoint.objects.create(client=client, url=url, resources=names)
    EndpointState.objects.create(endpoint=endpoint, position=newest_number())
    return endpoint, text_of(_new_secret(endpoint))


@transaction.atomic
def rotate_secret(*, endpoint: Endpoint, by=None) -> str:
    """A new secret as text. The one before signs beside it for another day, then ends; an older one ends now."""
    now = timezone.now()
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    endpoint.secrets.live(now).filter(ends_at__isnull=False).update(ends_at=now)
    endpoint.secrets.filter(ends_at=None).update(ends_at=now + OVERLAP)
    return text_of(_new_secret(endpoint))


@transaction.atomic
def stop_endpoint(*, endpoint: Endpoint, version: int, by=None) -> Endpoint:
    """Announce nothing more there; what waits, waits. Raises ``Conflict``."""
    endpoint.stopped_at = timezone.now()
    return save_if_unchanged(endpoint, ["stopped_at"], expected=version)


@transaction.atomic
def resume_endpoint(*, endpoint: Endpoint, version: int, by=None) -> Endpoint:
    """Go on where it was stopped; the receiver is told of everything in between. Raises ``Conflict``."""
    endpoint.stopped_at = None
    EndpointState.objects.filter(pk=endpoint.pk).update(failures=0, quiet_until=None)
    return save_if_unchanged(endpoint, ["stopped_at"], expected=version)


@transaction.atomic
def replay(*, deliveries: Iterable[Delivery], by=None) -> int:
    """Try again what was given up, from the first pause on, under the same ids. Returns how many."""
    keys = [delivery.pk for delivery in deliveries]
    dead = Delivery.objects.dead().filter(pk__in=keys)
    EndpointState.objects.filter(pk__in=dead.values("endpoint")).update(failures=0, quiet_until=None)
    return dead.update(state=DeliveryState.WAITING, attempts=0, next_at=timezone.now(), last_error="")


def _new_secret(endpoint: Endpoint) -> Secret:
    return Secret.objects.create(endpoint=endpoint, salt=secrets.token_hex(16))


def _problems(client: ApiClient, url: str, names: list[str]) -> dict[str, list[Error]]:
    if client.disabled_at:
        raise NotAllowed(_("This client is shut out."))
    errors: dict[str, list[Error]] = {}
    try:
        resolve(url)
    except Refused as refused:
        errors["url"] = [Error(refused.code, refused.message)]
    if client.webhooks.filter(url=url).exists():
        errors["url"] = [Error("taken", _("This client has a webhook to this address already."))]
    elif client.webhooks.count() >= MOST_ENDPOINTS:
        errors[""] = [Error("too_many", _("A client has at most five webhooks."))]
    known = exported.resources()
    if not names:
        errors["resources"] = [Error("required", _("Choose at least one resource."))]
    elif any(name not in known or not client.has_perm(known[name].perm) for name in names):
        errors["resources"] = [Error("not_readable", _("The client may not read all of these resources."))]
    return errors

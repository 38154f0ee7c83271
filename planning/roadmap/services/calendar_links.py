"""Making, reading and ending links for calendar programs."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.calendars.enums import Country
from dalian_coop.history.context import acting
from planning.roadmap.models import CalendarLink

MOST_LINKS = 10  # living ones of a person
_signer = signing.Signer(salt="planning.roadmap.calendar")


@transaction.atomic
def make_calendar_link(*, by: Any, bureau: Bureau | None = None, holidays: Iterable[str] = ()) -> CalendarLink:
    """A new link of ``by``; anybody may follow any bureau, but sees in it only what he may see.

    Raises ``ValidationError``: ``holidays`` ``unknown``, or ``too_many`` living links.
    """
    countries = sorted(set(holidays))
    if not set(countries) <= set(Country.values):
        raise ValidationError({"holidays": [Error("unknown", _("There is no calendar of this country."))]})
    if CalendarLink.objects.filter(owner=by, revoked_at=None).count() >= MOST_LINKS:
        message = _("You have %(n)s links; end one of them first.") % {"n": MOST_LINKS}
        raise ValidationError({"": [Error("too_many", message)]})
    with acting(by):
        return CalendarLink.objects.create(owner=by, bureau=bureau, holidays=countries)


@transaction.atomic
def revoke_calendar_link(*, link: CalendarLink, by: Any) -> CalendarLink:
    """End a link: from now on its address answers nothing. Twice changes nothing. Raises ``NotAllowed``."""
    if link.owner_id != by.pk:
        raise NotAllowed(_("This link belongs to somebody else."))
    if link.revoked_at is not None:
        return link
    link.revoked_at = timezone.now()
    with acting(by):
        return save_if_unchanged(link, ["revoked_at"], expected=link.version)


def note_fetch(link: CalendarLink) -> None:
    """Keep when the link was last used, to the day: programs fetch every hour, and each write is history."""
    now = timezone.now()
    if link.fetched_at is None or now - link.fetched_at > timedelta(days=1):
        CalendarLink.objects.filter(pk=link.pk).update(fetched_at=now)


def key_of(link: CalendarLink) -> str:
    """What the address carries: the key of the link and its signature."""
    return _signer.sign(link.pk.hex)


def link_for(key: str) -> CalendarLink | None:
    """The living link of an active person behind ``key``; None for anything else."""
    try:
        pk = _signer.unsign(key)
    except signing.BadSignature:
        return None
    found = CalendarLink.objects.filter(pk=pk, revoked_at=None, owner__is_active=True)
    return found.select_related("owner", "bureau").first()

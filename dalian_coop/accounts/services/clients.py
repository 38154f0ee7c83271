"""API clients and their tokens. A token is shown once, when it is made; the database keeps an HMAC of its secret."""

import hashlib
import hmac
import ipaddress
import secrets
import string
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import ApiClient, ApiToken, Bureau
from dalian_coop.accounts.permissions import SCOPES
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import identifier, text_errors

LONGEST = timedelta(days=365)
LIVE_TOKENS = 2  # the second lets a client change over without an interruption
MOST_NETWORKS = 50
PREFIX = "dlp"
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class IssuedToken:
    """A new token: the row that is kept, and the text that only its owner will have."""

    token: ApiToken
    text: str


@transaction.atomic
def create_api_client(
    *,
    name: str,
    owner: Bureau,
    scopes: list[str],
    expires_at: datetime | None = None,
    contact: str = "",
    purpose: str = "",
    document_number: str = "",
    row_bureaus: Iterable[Bureau] = (),
    networks: Iterable[str] = (),
    by=None,
) -> ApiClient:
    """Admit a system of ``owner``. Raises ``ValidationError`` for a bad name, an unknown scope or a date too far off.

    ``expires_at`` is an instant at most 365 days from now; without one the client lasts that long. ``row_bureaus``
    narrows it to rows that these bureaus lead or support, ``networks`` to addresses (``10.1.0.0/16``).
    """
    client = ApiClient(owner=owner)
    _set(client, {
        "name": name, "scopes": scopes, "expires_at": expires_at or timezone.now() + LONGEST, "contact": contact,
        "purpose": purpose, "document_number": document_number, "row_bureaus": row_bureaus, "networks": networks,
    })  # fmt: skip
    client.save(force_insert=True)
    return client


@transaction.atomic
def change_api_client(*, client: ApiClient, values: dict[str, Any], version: int, by=None) -> ApiClient:
    """Change what is said of ``client`` and what it may do; the arguments of ``create_api_client``, but its owner.

    Its tokens go on with the new scopes at once; none outlives a shortened term. Raises ``ValidationError``,
    ``Conflict``, and ``NotAllowed`` for a client that is shut out.
    """
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    if client.disabled_at:
        raise NotAllowed(_("This client is shut out for good; admit the system anew."))
    _set(client, values)
    save_if_unchanged(client, list(values), expected=version)
    client.tokens.filter(revoked_at=None, expires_at__gt=client.expires_at).update(expires_at=client.expires_at)
    return client


def draft_client(*, owner: Bureau, scopes: list[str], row_bureaus: Iterable[Bureau] = ()) -> ApiClient:
    """A client that is not admitted, to see how far it would see."""
    return ApiClient(owner=owner, scopes=sorted(scopes), row_bureaus=[bureau.pk for bureau in row_bureaus])


def _set(client: ApiClient, values: dict[str, Any]) -> None:
    """Put checked values into ``client``. Raises ``ValidationError`` with everything that is wrong."""
    values = dict(values)
    errors = _text_problems(**{name: values[name] for name in _TEXTS if name in values})
    for name, check in _CHECKS.items():
        if name in values:
            values[name], found = check(client, values[name])
            errors.setdefault(name, []).extend(found)
    if errors := {name: found for name, found in errors.items() if found}:
        raise ValidationError(errors)
    for name, value in values.items():
        setattr(client, name, value)


def _checked_name(client: ApiClient, name: str) -> tuple[str, list[Error]]:
    name = identifier(name)
    if not name:
        return name, [Error("required", _("Give the client a name."))]
    if ApiClient.objects.filter(name=name).exclude(pk=client.pk).exists():
        return name, [Error("taken", _("Another client has this name."))]
    return name, []


def _checked_scopes(client: ApiClient, scopes: list[str]) -> tuple[list[str], list[Error]]:
    if unknown := sorted(set(scopes) - set(SCOPES)):
        text = _("Unknown scopes: %(scopes)s") % {"scopes": ", ".join(unknown)}
        return scopes, [Error("unknown_scope", text)]
    return sorted(set(scopes)), [] if scopes else [Error("required", _("Choose at least one scope."))]


def _checked_expiry(client: ApiClient, expires_at: datetime) -> tuple[datetime, list[Error]]:
    now = timezone.now()
    if now < expires_at <= now + LONGEST:
        return expires_at, []
    return expires_at, [Error("bad_expiry", _("The end must lie in the future, at most 365 days from now."))]


def _checked_bureaus(client: ApiClient, bureaus: Iterable[Bureau]) -> tuple[list, list[Error]]:
    return sorted({bureau.pk for bureau in bureaus}), []


def _checked_networks(client: ApiClient, networks: Iterable[str]) -> tuple[list[str], list[Error]]:
    """Addresses and networks in one form; host bits set beside a mask are a mistake, not a wish."""
    found, bad = [], []
    for text in networks:
        try:
            found.append(str(ipaddress.ip_network(text.strip())))
        except ValueError:
            bad.append(text.strip()[:60])
    if bad:
        text = _("No addresses or networks: %(list)s") % {"list": ", ".join(bad)}
        return found, [Error("bad_network", text)]
    if len(found) > MOST_NETWORKS:
        return found, [Error("too_many", _("At most 50 addresses or networks."))]
    return list(dict.fromkeys(found)), []


_TEXTS = ("name", "contact", "purpose", "document_number")
_CHECKS: dict[str, Callable[[ApiClient, Any], tuple[Any, list[Error]]]] = {
    "name": _checked_name,
    "scopes": _checked_scopes,
    "expires_at": _checked_expiry,
    "row_bureaus": _checked_bureaus,
    "networks": _checked_networks,
}


@transaction.atomic
def issue_token(*, client: ApiClient, expires_at: datetime | None = None, by=None) -> IssuedToken:
    """Make a token for ``client``; it never outlives the client. Raises ``NotAllowed`` when two are live already."""
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    if client.disabled_at or client.expires_at <= timezone.now():
        raise NotAllowed(_("This client is no longer admitted; admit it again before making a token."))
    if ApiToken.objects.live().filter(client=client).count() >= LIVE_TOKENS:
        raise NotAllowed(_("This client has two live tokens already; revoke one first."))
    key_id, secret = secrets.token_hex(6), "".join(secrets.choice(_ALPHABET) for _ in range(40))
    secret += _checksum(secret)
    token = ApiToken.objects.create(
        client=client,
        key_id=key_id,
        digest=digest(secret),
        expires_at=min(expires_at or client.expires_at, client.expires_at),
    )
    return IssuedToken(token, f"{PREFIX}_{key_id}_{secret}")


@transaction.atomic
def revoke_token(*, token: ApiToken, by=None) -> ApiToken:
    """End ``token`` at once; asking twice changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    token.refresh_from_db()
    return token


@transaction.atomic
def disable_client(*, client: ApiClient, by=None) -> ApiClient:
    """Shut ``client`` out and revoke all its tokens."""
    now = timezone.now()
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    if client.disabled_at is None:
        client.disabled_at, client.version = now, client.version + 1
        client.save(update_fields=["disabled_at", "version", "updated_at"])
    client.tokens.filter(revoked_at=None).update(revoked_at=now)
    return client


def find_token(text: str) -> ApiToken | None:
    """The live token that ``text`` stands for, with its client and bureau, or None.

    A wrong checksum is refused without a look at the database; the digest is compared in constant time.
    """
    parts = text.split("_")
    if len(parts) != 3 or parts[0] != PREFIX or not parts[2].isascii() or len(parts[1]) > 16:
        return None
    key_id, secret = parts[1:]
    if not hmac.compare_digest(_checksum(secret[:-6]), secret[-6:]):
        return None
    token = ApiToken.objects.live().select_related("client__owner").filter(key_id=key_id).first()
    if not hmac.compare_digest(digest(secret), token.digest if token else "0" * 64):
        return None
    return token


def note_use(*, token: ApiToken) -> None:
    """Remember that ``token`` was used; at most one write a minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def digest(secret: str) -> str:
    """What is kept of a secret: HMAC-SHA256 with the pepper, so that a copy of the database opens nothing."""
    return hmac.new(settings.TOKEN_PEPPER.encode(), secret.encode(), hashlib.sha256).hexdigest()


def _checksum(text: str) -> str:
    """Six characters by which scanners and this service tell a mistyped token from a real one."""
    number, out = zlib.crc32(text.encode()), ""
    for _position in range(6):
        number, rest = divmod(number, len(_ALPHABET))
        out += _ALPHABET[rest]
    return out


def _text_problems(**texts: str) -> dict[str, list[Error]]:
    limits = {name: ApiClient._meta.get_field(name).max_length for name in texts}
    return {name: found for name, text in texts.items() if (found := text_errors(text, max_length=limits[name]))}

"""Secrets and signatures after Standard Webhooks 1.0: HMAC-SHA256 over ``id.timestamp.body``."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from dalian_coop.webhooks.models import Secret

PREFIX = "whsec_"


def key_of(secret: Secret) -> bytes:
    """The 32 bytes that sign. They are derived, so a copy of the database signs nothing."""
    text = f"webhook:{secret.endpoint_id}:{secret.pk}:{secret.salt}"
    return hmac.new(settings.TOKEN_PEPPER.encode(), text.encode(), hashlib.sha256).digest()


def text_of(secret: Secret) -> str:
    """The secret as its receiver keeps it."""
    return PREFIX + base64.b64encode(key_of(secret)).decode()


def signature(keys: Iterable[bytes], event_id: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: one signature per live key, so that a receiver may change over in peace."""
    message = f"{event_id}.{timestamp}.".encode() + body
    return " ".join("v1," + base64.b64encode(hmac.digest(key, message, "sha256")).decode() for key in keys)

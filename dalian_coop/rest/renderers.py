"""JSON by orjson: dates and UUIDs in C, decimals as text so that no digit is lost."""

from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


def plain(value: Any) -> Any:
    """What orjson does not know: decimals without padding zeros, translated texts, sets."""
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=plain)


class LinkedDataRenderer(OrjsonRenderer):
    """JSON-LD: the same JSON under its own name."""

    media_type = "application/ld+json"
    format = "jsonld"

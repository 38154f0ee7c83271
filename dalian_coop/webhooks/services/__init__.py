"""Writes of webhooks."""

from dalian_coop.webhooks.services.announcing import announce
from dalian_coop.webhooks.services.delivering import endpoints_to_serve, event, purge, serve
from dalian_coop.webhooks.services.endpoints import (
    add_endpoint,
    replay,
    resume_endpoint,
    rotate_secret,
    stop_endpoint,
)

__all__ = [
    "add_endpoint",
    "announce",
    "endpoints_to_serve",
    "event",
    "purge",
    "replay",
    "resume_endpoint",
    "rotate_secret",
    "serve",
    "stop_endpoint",
]

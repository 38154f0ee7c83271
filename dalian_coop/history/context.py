"""Who, why and in which request: what the audit rows of a piece of work carry."""

import pghistory

from dalian_coop.base.logs import request_id


def acting(actor=None, *, reason: str = "", **extra):
    """Context manager: audit rows written inside it name ``actor`` (a person or an API client) and ``reason``."""
    if reason:  # an inner piece of work without a reason keeps the outer one's
        extra["reason"] = reason
    return pghistory.context(**describe(actor), request_id=request_id.get(), **extra)


def describe(actor) -> dict:
    """The identity of an actor as plain JSON: key, label at that time, and which kind it is."""
    if actor is None or not getattr(actor, "is_authenticated", False):
        return {}
    kind = "client" if getattr(actor, "scopes", None) is not None else "user"
    return {"actor": str(actor.pk), "actor_kind": kind, "actor_label": str(actor), "bureau": str(actor.bureau or "")}


def name_actor(request, actor) -> None:
    """REST knows who asks only after the middleware has opened the context; add it to the one that is open."""
    request._request.actor_label = actor.pk if getattr(actor, "is_authenticated", False) else ""
    pghistory.context(**describe(actor))

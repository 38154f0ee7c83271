"""Who owns a record, and where its page is; upper rooms say so of their resources in ``AppConfig.ready()``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dalian_coop.accounts.models import Bureau
from dalian_coop.rest import exported


@dataclass(frozen=True)
class Ownership:
    """``owner(obj)`` is the bureau that keeps the record right; ``page(obj)`` the address of its page."""

    owner: Callable[[Any], Bureau] | None
    page: Callable[[Any], str] | None


_ownerships: dict[str, Ownership] = {}


def register_owner(
    resource: str, *, owner: Callable[[Any], Bureau] | None = None, page: Callable[[Any], str] | None = None
) -> None:
    """Say who answers for records of ``resource``. Without it, or without ``owner``: the coordinating bureau."""
    _ownerships[resource] = Ownership(owner, page)


def find_record(actor, resource: str, key) -> tuple[exported.Exported, Any] | None:
    """(resource, record) if the actor may read this resource and sees this record."""
    found = exported.resources().get(resource)
    if found is None or not actor.has_perm(found.perm):
        return None
    record = found.visible_to(actor).filter(pk=key).first()
    return None if record is None else (found, record)


def owner_of(resource: str, record) -> Bureau | None:
    """The bureau that answers for ``record``; None where no bureau coordinates."""
    ownership = _ownerships.get(resource)
    if ownership and ownership.owner:
        return ownership.owner(record)
    return Bureau.objects.filter(coordinates=True).first()


def present_value(found: exported.Exported, record, field: str, actor) -> Any:
    """What the interface says in ``field`` of ``record`` to this actor."""
    rows = found.rows(type(record)._base_manager.filter(pk=record.pk), actor=actor)
    return next(iter(rows))[2].get(field)


def page_of(actor, correction) -> str:
    """Address of the record's page, if it has one and the actor sees the record; else ""."""
    ownership = _ownerships.get(correction.resource)
    if ownership is None or ownership.page is None:
        return ""
    found = find_record(actor, correction.resource, correction.object_id)
    return ownership.page(found[1]) if found else ""

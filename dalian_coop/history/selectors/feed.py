"""One page of the change feed."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone, translation

from dalian_coop.base.snapshots import snapshot
from dalian_coop.history.selectors.cursors import Cursor, present_cursor, read_cursor
from dalian_coop.rest.exported import Exported


@dataclass(frozen=True)
class Page:
    """Items in the order of their last change, and where the next page begins."""

    items: list[dict[str, Any]]
    next_cursor: str
    has_more: bool
    as_of: Any


def feed_page(actor, resources: list[Exported], text: str | None, limit: int) -> Page:
    """Changes of ``resources`` after the cursor ``text``, at most ``limit``, all read in one snapshot.

    Without a cursor the feed begins at this moment: an empty page whose cursor says "now". Call ``services.stamp``
    before, so that what is committed has its number. Raises ``BadCursor`` or ``Gone``.
    """
    with snapshot():
        as_of = timezone.now()
        if text is None:
            return Page([], present_cursor(actor, resources).text(), False, as_of)
        cursor = read_cursor(text, actor, resources)
        window = _window(cursor.seq, resources, limit + 1)
        if not window:
            return Page([], text, False, as_of)
        has_more, window = len(window) > limit, window[:limit]
        with translation.override(cursor.language or None):
            items = _items(actor, resources, window)
        following = replace(_now(cursor, actor, resources), seq=window[-1][0])
        return Page(items, following.text(), has_more, as_of)


def _now(cursor: Cursor, actor, resources: list[Exported]) -> Cursor:
    """A cursor for this snapshot that keeps the language of the copy."""
    return replace(present_cursor(actor, resources), language=cursor.language)


def _window(seq: int, resources: list[Exported], count: int) -> list[tuple[int, str, str]]:
    """(number, label, key) of the next ``count`` changes.

    One index walk per resource, so that a page costs the same however long the log is and whatever else is in it.
    """
    part = "(SELECT seq, resource, object_id FROM change_log WHERE resource = %s AND seq > %s ORDER BY seq LIMIT %s)"
    params: list[Any] = []
    for resource in resources:
        params += [resource.label, seq, count]
    union = " UNION ALL ".join([part] * len(resources))
    with connection.cursor() as cursor:
        # Made of constants; every value is a parameter.
        cursor.execute(f"SELECT * FROM ({union}) AS changes ORDER BY seq LIMIT %s", [*params, count])  # noqa: S608
        return cursor.fetchall()


def _items(actor, resources: list[Exported], window: list[tuple[int, str, str]]) -> list[dict[str, Any]]:
    """One item per object: its present state, or that it is gone, under the number of its last change."""
    last: dict[str, dict[UUID, int]] = {}
    for seq, label, key in window:
        last.setdefault(label, {})[UUID(key)] = seq
    items = [item for resource in resources for item in _of_resource(actor, resource, last.get(resource.label, {}))]
    return sorted(items, key=lambda item: item["seq"])


def _of_resource(actor, resource: Exported, last: dict[UUID, int]) -> list[dict[str, Any]]:
    visible = resource.visible_to(actor).filter(pk__in=list(last))
    items, missing = [], set(last)
    for key, version, row in resource.rows(visible, actor=actor):
        missing.discard(key)
        items.append(_item(resource, last[key], key, "upsert", version, row))
    if missing:
        # What this actor never saw is none of his business, not even that it is gone.
        missing = resource.seen(actor, missing)
        alive = set(resource.alive().filter(pk__in=list(missing)).values_list("pk", flat=True))
        for key in missing:
            items.append(_item(resource, last[key], key, "removed" if key in alive else "delete", None, None))
    return items


def _item(resource: Exported, seq: int, key: UUID, op: str, version: int | None, data: dict | None) -> dict[str, Any]:
    return {"seq": seq, "id": key, "resource": resource.name, "op": op, "version": version, "data": data}

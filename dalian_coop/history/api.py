"""REST: ``changes``, the feed from which other bureaus keep their copies."""

from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from dalian_coop.history import selectors, services
from dalian_coop.rest import exported, hooks, routing
from dalian_coop.rest.asking import asked_resources, whole_number
from dalian_coop.rest.paging import MAX_LIMIT
from dalian_coop.rest.permissions import ANYONE_SIGNED_IN
from dalian_coop.rest.problems import BadParameter, Gone
from dalian_coop.rest.viewsets import Endpoint

_REASONS = {
    "retention": _("This cursor is older than the changes that are kept. Load a full copy."),
    "scope": _("What you may see has changed since this cursor was made. Load a full copy."),
    "schema": _("The columns have changed since this cursor was made. Load a full copy."),
    "restored": _("The database was restored since this cursor was made. Load a full copy."),
}
_ITEM = {
    "type": "object",
    "required": ["seq", "id", "resource", "op", "version", "data"],
    "properties": {
        "seq": {"type": "integer", "description": "grows from item to item; for the log of the client"},
        "id": {"type": "string", "format": "uuid"},
        "resource": {"type": "string"},
        "op": {"type": "string", "enum": ["upsert", "delete", "removed"]},
        "version": {"type": ["integer", "null"]},
        "data": {"type": ["object", "null"], "description": "the row as in the list of the resource, for upsert only"},
    },
}
_PAGE = {
    "type": "object",
    "required": ["items", "next_cursor", "has_more", "as_of"],
    "properties": {
        "items": {"type": "array", "items": _ITEM},
        "next_cursor": {"type": "string"},
        "has_more": {"type": "boolean"},
        "as_of": {"type": "string", "format": "date-time"},
        "resync_url": {"type": "string", "description": "without a cursor: where the full copy is"},
    },
}
_LAG = {
    "type": "object",
    "required": ["unstamped_seconds", "open_write_seconds", "retention_days"],
    "properties": {
        "unstamped_seconds": {
            "type": "number",
            "description": "age of the oldest committed change not in the feed",
        },
        "open_write_seconds": {"type": "number", "description": "age of the oldest transaction that still writes"},
        "retention_days": {"type": "integer"},
    },
}


class ChangesView(Endpoint):
    """Every change since a cursor, in order: the present state of what changed, and what is gone.

    Apply the items as they come, then keep next_cursor together with them. 410 means: load the copy at resync_url
    and go on from its cursor.
    """

    perms = {"read": ANYONE_SIGNED_IN, "lag": ANYONE_SIGNED_IN}
    about = {
        "read": _("Every change since a cursor, in order: the present state of what changed, and what is gone."),
        "lag": _("How far the feed is behind the writers."),
    }
    operation_ids = {"read": "changes_read", "lag": "changes_lag"}
    pagination_class = None
    query = {
        "read": {
            "resource": ({"type": "string"}, "Names of resources, separated by commas; all that one may read without."),
            "cursor": ({"type": "string"}, "From the export or the page before; without it the feed begins now."),
            "limit": ({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT}, "Most items."),
        }
    }
    responses = {"read": {200: (_PAGE, "A page of changes.")}, "lag": {200: (_LAG, "How far the feed is behind.")}}

    def read(self, request):
        self._only_parameters({"resource", "cursor", "limit"})
        resources = asked_resources(request, request.query_params.get("resource"))
        limit = whole_number(request, "limit", MAX_LIMIT, MAX_LIMIT)
        cursor = request.query_params.get("cursor")
        services.stamp()
        try:
            page = selectors.feed_page(request.user, resources, cursor, limit)
        except selectors.BadCursor:
            text = _("This cursor was not made here, or for another reader or other resources.")
            raise BadParameter("cursor", "bad_cursor", text) from None
        except selectors.Gone as gone:
            raise Gone(_REASONS[gone.reason], reason=gone.reason, resync_url=_full_copy(request, resources)) from None
        hooks.sent(request, len(page.items))
        body = {
            "items": page.items,
            "next_cursor": page.next_cursor,
            "has_more": page.has_more,
            "as_of": page.as_of,
        }
        if cursor is None:
            body["resync_url"] = _full_copy(request, resources)
        return Response(body)

    def lag(self, request):
        """How far the feed is behind the writers."""
        self._only_parameters(set())
        lag = selectors.feed_lag()
        return Response(
            {
                "unstamped_seconds": round(lag.unstamped, 3),
                "open_write_seconds": round(lag.open_write, 3),
                "retention_days": services.RETENTION.days,
            }
        )


def _full_copy(request, resources: list[exported.Exported]) -> str:
    """Where the full copy is: the file of one resource, or the jobs for several."""
    name = f"export/{resources[0].name}.ndjson" if len(resources) == 1 else "exports/"
    return request.build_absolute_uri(f"/api/v1/{name}")


routing.add("changes/", ChangesView.as_view({"get": "read"}), "changes")
routing.add("changes/lag/", ChangesView.as_view({"get": "lag"}), "changes-lag")

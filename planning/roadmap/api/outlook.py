"""REST of what the engine says about a book: versions and their differences, the domino, the finish with risk."""

from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.rest.problems import BadParameter
from planning.roadmap.selectors import review
from planning.roadmap.selectors.network import book_network
from planning.roadmap.selectors.outlook import SEED, risk
from planning.roadmap.selectors.versions import compare, versions

_DAY = {"type": ["string", "null"], "format": "date"}
_TEXT = {"type": "string"}
_KEY = {"type": "string", "format": "uuid"}
_STONE = {"id": _KEY, "code": _TEXT}


def _list(title: str, **properties: Any) -> dict[str, Any]:
    items = {"type": "object", "properties": properties}
    return {"type": "object", "properties": {title: {"type": "array", "items": items}}}


_VERSIONS = _list("items", key=_TEXT, number={"type": ["integer", "null"]}, moment=_TEXT, reason=_TEXT, by=_TEXT)
_CHANGES = _list(
    "items", kind={"type": "string", "enum": ["moved", "added", "dropped"]}, **_STONE, task=_TEXT, old=_DAY, new=_DAY,
    reason=_TEXT, by=_TEXT, at={"type": ["string", "null"], "format": "date-time"},
)  # fmt: skip
_RISK = _list("items", **_STONE, plan=_DAY, p50=_DAY, p80=_DAY, criticality={"type": "number"})
_RISK["properties"] |= {name: {"type": "integer"} for name in ("seed", "runs", "estimated", "tasks")}
_DOMINO = _list("turned", **_STONE, light=_TEXT, light_after=_TEXT)
_DOMINO["properties"] |= {
    "milestone": {"type": ["string", "null"], "format": "uuid", "description": "null: none, or one may not see it"},
    **{name: {"type": "integer"} for name in ("days", "count", "unseen")},
}


@contextmanager
def _within_calendars():
    try:
        yield
    except IndexError:
        message = _("A date of the book lies outside the years of the calendars; slips and risk cannot be worked out.")
        raise ValidationError({"": [Error("out_of_calendar", message)]}) from None


class OutlookActions:
    """Actions of ``roadmaps`` that only read."""

    perms = {name: Perm.READ_BOOKS for name in ("versions", "changes", "risk", "domino")}
    input_serializers = {name: None for name in ("versions", "changes", "risk", "domino")}
    responses = {
        "versions": {200: (_VERSIONS, "The issue, later versions, and the plan as it stands now.")},
        "changes": {200: (_CHANGES, "What moved, came and went between ?older= and ?newer=, with reason and who.")},
        "risk": {200: (_RISK, "P50, P80 and criticality of the milestones that depend on an estimate (?seed=).")},
        "domino": {200: (_DOMINO, "The single slip by ?days= working days that turns most lights.")},
    }

    @action(detail=True, methods=["get"])
    def versions(self, request, code: str = ""):
        """The versions of the plan that can be compared."""
        rows = versions(self._book(code))
        return Response(
            {"items": [{n: getattr(v, n) for n in ("key", "number", "moment", "reason", "by")} for v in rows]}
        )

    @action(detail=True, methods=["get"])
    def changes(self, request, code: str = ""):
        """What moved, came and went between two versions, with the reason and who."""
        book = self._book(code)
        self._only_parameters({"older", "newer"})
        found = {version.key: version for version in versions(book)}
        first = next(iter(found))
        older = self._version(found, "older", first)
        newer = self._version(found, "newer", "now")
        names = ("kind", "id", "code", "task", "old", "new", "reason", "by", "at")
        lines = compare(book, older, newer, request.user) if older.key != newer.key else []
        return Response({"items": [{n: getattr(line, n) for n in names} for line in lines]})

    def _version(self, found: dict, name: str, default: str):
        key = self.request.query_params.get(name, default)
        if key not in found:
            raise BadParameter(name, "bad_value", _("There is no such version of the plan."))
        return found[key]

    def _number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.request.query_params.get(name, str(default))
        if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
            message = _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
            raise BadParameter(name, "bad_value", message)
        return int(text)

    @action(detail=True, methods=["get"])
    def risk(self, request, code: str = ""):
        """When milestones are reached with a chance of 50 and 80 of 100, by simulation with a seed."""
        net = book_network(self._book(code))
        self._only_parameters({"seed"})
        seed = self._number("seed", SEED, 0, 2**31)
        with _within_calendars():
            found = risk(net, seed=seed, today=timezone.localdate())
        items = [
            {
                "id": line.stone.pk, "code": line.stone.code, "plan": line.stone.due, "p50": line.outlook.p50,
                "p80": line.outlook.p80, "criticality": round(line.outlook.criticality, 4),
            }
            for line in review.risk_lines(net, found, request.user)
        ]  # fmt: skip
        about = {name: getattr(found, name) for name in ("seed", "runs", "estimated", "tasks")}
        return Response(about | {"items": items})

    @action(detail=True, methods=["get"])
    def domino(self, request, code: str = ""):
        """The milestone whose slip would make most lights worse, and which."""
        net = book_network(self._book(code))
        self._only_parameters({"days"})
        days = self._number("days", 10, 1, 250)
        with _within_calendars():
            found = review.worst(net, request.user, timezone.localdate(), days)
        turned = [
            {"id": stone.pk, "code": stone.code, "light": now, "light_after": then}
            for stone, now, then in (found.turned if found else ())
        ]
        return Response(
            {
                "days": days, "milestone": found.stone.pk if found and found.stone else None, "turned": turned,
                "count": found.count if found else 0, "unseen": found.unseen if found else 0,
            }
        )  # fmt: skip

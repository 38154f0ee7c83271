"""REST of rescheduling: the computed schedule of a book, what a change would move, making and undoing it."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dalian_coop.accounts.permissions import Perm
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, UUID_PATTERN, Endpoint
from planning.roadmap import services
from planning.roadmap.api.outlook import OutlookActions
from planning.roadmap.models import Shift
from planning.roadmap.selectors.network import book_network
from planning.roadmap.selectors.outlook import book_schedule
from planning.roadmap.services import Change, Preview
from planning.taskbooks.models import Task, TaskBook

_MOVE = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "kind": {"type": "string", "enum": ["milestone", "task"]},
        "field": {"type": "string", "enum": ["due", "forecast", "start"]},
        "code": {"type": "string"},
        "old": {"type": ["string", "null"], "format": "date"},
        "new": {"type": "string", "format": "date"},
        "days": {"type": "integer", "description": "working days of its place"},
        "cause": {"type": "string"},
        "asked": {"type": "boolean"},
        "light": {"type": "string"},
        "light_after": {"type": "string"},
        "version": {"type": "integer"},
        "allowed": {"type": "boolean"},
    },
}
PREVIEW = {
    "type": "object",
    "properties": {
        "moves": {"type": "array", "items": _MOVE},
        "problems": {"type": "array", "items": {"type": "string"}},
        "warnings": {"type": "array", "items": {"type": "string"}},
        "unseen": {"type": "integer"},
        "applicable": {"type": "boolean"},
        "versions": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}
_ROW = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "code": {"type": "string"},
        **{n: {"type": "string", "format": "date"} for n in ("early", "late")},
        **{n: {"type": "integer", "description": "working days"} for n in ("total", "free")},
        "critical": {"type": "boolean"},
        "cause": {"type": "string"},
    },
}
_SHIFT = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "reason": {"type": "string"},
        "moved": {"type": "integer"},
        "undone": {"type": "boolean"},
    },
}


class ChangeInput(serializers.Serializer):
    """Another date for a milestone (its ``due`` or, as ``which``, its forecast) or for a task (``start``, ``due``)."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["milestone", "task"], default="milestone")
    which = serializers.ChoiceField(choices=["due", "forecast"], default="due")
    due = serializers.DateField(required=False, allow_null=True, default=None)
    start = serializers.DateField(required=False, allow_null=True, default=None)


class PreviewInput(serializers.Serializer):
    """What should change, and whether what waits is only pushed or keeps its distance."""

    changes = ChangeInput(many=True, allow_empty=False, max_length=200)
    follow = serializers.ChoiceField(choices=["push", "keep"], default="push")


class MoveInput(PreviewInput):
    """The same with a reason and the versions that the preview gave."""

    reason = serializers.CharField(allow_blank=True, max_length=400)
    versions = serializers.DictField(child=serializers.IntegerField(min_value=1))


class RoadMapViewSet(OutlookActions, Endpoint):
    """The schedule of a book, and moving its dates with everything they drag along."""

    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN
    queryset = TaskBook.objects.none()
    input_serializer = MoveInput
    input_serializers = OutlookActions.input_serializers | {
        "preview": PreviewInput,
        "move": MoveInput,
        "schedule": None,
        "undo": None,
    }
    perms = OutlookActions.perms | {
        "schedule": Perm.READ_BOOKS,
        "preview": Perm.READ_BOOKS,
        "move": Perm.EDIT_MILESTONE,
        "undo": Perm.EDIT_MILESTONE,
    }
    responses = OutlookActions.responses | {
        "schedule": {
            200: (
                {"type": "object", "properties": {"items": {"type": "array", "items": _ROW}}},
                "Earliest and latest days, slack in working days, critical or not.",
            )
        },
        "preview": {200: (PREVIEW, "Every date that would move. Nothing is written.")},
        "move": {201: (_SHIFT, "Made; the answer names the unit that can be undone.")},
        "undo": {200: (_SHIFT, "Every date is back where it was.")},
    }

    def _book(self, code: str) -> TaskBook:
        book = TaskBook.objects.visible_to(self.request.user).filter(code=code).first()
        if book is None:
            raise Http404
        return book

    @action(detail=True, methods=["get"])
    def schedule(self, request, code: str = ""):
        """Earliest and latest days of the milestones one sees, with slack and what decided."""
        net = book_network(self._book(code))
        rows = book_schedule(net).rows
        seen = set(Task.objects.visible_to(request.user).filter(book=net.book).values_list("pk", flat=True))
        return Response({"items": [_row(net.stones[k], r) for k, r in rows.items() if net.stones[k].task_id in seen]})

    @action(detail=True, methods=["post"])
    def preview(self, request, code: str = ""):
        """What a change would move, with causes and lights. Writes nothing."""
        book = self._book(code)
        values = self.read_input(PreviewInput)
        found = services.preview(
            book=book, changes=_changes(values), by=request.user, today=timezone.localdate(),
            follow=values["follow"],
        )  # fmt: skip
        return Response(preview_body(found))

    @action(detail=True, methods=["post"], url_path="moves")
    def move(self, request, code: str = ""):
        """Make a change that was previewed, all of it or nothing."""
        book = self._book(code)
        values = self.read_input(MoveInput)
        shift = services.apply(
            book=book, changes=_changes(values), reason=values["reason"], by=request.user,
            versions=values["versions"], follow=values["follow"],
        )  # fmt: skip
        return Response(_shift(shift), status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"], url_path=rf"moves/(?P<shift>{UUID_PATTERN})/undo")
    def undo(self, request, code: str = "", shift: str = ""):
        """Put every date of a move back, all of them or none."""
        found = Shift.objects.filter(book=self._book(code), pk=shift).first()
        if found is None:
            raise Http404
        return Response(_shift(services.undo(shift=found, by=request.user)))


def _changes(values: dict[str, Any]) -> list[Change]:
    return [Change(**change) for change in values["changes"]]


def preview_body(found: Preview) -> dict[str, Any]:
    names = list(_MOVE["properties"])
    return {
        "moves": [{name: getattr(move, name) for name in names} for move in found.moves],
        "problems": found.problems,
        "warnings": found.warnings,
        "unseen": found.unseen,
        "applicable": found.applicable,
        "versions": found.versions,
    }


def _shift(shift: Shift) -> dict[str, Any]:
    return {"id": shift.pk, "reason": shift.reason, "moved": len(shift.lines), "undone": shift.undone_at is not None}


def _row(stone, row) -> dict[str, Any]:
    return {
        "id": stone.pk, "code": stone.code, "early": row.early_finish, "late": row.late_finish, "total": row.total,
        "free": row.free, "critical": row.critical, "cause": row.cause.why,
    }  # fmt: skip


router.register("roadmaps", RoadMapViewSet, basename="roadmaps")

"""REST of milestones."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import row_limit, sees_every_bureau
from dalian_coop.base.errors import Conflict
from dalian_coop.history.selectors import ever
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import Column, Related, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import EditableViewSet
from planning.roadmap import services
from planning.roadmap.models import Dependency, Milestone
from planning.roadmap.selectors.life import StoneLife, life_of
from planning.taskbooks.enums import Light
from planning.taskbooks.models import Task, TaskUnit
from planning.taskbooks.selectors import own_books, tasks_seen

_LIGHT = {"type": "string", "enum": Light.values}


class MilestoneInput(serializers.Serializer):
    """What may be changed in a milestone; the rules stand in the services. A due date moves with a ``reason`` only."""

    name = serializers.CharField(allow_blank=True, trim_whitespace=False)
    due = serializers.DateField()
    deliverable = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)
    done_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, write_only=True, help_text="why the due date moves")


class ReportInput(serializers.Serializer):
    """The version that was read, and the day on which the milestone was reached."""

    version = serializers.IntegerField(min_value=1)
    done_on = serializers.DateField()


class StateInput(serializers.Serializer):
    """The version that was read."""

    version = serializers.IntegerField(min_value=1)


class BackInput(StateInput):
    """The same, and what is missing."""

    reason = serializers.CharField(allow_blank=True, max_length=400)


_DAY = {"type": ["string", "null"], "format": "date"}
_LIFE = {
    "type": "object",
    "properties": {
        "baseline": _DAY,
        "plan": _DAY,
        "forecast": _DAY,
        "reported": _DAY,
        "actual": _DAY,
        "rescheduled": {"type": "boolean"},
        "slips": {"type": "integer", "description": "moves to a later day since the baseline"},
        "days": {"type": "integer", "description": "calendar days from the baseline to the plan"},
        "working_days": {"type": "integer"},
        "late_by": {"type": "integer", "description": "calendar days after the plan; 0 is not late"},
        "notes": {"type": "array", "items": {"type": "string"}},
        "parts": {"type": "array", "items": {"type": "object"}},
        "evidence": {"type": "array", "items": {"type": "object"}},
    },
}


class MilestoneViewSet(EditableViewSet):
    """Milestones of the tasks one may see."""

    model = Milestone
    dataset = datasets.Dataset(
        _("Milestones of tasks with due date, deliverable and dependencies."),
        pgettext_lazy("theme", "Cooperation"),
        datasets.CONDITIONAL,
        _("For bureaus that have a part in the task book; purpose and approval document are needed."),
    )
    columns = {
        "id": "id",
        "version": "version",
        "book": "task__book__code",
        "task": "task__code",
        "lead": "task__lead__code",
        "lead_name": name("task__lead"),
        "code": "code",
        "name": "name",
        "due": "due",
        "forecast": "forecast",
        "reported_on": "reported_on",
        "done_on": "done_on",
        "workplace": "workplace",
        "limit": "limit",
        "limit_on": "limit_on",
        "deliverable": "deliverable",
        "light": Column(("light",), schema=_LIGHT),
        "updated_at": "updated_at",
    }
    related = {
        "predecessors": Related(
            Dependency,
            "successor_id",
            {
                "milestone": "predecessor_id",
                "code": "predecessor__code",
                "kind": "kind",
                "lag_days": "lag_days",
                "calendar_days": "calendar_days",
            },
            ("predecessor__due", "id"),
        ),
    }
    filters = {
        "book": Filter("task__book__code", "exact", "in"),
        "task": Filter("task__code", "exact", "in"),
        "lead": Filter("task__lead__code", "exact", "in"),
        "code": Filter("code", "exact", "in"),
        "due": Filter("due", "exact", "gt", "gte", "lt", "lte"),
        "done_on": Filter("done_on", "gte", "lte", "isnull"),
        "light": Filter("light", "exact", "in", parse=lambda raw: Light(raw).value, schema=_LIGHT),
        "name": Filter("name", "contains"),
        "updated_at": Filter("updated_at", "gte", "lte"),
    }
    ordering = ("due", "code")
    orders = {"due": ("due",), "code": ("code",), "updated_at": ("updated_at",)}
    perms = {
        **{name: Perm.READ_BOOKS for name in ("list", "retrieve", "life")},
        **{name: Perm.EDIT_MILESTONE for name in ("partial_update", "report", "verify", "send_back")},
    }
    input_serializer = MilestoneInput
    input_serializers = {
        "partial_update": MilestoneInput, "report": ReportInput, "verify": StateInput, "send_back": BackInput,
        "life": None,
    }  # fmt: skip
    responses = {"life": {200: (_LIFE, "Dates beside each other, slips, parts of bureaus, files.")}}

    def get_queryset(self):
        stones = super().get_queryset().with_light(timezone.localdate())
        return stones.select_related("task__book") if self.action == "partial_update" else stones

    def change(self, obj, changes, version):
        reason = changes.pop("reason", "") or self.request.headers.get("X-Change-Reason", "")
        if changes.get("deliverable", "") is None:
            changes["deliverable"] = ""
        return services.edit_milestone(
            milestone=obj, values=changes, version=version, by=self.request.user, reason=reason
        )

    @action(detail=True, methods=["get"])
    def life(self, request, id: str = ""):
        """Baseline, plan, forecast and what happened; how often and far it slipped; parts; files with their digest."""
        stone = self._one()
        return Response(_life(life_of(stone, request.user, timezone.localdate()), stone))

    @action(detail=True, methods=["post"])
    def report(self, request, id: str = ""):
        """Say that it was reached; another bureau verifies it. Needs a file that shows it and all parts done."""
        return self._step(services.report_done, ReportInput)

    @action(detail=True, methods=["post"])
    def verify(self, request, id: str = ""):
        """Confirm what another bureau reported: only now it is done."""
        return self._step(services.verify_done, StateInput)

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request, id: str = ""):
        """Do not confirm it, and say what is missing."""
        return self._step(services.send_back, BackInput)

    def _step(self, service, serializer: type) -> Response:
        stone = self._one()
        try:
            service(milestone=stone, by=self.request.user, **self.read_input(serializer))
        except Conflict:
            raise self._stale() from None
        return self.answer(stone.pk)

    def _one(self) -> Milestone:
        rows = Milestone.objects.visible_to(self.request.user).select_related("task__book", "task__lead")
        return get_object_or_404(rows, pk=self.kwargs["id"])


def _life(life: StoneLife, stone: Milestone) -> dict[str, Any]:
    slip = life.slip
    return {
        "baseline": slip.first,
        "plan": stone.due,
        "forecast": stone.forecast,
        "reported": stone.reported_on,
        "actual": stone.done_on,
        "rescheduled": slip.rescheduled,
        **{name: getattr(slip, name) for name in ("slips", "days", "working_days", "late_by")},
        "notes": life.notes,
        "parts": [{"bureau": p.bureau.code, "content": p.content, "done_on": p.done_on} for p in life.parts],
        "evidence": [
            {"id": f.pk, "name": f.name, "size": f.size, "sha256": f.sha256, "note": f.note, "at": f.created_at}
            for f in life.files
        ],
    }


def _seen(actor, keys: set) -> set:
    """Which of these milestones, not visible now, the actor may have seen: those of tasks that he may have seen."""
    if sees_every_bureau(actor) and not row_limit(actor):
        return keys
    events = Milestone.events.rel.related_model.objects.filter(pgh_obj_id__in=keys)
    tasks = set(events.values_list("task_id", flat=True))  # every task they ever belonged to
    visible = Task.objects.visible_to(actor).filter(pk__in=tasks)
    known = tasks_seen(actor, tasks) | set(visible.values_list("pk", flat=True))
    return ever(Milestone, keys, Q(task__in=known))


router.register("milestones", MilestoneViewSet, basename="milestones")
exported.register(
    "milestones",
    MilestoneViewSet,
    leave_out={"light"},  # follows from due, done_on and the day
    seen=_seen,
    scope=own_books,
    watch=[(TaskUnit, "task__milestones")],
)

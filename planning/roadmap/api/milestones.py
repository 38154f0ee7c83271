"""REST of milestones."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework import serializers

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import row_limit, sees_every_bureau
from dalian_coop.history.selectors import ever
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import Column, Related, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import EditableViewSet
from planning.roadmap import services
from planning.roadmap.models import Dependency, Milestone
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
    perms = {"list": Perm.READ_BOOKS, "retrieve": Perm.READ_BOOKS, "partial_update": Perm.EDIT_MILESTONE}
    input_serializer = MilestoneInput

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

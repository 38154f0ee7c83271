"""REST of task books and tasks."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework import serializers

from dalian_coop.accounts.permissions import Perm
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import Column, Related, label, name, private
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, EditableViewSet, ReadOnlyViewSet
from planning.plans.enums import Horizon
from planning.taskbooks import selectors, services
from planning.taskbooks.enums import BookStatus, DueKind, Light, TaskState
from planning.taskbooks.models import Task, TaskBook, TaskRegion, TaskUnit

_LIGHT = {"type": "string", "enum": Light.values}


class TaskBookViewSet(ReadOnlyViewSet):
    """Task books in which the owner's bureau has a part."""

    model = TaskBook
    dataset = datasets.Dataset(
        _("Task books of cooperation programmes: years, programme, state."),
        pgettext_lazy("theme", "Cooperation"),
        datasets.CONDITIONAL,
        _("For bureaus that have a part in the task book; purpose and approval document are needed."),
    )
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN
    columns = {
        "id": "id",
        "code": "code",
        "version": "version",
        "title": "title",
        "number": "number",
        "programme": "programme__code",
        "programme_name": name("programme"),
        "first_year": "first_year",
        "last_year": "last_year",
        "status": "status",
        "status_label": label("status", BookStatus),
        "issued_on": "issued_on",
        "edition": "edition",
        "is_sample": "is_sample",
        "updated_at": "updated_at",
    }
    filters = {
        "code": Filter("code", "exact", "in"),
        "status": Filter("status", "exact", "in"),
        "first_year": Filter("first_year", "exact", "gte", "lte"),
        "last_year": Filter("last_year", "exact", "gte", "lte"),
        "updated_at": Filter("updated_at", "gte", "lte"),
    }
    ordering = ("code",)
    orders = {"code": ("code",), "first_year": ("first_year",), "updated_at": ("updated_at",)}
    perms = {"list": Perm.READ_BOOKS, "retrieve": Perm.READ_BOOKS}


class TaskInput(serializers.Serializer):
    """What may be changed in a task; the rules stand in the services."""

    code = serializers.CharField()
    field = serializers.CharField(help_text="code of the field of cooperation")
    measure = serializers.CharField(help_text="number of the measure")
    content = serializers.CharField(allow_blank=True, trim_whitespace=False)
    objective = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)
    actions = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)
    deliverable = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)
    acceptance = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)
    lead = serializers.CharField(help_text="code of the lead bureau")
    units = serializers.ListField(
        child=serializers.CharField(), max_length=60, help_text="codes of the supporting bureaus in their order"
    )
    responsible = serializers.CharField(allow_blank=True, allow_null=True)
    start = serializers.DateField(allow_null=True)
    due = serializers.DateField(allow_null=True)
    due_text = serializers.CharField(allow_blank=True, allow_null=True)
    horizon = serializers.ChoiceField(choices=Horizon.choices, allow_null=True)
    partners_text = serializers.CharField(allow_blank=True, allow_null=True)
    key_industries = serializers.CharField(allow_blank=True, allow_null=True)
    guarantees = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)
    weight = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    state = serializers.ChoiceField(choices=TaskState.choices)
    progress = serializers.IntegerField()
    progress_note = serializers.CharField(allow_blank=True, allow_null=True, trim_whitespace=False)


class TaskViewSet(EditableViewSet):
    """Tasks of the books one may see; an overseas office sees the tasks of its country."""

    model = Task
    dataset = datasets.Dataset(
        _("Tasks with lead and supporting bureaus, dates, progress and state."),
        pgettext_lazy("theme", "Cooperation"),
        datasets.CONDITIONAL,
        _("For bureaus that have a part in the task book; purpose and approval document are needed."),
    )
    columns = {
        "id": "id",
        "version": "version",
        "book": "book__code",
        "code": "code",
        "field": "field__code",
        "field_name": name("field"),
        "measure": "measure__code",
        "measure_title": "measure__title",
        "content": "content",
        "objective": "objective",
        "actions": "actions",
        "deliverable": "deliverable",
        "acceptance": "acceptance",
        "lead": "lead__code",
        "lead_name": name("lead"),
        "responsible": private("responsible", Perm.READ_CONTACTS),
        "start": "start",
        "due": "due",
        "due_text": "due_text",
        "due_kind": "due_kind",
        "due_kind_label": label("due_kind", DueKind),
        "horizon": "horizon",
        "horizon_label": label("horizon", Horizon),
        "partners_text": "partners_text",
        "countries": "countries",
        "key_industries": "key_industries",
        "guarantees": "guarantees",
        "weight": "weight",
        "state": "state",
        "state_label": label("state", TaskState),
        "progress": "progress",
        "progress_note": "progress_note",
        "completed_on": "completed_on",
        "light": Column(("light",), schema=_LIGHT),
        "light_label": Column(("light",), lambda: dict(Light.choices).get, {"type": "string"}),
        "updated_at": "updated_at",
    }
    related = {
        "units": Related(TaskUnit, "task_id", {"bureau": "bureau__code", "bureau_name": name("bureau")}, ("order",)),
        "regions": Related(
            TaskRegion, "task_id", {"region": "region__code", "region_name": name("region")}, ("region__code",)
        ),
    }
    filters = {
        "book": Filter("book__code", "exact", "in"),
        "code": Filter("code", "exact", "in", "startswith"),
        "field": Filter("field__code", "exact", "in"),
        "measure": Filter("measure__code", "exact", "in"),
        "lead": Filter("lead__code", "exact", "in"),
        "unit": Filter("units__bureau__code", "exact"),
        "region": Filter("task_regions__region__code", "exact"),
        "countries": Filter("countries", "has"),
        "state": Filter("state", "exact", "in"),
        "light": Filter("light", "exact", "in", parse=lambda raw: Light(raw).value, schema=_LIGHT),
        "horizon": Filter("horizon", "exact", "in"),
        "start": Filter("start", "exact", "gte", "lte", "isnull"),
        "due": Filter("due", "exact", "gt", "gte", "lt", "lte", "isnull"),
        "progress": Filter("progress", "exact", "gte", "lte"),
        "content": Filter("content", "contains"),
        "updated_at": Filter("updated_at", "gte", "lte"),
    }
    ordering = ("book_id", "sort_key")
    orders = {
        "code": ("sort_key",),
        "due": ("due",),
        "progress": ("progress",),
        "updated_at": ("updated_at",),
    }
    perms = {"list": Perm.READ_BOOKS, "retrieve": Perm.READ_BOOKS, "partial_update": Perm.EDIT_TASK}
    input_serializer = TaskInput

    def get_queryset(self):
        tasks = super().get_queryset().with_light(timezone.localdate())
        return tasks.select_related("book__programme", "measure") if self.action == "partial_update" else tasks

    def change(self, obj, changes, version):
        return services.edit_task(task=obj, values=changes, version=version, by=self.request.user)


router.register("task-books", TaskBookViewSet, basename="task-books")
router.register("tasks", TaskViewSet, basename="tasks")
exported.register("task-books", TaskBookViewSet, scope=selectors.visible_books)
exported.register(
    "tasks",
    TaskViewSet,
    leave_out={"light", "light_label"},  # follow from state, start, due and the day
    seen=selectors.tasks_seen,
    scope=selectors.own_books,
)

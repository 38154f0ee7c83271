"""Tasks."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from planning.plans.enums import Horizon
from planning.taskbooks.enums import DueKind, TaskState
from planning.taskbooks.querysets import TaskQuerySet


@tracked
class Task(Keyed, Versioned):
    """One row of a task book. Exactly one bureau leads it; the others stand in ``TaskUnit``.

    ``due`` is a calendar date in Asia/Shanghai, the whole day included; ``due_text`` keeps the deadline as written.
    ``countries`` follows from the regions named, for the scope of overseas offices.
    """

    book = models.ForeignKey("taskbooks.TaskBook", models.PROTECT, related_name="tasks")
    code = models.CharField(_("number"), max_length=30)
    sort_key = ArrayField(models.PositiveIntegerField(), editable=False)
    field = models.ForeignKey(
        "industries.CooperationField", models.PROTECT, related_name="tasks", verbose_name=_("field of cooperation")
    )
    measure = models.ForeignKey("plans.Measure", models.PROTECT, related_name="tasks", verbose_name=_("measure"))
    content = models.CharField(_("key task"), max_length=500)
    objective = models.CharField(_("objective"), max_length=1000, blank=True)
    actions = models.CharField(_("actions"), max_length=2000, blank=True)
    deliverable = models.CharField(_("deliverable"), max_length=500, blank=True)
    acceptance = models.CharField(_("acceptance standard"), max_length=1000, blank=True)
    lead = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="led_tasks", verbose_name=_("lead bureau"))
    responsible = models.CharField(_("responsible post"), max_length=200, blank=True)
    start = models.DateField(_("start"), null=True, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    due_text = models.CharField(_("deadline as written"), max_length=80, blank=True)
    due_kind = models.CharField(max_length=12, choices=DueKind.choices, default=DueKind.DATE)
    horizon = models.CharField(_("horizon"), max_length=8, choices=Horizon.choices, blank=True)
    partners_text = models.CharField(_("countries and cities"), max_length=400, blank=True)
    regions = models.ManyToManyField(
        "regions.Region", through="taskbooks.TaskRegion", related_name="tasks", editable=False
    )
    countries = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    key_industries = models.CharField(_("key industries"), max_length=200, blank=True)
    guarantees = models.CharField(_("guarantees"), max_length=1000, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=TaskState.choices, default=TaskState.NOT_STARTED)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    progress_note = models.CharField(_("progress note"), max_length=1000, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["book", "sort_key"], name="task_book_order"),
            models.Index(fields=["lead", "due"], name="task_lead_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], condition=Q(deleted_at=None), name="task_code_once"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(due=None) | Q(start__lte=F("due")), name="task_due_not_before_start"
            ),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__range=(Decimal(0), Decimal(100))), name="task_weight_0_to_100"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress_at_most_100"),
            models.CheckConstraint(condition=~Q(state="completed") | Q(progress=100), name="task_completed_means_100"),
        ]

    def __str__(self):
        return f"{self.code} {self.content}"

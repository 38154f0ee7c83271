"""Milestones."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from planning.roadmap.enums import DependencyKind, Limit, Workplace
from planning.roadmap.querysets import MilestoneQuerySet


@tracked
class Milestone(Keyed, Versioned):
    """A point by which a task must have reached something that can be shown (``deliverable``).

    ``due`` is the plan, ``forecast`` what the bureau now expects, ``done_on`` what happened. ``reported_on`` waits for
    a bureau to verify it (``verified_by``); without a ``workplace`` the milestone follows the seat of the lead bureau.
    """

    task = models.ForeignKey("taskbooks.Task", models.PROTECT, related_name="milestones", verbose_name=_("task"))
    code = models.CharField(_("number"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("milestone"), max_length=300)
    due = models.DateField(_("due"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    deliverable = models.CharField(_("deliverable"), max_length=300, blank=True)
    forecast = models.DateField(_("forecast"), null=True, blank=True)
    reported_on = models.DateField(_("reported as done on"), null=True, blank=True)
    reported_by = models.ForeignKey(
        "accounts.Bureau", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reported by")
    )
    verified_by = models.ForeignKey(
        "accounts.Bureau", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    workplace = models.CharField(_("place of work"), max_length=8, choices=Workplace.choices, blank=True)
    limit = models.CharField(_("limit of the date"), max_length=10, choices=Limit.choices, blank=True)
    limit_on = models.DateField(_("day of the limit"), null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due", "code"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        indexes = [models.Index(fields=["due"], name="milestone_due")]
        constraints = [
            models.UniqueConstraint(fields=["task", "code"], condition=Q(deleted_at=None), name="milestone_code_once"),
            models.CheckConstraint(
                condition=Q(limit="", limit_on=None) | ~Q(limit="") & Q(limit_on__isnull=False),
                name="milestone_limit_has_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


@tracked
class Dependency(Keyed, Versioned):
    """``successor`` waits for ``predecessor``; the lag is in working days of the successor's place, or in calendar
    days.
    """

    predecessor = models.ForeignKey(Milestone, models.CASCADE, related_name="successor_links")
    successor = models.ForeignKey(Milestone, models.CASCADE, related_name="predecessor_links")
    kind = models.CharField(max_length=2, choices=DependencyKind.choices, default=DependencyKind.FS)
    lag_days = models.SmallIntegerField(_("lag"), default=0)
    calendar_days = models.BooleanField(_("lag in calendar days"), default=False)

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="dependency_not_on_itself"),
        ]

    def __str__(self):
        return f"{self.predecessor_id} → {self.successor_id}"

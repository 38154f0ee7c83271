"""Requests to move a date of an issued book."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from planning.roadmap.enums import RequestState
from planning.roadmap.querysets import ExtensionQuerySet


@tracked
class ExtensionRequest(Keyed, Versioned):
    """A bureau asks for another date; the coordinating office decides. Approved, it becomes a version of the plan."""

    milestone = models.ForeignKey("roadmap.Milestone", models.CASCADE, related_name="extensions")
    old_due = models.DateField(_("due"))
    new_due = models.DateField(_("new date"))
    reason = models.CharField(_("reason"), max_length=400)
    asked_by = models.CharField(_("asked by"), max_length=200)
    asked_bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    answer = models.CharField(_("answer"), max_length=400, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    shift = models.ForeignKey("roadmap.Shift", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("request for an extension")
        verbose_name_plural = _("requests for an extension")
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"], condition=Q(state=RequestState.ASKED), name="extension_asked_once"
            )
        ]

    def __str__(self):
        return f"{self.old_due} → {self.new_due}"

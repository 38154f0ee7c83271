"""Moves made together, undone together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Shift(Keyed, Versioned):
    """One piece of rescheduling with its knock-on moves.

    ``lines`` is a list of ``{"kind": "milestone"|"task", "id", "before": {field: value}, "after": {…}, "version"}``;
    ``version`` is that of the row after the move, dates are ISO days.
    """

    book = models.ForeignKey("taskbooks.TaskBook", models.PROTECT, related_name="shifts")
    reason = models.CharField(_("reason"), max_length=400)
    by_label = models.CharField(_("by"), max_length=200)
    lines = models.JSONField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("rescheduling")
        verbose_name_plural = _("reschedulings")

    def __str__(self):
        return f"{self.reason} ({len(self.lines)})"

"""Versions of a road map that stay comparable."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Baseline(Keyed, Versioned):
    """A version of the plan after the issue of the book: the state of all rows just before ``moment``.

    The rows themselves stand in the history; the issue is a version of its own and needs no row here.
    """

    book = models.ForeignKey("taskbooks.TaskBook", models.PROTECT, related_name="baselines")
    moment = models.DateTimeField(_("time"))
    reason = models.CharField(_("reason"), max_length=400)
    by_label = models.CharField(_("by"), max_length=200)

    class Meta:
        ordering = ["moment"]
        verbose_name = _("version of the plan")
        verbose_name_plural = _("versions of the plan")
        constraints = [models.UniqueConstraint(fields=["book", "moment"], name="baseline_once")]

    def __str__(self):
        return f"{self.book_id} {self.moment:%Y-%m-%d}"

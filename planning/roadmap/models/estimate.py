"""How long a task may take."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class TaskEstimate(Keyed, Versioned):
    """Three points for the whole task, in working days of the place of its lead bureau."""

    task = models.OneToOneField("taskbooks.Task", models.CASCADE, related_name="estimate")
    optimistic = models.PositiveSmallIntegerField(_("if all goes well"))
    likely = models.PositiveSmallIntegerField(_("most likely"))
    pessimistic = models.PositiveSmallIntegerField(_("if much goes wrong"))

    class Meta:
        verbose_name = _("estimate")
        verbose_name_plural = _("estimates")
        constraints = [
            models.CheckConstraint(
                condition=Q(optimistic__gte=1, optimistic__lte=F("likely"), likely__lte=F("pessimistic")),
                name="estimate_grows",
            )
        ]

    def __str__(self):
        return f"{self.optimistic}/{self.likely}/{self.pessimistic}"

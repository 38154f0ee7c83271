"""Plans by horizon."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from planning.plans.enums import Horizon


@tracked
class Plan(Keyed, Versioned):
    """What a programme intends within one horizon, from the first to the last year."""

    programme = models.ForeignKey("plans.Programme", models.PROTECT, related_name="plans")
    horizon = models.CharField(max_length=8, choices=Horizon.choices)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["first_year"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.UniqueConstraint(fields=["programme", "horizon"], name="plan_one_per_horizon"),
            models.CheckConstraint(condition=Q(first_year__lte=F("last_year")), name="plan_years_in_order"),
        ]

    def __str__(self):
        return f"{self.get_horizon_display()} {self.first_year}–{self.last_year}"

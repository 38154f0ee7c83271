"""Objectives of a plan, and the measures that serve them."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Objective(Keyed, Versioned):
    """What a plan wants to reach. ``parent`` is the objective of a longer horizon that it leads to."""

    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="objectives", verbose_name=_("plan"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("leads to")
    )
    code = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("objective"), max_length=300)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["plan__first_year", "code"]
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="objective_code_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="objective_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__range=(Decimal(0), Decimal(100))), name="objective_weight_0_to_100"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


@tracked
class ObjectiveMeasure(Keyed, Versioned):
    """``measure`` serves ``objective``; of one plan it serves one objective at most (held by the service)."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="measure_links")
    measure = models.ForeignKey("plans.Measure", models.CASCADE, related_name="objective_links")

    class Meta:
        verbose_name = _("measure of an objective")
        verbose_name_plural = _("measures of objectives")
        constraints = [models.UniqueConstraint(fields=["objective", "measure"], name="objective_measure_once")]

    def __str__(self):
        return f"{self.objective_id} {self.measure_id}"

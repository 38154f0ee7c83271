"""Measures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Measure(Keyed, Versioned):
    """What is done in one field of cooperation; tasks carry it out. ``code`` is the first part of their numbers."""

    programme = models.ForeignKey("plans.Programme", models.PROTECT, related_name="measures")
    field = models.ForeignKey("industries.CooperationField", models.PROTECT, related_name="measures")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="measure_code_once")]

    def __str__(self):
        return f"{self.code} {self.title}"

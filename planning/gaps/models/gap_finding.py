"""Findings of gap runs."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed


class GapFinding(Keyed):
    """What a run found for one indicator. ``gap`` is in the indicator's unit, positive when the own city is behind.

    ``contribution`` counts points of the score gap; ``growth`` is a share a year; None always has a code in
    ``reasons``. Written once together with the run's result.
    """

    run = models.ForeignKey("gaps.GapRun", models.PROTECT, related_name="findings")
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    own = models.FloatField(null=True)
    own_year = models.PositiveSmallIntegerField(null=True)
    best = models.FloatField(null=True)
    best_region = models.ForeignKey("regions.Region", models.PROTECT, null=True, related_name="+")
    median = models.FloatField(null=True)
    benchmark = models.FloatField(null=True)
    gap = models.FloatField(null=True)
    relative_gap = models.FloatField(null=True)
    rank = models.PositiveSmallIntegerField(null=True)
    n_ranked = models.PositiveSmallIntegerField()
    contribution = models.FloatField(null=True)
    growth = models.FloatField(null=True)
    slope = models.FloatField(null=True)
    years = ArrayField(models.PositiveSmallIntegerField(), default=list)
    sources = ArrayField(models.CharField(max_length=40), default=list)
    reasons = ArrayField(models.CharField(max_length=30), default=list)

    class Meta:
        ordering = ["position"]
        verbose_name = _("gap finding")
        verbose_name_plural = _("gap findings")
        constraints = [
            models.UniqueConstraint(fields=["run", "indicator"], name="gap_finding_once"),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1, rank__lte=F("n_ranked")), name="gap_finding_rank_in_range"
            ),
        ]
        triggers = [pgtrigger.Protect(name="gap_finding_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.run_id} {self.indicator_id}"

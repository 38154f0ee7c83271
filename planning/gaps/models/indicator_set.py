"""Indicator sets."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from planning.gaps.enums import Aggregation, Transform
from planning.gaps.querysets import IndicatorSetQuerySet


@tracked
class IndicatorSet(Keyed, Versioned, Named):
    """Indicators by which regions are compared, as a tree with weights, and why these. ``position`` 1 comes first.

    ``edited``: people have changed it, so the shipped files do not overwrite it any more.
    """

    code = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=1)
    reason_zh = models.CharField(max_length=600)
    reason_en = models.CharField(max_length=600, blank=True)
    edited = models.BooleanField(default=False, editable=False)

    objects = IndicatorSetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("indicator set")
        verbose_name_plural = _("indicator sets")

    @property
    def reason(self) -> str:
        """Why these indicators, in Chinese or English."""
        return pick_name(self.reason_zh, self.reason_en, "", "")


class IndicatorSetVersion(Keyed):
    """The whole tree as it stood after a change, with who changed it and why. Written once, never changed."""

    indicator_set = models.ForeignKey(IndicatorSet, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    tree = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of an indicator set")
        verbose_name_plural = _("versions of indicator sets")
        constraints = [
            models.UniqueConstraint(fields=["indicator_set", "number"], name="indicator_set_version_once"),
        ]
        triggers = [pgtrigger.Protect(name="indicator_set_version_kept", operation=pgtrigger.Update)]

    def __str__(self):
        return f"{self.indicator_set_id} {self.number}"


@tracked
class IndicatorNode(Keyed, Versioned):
    """A node of the weight tree: a dimension with a name, or a leaf with an indicator.

    ``weight`` counts relative to the siblings. ``interval``: the indicator's zero is no origin (growth rates,
    degrees), so ratios of its figures mean nothing. ``per``: figures are divided by this one of the same region and
    year. ``worst`` and ``best`` are goalposts, ``target`` what the own region strives for, all in the unit after the
    division.
    """

    indicator_set = models.ForeignKey(IndicatorSet, models.CASCADE, related_name="nodes")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=1)
    weight = models.DecimalField(max_digits=9, decimal_places=4, default=1)
    aggregation = models.CharField(max_length=12, choices=Aggregation.choices, default=Aggregation.ARITHMETIC)
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    interval = models.BooleanField(default=False)
    per = models.ForeignKey("indicators.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    transform = models.CharField(max_length=8, choices=Transform.choices, default=Transform.NONE)
    worst = models.FloatField(null=True, blank=True)
    best = models.FloatField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    name_ja = models.CharField(max_length=200, blank=True)
    name_ko = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("node of an indicator set")
        verbose_name_plural = _("nodes of indicator sets")
        constraints = [
            models.UniqueConstraint(fields=["indicator_set", "code"], name="indicator_node_code_once"),
            models.UniqueConstraint(
                fields=["indicator_set", "indicator"], condition=~Q(indicator=None), name="indicator_node_leaf_once"
            ),
            models.UniqueConstraint(fields=["indicator_set"], condition=Q(parent=None), name="indicator_node_one_root"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="indicator_node_weight_not_negative"),
            models.CheckConstraint(
                condition=Q(indicator=None) ^ Q(name_zh=""), name="indicator_node_name_or_indicator"
            ),
            models.CheckConstraint(
                condition=Q(indicator=None) | Q(parent__isnull=False), name="indicator_node_leaf_has_parent"
            ),
            models.CheckConstraint(
                condition=Q(worst=None, best=None) | (Q(worst__isnull=False, best__isnull=False) & ~Q(worst=F("best"))),
                name="indicator_node_goalposts_differ",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def name(self) -> str:
        """Name of the dimension, or of the indicator."""
        if self.indicator_id:
            return self.indicator.name
        return pick_name(self.name_zh, self.name_en, self.name_ja, self.name_ko)

"""Benchmark sets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from planning.gaps.enums import Origin, PeerRole
from planning.gaps.querysets import BenchmarkSetQuerySet


@tracked
class BenchmarkSet(Keyed, Versioned, Named):
    """Regions with which the own one is compared, and why they are comparable. ``position`` 1 is proposed first.

    ``edited``: people have changed it, so the shipped files do not overwrite it any more.
    """

    code = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=1)
    own = models.ForeignKey("regions.Region", models.PROTECT, related_name="+")
    regions = models.ManyToManyField(
        "regions.Region", through="gaps.BenchmarkRegion", related_name="benchmark_sets", editable=False
    )
    reason_zh = models.CharField(max_length=600)
    reason_en = models.CharField(max_length=600, blank=True)
    edited = models.BooleanField(default=False, editable=False)

    objects = BenchmarkSetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("benchmark set")
        verbose_name_plural = _("benchmark sets")

    @property
    def reason(self) -> str:
        """Why these regions are comparable, in Chinese or English."""
        return pick_name(self.reason_zh, self.reason_en, "", "")


@tracked
class BenchmarkRegion(Keyed, Versioned):
    """One region of a benchmark set (never the own one), with the reason why it is in.

    ``origin`` tells who put it in: people, or the peer finder with its ``distance`` (no unit; smaller is more alike).
    """

    benchmark_set = models.ForeignKey(BenchmarkSet, models.CASCADE, related_name="members")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+")
    reason_zh = models.CharField(max_length=300, blank=True)
    reason_en = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=12, choices=PeerRole.choices, default=PeerRole.PEER)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.CHOSEN)
    distance = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("region of a benchmark set")
        verbose_name_plural = _("regions of benchmark sets")
        constraints = [
            models.UniqueConstraint(fields=["benchmark_set", "region"], name="benchmark_region_once"),
            models.CheckConstraint(
                condition=Q(origin="found", distance__gte=0) | Q(origin="chosen", distance=None),
                name="benchmark_region_found_has_distance",
            ),
        ]

    def __str__(self):
        return f"{self.benchmark_set_id} {self.region_id}"

    @property
    def reason(self) -> str:
        """Why this region, in Chinese or English; empty where the reason of the whole set says it."""
        return pick_name(self.reason_zh, self.reason_en, "", "")

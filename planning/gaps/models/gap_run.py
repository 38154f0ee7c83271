"""Gap runs."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed
from dalian_coop.base.tracking import logged
from planning.gaps.enums import BenchmarkKind, YearRule
from planning.gaps.querysets import GapRunQuerySet


@logged
class GapRun(Keyed):
    """One gap analysis: what was asked, with which figures, by which code, and the result.

    The result is written once by the worker and never changed: the database refuses it. How far the run is stands
    in its ``job``. ``case`` is the frozen input and ``document`` the result, both as the very bytes that the engine
    read and wrote (gzip of canonical JSON), so that the case file reproduces the report exactly; ``result`` holds
    the same document for queries. ``request_key`` is equal for two requests that must give the same report: they
    share one run. ``previous`` is the run that this one repeats on newer figures.
    """

    benchmark_set = models.ForeignKey("gaps.BenchmarkSet", models.PROTECT, related_name="runs")
    indicator_set = models.ForeignKey("gaps.IndicatorSet", models.PROTECT, related_name="runs")
    year_rule = models.CharField(max_length=10, choices=YearRule.choices, default=YearRule.COMMON)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    benchmark = models.CharField(max_length=16, choices=BenchmarkKind.choices, default=BenchmarkKind.LEADER)
    reference = models.ForeignKey("regions.Region", models.PROTECT, null=True, blank=True, related_name="+")
    params = models.JSONField(default=dict, blank=True)
    seed = models.PositiveBigIntegerField(default=0)
    request_key = models.CharField(max_length=64, blank=True, db_index=True)
    benchmark_set_version = models.PositiveIntegerField(default=1)
    indicator_set_version = models.PositiveIntegerField(default=1)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    job = models.OneToOneField("jobs.Job", models.PROTECT, related_name="+")
    input_hash = models.CharField(max_length=64, blank=True)
    code_version = models.CharField(max_length=40, blank=True)
    case = models.BinaryField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    document = models.BinaryField(null=True, blank=True)
    result_hash = models.CharField(max_length=64, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    explanation = models.JSONField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    client = models.ForeignKey("accounts.ApiClient", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GapRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("gap report")
        verbose_name_plural = _("gap reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(year_rule="one_year", year__isnull=False) | (~Q(year_rule="one_year") & Q(year=None)),
                name="gap_run_year_goes_with_rule",
            ),
            models.CheckConstraint(
                condition=Q(benchmark="region", reference__isnull=False) | (~Q(benchmark="region") & Q(reference=None)),
                name="gap_run_reference_goes_with_benchmark",
            ),
            models.CheckConstraint(
                condition=Q(computed_at=None, result=None, input_hash="")
                | (Q(computed_at__isnull=False, result__isnull=False) & ~Q(input_hash="")),
                name="gap_run_result_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(computed_at=None) | Q(cancelled_at=None), name="gap_run_cancelled_has_no_result"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="gap_run_written_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__computed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="gap_run_result_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__computed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.benchmark_set_id} {self.created_at:%Y-%m-%d}"

    @property
    def is_computed(self) -> bool:
        """Whether there is a report to read."""
        return self.computed_at is not None

"""Parts of large robustness computations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed


class GapChunk(Keyed):
    """A part of one claim of a run, computed by whichever worker takes it first; gone when the run has its result.

    ``attempt`` is the fence of the job's claim: parts of a worker that lost the job are never read again.
    ``taken_at`` is when a worker began, ``result`` what it found (JSON, the engine reads it back).
    """

    run = models.ForeignKey("gaps.GapRun", models.CASCADE, related_name="chunks")
    attempt = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True, blank=True)
    result = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["attempt", "number"]
        verbose_name = _("part of a gap analysis")
        verbose_name_plural = _("parts of gap analyses")
        constraints = [
            models.UniqueConstraint(fields=["run", "attempt", "number"], name="gap_chunk_once"),
            models.CheckConstraint(
                condition=Q(result=None) | Q(taken_at__isnull=False), name="gap_chunk_result_was_taken"
            ),
        ]

    def __str__(self):
        return f"{self.run_id} {self.attempt}/{self.number}"

"""Jobs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed
from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.querysets import JobQuerySet


class Job(Keyed):
    """One run of long work: what was asked, how far it is, how it ended.

    PostgreSQL holds the truth; the broker carries only the id and may be emptied at any time. A worker claims the row
    with a lease; ``fence`` counts the claims, so that a worker that lost its lease cannot write the end any more.
    """

    kind = models.CharField(_("kind"), max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    step = models.CharField(_("step"), max_length=200, blank=True)
    fence = models.PositiveIntegerField(_("attempt"), default=0)
    worker = models.CharField(_("worker"), max_length=120, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    client = models.ForeignKey("accounts.ApiClient", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "sent_at"], name="job_state_sent")]
        constraints = [
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="job_progress_at_most_100"),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running"], finished_at=None)
                | models.Q(state__in=["succeeded", "failed"], finished_at__isnull=False),
                name="job_finished_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"


class WorkerSeen(models.Model):
    """The last sign of life of any worker; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="worker_seen_one_row")]

    def __str__(self):
        return self.at.isoformat()

"""Ending a job before its time, by people."""

from django.db.models.functions import Now

from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.models import Job


def cancel(*, job: Job, error: str) -> bool:
    """End a job that has not ended, with a sentence that says who cancelled it; False when it had ended already.

    One statement, so a worker that finishes at the same moment either wins or loses as a whole: its next write finds
    the job ended, raises ``LeaseLost``, and nothing of its work is kept.
    """
    waiting = Job.objects.filter(pk=job.pk, state__in=[JobState.QUEUED, JobState.RUNNING])
    return bool(waiting.update(state=JobState.FAILED, error=error, step="", lease_until=None, finished_at=Now()))

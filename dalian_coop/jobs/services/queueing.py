"""Asking for a job, and seeing to it that no job is forgotten."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.jobs import selectors
from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.models import Job, WorkerSeen

log = logging.getLogger("dalian_coop.jobs")
RESEND_AFTER = timedelta(seconds=60)
MOST_ATTEMPTS = 3


@transaction.atomic
def enqueue(*, kind: str, params: dict[str, Any], by) -> Job:
    """Write down what is asked, and hand its id to the broker once that is committed.

    ``by`` is a person or an API client. Raises ``LookupError`` for a kind nobody has registered. A broker that does
    not answer loses nothing: ``sweep`` sends the row later.
    """
    selectors.kind(kind)
    is_client = getattr(by, "scopes", None) is not None
    job = Job.objects.create(
        kind=kind, params=params, created_by=None if is_client or by is None else by, client=by if is_client else None
    )
    transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> bool:
    """Give the broker the job's id; False when it cannot be reached."""
    try:
        current_app.send_task(selectors.kind(job.kind).task, args=[str(job.pk)], retry=False)
    except Exception:
        # Whatever the broker's client raises: the row waits, and the sweeper sends it again.
        log.warning("The broker does not take jobs; the sweeper will send this one again", extra={"job": str(job.pk)})
        return False
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    return True


@dataclass(frozen=True)
class SweepResult:
    """How many jobs were taken from lost workers, given up, and sent again."""

    requeued: int
    given_up: int
    sent: int


def sweep() -> SweepResult:
    """Take jobs from workers that are gone, give up after three attempts, and send what waits too long.

    Safe to run twice at once: every step is one statement on a condition that only one of them can meet.
    """
    now = timezone.now()
    given_up = _give_up(now)
    requeued = (
        Job.objects.lost(now)
        .filter(fence__lt=MOST_ATTEMPTS)
        .update(state=JobState.QUEUED, progress=0, step="", worker="", lease_until=None, sent_at=None)
    )
    sent = sum(_send_once(job, now) for job in Job.objects.unsent(now - RESEND_AFTER).order_by("created_at")[:500])
    return SweepResult(requeued, given_up, sent)


def _give_up(now) -> int:
    text = _("The worker was lost %(count)d times while it did this job. Please start it again, or tell the office.")
    return (
        Job.objects.lost(now)
        .filter(fence__gte=MOST_ATTEMPTS)
        .update(
            state=JobState.FAILED, error=text % {"count": MOST_ATTEMPTS}, lease_until=None, finished_at=timezone.now()
        )
    )


def _send_once(job: Job, now) -> bool:
    """Two sweepers may meet: only the one that moves ``sent_at`` sends."""
    mine = (
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
        .filter(Q(sent_at=None) | Q(sent_at__lt=now - RESEND_AFTER))
        .update(sent_at=now)
    )
    if not mine:
        return False
    if not send(job):
        Job.objects.filter(pk=job.pk, sent_at=now).update(sent_at=None)
        return False
    return True


def worker_seen() -> None:
    """A worker did something just now (read by ``/readyz``)."""
    WorkerSeen.objects.bulk_create(
        [WorkerSeen(id=1, at=timezone.now())], update_conflicts=True, unique_fields=["id"], update_fields=["at"]
    )

"""Doing a job: claim it with a lease, keep the lease, write the end once.

``fence`` is the number of the claim. Every write of a run names it, so a worker that was taken for dead and comes
back cannot change a job that another worker has claimed since.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as BadValue
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from dalian_coop.base.errors import ServiceError
from dalian_coop.history.context import acting
from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.models import Job

log = logging.getLogger("dalian_coop.jobs")
LEASE = timedelta(seconds=30)
HEARTBEAT_SECONDS = 10.0


class LeaseLost(Exception):
    """Another worker has the job now; this one must stop and write nothing."""


class Run:
    """One claim of a job, in the hands of the worker that does it."""

    def __init__(self, job: Job):
        self.job, self.ended = job, False

    @property
    def params(self) -> dict[str, Any]:
        return self.job.params

    def report(self, progress: int, step: str = "") -> None:
        """Show how far it is (0 to 100) and keep the lease. Call it outside of transactions, or nobody sees it."""
        self._write(progress=max(0, min(100, int(progress))), step=step[:200], lease_until=Now() + LEASE)

    def finish(self, result: dict[str, Any] | None = None) -> None:
        """The end that went well. Inside the transaction that writes the result, both are there or neither is."""
        self._end(state=JobState.SUCCEEDED, progress=100, step="", result=result or {})

    def fail(self, error: str) -> None:
        """The end that did not; ``error`` is a sentence for the person who waits."""
        self._end(state=JobState.FAILED, error=error)

    def _end(self, **values: Any) -> None:
        self._write(**values, lease_until=None, finished_at=Now())
        self.ended = True

    def _write(self, **values: Any) -> None:
        held = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, fence=self.job.fence)
        if not held.update(**values):
            raise LeaseLost(f"job {self.job.pk}, claim {self.job.fence}")


def claim(job_id: UUID | str) -> Run | None:
    """Take a waiting job, if nobody has: one statement, so exactly one of many wins. None for everybody else."""
    try:
        taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
            state=JobState.RUNNING,
            fence=F("fence") + 1,
            worker=f"{socket.gethostname()}:{os.getpid()}"[:120],
            lease_until=Now() + LEASE,
            started_at=Now(),
        )
    except (BadValue, ValueError):
        return None
    return Run(Job.objects.get(pk=job_id)) if taken else None


@contextmanager
def claimed(job_id: UUID | str) -> Iterator[Run | None]:
    """Claim a job for the length of the block; yields None when there is nothing to do (delivered twice, ended).

    A refusal of a service ends the job with its sentence, any other error with a general one (and a traceback in the
    log). A block that ends without ``finish`` has gone well.
    """
    run = claim(job_id)
    if run is None:
        yield None
        return
    stop = threading.Event()
    beat = threading.Thread(target=_keep_lease, args=(run, stop), name=f"lease-{run.job.pk}", daemon=True)
    beat.start()
    job = run.job
    try:
        # In the name of who asked for it, whoever sent the message: after a lost lease that is the sweeper.
        with acting(job.client or job.created_by, job=str(job.pk)):
            yield run
            if not run.ended:
                run.finish()
    except LeaseLost:
        log.warning("The lease was lost; this run writes nothing", extra={"job": str(run.job.pk)})
    except ServiceError as refusal:
        _end_with(run, str(refusal))
    except Exception:
        log.exception("A job failed", extra={"job": str(run.job.pk), "kind": run.job.kind})
        _end_with(
            run, _("The portal made an error in this job. The office can find it in the log by the job's number.")
        )
    finally:
        stop.set()
        beat.join(timeout=5)


def _end_with(run: Run, sentence: str) -> None:
    try:
        run.fail(sentence)
    except LeaseLost:
        log.warning("The lease was lost; this run writes nothing", extra={"job": str(run.job.pk)})


def _keep_lease(run: Run, stop: threading.Event) -> None:
    """Heartbeat on a connection of its own; a database that is away for a moment is tried again at the next beat."""
    try:
        while not stop.wait(HEARTBEAT_SECONDS):
            try:
                held = Job.objects.filter(pk=run.job.pk, state=JobState.RUNNING, fence=run.job.fence)
                if not held.update(lease_until=Now() + LEASE):
                    return
            except Exception:
                log.warning("A heartbeat did not reach the database", extra={"job": str(run.job.pk)})
                connection.close()
    finally:
        connection.close()

"""Kinds of jobs, and a job as pages show it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.models import Job


@dataclass(frozen=True)
class Kind:
    """A kind of long work: the Celery task that does it, its name for people, and where its result is shown.

    ``result`` gives the address from the finished job; it is asked for successful jobs only.
    """

    name: str
    task: str
    label: Any
    result: Callable[[Job], str] | None = None


_kinds: dict[str, Kind] = {}


def register_kind(name: str, *, task: str, label: Any, result: Callable[[Job], str] | None = None) -> None:
    """Called by the room that does the work, in its ``AppConfig.ready``."""
    _kinds[name] = Kind(name, task, label, result)


def kind(name: str) -> Kind:
    """Raises ``LookupError`` for a kind that no room has registered."""
    return _kinds[name]


@dataclass(frozen=True)
class JobStatus:
    """A job with what a page says of it."""

    job: Job
    label: str
    state: JobState
    tone: str
    result_url: str

    @property
    def is_final(self) -> bool:
        return self.state.is_final


TONES = {JobState.QUEUED: "grey", JobState.RUNNING: "blue", JobState.SUCCEEDED: "green", JobState.FAILED: "red"}


def status_of(job: Job) -> JobStatus:
    found, state = _kinds.get(job.kind), JobState(job.state)
    return JobStatus(job, str(found.label) if found else job.kind, state, TONES[state], _result_url(job, found))


def _result_url(job: Job, found: Kind | None) -> str:
    if found is None or found.result is None or job.state != JobState.SUCCEEDED:
        return ""
    try:
        return found.result(job)
    except (NoReverseMatch, LookupError):
        return ""


def jobs_seen_by(actor):
    """Newest first, with who asked for them."""
    return Job.objects.visible_to(actor).select_related("created_by", "client").order_by("-created_at")


def job_url(job: Job) -> str:
    return reverse("jobs:job", args=[job.pk])

"""Timers of jobs."""

from celery import shared_task
from celery.signals import worker_ready

from dalian_coop.jobs import services


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> None:
    services.sweep()


@shared_task(name="jobs.worker_seen", ignore_result=True)
def worker_seen() -> None:
    services.worker_seen()


@worker_ready.connect
def first_sign(**kwargs) -> None:
    """A worker that has just started counts at once, not at beat's next tick."""
    services.worker_seen()

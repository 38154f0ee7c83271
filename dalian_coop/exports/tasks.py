"""Celery tasks of exports."""

from celery import shared_task

from dalian_coop.exports import services
from dalian_coop.jobs.services import claimed


@shared_task(name="exports.run", ignore_result=True)
def run(job_id: str) -> None:
    with claimed(job_id) as job:
        if job:
            services.carry_out(job)


@shared_task(name="exports.purge", ignore_result=True)
def purge() -> None:
    services.purge()

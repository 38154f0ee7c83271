"""The Celery task of gap analysis."""

from celery import shared_task

from dalian_coop.jobs.services import claimed
from planning.gaps import services


@shared_task(name="gaps.run", ignore_result=True)
def run(job_id: str) -> None:
    with claimed(job_id) as job:
        if job:
            services.compute_run(job)

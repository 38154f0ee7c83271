"""The Celery tasks of gap analysis."""

from celery import shared_task

from dalian_coop.jobs.services import claimed
from planning.gaps import services


@shared_task(name="gaps.run", ignore_result=True)
def run(job_id: str) -> None:
    with claimed(job_id) as job:
        if job:
            services.compute_run(job)


@shared_task(name="gaps.chunk", ignore_result=True)
def chunk(chunk_id: str) -> None:
    services.compute_chunk(chunk_id=chunk_id)

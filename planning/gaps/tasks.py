"""The Celery tasks of gap analysis."""

import os

from celery import shared_task
from celery.signals import worker_init

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


@worker_init.connect
def load_engine(**_sender) -> None:
    """numpy and scipy are read when a worker starts: once for all its processes, and no run waits for them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread a process, or they stand in each other's way
    import scipy.optimize
    import scipy.special
    import scipy.stats.qmc  # noqa: F401

    from planning.gaps.engine import chain  # noqa: F401

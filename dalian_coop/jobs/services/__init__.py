"""Writes of jobs: asking for one, doing it, sweeping up after lost workers.

A room registers its kind (``jobs.selectors.register_kind``) and asks with ``enqueue``. Its Celery task is::

    @shared_task(name="gaps.run")
    def run(job_id: str) -> None:
        with jobs.services.claimed(job_id) as run:
            if run:
                run.finish(services.carry_out(params=run.params, report=run.report))
"""

from dalian_coop.jobs.services.cancelling import cancel
from dalian_coop.jobs.services.queueing import SweepResult, enqueue, send, sweep, worker_seen
from dalian_coop.jobs.services.running import LeaseLost, Run, claim, claimed

__all__ = ["LeaseLost", "Run", "SweepResult", "cancel", "claim", "claimed", "enqueue", "send", "sweep", "worker_seen"]

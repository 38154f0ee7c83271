"""Long work of the tests; a real worker loads it with ``-I tests.dalian_coop.jobs.work``."""

import time
from pathlib import Path

from celery import shared_task

from dalian_coop.jobs import services
from dalian_coop.jobs.selectors import register_kind

TASK = "tests.slow_work"


@shared_task(name=TASK, ignore_result=True)
def slow_work(job_id: str) -> None:
    """Counts to ``steps``, a tenth of a second each, and notes in ``diary`` what it did."""
    with services.claimed(job_id) as run:
        if run is None:
            return
        diary, steps = Path(run.params["diary"]), run.params["steps"]
        note(diary, f"begin {run.job.fence}")
        for step in range(steps):
            time.sleep(0.1)
            run.report(100 * step // steps, f"step {step}")
        run.finish({"steps": steps})
        note(diary, f"end {run.job.fence}")


def note(diary: Path, line: str) -> None:
    with diary.open("a") as file:
        file.write(line + "\n")


register_kind("slow_work", task=TASK, label="Slow work", result=lambda job: f"/results/{job.pk}/")

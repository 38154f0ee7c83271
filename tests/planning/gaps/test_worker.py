"""A run through a real worker."""

import time

import pytest

from dalian_coop.accounts.enums import Role
from planning.gaps.models import GapRun
from tests.factories import make_user
from tests.planning.gaps.factories import make_world, start


@pytest.mark.worker
def test_worker_carries_a_run_to_its_report(celery_worker):
    celery_worker.start()
    run = start(make_world(), by=make_user(Role.ANALYST))
    end = time.monotonic() + 30
    while not GapRun.objects.filter(pk=run.pk).computed().exists():
        assert time.monotonic() < end, celery_worker.output()
        time.sleep(0.1)
    run = GapRun.objects.select_related("job").get(pk=run.pk)
    assert (run.job.state, run.job.progress, run.result["overall"]["rank"]) == ("succeeded", 100, 3)

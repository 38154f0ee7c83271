"""A real worker, killed without warning: the job still ends, once."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from dalian_coop.jobs import services
from dalian_coop.jobs.models import Job, WorkerSeen
from tests.dalian_coop.jobs import work  # noqa: F401 - registers the kind of job, here as in the worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
LOAD = ("-I", "tests.dalian_coop.jobs.work")


def wait_until(condition, seconds=40):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def state(job):
    job.refresh_from_db()
    return job.state


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


def begins(diary):
    return diary.read_text().count("begin") if diary.exists() else 0


def test_worker_killed_in_the_middle_job_ends_once(celery_worker, diary):
    celery_worker.start(*LOAD)
    assert WorkerSeen.objects.get().at > timezone.now() - timedelta(seconds=30)
    job = services.enqueue(kind="slow_work", params={"steps": 15, "diary": str(diary)}, by=None)
    wait_until(lambda: state(job) == "running" and job.progress > 20)
    celery_worker.kill()
    time.sleep(0.5)
    assert state(job) == "running" and job.fence == 1  # nobody has noticed yet
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))  # its lease runs out
    assert services.sweep().requeued == 1
    celery_worker.start(*LOAD)
    wait_until(lambda: state(job) == "succeeded")
    assert (job.fence, job.result, job.progress) == (2, {"steps": 15}, 100)
    time.sleep(1)
    assert diary.read_text().split("\n")[:-1] == ["begin 1", "begin 2", "end 2"]


def test_delivered_twice_done_once(celery_worker, diary):
    job = services.enqueue(kind="slow_work", params={"steps": 5, "diary": str(diary)}, by=None)
    services.send(job)
    services.send(job)
    celery_worker.start(*LOAD)
    wait_until(lambda: state(job) == "succeeded")
    time.sleep(1)
    assert diary.read_text().split("\n")[:-1] == ["begin 1", "end 1"] and job.fence == 1


def test_broker_emptied_the_sweeper_sends_again(celery_worker, diary):
    from dalian_coop.celery import app

    job = services.enqueue(kind="slow_work", params={"steps": 1, "diary": str(diary)}, by=None)
    app.control.purge()
    celery_worker.start(*LOAD)
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(seconds=61))
    assert services.sweep().sent == 1
    wait_until(lambda: state(job) == "succeeded")

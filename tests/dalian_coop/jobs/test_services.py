"""Jobs: one claim wins, a lost lease writes nothing, nothing is forgotten, every job ends once."""

import threading
import time
from datetime import timedelta

import pytest
from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.jobs import services
from dalian_coop.jobs.models import Job, WorkerSeen
from tests.dalian_coop.jobs.work import TASK
from tests.factories import make_bureau, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """Ids given to the broker."""
    ids = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **kwargs: ids.append((name, *args)))
    return ids


@pytest.fixture
def job(sent):
    return services.enqueue(kind="slow_work", params={"steps": 1}, by=make_user(Role.ANALYST))


def lose_worker(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_row_first_then_the_id_after_commit(sent, django_capture_on_commit_callbacks):
    user = make_user(Role.ANALYST)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = services.enqueue(kind="slow_work", params={"a": 1}, by=user)
        assert sent == [] and job.state == "queued"
    assert len(callbacks) == 1 and sent == [(TASK, str(job.pk))]
    job.refresh_from_db()
    assert job.sent_at and job.created_by == user and job.params == {"a": 1}


def test_rolled_back_request_sends_nothing(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        services.enqueue(kind="slow_work", params={}, by=None)
        raise RuntimeError
    assert sent == [] and not Job.objects.exists()


def test_unknown_kind_is_refused(sent):
    with pytest.raises(LookupError):
        services.enqueue(kind="nonsense", params={}, by=None)


def test_client_asks_in_its_own_name(sent):
    owner = make_client(scopes=["gaps:run"])
    job = services.enqueue(kind="slow_work", params={}, by=owner)
    assert job.client == owner and job.created_by is None
    assert list(Job.objects.visible_to(owner)) == [job]


def test_broker_that_is_gone_loses_nothing(monkeypatch, sent, django_capture_on_commit_callbacks):
    def gone(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(current_app, "send_task", gone)
    with django_capture_on_commit_callbacks(execute=True):
        job = services.enqueue(kind="slow_work", params={}, by=None)
    job.refresh_from_db()
    assert job.sent_at is None
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **kwargs: sent.append(args[0]))
    assert services.sweep().sent == 1 and sent == [str(job.pk)]


def test_queued_job_is_sent_again_after_a_minute_only(job, sent):
    Job.objects.update(sent_at=timezone.now() - timedelta(seconds=59))
    assert services.sweep().sent == 0
    Job.objects.update(sent_at=timezone.now() - timedelta(seconds=61))
    assert services.sweep().sent == 1 and services.sweep().sent == 0


def test_claimed_job_runs_reports_and_ends(job):
    with services.claimed(job.pk) as run:
        run.report(40, "counting")
        job.refresh_from_db()
        assert (job.state, job.progress, job.step, job.fence) == ("running", 40, "counting", 1)
        assert job.lease_until > timezone.now()
        run.finish({"rows": 3})
    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == ("succeeded", 100, {"rows": 3})
    assert job.finished_at and job.lease_until is None


def test_second_delivery_finds_nothing_to_do(job):
    with services.claimed(job.pk) as run:
        with services.claimed(job.pk) as second:
            assert second is None
        assert run
    with services.claimed(job.pk) as third:
        assert third is None
    job.refresh_from_db()
    assert job.fence == 1


@pytest.mark.parametrize("wrong", ["no-uuid", "00000000-0000-7000-8000-000000000000"])
def test_unknown_id_finds_nothing_to_do(db, wrong):
    with services.claimed(wrong) as run:
        assert run is None


def test_refusal_of_a_service_is_the_sentence_people_read(job):
    with services.claimed(job.pk):
        raise ValidationError({"year": [Error("no_data", "There are no figures for this year.")]})
    job.refresh_from_db()
    assert job.state == "failed" and "There are no figures for this year." in job.error


def test_any_other_error_says_nothing_of_its_insides(job):
    with services.claimed(job.pk):
        raise RuntimeError("password=secret")
    job.refresh_from_db()
    assert job.state == "failed" and job.error and "secret" not in job.error


def test_worker_taken_for_dead_writes_nothing_any_more(job):
    with services.claimed(job.pk) as old:
        old.report(50, "half")
        lose_worker(job)
        assert services.sweep().requeued == 1
        with services.claimed(job.pk) as new:
            assert new.job.fence == 2
            with pytest.raises(services.LeaseLost):
                old.report(60, "still here")
            with pytest.raises(services.LeaseLost):
                old.finish({"by": "old"})
            new.finish({"by": "new"})
    job.refresh_from_db()
    assert (job.state, job.result) == ("succeeded", {"by": "new"})


def test_result_and_end_are_both_there_or_neither(job):
    with services.claimed(job.pk) as run:
        lose_worker(job)
        services.sweep()
        with pytest.raises(services.LeaseLost), transaction.atomic():
            make_bureau("结果", code="result")
            run.finish({})
    from dalian_coop.accounts.models import Bureau

    assert not Bureau.objects.filter(code="result").exists()
    job.refresh_from_db()
    assert job.state == "queued" and job.progress == 0 and job.worker == ""


def test_after_three_lost_workers_the_job_fails_with_a_sentence(job):
    for attempt in (1, 2, 3):
        run = services.claim(job.pk)
        assert run.job.fence == attempt
        lose_worker(job)
        result = services.sweep()
        assert (result.requeued, result.given_up) == ((1, 0) if attempt < 3 else (0, 1))
    job.refresh_from_db()
    assert job.state == "failed" and "3" in job.error and services.claim(job.pk) is None


def test_running_job_with_a_lease_is_left_alone(job):
    services.claim(job.pk)
    result = services.sweep()
    assert (result.requeued, result.given_up, result.sent) == (0, 0, 0)


def test_constraints_hold_against_raw_writes(job):
    for bad in ({"progress": 101}, {"state": "succeeded"}, {"finished_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**bad)


def test_worker_seen_keeps_one_row(db):
    services.worker_seen()
    services.worker_seen()
    assert WorkerSeen.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_job(sent):
    job = services.enqueue(kind="slow_work", params={}, by=None)
    won, start = [], threading.Barrier(8)

    def work():
        try:
            start.wait()
            if run := services.claim(job.pk):
                won.append(run)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and Job.objects.get(pk=job.pk).fence == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_send_once(sent):
    services.enqueue(kind="slow_work", params={}, by=None)
    Job.objects.update(sent_at=None)
    sent.clear()
    start = threading.Barrier(2)

    def sweep():
        try:
            start.wait()
            services.sweep()
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_heartbeat_keeps_the_lease_of_silent_work(sent, monkeypatch):
    from dalian_coop.jobs.services import running

    monkeypatch.setattr(running, "HEARTBEAT_SECONDS", 0.05)
    job = services.enqueue(kind="slow_work", params={}, by=None)
    with services.claimed(job.pk):
        first = Job.objects.get(pk=job.pk).lease_until
        end = time.monotonic() + 5
        while Job.objects.get(pk=job.pk).lease_until <= first:
            assert time.monotonic() < end
            time.sleep(0.05)
    names = [t.name for t in threading.enumerate()]
    assert f"lease-{job.pk}" not in names

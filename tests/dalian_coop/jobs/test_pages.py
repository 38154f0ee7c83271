"""Pages and addresses of jobs: one's own, moving while they run, with the result at the end."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.jobs import services, views
from dalian_coop.jobs.models import Job, WorkerSeen
from tests.dalian_coop.jobs import work  # noqa: F401 - registers the kind
from tests.factories import bearer, make_bureau, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client, monkeypatch):
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: None)
    user = make_user(Role.OFFICIAL)
    client.force_login(user)
    return user


@pytest.fixture
def job(analyst):
    return services.enqueue(kind="slow_work", params={}, by=analyst)


def fragment(client, job):
    return client.get(f"/jobs/{job.pk}/progress/", HTTP_HX_REQUEST="true").content.decode()


def test_fragment_polls_while_it_runs_and_stops_with_the_result(client, job):
    text = fragment(client, job)
    assert 'hx-trigger="every 1s"' in text and f'hx-get="/jobs/{job.pk}/progress/"' in text
    assert "<html" not in text
    run = services.claim(job.pk)
    run.report(35, "第三步")
    text = fragment(client, job)
    assert 'value="35"' in text and "第三步" in text and "hx-get" in text
    run.finish({})
    text = fragment(client, job)
    assert "hx-get" not in text and f"/results/{job.pk}/" in text


def test_failed_job_shows_its_sentence_and_number(client, job):
    services.claim(job.pk).fail("没有 <共同> 数据")
    text = fragment(client, job)
    assert "没有 &lt;共同&gt; 数据" in text and str(job.pk) in text and "hx-get" not in text


def test_page_without_scripts_has_a_link_to_refresh(client, job):
    text = client.get(f"/jobs/{job.pk}/progress/").content.decode()
    assert "<html" in text and f'href="/jobs/{job.pk}/"' in text


def test_others_jobs_are_not_there(client, job):
    client.force_login(make_user(Role.OFFICIAL))
    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.get(f"/jobs/{job.pk}/progress/").status_code == 404
    assert str(job.pk) not in client.get("/jobs/").content.decode()
    assert client.get(f"/api/v1/jobs/{job.pk}/").status_code == 404


def test_coordinator_sees_all_jobs(client, job):
    client.force_login(make_user(Role.COORDINATOR))
    assert str(job.pk) in client.get("/jobs/").content.decode()
    assert client.get(f"/jobs/{job.pk}/").status_code == 200


def test_administrators_see_no_jobs_pages(client, job):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert client.get("/jobs/").status_code == 403


@pytest.mark.parametrize("extra", [0, 45])
def test_list_costs_the_same_few_statements(client, job, extra, django_assert_max_num_queries):
    Job.objects.bulk_create([Job(kind="slow_work", created_by=job.created_by) for _number in range(extra)])
    client.get("/jobs/")
    with django_assert_max_num_queries(6):
        client.get("/jobs/")


def test_client_reads_its_own_jobs_over_rest(client, job):
    owner = make_client(make_bureau(), ["gaps:run"])
    mine = services.enqueue(kind="slow_work", params={"secret": 1}, by=owner)
    token = bearer(services_token(owner))
    items = client.get("/api/v1/jobs/", **token).json()["items"]
    assert [item["id"] for item in items] == [str(mine.pk)] and "params" not in items[0]
    assert client.get(f"/api/v1/jobs/{job.pk}/", **token).status_code == 404
    detail = client.get(f"/api/v1/jobs/{mine.pk}/", **token).json()
    assert (detail["state"], detail["state_label"], detail["progress"], detail["error"]) == (
        "queued",
        "等待中",
        0,
        None,
    )


def services_token(owner):
    from dalian_coop.accounts.services import issue_token

    return issue_token(client=owner).text


def test_healthz_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_wants_a_worker_of_the_last_minute(client):
    assert client.get("/readyz").status_code == 503
    services.worker_seen()
    ready = client.get("/readyz")
    assert ready.status_code == 200 and set(ready.json().values()) == {"ok"}
    WorkerSeen.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert client.get("/readyz").json()["worker"] == "unavailable"


def test_readyz_says_which_part_is_gone(client, monkeypatch):
    services.worker_seen()
    monkeypatch.setattr(views, "_broker", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "ok", "broker": "unavailable", "worker": "ok"}


def test_unknown_numbers_are_404(client, analyst):
    assert client.get("/jobs/00000000-0000-7000-8000-000000000000/").status_code == 404
    assert client.get("/jobs/abc/").status_code == 404

"""REST of gap reports."""

import uuid

import pytest

from dalian_coop.jobs.models import Job
from planning.gaps.models import GapRun
from tests.factories import bearer, make_bureau, make_client_token
from tests.planning.gaps.factories import compute, start

LIST = "/api/v1/gap-reports/"


@pytest.fixture
def runner(db):
    """Header of a system of the coordinating bureau that may start runs."""
    return bearer(make_client_token(make_bureau(coordinates=True), ["gaps:run"]))


@pytest.fixture
def reader(db):
    return bearer(make_client_token(scopes=["gaps:read"]))


def post(client, body, headers):
    return client.post(LIST, body, content_type="application/json", **headers)


def test_post_starts_a_run_and_names_its_job(client, world, runner):
    response = post(client, {"benchmark_set": "peers", "indicator_set": "core"}, runner)
    run = GapRun.objects.get()
    assert response.status_code == 202
    assert response["Location"].endswith(f"/api/v1/jobs/{run.job_id}/")
    assert response.json()["id"] == str(run.pk)
    assert client.get(response["Location"], **runner).json()["state"] == "queued"


def test_report_can_be_polled_to_its_end(client, world, runner):
    body = post(client, {"benchmark_set": "peers", "indicator_set": "core", "benchmark": "median"}, runner).json()
    address = body["_links"]["self"]
    assert client.get(address, **runner).json()["result"] is None
    compute(GapRun.objects.get())
    report = client.get(address, **runner).json()
    assert (report["state"], report["result"]["overall"]["rank"]) == ("succeeded", 3)
    assert [f["indicator"] for f in report["findings"]] == ["gdp", "port", "far"]
    assert report["findings"][0]["gap"] == 25


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"benchmark_set": "nobody"}, "/benchmark_set", "unknown"),
        ({"indicator_set": "nothing"}, "/indicator_set", "unknown"),
        ({"benchmark": "region"}, "/reference", "required"),
        ({"benchmark": "region", "reference": "XX-1"}, "/reference", "unknown"),
        ({"year_rule": "one_year"}, "/year", "required"),
        ({"year": 2019}, "/year", "not_used"),
        ({"year_rule": "sometimes"}, "/year_rule", "invalid_choice"),
    ],
)
def test_post_names_what_does_not_fit(client, world, runner, changes, pointer, code):
    response = post(client, {"benchmark_set": "peers", "indicator_set": "core"} | changes, runner)
    assert response.status_code == 422
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in response.json()["errors"]]
    assert not Job.objects.exists()


def test_post_needs_the_scope(client, world, reader):
    assert post(client, {"benchmark_set": "peers", "indicator_set": "core"}, reader).status_code == 403
    assert client.post(LIST, {}, content_type="application/json").status_code == 401


def test_list_has_no_results_but_can_be_filtered(client, world, reader):
    done, waiting = compute(start(world)), start(world, seed=1)
    rows = client.get(LIST, **reader).json()["items"]
    assert [r["id"] for r in rows] == [str(waiting.pk), str(done.pk)]
    assert all("result" not in r for r in rows)
    rows = client.get(f"{LIST}?state=succeeded", **reader).json()["items"]
    assert [r["id"] for r in rows] == [str(done.pk)]
    assert client.get(f"{LIST}?nonsense=1", **reader).status_code == 400


def test_unknown_report_is_not_found(client, world, reader):
    assert client.get(f"{LIST}{uuid.uuid4()}/", **reader).status_code == 404


def test_list_asks_the_database_as_often_for_many_rows_as_for_one(client, world, reader, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(20) as queries:
            assert client.get(LIST, **reader).status_code == 200
        return len(queries)

    compute(start(world))
    count()
    one = count()
    for seed in range(1, 4):
        compute(start(world, seed=seed))
    assert count() == one

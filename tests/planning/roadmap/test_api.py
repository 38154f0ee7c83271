"""REST of milestones: reading, conditional change, refusals."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dalian_coop.history.selectors import timeline
from planning.roadmap.models import Milestone
from tests.factories import bearer, make_bureau, make_client_token
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
LIST = "/api/v1/milestones/"


@pytest.fixture
def bureau():
    return make_bureau("市商务局", code="commerce")


@pytest.fixture
def stone(bureau):
    task = make_task(make_book(code="jk"), lead=bureau, code="1.1.1", start=date(2026, 1, 5), due=date(2027, 12, 31))
    return make_stone(task, date(2026, 12, 31), name="签订合同", deliverable="项目合同")


@pytest.fixture
def reader(bureau):
    return bearer(make_client_token(bureau, ["taskbooks:read"]))


@pytest.fixture
def writer(bureau):
    return bearer(make_client_token(bureau, ["taskbooks:write"]))


def patch(client, stone, body, headers, **more):
    return client.patch(f"{LIST}{stone.pk}/", json.dumps(body), content_type="application/json", **headers | more)


def test_list_and_detail_name_task_book_light_and_predecessors(client, stone, reader):
    before = make_stone(stone.task, date(2026, 6, 30))
    make_link(before, stone)
    row = client.get(LIST, {"due": "2026-12-31"}, **reader).json()["items"][0]
    assert (row["book"], row["task"], row["name"], row["lead"]) == ("jk", "1.1.1", "签订合同", "commerce")
    response = client.get(f"{LIST}{stone.pk}/", **reader)
    assert response["ETag"] == '"1"'
    found = response.json()
    assert found["light"] in ("grey", "blue", "yellow", "red")
    assert found["predecessors"][0]["code"] == before.code


def test_filters_of_the_allow_list_only(client, stone, reader):
    assert client.get(LIST, {"colour": "red"}, **reader).status_code == 400
    assert client.get(LIST, {"book": "jk", "due__lt": "2026-12-31"}, **reader).json()["items"] == []
    assert len(client.get(LIST, {"book": "jk", "task": "1.1.1"}, **reader).json()["items"]) == 1


def test_moving_with_the_version_read(client, stone, writer):
    response = patch(client, stone, {"due": "2027-03-31", "reason": "port works"}, writer, HTTP_IF_MATCH='"1"')
    assert response.status_code == 200, response.json()
    assert (response.json()["due"], response["ETag"]) == ("2027-03-31", '"2"')
    assert timeline(stone)[0].reason == "port works"


def test_without_a_version_428_and_with_a_stale_one_412(client, stone, writer):
    assert patch(client, stone, {"name": "x"}, writer).status_code == 428
    assert patch(client, stone, {"name": "theirs"}, writer, HTTP_IF_MATCH='"1"').status_code == 200
    response = patch(client, stone, {"name": "mine"}, writer, HTTP_IF_MATCH='"1"')
    assert response.status_code == 412
    assert response.json()["current"]["name"] == "theirs"
    assert Milestone.objects.get(pk=stone.pk).name == "theirs"


def test_the_rules_are_those_of_the_pages(client, stone, writer):
    response = patch(client, stone, {"due": "2027-03-31"}, writer, HTTP_IF_MATCH='"1"')
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [("/reason", "reason_required")]
    assert response["Content-Type"].startswith("application/problem+json")


def test_done_and_undone(client, stone, writer):
    assert patch(client, stone, {"done_on": "2026-02-02"}, writer, HTTP_IF_MATCH='"1"').json()["light"] == "done"
    assert patch(client, stone, {"done_on": None}, writer, HTTP_IF_MATCH='"2"').json()["done_on"] is None


def test_a_reader_may_not_write_and_another_bureau_does_not_see(client, stone, reader):
    assert patch(client, stone, {"name": "x"}, reader, HTTP_IF_MATCH='"1"').status_code == 403
    stranger = bearer(make_client_token(make_bureau(), ["taskbooks:write"]))
    assert client.get(f"{LIST}{stone.pk}/", **stranger).status_code == 404
    assert patch(client, stone, {"name": "x"}, stranger, HTTP_IF_MATCH='"1"').status_code == 404


def test_a_deleted_milestone_is_gone(client, stone, reader):
    Milestone.objects.filter(pk=stone.pk).update(deleted_at="2026-06-01T00:00:00Z")
    assert client.get(f"{LIST}{stone.pk}/", **reader).status_code == 404


def test_list_costs_the_same_for_1_and_50(client, stone, reader):
    client.get(LIST, **reader)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST, **reader)
    for _ in range(49):
        make_stone(stone.task)
    with CaptureQueriesContext(connection) as fifty:
        assert len(client.get(LIST, **reader).json()["items"]) == 50
    assert len(fifty) == len(one) <= 8

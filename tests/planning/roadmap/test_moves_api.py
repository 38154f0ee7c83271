"""REST of rescheduling: schedule, preview, move, undo, and who is refused."""

import json
from datetime import date

import pytest

from planning.roadmap.models import Milestone
from tests.factories import bearer, make_bureau, make_client_token
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/roadmaps/jk/"


@pytest.fixture
def bureau():
    return make_bureau("市商务局", code="commerce")


@pytest.fixture
def pair(bureau):
    task = make_task(make_book(code="jk"), lead=bureau, code="1.1.1", start=date(2027, 1, 4), due=date(2027, 12, 31))
    first, second = make_stone(task, date(2027, 5, 10), code="A"), make_stone(task, date(2027, 5, 14), code="B")
    make_link(first, second, lag_days=4)
    return first, second


@pytest.fixture
def writer(bureau):
    return bearer(make_client_token(bureau, ["taskbooks:write"]))


def post(client, path, body, headers):
    return client.post(ROOT + path, json.dumps(body), content_type="application/json", **headers)


def dates(pair):
    return [Milestone.objects.get(pk=stone.pk).due.isoformat() for stone in pair]


def test_schedule_with_slack_and_cause(client, pair, writer):
    rows = client.get(ROOT + "schedule/", **writer).json()["items"]
    assert [(r["code"], r["early"], r["late"], r["total"], r["critical"]) for r in rows] == [
        ("A", "2027-05-10", "2027-05-10", 0, True), ("B", "2027-05-14", "2027-05-14", 0, True),
    ]  # fmt: skip


def test_preview_move_undo(client, pair, writer):
    change = {"changes": [{"id": str(pair[0].pk), "due": "2027-05-11"}]}
    found = post(client, "preview/", change, writer).json()
    assert [(m["code"], m["new"], m["days"]) for m in found["moves"]] == [
        ("A", "2027-05-11", 1),
        ("B", "2027-05-17", 1),
    ]
    assert found["applicable"] and dates(pair) == ["2027-05-10", "2027-05-14"]
    body = change | {"versions": found["versions"], "reason": "天气"}
    made = post(client, "moves/", body, writer)
    assert (made.status_code, made.json()["moved"], dates(pair)) == (201, 2, ["2027-05-11", "2027-05-17"])
    stale = post(client, "moves/", change | {"versions": found["versions"], "reason": "x"}, writer)
    assert stale.status_code in (409, 412, 422)
    back = post(client, f"moves/{made.json()['id']}/undo/", {}, writer)
    assert (back.status_code, back.json()["undone"], dates(pair)) == (200, True, ["2027-05-10", "2027-05-14"])


def test_refusals(client, pair, bureau, writer):
    change = {"changes": [{"id": str(pair[0].pk), "due": "2027-05-11"}]}
    reader = bearer(make_client_token(bureau, ["taskbooks:read"]))
    assert post(client, "preview/", change, reader).json()["applicable"] is False
    assert post(client, "moves/", change | {"versions": {}, "reason": "x"}, reader).status_code == 403
    assert post(client, "preview/", {"changes": []}, writer).status_code == 422
    assert post(client, "preview/", change | {"colour": 1}, writer).status_code == 400
    bad = {"changes": [{"id": str(pair[0].pk), "due": "2027-02-29"}]}
    assert post(client, "preview/", bad, writer).status_code == 422
    stranger = bearer(make_client_token(make_bureau(), ["taskbooks:write"]))
    assert client.get(ROOT + "schedule/", **stranger).status_code == 404
    assert post(client, "moves/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12 + "/undo/", {}, writer).status_code == 404
    assert client.get(ROOT + "schedule/").status_code == 401

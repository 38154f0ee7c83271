"""REST of the life of milestones: report and verify, requests for an extension, versions, risk, the domino."""

import json
from datetime import date

import pytest
from django.utils import timezone

from planning.roadmap import services
from planning.roadmap.models import ExtensionRequest, Milestone
from planning.taskbooks.enums import BookStatus
from tests.factories import bearer, make_bureau, make_client_token
from tests.planning.factories import make_book, make_coordinator, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"


@pytest.fixture
def lead():
    return make_bureau("市商务局", code="commerce")


@pytest.fixture
def helper():
    return make_bureau("市外办", code="foreign")


@pytest.fixture
def office():
    return make_bureau("市发改委", code="office", coordinates=True)


@pytest.fixture
def pair(lead, helper):
    book = make_book(code="jk", status=BookStatus.ISSUED, issued_on=date(2026, 1, 5))
    dates = {"start": date(2026, 1, 5), "due": date(2027, 12, 31)}
    task = make_task(book, lead=lead, units=(helper,), code="1.1.1", **dates)
    first, second = make_stone(task, date(2027, 5, 10), code="A"), make_stone(task, date(2027, 5, 14), code="B")
    make_link(first, second, lag_days=4)
    return first, second


@pytest.fixture
def tokens(lead, helper, office):
    return [bearer(make_client_token(bureau, ["taskbooks:write"])) for bureau in (lead, helper, office)]


def post(client, path, headers, **body):
    return client.post(ROOT + path, json.dumps(body), content_type="application/json", **headers)


def test_reported_by_one_system_and_verified_by_that_of_another_bureau(client, pair, tokens):
    lead, helper, _office = tokens
    path, today = f"milestones/{pair[0].pk}/", timezone.localdate().isoformat()
    refused = post(client, path + "report/", lead, version=1, done_on=today)
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "needs_evidence"
    services.add_evidence(milestone=pair[0], name="a.pdf", data=b"%PDF-1", by=make_coordinator())
    assert post(client, path + "report/", lead, version=1, done_on=today).json()["reported_on"] == today
    assert post(client, path + "verify/", lead, version=2).status_code == 403
    assert post(client, path + "verify/", helper, version=1).status_code == 412
    assert post(client, path + "send-back/", helper, version=2, reason=" ").status_code == 422
    assert post(client, path + "verify/", helper, version=2).json()["done_on"] == today
    life = client.get(f"{ROOT}{path}life/", **helper).json()
    assert (life["baseline"], life["actual"], life["rescheduled"], life["late_by"]) == ("2027-05-10", today, False, 0)
    assert life["evidence"][0]["name"] == "a.pdf" and len(life["evidence"][0]["sha256"]) == 64


def test_a_request_is_made_looked_at_and_approved(client, pair, tokens):
    lead, helper, office = tokens
    body = {"milestone": str(pair[0].pk), "new_due": "2027-05-31", "reason": "口岸检修"}
    assert post(client, "extension-requests/", helper, **body).status_code == 403
    made = post(client, "extension-requests/", lead, **body)
    assert made.status_code == 201 and made.json()["state"] == "asked"
    path = f"extension-requests/{made.json()['id']}/"
    seen = client.get(f"{ROOT}{path}consequences/", **office).json()
    assert [move["code"] for move in seen["moves"]] == ["A", "B"]
    assert post(client, path + "approve/", lead, version=1, versions=seen["versions"]).status_code == 403
    stale = post(client, path + "approve/", office, version=1, versions={str(pair[0].pk): 9})
    assert stale.status_code == 412 and stale.json()["current"]["state"] == "asked"
    done = post(client, path + "approve/", office, version=1, versions=seen["versions"])
    assert done.status_code == 200 and done.json()["state"] == "approved"
    assert Milestone.objects.get(pk=pair[0].pk).due == date(2027, 5, 31)
    rows = client.get(f"{ROOT}extension-requests/?state=approved", **lead).json()["items"]
    assert [row["reason"] for row in rows] == ["口岸检修"]


def test_refused_with_an_answer_and_withdrawn(client, pair, tokens):
    lead, _helper, office = tokens
    body = {"milestone": str(pair[0].pk), "new_due": "2027-05-31", "reason": "x"}
    path = f"extension-requests/{post(client, 'extension-requests/', lead, **body).json()['id']}/"
    assert post(client, path + "refuse/", office, version=1).status_code == 422
    assert post(client, path + "withdraw/", lead, version=1).json()["state"] == "withdrawn"
    assert post(client, path + "refuse/", office, version=1, answer="否").status_code == 412
    assert ExtensionRequest.objects.get().state == "withdrawn"


def test_versions_risk_and_domino_of_a_book(client, pair, tokens):
    lead = tokens[0]
    items = client.get(f"{ROOT}roadmaps/jk/versions/", **lead).json()["items"]
    assert items[-1]["key"] == "now"
    same = client.get(f"{ROOT}roadmaps/jk/changes/?older=now&newer=now", **lead).json()
    assert same["items"] == []
    services.set_estimate(task=pair[0].task, optimistic=300, likely=340, pessimistic=500, by=make_coordinator())
    risk = client.get(f"{ROOT}roadmaps/jk/risk/?seed=7", **lead).json()
    assert (risk["seed"], risk["estimated"], {row["code"] for row in risk["items"]}) == (7, 1, {"A", "B"})
    domino = client.get(f"{ROOT}roadmaps/jk/domino/?days=20", **lead).json()
    assert (domino["milestone"], domino["count"], len(domino["turned"])) == (str(pair[0].pk), 2, 2)
    for bad in ("risk/?seed=-1", "risk/?seed=x", "domino/?days=0", "domino/?days=999", "changes/?older=9", "risk/?x=1"):
        assert client.get(f"{ROOT}roadmaps/jk/{bad}", **lead).status_code == 400

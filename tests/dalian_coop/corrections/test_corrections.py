"""An error is reported, its owner answers, and nobody else is told."""

import json
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import ValidationError
from dalian_coop.corrections import services
from dalian_coop.corrections.enums import CorrectionState
from dalian_coop.corrections.models import Correction
from tests.factories import bearer, make_bureau, make_client, make_client_token, make_user
from tests.planning.factories import make_book, make_task

pytestmark = pytest.mark.django_db
URL = "/api/v1/corrections/"
SCOPES = ["taskbooks:read", "corrections:write"]


@pytest.fixture
def world(db):
    """The task of 市商务局 in a book in which 市教育局 has a part as well; a third bureau has none."""
    lead, other, stranger = make_bureau("市商务局"), make_bureau("市教育局"), make_bureau("市气象局")
    book = make_book()
    make_task(book, lead=other)
    task = make_task(book, lead=lead, content="示例任务")
    office = make_bureau("市外办", coordinates=True)
    return {"lead": lead, "other": other, "stranger": stranger, "task": task, "office": office}


def post(client, who, body, **headers):
    return client.post(URL, json.dumps(body), content_type="application/json", **who, **headers)


def report(world, **values):
    reporter = make_user(Role.OFFICIAL, bureau=world["other"])
    values = {"resource": "tasks", "object_id": world["task"].pk, "message": "牵头单位有误", "by": reporter} | values
    return services.report_error(**values)


def test_a_system_reports_and_follows(client, world):
    token = bearer(make_client_token(world["other"], SCOPES))
    body = {"resource": "tasks", "object_id": str(world["task"].pk), "field": "content", "message": "错别字",
            "proposed": "示例任务二"}  # fmt: skip
    answer = post(client, token, body, HTTP_IDEMPOTENCY_KEY="c-1")
    made = answer.json()
    assert answer.status_code == 201 and answer["Location"] == f"{URL}{made['id']}/" and answer["ETag"] == '"1"'
    assert (made["present"], made["state"], made["bureau"]) == ("示例任务", "open", world["other"].code)
    assert made["owner"] == world["lead"].code
    assert post(client, token, body, HTTP_IDEMPOTENCY_KEY="c-1").json() == made
    assert Correction.objects.count() == 1
    known = client.get(answer["Location"], **token)["ETag"]
    services.answer_report(
        correction=Correction.objects.get(), state="corrected", answer="已更正", version=1,
        by=make_user(Role.OFFICIAL, bureau=world["lead"]),
    )  # fmt: skip
    followed = client.get(answer["Location"], HTTP_IF_NONE_MATCH=known, **token).json()
    assert (followed["state"], followed["answer"], followed["version"]) == ("corrected", "已更正", 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"message": " "}, ("/message", "required")), ({"message": "x" * 2001}, ("/message", "max_length")),
     ({"field": "nothing"}, ("/field", "unknown")), ({"resource": "users"}, ("/object_id", "unknown")),
     ({"object_id": str(uuid4())}, ("/object_id", "unknown")), ({"object_id": "x"}, ("/object_id", "invalid"))],
)  # fmt: skip
def test_what_cannot_be_reported_422(client, world, changes, code):
    token = bearer(make_client_token(world["other"], SCOPES))
    body = {"resource": "tasks", "object_id": str(world["task"].pk), "message": "x"} | changes
    answer = post(client, token, body)
    assert answer.status_code == 422 and not Correction.objects.exists()
    assert code in {(e["pointer"], e["code"]) for e in answer.json()["errors"]}


def test_read_only_and_unknown_fields_400(client, world):
    token = bearer(make_client_token(world["other"], SCOPES))
    body = {"resource": "tasks", "object_id": str(world["task"].pk), "message": "x"}
    answer = post(client, token, body | {"state": "corrected", "colour": "red"})
    assert answer.status_code == 400 and not Correction.objects.exists()
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        ("/state", "read_only"), ("/colour", "unknown_field"),
    }  # fmt: skip


def test_a_record_one_does_not_see_is_not_there(client, world):
    body = {"resource": "tasks", "object_id": str(world["task"].pk), "message": "x"}
    blind = bearer(make_client_token(world["stranger"], SCOPES))
    assert post(client, blind, body).status_code == 422
    without_scope = bearer(make_client_token(world["other"], ["taskbooks:read"]))
    assert post(client, without_scope, body).status_code == 403
    other_scope = bearer(make_client_token(world["other"], ["corrections:write"]))
    assert post(client, other_scope, body).status_code == 422


def test_contacts_do_not_leak_into_a_report(client, world):
    token = bearer(make_client_token(world["other"], SCOPES))
    type(world["task"]).objects.update(responsible="某科长")
    body = {"resource": "tasks", "object_id": str(world["task"].pk), "field": "responsible", "message": "x"}
    assert post(client, token, body).json()["present"] is None


def test_reference_data_belong_to_the_coordinating_bureau(world):
    made = report(world, resource="bureaus", object_id=world["stranger"].pk)
    assert made.owner == world["office"]


@pytest.mark.parametrize(("who", "seen"), [("lead", True), ("other", True), ("stranger", False), ("office", True)])
def test_both_sides_and_the_office_see_it(client, world, who, seen):
    made = report(world)
    token = bearer(make_client_token(world[who], SCOPES))
    assert client.get(f"{URL}{made.pk}/", **token).status_code == (200 if seen else 404)
    assert len(client.get(URL, **token).json()["items"]) == seen
    client.force_login(make_user(Role.OFFICIAL, bureau=world[who]))
    sees = seen and who != "office"  # an official of the coordinating bureau is no coordinator
    assert client.get(f"/corrections/{made.pk}/").status_code == (200 if sees else 404)


def test_owner_answers_by_rest_with_the_version(client, world):
    made = report(world)
    client.force_login(make_user(Role.HEAD, bureau=world["lead"]))

    def patch(body, tag='"1"'):
        headers = {"HTTP_IF_MATCH": tag} if tag else {}
        return client.patch(f"{URL}{made.pk}/", json.dumps(body), content_type="application/json", **headers)

    assert patch({"state": "corrected"}, "").status_code == 428
    assert patch({"state": "corrected"}, '"7"').status_code == 412
    assert patch({"state": "open"}).status_code == 422
    assert patch({"state": "rejected"}).json()["errors"][0]["code"] == "required"
    assert patch({"state": "rejected", "answer": "无误"}).status_code == 200
    assert patch({"state": "corrected"}, '"2"').json()["errors"][0]["code"] == "answered"


def test_others_may_not_answer(client, world):
    made = report(world)
    client.force_login(make_user(Role.OFFICIAL, bureau=world["other"]))
    body = json.dumps({"state": "corrected"})
    answer = client.patch(f"{URL}{made.pk}/", body, content_type="application/json", HTTP_IF_MATCH='"1"')
    assert answer.status_code == 403
    page = client.post(f"/corrections/{made.pk}/", {"state": "corrected", "version": 1})
    assert page.status_code == 403 and Correction.objects.get().state == CorrectionState.OPEN
    assert 'name="state"' not in client.get(f"/corrections/{made.pk}/").content.decode()


def test_owner_answers_on_the_page(client, world):
    made = report(world, field="content", proposed="<b>改</b>")
    client.force_login(make_user(Role.OFFICIAL, bureau=world["lead"]))
    assert made.record in client.get("/corrections/").content.decode()
    page = client.get(f"/corrections/{made.pk}/").content.decode()
    assert "&lt;b&gt;改" in page and f"/tasks/{world['task'].code}/" in page
    url = f"/corrections/{made.pk}/"
    assert client.post(url, {"state": "rejected", "version": 1}).status_code == 422
    assert client.post(url, {"state": "corrected", "version": 9, "answer": "好"}).status_code == 409
    assert client.post(url, {"state": "corrected", "version": 1, "answer": "好"}).status_code == 302
    assert made.record not in client.get("/corrections/").content.decode()
    assert made.record in client.get("/corrections/?state=corrected").content.decode()


def test_lists_cost_the_same_for_one_and_for_fifty(client, world, django_assert_max_num_queries):
    client.force_login(make_user(Role.OFFICIAL, bureau=world["lead"]))
    reporter = make_user(Role.OFFICIAL, bureau=world["other"])
    for _number in range(50):
        report(world, by=reporter)
    with django_assert_max_num_queries(14):
        assert client.get("/corrections/").status_code == 200


def test_constraints(world):
    made = report(world)
    for values in ({"state": "corrected"}, {"answered_at": timezone.now()}, {"by_client": make_client()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=made.pk).update(**values)


def test_without_a_coordinating_bureau_nobody_is_asked(world):
    type(world["office"]).objects.update(coordinates=False)
    with pytest.raises(ValidationError) as refused:
        report(world, resource="bureaus", object_id=world["stranger"].pk)
    assert refused.value.codes == {"object_id": ["no_owner"]}

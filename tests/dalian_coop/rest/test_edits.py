"""Changes: the version that was read is named, the service decides, the answers say what was wrong."""

import json
import threading

import pytest
from django.db import connection, transaction
from django.test import Client

from dalian_coop.accounts.models import Bureau
from tests.dalian_coop.rest.conftest import URLCONF
from tests.dalian_coop.rest.endpoints import EditableBureaus
from tests.factories import bearer, make_bureau, make_client_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]
URL = "/api/v1/editable/sswj/"


def patch(client, body, version=None, token=None, url=URL, **headers):
    if version is not None:
        headers["HTTP_IF_MATCH"] = version
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.patch(url, raw, content_type="application/json", **headers, **(token or {}))


def test_change_with_the_current_version_is_saved_and_answers_the_new_one(client, token):
    answer = patch(client, {"full_name": "大连市商务局（新）"}, '"1"', token)
    assert answer.status_code == 200 and answer["ETag"] == '"2"'
    assert answer.json()["full_name"] == "大连市商务局（新）" == Bureau.objects.get(code="sswj").full_name


def test_without_a_version_428_and_nothing_is_written(client, token):
    answer = patch(client, {"full_name": "x"}, token=token)
    assert answer.status_code == 428
    assert Bureau.objects.get(code="sswj").version == 1


def test_old_version_412_with_the_present_state(client, token):
    patch(client, {"full_name": "first"}, '"1"', token)
    answer = patch(client, {"full_name": "second"}, '"1"', token)
    assert answer.status_code == 412 and answer["ETag"] == '"2"'
    assert answer.json()["current"]["full_name"] == "first"
    assert Bureau.objects.get(code="sswj").full_name == "first"


def test_version_weakened_by_a_proxy_or_given_in_the_body_counts(client, token):
    assert patch(client, {"full_name": "a"}, 'W/"1"', token).status_code == 200
    assert patch(client, {"full_name": "b", "version": 2}, token=token).status_code == 200
    assert patch(client, {"full_name": "c", "version": 2}, token=token).status_code == 412
    assert patch(client, {"full_name": "c", "version": 2}, '"3"', token).status_code == 400


@pytest.mark.parametrize("version", ["*", "3", '"x"', '"1", "2"', '"-1"', ""])
def test_unreadable_versions_400(client, token, version):
    assert patch(client, {"full_name": "x"}, version, token).status_code == 400


def test_unknown_and_read_only_fields_400_and_nothing_is_written(client, token):
    answer = patch(client, {"full_name": "x", "code": "y", "is_superuser": True}, '"1"', token)
    assert answer.status_code == 400
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        ("/code", "read_only"),
        ("/is_superuser", "unknown_field"),
    }
    assert Bureau.objects.get(code="sswj").version == 1


def test_content_that_breaks_a_rule_422_with_pointers(client, token):
    by_serializer = patch(client, {"initials": "much too long"}, '"1"', token)
    by_service = patch(client, {"full_name": "bad"}, '"1"', token)
    assert by_serializer.status_code == by_service.status_code == 422
    assert by_serializer.json()["errors"][0]["pointer"] == "/initials"
    assert by_serializer.json()["errors"][0]["code"] == "max_length"
    assert [(e["pointer"], e["code"]) for e in by_service.json()["errors"]] == [
        ("/full_name", "bad_word"),
        ("", "whole"),
    ]


def test_what_a_service_does_not_allow_is_403_with_its_sentence(client, token):
    answer = patch(client, {"full_name": "forbidden"}, '"1"', token)
    assert answer.status_code == 403 and answer.json()["detail"] == "Ask the office."


def test_session_needs_the_csrf_token_for_a_change(bureau, official):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(official)
    assert patch(strict, {"full_name": "x"}, '"1"').status_code == 403
    assert Bureau.objects.get(code="sswj").version == 1


def test_known_version_answers_304_without_a_body(client, token):
    answer = client.get(URL, HTTP_IF_NONE_MATCH='"1"', **token)
    assert answer.status_code == 304 and answer.content == b"" and answer["ETag"] == '"1"'
    assert client.get(URL, HTTP_IF_NONE_MATCH='W/"7", "2"', **token).status_code == 200
    assert client.get(URL, HTTP_IF_NONE_MATCH='W/"1"', **token).status_code == 304


def test_change_is_recorded_with_the_client_the_reason_and_the_request(client, bureau):
    token = make_client_token(bureau, ["reference:read"])
    patch(
        client, {"full_name": "x"}, '"1"', bearer(token), HTTP_X_CHANGE_REASON="merger", HTTP_X_REQUEST_ID="req-12345"
    )
    context = bureau.events.order_by("-pgh_id").first().pgh_context.metadata
    assert context["actor_kind"] == "client" and context["bureau"] == "市商务局"
    assert (context["reason"], context["request_id"]) == ("merger", "req-12345")


@pytest.mark.django_db(transaction=True)
def test_eight_clients_with_one_version_one_wins(bureau):
    token = bearer(make_client_token(bureau, ["reference:read"]))
    answers, start = [], threading.Barrier(8)

    def save(number):
        try:
            start.wait()
            answers.append(patch(Client(), {"full_name": f"editor {number}"}, '"1"', token))
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert Bureau.objects.get(code="sswj").full_name == winner.json()["full_name"]
    assert all(a.json()["current"]["full_name"] == winner.json()["full_name"] for a in answers if a.status_code == 412)


def test_statements_of_a_change_stay_below_the_goal(client, token, django_assert_max_num_queries):
    patch(client, {"full_name": "warm"}, '"1"', token)
    with django_assert_max_num_queries(14):
        assert patch(client, {"full_name": "x"}, '"2"', token).status_code == 200
    make_bureau()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_in_a_write_503_and_nothing_is_half_written(client, token, monkeypatch):
    real = EditableBureaus.change

    def change(self, obj, changes, version):
        with transaction.atomic():
            real(self, obj, changes, version)
            end_this_session()

    monkeypatch.setattr(EditableBureaus, "change", change)
    answer = patch(client, {"full_name": "lost"}, '"1"', token)
    assert answer.status_code == 503 and int(answer["Retry-After"]) >= 1
    connection.close()  # as the server does at the end of a request
    assert Bureau.objects.get(code="sswj").version == 1
    monkeypatch.undo()
    assert patch(client, {"full_name": "kept"}, '"1"', token).status_code == 200


def end_this_session() -> None:
    """End the session of this thread's connection from another one, as a restart of the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()

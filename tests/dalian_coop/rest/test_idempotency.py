"""A POST that is sent twice with the same Idempotency-Key is done once."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from dalian_coop.accounts.models import Bureau
from dalian_coop.rest import idempotency
from dalian_coop.rest.models import StoredAnswer
from tests.dalian_coop.rest.conftest import URLCONF
from tests.factories import bearer, make_client_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]
BODY = {"full_name": "大连市海洋局", "initials": "hyj"}


def post(client, token, key=None, body=BODY, url="/api/v1/founding/"):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key is not None else {}
    raw = body if isinstance(body, str) else json.dumps(body)
    return client.post(url, raw, content_type="application/json", **headers, **token)


def test_second_request_gets_the_first_answer_and_makes_nothing(client, token):
    first, second = post(client, token, "k-1"), post(client, token, '"k-1"')
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() and first["Location"] == second["Location"]
    assert not first.has_header("Idempotency-Replayed") and second["Idempotency-Replayed"] == "true"
    assert Bureau.objects.filter(code="hyj").count() == 1


def test_same_content_written_otherwise_is_the_same_request(client, token):
    post(client, token, "k-1")
    spaced = '{ "initials": "hyj",\n "full_name": "大连市海洋局" }'
    assert post(client, token, "k-1", spaced)["Idempotency-Replayed"] == "true"


def test_same_key_with_another_body_422_and_nothing_is_made(client, token):
    post(client, token, "k-1")
    answer = post(client, token, "k-1", BODY | {"initials": "other"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["code"] == "key_reused"
    assert not Bureau.objects.filter(code="other").exists()


def test_keys_of_two_clients_are_their_own(client, bureau, token):
    other = bearer(make_client_token(bureau, ["reference:read"]))
    post(client, token, "k-1")
    assert post(client, other, "k-1", BODY | {"initials": "other"}).status_code == 201


@pytest.mark.parametrize(("word", "status"), [("bad", 422), ("break", 500)])
def test_a_refused_or_broken_request_leaves_nothing_and_may_be_repeated(client, token, word, status):
    client.raise_request_exception = False
    assert post(client, token, "k-1", BODY | {"initials": word}).status_code == status
    assert not Bureau.objects.filter(code=word).exists() and not StoredAnswer.objects.exists()
    assert post(client, token, "k-1").status_code == 201


def test_after_a_day_the_key_is_free(client, token):
    post(client, token, "k-1")
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert post(client, token, "k-1", BODY | {"initials": "other"}).status_code == 201
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert idempotency.purge() == 1


@pytest.mark.parametrize("key", ["", '""', "k" * 201, "schlüssel", "a\tb"])
def test_keys_that_are_none_400(client, token, key):
    assert post(client, token, key).status_code == 400
    assert not Bureau.objects.filter(code="hyj").exists()


def test_without_a_key_nothing_is_kept(client, token):
    assert post(client, token).status_code == 201
    assert not StoredAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_object_and_get_one_answer(bureau):
    token = bearer(make_client_token(bureau, ["reference:read"]))
    answers, start = [], threading.Barrier(8)

    def send():
        try:
            start.wait()
            answers.append(post(Client(), token, "k-1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1
    assert sum(answer.has_header("Idempotency-Replayed") for answer in answers) == 7
    assert Bureau.objects.filter(code="hyj").count() == 1

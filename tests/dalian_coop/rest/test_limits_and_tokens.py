"""Who asks, and how often."""

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.models import ApiClient, ApiToken
from dalian_coop.rest import throttles
from tests.dalian_coop.rest.conftest import URLCONF
from tests.factories import bearer, make_bureau, make_client, make_client_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]
URL = "/api/v1/bureaus/"


def test_burst_then_429_with_the_time_to_wait(client, token, settings):
    settings.REST_RATES = {"client": (1, 3), "user": (1, 3)}
    answers = [client.get(URL, **token) for _number in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3]["Retry-After"]) <= 2
    assert answers[0]["RateLimit"].startswith('"client";r=2;')
    assert answers[3].json()["type"].endswith("#problem-too-many-requests")


def test_rows_of_lists_are_counted_too(client, token, settings):
    settings.REST_ROWS_A_MINUTE = 3
    for n in range(3):
        make_bureau(f"第{n}局")
    answers = [client.get(URL, {"limit": limit}, **token) for limit in (2, 4, 1)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert '"rows";r=1;' in answers[0]["RateLimit"] and '"rows";q=3;w=60' in answers[0]["RateLimit-Policy"]
    assert 60 <= int(answers[2]["Retry-After"]) <= 80  # three rows owed, and one to have, at three a minute
    assert client.get(f"{URL}sswj/", **token).status_code == 200


def test_limits_go_on_in_this_process_when_the_cache_is_gone(client, token, settings, monkeypatch):
    def gone(**kwargs):
        raise redis.ConnectionError("gone")

    settings.REST_RATES = {"client": (0.001, 2), "user": (1, 3)}
    monkeypatch.setattr(throttles, "_script", lambda: gone)
    monkeypatch.setattr(throttles, "_shared_from", 0.0)
    assert [client.get(URL, **token).status_code for _number in range(3)] == [200, 200, 429]


def test_a_cache_that_was_emptied_begins_to_count_anew(client, token, settings):
    settings.REST_RATES = {"client": (0.001, 2), "user": (1, 3)}
    assert [client.get(URL, **token).status_code for _number in range(3)] == [200, 200, 429]
    server = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    server.delete(*server.scan_iter("rate:*"))
    server.script_flush()
    assert [client.get(URL, **token).status_code for _number in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "Bearer dlp_a_b", "Bearer dlp_" + "a" * 5000, "Bearer dlp_é_é", "bearer dlp__"],
)
def test_malformed_tokens_401_and_say_so(client, db, header):
    answer = client.get(URL, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
    assert answer["Content-Type"] == "application/problem+json"


def test_no_token_401_without_an_error_code(client, db):
    answer = client.get(URL)
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_token_with_a_changed_character_is_refused(client, bureau):
    text = make_client_token(bureau, ["reference:read"])
    changed = text[:-10] + ("a" if text[-10] != "a" else "b") + text[-9:]
    assert client.get(URL, **bearer(text)).status_code == 200
    assert client.get(URL, **bearer(changed)).status_code == 401


def test_revoked_expired_and_shut_out_tokens_are_dead_at_once(client, bureau):
    owner = make_client(bureau, ["reference:read"])
    first, second = services.issue_token(client=owner), services.issue_token(client=owner)
    assert client.get(URL, **bearer(first.text)).status_code == 200
    services.revoke_token(token=first.token)
    assert client.get(URL, **bearer(first.text)).status_code == 401
    ApiToken.objects.filter(pk=second.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(URL, **bearer(second.text)).status_code == 401
    third = services.issue_token(client=owner)
    services.disable_client(client=owner)
    assert client.get(URL, **bearer(third.text)).status_code == 401


def test_scope_opens_only_what_it_names(client, bureau):
    gaps = bearer(make_client_token(bureau, ["gaps:read"]))
    assert client.get(URL, **gaps).status_code == 403
    me = client.get("/api/v1/me/", **gaps).json()
    assert (me["kind"], me["scopes"], me["bureau"]) == ("client", ["gaps:read"], "sswj")
    assert "taskbooks.read" not in me["permissions"]


def test_secret_is_nowhere_in_the_database(client, bureau):
    text = make_client_token(bureau, ["reference:read"])
    secret = text.split("_")[2]
    kept = [str(row) for model in (ApiToken, ApiClient) for row in model.objects.values()]
    assert kept and not any(secret in row for row in kept)


def test_last_use_is_written_once_a_minute(client, token, django_assert_num_queries):
    client.get(URL, **token)
    assert ApiToken.objects.get().last_used_at
    with django_assert_num_queries(4):  # token, state of the log, rows, account of the pull
        client.get(URL, **token)


def test_me_tells_a_person_their_roles(client, official):
    me = client.get("/api/v1/me/").json()
    assert (me["kind"], me["roles"]) == ("user", ["official"]) and "taskbooks.edit_task" in me["permissions"]

"""Signing in and out: the same answer to every failure, growing delays, short sessions, few of them."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import SignInFailure, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def user():
    return make_user(Role.OFFICIAL, username="lin", password=PASSWORD)


def sign_in(client, username="lin", password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"username": username, "password": password, **extra})


def test_right_password_opens_a_session_with_a_new_id(client, user):
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    answer = sign_in(client)
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before


def test_wrong_password_unknown_name_and_shut_account_answer_alike(client, user):
    shut = make_user(Role.OFFICIAL, username="shut", password=PASSWORD)
    User.objects.filter(pk=shut.pk).update(is_active=False)
    answers = [sign_in(client, password="wrong"), sign_in(client, username="nobody"), sign_in(client, username="shut")]
    texts = {a.context["form"].non_field_errors()[0] for a in answers}
    assert [a.status_code for a in answers] == [422] * 3 and len(texts) == 1
    assert "_auth_user_id" not in client.session


def test_five_failures_then_the_account_waits_even_for_the_right_password(client, user):
    for _number in range(5):
        sign_in(client, password="wrong")
    refused = sign_in(client)
    assert refused.status_code == 429 and "_auth_user_id" not in client.session
    SignInFailure.objects.update(last_at=timezone.now() - timedelta(minutes=2))
    assert sign_in(client).status_code == 302


def test_unknown_names_wait_like_known_ones(client, db):
    for _number in range(5):
        sign_in(client, username="nobody", password="wrong")
    assert sign_in(client, username="nobody").status_code == 429


def test_a_stranger_slows_an_account_by_a_minute_at_most_and_his_address_by_more():
    for _number in range(40):
        services.note_failure(username="lin", address="10.0.0.9")
    assert services.seconds_to_wait(username="lin", address="10.0.0.1") <= 60
    assert 600 < services.seconds_to_wait(username="other", address="10.0.0.9") <= 900
    assert services.seconds_to_wait(username="other", address="10.0.0.1") == 0


def test_delay_grows_and_failures_are_forgotten():
    hour = timedelta(hours=1)
    from dalian_coop.accounts.services.sign_in import delay

    assert [delay(n, hour).seconds for n in (0, 4, 5, 6, 7, 10)] == [0, 0, 2, 4, 8, 64]
    for _number in range(9):
        services.note_failure(username="lin", address="a")
    assert services.seconds_to_wait(username="LIN ", address="b") > 0
    later = timezone.now() + timedelta(hours=13)
    assert services.seconds_to_wait(username="lin", address="a", now=later) == 0


def test_success_forgets_the_account_but_not_the_address(client, user):
    for _number in range(3):
        sign_in(client, password="wrong")
    sign_in(client)
    assert list(SignInFailure.objects.values_list("count", flat=True)) == [3]


def test_the_table_of_failures_names_nobody(client, user):
    sign_in(client, password="wrong")
    assert not any("lin" in str(row) or "127.0.0.1" in str(row) for row in SignInFailure.objects.values("subject"))


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "http:///evil.example"]
)
def test_next_never_leads_elsewhere(client, user, wanted):
    assert sign_in(client, next=wanted)["Location"] == "/"


def test_next_leads_back_to_the_page_asked_for(client, user):
    page = client.get(reverse("accounts:profile"))
    assert page["Location"].startswith(SIGN_IN)
    assert sign_in(client, next="/accounts/profile/?a=1")["Location"] == "/accounts/profile/?a=1"


def test_old_cookie_is_worth_nothing_after_signing_out(client, user):
    sign_in(client)
    cookie = client.cookies["sessionid"].value
    client.post("/accounts/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get("/accounts/profile/").status_code == 302


def test_signing_out_needs_a_post(client, user):
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 200
    assert client.get("/accounts/profile/").status_code == 200


def test_fourth_session_ends_the_oldest(user):
    browsers = [Client() for _number in range(4)]
    for browser in browsers:
        sign_in(browser)
    assert [b.get("/accounts/profile/").status_code for b in browsers] == [302, 200, 200, 200]


def test_changed_password_ends_the_other_sessions(user):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    new = "Lighthouse-9-Granite"
    answer = here.post("/accounts/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302
    assert here.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert sign_in(Client(), password=PASSWORD).status_code == 422
    assert sign_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize(
    ("old", "first", "second", "field"),
    [
        ("wrong", "Lighthouse-9-Granite", "Lighthouse-9-Granite", "old_password"),
        (PASSWORD, "Lighthouse-9-Granite", "Lighthouse-9-Granit", "new_password2"),
        (PASSWORD, "Short-9", "Short-9", "new_password1"),
        (PASSWORD, "lighthousegranite", "lighthousegranite", "new_password1"),
        (PASSWORD, "password1234567890", "password1234567890", "new_password1"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password1"),
        (PASSWORD, "", "", "new_password1"),
    ],
)
def test_bad_passwords_are_refused_at_the_field_and_nothing_changes(client, user, old, first, second, field):
    sign_in(client)
    answer = client.post("/accounts/password/", {"old_password": old, "new_password1": first, "new_password2": second})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def _age(client, **seconds):
    session = client.session
    for name, value in seconds.items():
        session[name] = int(time.time()) - value
    session.save()


def test_idle_session_ends_and_says_so(client, user, settings):
    sign_in(client)
    client.get("/accounts/profile/")
    _age(client, seen=settings.SESSION_IDLE_SECONDS + 5)
    answer = client.get("/accounts/profile/?tab=2")
    assert answer.status_code == 302 and "ended=1" in answer["Location"] and "tab%3D2" in answer["Location"]
    assert not Session.objects.filter(expire_date__gt=timezone.now(), session_key=client.session.session_key).exists()
    assert client.get("/accounts/profile/").status_code == 302


def test_session_ends_after_twelve_hours_however_busy(client, user):
    sign_in(client)
    client.get("/accounts/profile/")
    _age(client, since=12 * 3600 + 5, seen=1)
    assert "ended=1" in client.get("/accounts/profile/")["Location"]


def test_busy_session_is_written_once_a_minute_at_most(client, user):
    sign_in(client)
    client.get("/accounts/profile/")
    seen = client.session["seen"]
    client.get("/accounts/profile/")
    assert client.session["seen"] == seen
    _age(client, seen=90)
    client.get("/accounts/profile/")
    assert client.session["seen"] >= seen


def test_htmx_without_a_session_loads_the_sign_in_page_whole(client, db):
    answer = client.get(
        "/accounts/profile/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/books/jk/?light=red"
    )
    assert answer.status_code == 401 and answer.content == b""
    assert answer["HX-Redirect"] == "/accounts/sign-in/?next=%2Fbooks%2Fjk%2F%3Flight%3Dred"


def test_rest_with_an_ended_session_says_401(client, user, settings):
    sign_in(client)
    client.get("/accounts/profile/")
    _age(client, seen=settings.SESSION_IDLE_SECONDS + 5)
    assert client.get("/api/v1/me/").status_code == 401


def test_language_is_remembered_in_the_profile_and_comes_back_with_signing_in(client, user):
    sign_in(client)
    client.post("/i18n/setlang/", {"language": "ja", "next": "/accounts/profile/"})
    user.refresh_from_db()
    assert user.language == "ja"
    elsewhere = Client()
    answer = sign_in(elsewhere)
    assert answer.cookies["django_language"].value == "ja"


def test_strangers_may_choose_a_language_but_not_an_unknown_one(client, user):
    assert client.post("/i18n/setlang/", {"language": "en"}).cookies["django_language"].value == "en"
    sign_in(client)
    client.post("/i18n/setlang/", {"language": "xx"})
    user.refresh_from_db()
    assert user.language == ""


@pytest.mark.parametrize("name", ["a\x00b", "a" * 10_000, "<script>alert(1)</script>", "' OR 1=1 --", "王\u202e五"])
def test_hostile_names_are_refused_without_an_error_page(client, user, name):
    answer = sign_in(client, username=name)
    assert answer.status_code in (400, 422)
    assert b"<script>alert" not in answer.content


def test_unknown_name_takes_the_work_of_a_password_check(user, monkeypatch):
    from django.contrib.auth import authenticate
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or encode(self, password, salt)
    )
    authenticate(None, username="lin", password="wrong")
    known = len(hashed)
    authenticate(None, username="nobody", password="wrong")
    assert len(hashed) - known == known == 1

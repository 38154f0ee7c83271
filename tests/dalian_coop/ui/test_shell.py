"""The frame of every page: who sees which entry, theme, language, and the pages of errors."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from dalian_coop.accounts.enums import Role
from dalian_coop.ui import navigation, texts
from dalian_coop.ui.context_processors import theme_of
from tests.factories import make_user


def labels(user, path="/") -> set[str]:
    with translation.override("en"):
        return {str(item.label) for item in navigation.items_for(user, path)}


@pytest.mark.django_db
def test_official_sees_the_business_and_no_administration():
    seen = labels(make_user(Role.OFFICIAL))
    assert {"Task books", "Partner cities", "Data and sources"} <= seen
    assert "Administration" not in seen and "API access" not in seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_see_no_business(role):
    seen = labels(make_user(role))
    assert "Administration" in seen
    assert not seen & {"Task books", "Partner cities", "Gap analysis", "Overview dashboard"}


def test_nobody_sees_nothing():
    from django.contrib.auth.models import AnonymousUser

    assert navigation.items_for(AnonymousUser(), "/") == []


@pytest.mark.django_db
def test_entry_of_the_open_page_is_current():
    user = make_user(Role.LEADER)
    current = [item.url_name for item in navigation.items_for(user, "/books/jk-2026-2030/tasks/1/") if item.current]
    assert current == ["taskbooks:book-list"]


@pytest.mark.django_db
def test_room_that_is_not_there_is_left_out():
    navigation.register(navigation.Item("Ghost", "no_such_room:index", "home"))
    try:
        assert "Ghost" not in labels(make_user(Role.LEADER))
    finally:
        navigation._items.pop()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "first"), [(Role.COORDINATOR, "/my/"), (Role.LEADER, "/dashboard/")])
def test_bottom_bar_holds_five_entries(client, role, first):
    client.force_login(make_user(role))
    bar = client.get(reverse("dashboard:dashboard")).context["shell"]["bottom"]
    assert len(bar) == 5
    assert bar[0].url == first


@pytest.mark.django_db
def test_door_leads_strangers_to_the_sign_in_and_people_to_their_first_page(client):
    assert client.get("/").url == reverse("accounts:sign-in")
    client.force_login(make_user(Role.LEADER))
    assert client.get("/").url == reverse("dashboard:dashboard")


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("", "system"), ('"><script>', "system")])
def test_theme_is_one_of_three(cookie, theme):
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert theme_of(request) == theme


@pytest.mark.django_db
def test_theme_is_remembered_and_the_next_page_is_drawn_in_it(client):
    response = client.post(reverse("ui:set-theme"), {"theme": "dark", "next": reverse("accounts:sign-in")})
    assert response.url == reverse("accounts:sign-in")
    assert 'data-theme="dark"' in client.get(response.url).content.decode()


@pytest.mark.django_db
def test_theme_does_not_lead_to_foreign_hosts_or_take_other_words(client):
    assert client.post(reverse("ui:set-theme"), {"theme": "dark", "next": "https://evil.example/"}).url == "/"
    assert client.post(reverse("ui:set-theme"), {"theme": "pink"}).status_code == 400
    assert client.get(reverse("ui:set-theme")).status_code == 405


@pytest.mark.parametrize("template", ["500.html", "400.html"])
def test_pages_of_faults_need_neither_request_nor_database(template):
    """pytest-django refuses the database here, so a query would fail the test."""
    html = render_to_string(template)
    assert "<h1>" in html and 'data-theme="system"' in html


@pytest.mark.django_db
def test_unknown_address_gets_a_page_of_the_portal_with_its_navigation(client):
    client.force_login(make_user(Role.LEADER))
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    html = response.content.decode()
    assert 'id="main"' in html and reverse("taskbooks:book-list") in html


@pytest.mark.django_db
def test_form_without_its_token_gets_an_explanation():
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("ui:set-theme"), {"theme": "dark"})
    assert response.status_code == 403
    with translation.override("zh-hans"):
        assert translation.gettext("The form has run out") in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("en", "en"), ("ja", "ja"), ("ko", "ko")])
def test_page_names_its_language(client, language, tag):
    client.cookies["django_language"] = language
    assert f'<html lang="{tag}"' in client.get(reverse("accounts:sign-in")).content.decode()


def test_scripts_get_their_texts_in_chinese():
    messages = texts.script_messages()
    assert "no data" in messages and len(messages) > 5
    with translation.override("zh-hans"):
        assert set(texts.script_texts()) == set(messages)
    with translation.override("en"):
        assert texts.script_texts() == {}

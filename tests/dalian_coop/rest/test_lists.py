"""Lists: paging by keyset, filters from an allow-list, chosen columns, few statements."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau
from tests.dalian_coop.rest.conftest import URLCONF
from tests.factories import bearer, make_bureau, make_client_token, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]
URL = "/api/v1/editable/"


def walk(client, url, token):
    """All items, following ``next`` to the end."""
    items = []
    for _page in range(100):
        answer = client.get(url, **token).json()
        items += answer["items"]
        if answer["next"] is None:
            return items
        parts = urlsplit(answer["next"])
        url = f"{parts.path}?{parts.query}"
    raise AssertionError("the list has no end")


def test_following_next_gives_every_row_once_in_order(client, token):
    for number in range(23):
        make_bureau(initials="same" if number % 2 else "zz")
    items = walk(client, f"{URL}?limit=4", token)
    codes = [item["code"] for item in items]
    assert len(codes) == len(set(codes)) == Bureau.objects.count() == 24
    assert codes == list(Bureau.objects.order_by("initials", "code").values_list("code", flat=True))


@pytest.mark.parametrize("order", ["parent", "-parent"])
def test_null_keys_stand_last_and_are_not_lost(client, token, bureau, order):
    for _number in range(5):
        make_bureau(parent=bureau)
    other = make_bureau()
    make_bureau(parent=other)
    items = walk(client, f"{URL}?limit=2&order={order}", token)
    parents = [item["parent"] for item in items]
    assert len({item["code"] for item in items}) == len(items) == Bureau.objects.count()
    with_parent = [p for p in parents if p is not None]
    assert parents[: len(with_parent)] == with_parent == sorted(with_parent, reverse=order.startswith("-"))


def test_a_row_inserted_behind_the_cursor_is_found_and_none_is_doubled(client, token):
    for number in range(6):
        make_bureau(code=f"m{number}", initials="a")
    first = client.get(f"{URL}?limit=3&order=code", **token).json()
    make_bureau(code="a-before", initials="a")
    make_bureau(code="m5-behind", initials="a")
    parts = urlsplit(first["next"])
    rest = walk(client, f"{parts.path}?{parts.query}", token)
    codes = [item["code"] for item in first["items"] + rest]
    assert "m5-behind" in codes and "a-before" not in codes and len(codes) == len(set(codes))


def test_next_is_a_full_link_and_stands_in_the_link_header(client, token):
    make_bureau()
    answer = client.get(f"{URL}?limit=1", **token)
    link = answer.json()["next"]
    assert link.startswith("http://testserver/api/v1/editable/?")
    assert answer["Link"] == f'<{link}>; rel="next"'


def test_total_only_when_asked_for(client, token):
    make_bureau()
    assert "count" not in client.get(URL, **token).json()
    assert client.get(f"{URL}?count=exact&limit=1", **token).json()["count"] == 2


def test_cursor_altered_or_of_another_list_or_actor_is_refused(client, token, bureau):
    for _number in range(3):
        make_bureau()
    query = parse_qs(urlsplit(client.get(f"{URL}?limit=1", **token).json()["next"]).query)
    cursor = query["cursor"][0]
    other = bearer(make_client_token(bureau, ["reference:read"]))
    refused = [
        client.get(URL, {"cursor": cursor[:-2] + "xx"}, **token),
        client.get(URL, {"cursor": "nonsense"}, **token),
        client.get(URL, {"cursor": cursor, "kind": "bureau"}, **token),
        client.get(URL, {"cursor": cursor, "order": "code"}, **token),
        client.get("/api/v1/bureaus/", {"cursor": cursor}, **token),
        client.get(URL, {"cursor": cursor}, **other),
    ]
    assert [answer.status_code for answer in refused] == [400] * 6
    assert {answer.json()["errors"][0]["code"] for answer in refused} == {"bad_cursor"}
    assert client.get(URL, {"cursor": cursor, "limit": 2}, **token).status_code == 200


@pytest.mark.parametrize("limit", ["0", "501", "-1", "abc", "１０", "9" * 30, ""])
def test_limit_outside_1_to_500_is_refused(client, token, limit):
    assert client.get(URL, {"limit": limit}, **token).status_code == 400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "unknown_parameter"),
        ("code__regex=.*", "unknown_parameter"),
        ("code__exact=a", "unknown_parameter"),
        ("parent__full_name=a", "unknown_parameter"),
        ("user__password=x", "unknown_parameter"),
        ("code=a&code=b", "repeated"),
        ("limit=1&limit=2", "repeated"),
        ("kind=palace", "bad_value"),
        ("kind__in=", "bad_value"),
        ("kind__in=" + ",".join(["bureau"] * 101), "bad_value"),
        ("version__gte=one", "bad_value"),
        ("version=99999999999999999999", "bad_value"),
        ("coordinates=yes", "bad_value"),
        ("parent__isnull=1", "bad_value"),
        ("updated_at__gte=yesterday", "bad_value"),
        ("updated_at__gte=2026-13-40", "bad_value"),
        ("id=not-a-uuid", "bad_value"),
        ("code=" + "a" * 201, "bad_value"),
        ("order=full_name", "bad_value"),
        ("order=user__password", "bad_value"),
        ("count=all", "bad_value"),
        ("fields=id,password", "bad_value"),
        ("fields=", "bad_value"),
    ],
)
def test_bad_parameters_are_refused_by_name(client, token, query, code):
    answer = client.get(f"{URL}?{query}", **token)
    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert error["code"] == code
    assert error["parameter"] == query.split("=")[0]


def test_filters_select_what_they_say(client, token, bureau):
    child = make_bureau(parent=bureau, kind="district", aliases=["西岗", "岗"])

    def codes(query):
        return {item["code"] for item in client.get(f"{URL}?{query}", **token).json()["items"]}

    assert codes("kind=district") == {child.code}
    assert codes("kind__in=district,bureau") == {child.code, bureau.code}
    assert codes("parent=sswj") == codes("alias__has=岗") == {child.code}
    assert codes("parent__isnull=true") == {bureau.code}
    assert codes("version__gte=2") == set()
    assert codes("code__startswith=SSW") == {bureau.code}
    assert codes(f"id={child.pk}&coordinates=false") == {child.code}


def test_fields_names_the_columns_to_send(client, token):
    items = client.get(f"{URL}?fields=code,version", **token).json()["items"]
    assert items == [{"code": "sswj", "version": 1}]
    detail = client.get(f"{URL}sswj/?fields=full_name", **token)
    assert set(detail.json()) == {"full_name", "_links"} and detail["ETag"] == '"1"'


def test_blank_text_is_null_and_related_rows_come_along(client, token, bureau):
    make_bureau(code="kid", parent=bureau)
    by_code = {item["code"]: item for item in client.get(URL, **token).json()["items"]}
    assert by_code["sswj"]["seat_country"] is None
    assert by_code["sswj"]["children"] == [{"code": "kid"}] and by_code["kid"]["children"] == []


def test_names_and_labels_follow_the_language_asked_for(client, token, bureau):
    Bureau.objects.filter(pk=bureau.pk).update(name_en="Commerce Bureau")
    english = client.get("/api/v1/bureaus/sswj/", HTTP_ACCEPT_LANGUAGE="en", **token).json()
    chinese = client.get("/api/v1/bureaus/sswj/", **token).json()
    korean = client.get("/api/v1/bureaus/sswj/", HTTP_ACCEPT_LANGUAGE="ko", **token).json()
    assert (english["name"], english["kind_label"]) == ("Commerce Bureau", "Bureau")
    assert chinese["name"] == korean["name"] == "市商务局"


@pytest.mark.parametrize("extra", [0, 60])
def test_a_page_costs_the_same_few_statements(client, token, django_assert_max_num_queries, extra):
    for _number in range(extra):
        make_bureau()
    client.get(URL, **token)  # the first request of a token writes its last use
    with django_assert_max_num_queries(5) as statements:
        client.get(f"{URL}?limit=100", **token)
    assert len(statements) == 5  # token, state of the log, rows, related rows, account of the pull


def test_administrators_and_strangers_read_no_list(client, bureau):
    assert client.get(URL).status_code == 401
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        client.force_login(make_user(role, bureau=bureau))
        assert client.get(URL).status_code == 403


def test_a_view_that_declares_no_permission_is_shut(client, official):
    assert client.get("/api/v1/undeclared/").status_code == 403


def test_answers_are_private_and_carry_the_limits(client, token):
    answer = client.get(URL, **token)
    assert "private" in answer["Cache-Control"] and "no-cache" in answer["Cache-Control"]
    assert answer["RateLimit-Policy"].startswith('"client";q=')
    assert answer["Content-Type"] == "application/json"
    json.loads(answer.content)

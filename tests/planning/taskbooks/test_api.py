"""REST of task books and tasks."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from planning.taskbooks import services
from planning.taskbooks.models import Task, TaskUnit
from tests.factories import bearer, make_bureau, make_client_token, make_user
from tests.planning.factories import make_book, make_coordinator, make_task

pytestmark = pytest.mark.django_db
TASKS, BOOKS = "/api/v1/tasks/", "/api/v1/task-books/"


@pytest.fixture
def bureau():
    return make_bureau("市商务局", code="commerce")


@pytest.fixture
def task(bureau):
    return make_task(make_book(code="jk-2026-2030"), lead=bureau, code="1.1.1", start=date(2026, 1, 4))


@pytest.fixture
def reader(bureau):
    return bearer(make_client_token(bureau, ["taskbooks:read"]))


@pytest.fixture
def writer(bureau):
    return bearer(make_client_token(bureau, ["taskbooks:write"]))


def patch(client, task, body, headers, **more):
    return client.patch(f"{TASKS}{task.pk}/", body, content_type="application/json", **headers, **more)


def codes(response):
    return [item["code"] for item in response.json()["items"]]


class TestReading:
    def test_a_task_has_codes_labels_and_light(self, client, task, reader):
        helper = make_bureau("市外办", code="foreign")
        TaskUnit.objects.create(task=task, bureau=helper)
        response = client.get(f"{TASKS}{task.pk}/", **reader, HTTP_ACCEPT_LANGUAGE="zh-hans")
        row = response.json()
        assert response["ETag"] == '"1"'
        assert (row["lead"], row["lead_name"], row["book"]) == ("commerce", "市商务局", "jk-2026-2030")
        assert (row["state"], row["light"]) == ("not_started", "green")
        assert row["units"] == [{"bureau": "foreign", "bureau_name": "市外办"}]

    def test_the_list_equals_the_pages_count(self, client, bureau, reader):
        book = make_book()
        for number in range(1, 8):
            make_task(book, code=f"1.1.{number}", lead=bureau)
        found, url = [], f"{TASKS}?limit=3&book={book.code}"
        while url:
            response = client.get(url, **reader)
            found += codes(response)
            following = response.json()["next"]
            url = following and urlsplit(following)._replace(scheme="", netloc="").geturl()
        client.force_login(make_user(Role.OFFICIAL, bureau=bureau))
        assert found == [row["code"] for row in client.get(f"/books/{book.code}/").context["rows"]]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("light=red", ["1.1.2"]),
            ("light__in=red,done", ["1.1.2", "1.1.3"]),
            ("state=completed", ["1.1.3"]),
            ("lead=commerce", ["1.1.1", "1.1.2", "1.1.3"]),
            ("lead__in=nobody,commerce", ["1.1.1", "1.1.2", "1.1.3"]),
            ("due__isnull=true", ["1.1.1"]),
            ("code__in=1.1.1,1.1.3", ["1.1.1", "1.1.3"]),
            ("content__contains=%E8%88%AA%E7%BA%BF", ["1.1.2"]),
            ("countries__has=KR", ["1.1.3"]),
            ("order=-code", ["1.1.3", "1.1.2", "1.1.1"]),
        ],
    )
    def test_filters(self, client, bureau, reader, query, expected):
        book, today = make_book(), timezone.localdate()
        make_task(book, code="1.1.1", lead=bureau)
        make_task(book, code="1.1.2", lead=bureau, due=today - timedelta(days=9), content="加密航线")
        make_task(book, code="1.1.3", lead=bureau, due=today, state="completed", progress=100, countries=["KR"])
        assert codes(client.get(f"{TASKS}?{query}", **reader)) == expected

    @pytest.mark.parametrize(
        "query", ["colour=red", "light=purple", "due__gte=tomorrow", "state=x", "limit=501", "lead__gt=a"]
    )
    def test_an_unknown_filter_is_refused(self, client, task, reader, query):
        assert client.get(f"{TASKS}?{query}", **reader).status_code == 400

    def test_what_one_may_not_see_is_not_there(self, client, task):
        stranger = bearer(make_client_token(scopes=["taskbooks:read"]))
        assert codes(client.get(TASKS, **stranger)) == []
        assert client.get(f"{TASKS}{task.pk}/", **stranger).status_code == 404
        assert client.get(f"{BOOKS}jk-2026-2030/", **stranger).status_code == 404
        assert client.get(TASKS).status_code == 401
        wrong_scope = bearer(make_client_token(task.lead, ["reference:read"]))
        assert client.get(TASKS, **wrong_scope).status_code == 403

    def test_books(self, client, task, reader):
        row = client.get(f"{BOOKS}jk-2026-2030/", **reader).json()
        assert (row["code"], row["status"]) == ("jk-2026-2030", "draft")
        assert codes(client.get(BOOKS, **reader)) == ["jk-2026-2030"]

    def test_a_list_costs_the_same_for_one_row_and_fifty(self, client, bureau, reader, django_assert_max_num_queries):
        book = make_book()
        make_task(book, code="1.1.1", lead=bureau)
        client.get(TASKS, **reader)
        with django_assert_max_num_queries(8) as one:
            client.get(TASKS, **reader)
        for number in range(2, 51):
            make_task(book, code=f"1.1.{number}", lead=bureau, units=(make_bureau(),))
        with django_assert_max_num_queries(8) as fifty:
            assert len(codes(client.get(TASKS, **reader))) == 50
        assert len(one) == len(fifty)


class TestChanging:
    def test_a_change_answers_the_new_state_and_version(self, client, task, writer, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            response = patch(client, task, {"progress": 40, "due_text": "2027年底前"}, writer, HTTP_IF_MATCH='"1"')
        assert response.status_code == 200
        assert response["ETag"] == '"2"'
        assert (response.json()["progress"], response.json()["due"]) == (40, "2027-12-31")
        assert Task.objects.get().version == 2

    def test_the_version_must_be_named_and_current(self, client, task, writer):
        assert patch(client, task, {"progress": 40}, writer).status_code == 428
        services.edit_task(task=task, values={"progress": 60}, version=1, by=make_coordinator())
        stale = patch(client, task, {"progress": 40}, writer, HTTP_IF_MATCH='"1"')
        assert stale.status_code == 412
        assert (stale.json()["current"]["progress"], stale["ETag"]) == (60, '"2"')
        assert Task.objects.get().progress == 60

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ({"due": "2025-12-31"}, "due"),
            ({"weight": "100.5"}, "weight"),
            ({"units": ["no-such-bureau"]}, "units"),
            ({"content": "大" * 10_000}, "content"),
            ({"content": ""}, "content"),
            ({"progress": 101}, "progress"),
            ({"state": "completed", "progress": 5}, "progress"),
            ({"lead": "no-such-bureau"}, "lead"),
        ],
    )
    def test_what_breaks_a_rule_is_told_at_its_field(self, client, task, writer, body, name):
        response = patch(client, task, body, writer, HTTP_IF_MATCH='"1"')
        assert response.status_code == 422
        assert f"/{name}" in {error["pointer"].rsplit("/0", 1)[0] for error in response.json()["errors"]}
        assert Task.objects.get().version == 1

    def test_unknown_fields_and_lone_surrogates_are_refused(self, client, task, writer):
        assert patch(client, task, {"colour": "red"}, writer, HTTP_IF_MATCH='"1"').status_code == 400
        assert patch(client, task, {"light": "red"}, writer, HTTP_IF_MATCH='"1"').status_code == 400
        raw = '{"content": "\\ud800"}'
        assert patch(client, task, raw, writer, HTTP_IF_MATCH='"1"').status_code in (400, 422)
        assert Task.objects.get().version == 1

    def test_a_system_without_the_write_scope_or_of_another_bureau_changes_nothing(self, client, task, reader):
        assert patch(client, task, {"progress": 40}, reader, HTTP_IF_MATCH='"1"').status_code == 403
        helper = make_bureau()
        TaskUnit.objects.create(task=task, bureau=helper)
        other = bearer(make_client_token(helper, ["taskbooks:write"]))
        assert patch(client, task, {"progress": 40}, other, HTTP_IF_MATCH='"1"').status_code == 403
        stranger = bearer(make_client_token(scopes=["taskbooks:write"]))
        assert patch(client, task, {"progress": 40}, stranger, HTTP_IF_MATCH='"1"').status_code == 404
        assert Task.objects.get().progress == 0

    def test_the_history_names_the_system(self, client, task, writer):
        patch(client, task, {"progress": 40}, writer, HTTP_IF_MATCH='"1"')
        event = task.events.order_by("pgh_id").last()
        assert event.pgh_context.metadata["actor_kind"] == "client"

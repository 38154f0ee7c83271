"""What the grid asks the server for: rows as JSON, many edits in one request, one outcome a row."""

from datetime import date, timedelta

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import User
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskUnit
from planning.taskbooks.services import columns, delete_task, gridrows
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_measure, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    return make_book(code="jk")


@pytest.fixture
def coordinator(client):
    user = make_coordinator()
    sign_in(client, user)
    return user


def sign_in(client, user):
    client.force_login(user, backend="dalian_coop.accounts.backends.PasswordBackend")


def patch(client, edits, code="jk"):
    body = orjson.dumps({"edits": edits})
    return client.patch(f"/books/{code}/rows/", body, content_type="application/json")


def edit(task, fields, **more):
    return {"id": str(task.pk), "ver": task.version, "fields": fields} | more


def counted(queries) -> int:
    """Statements without the savepoints that only tests have around a request's transaction."""
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def read(client, query=""):
    answer = client.get(f"/books/jk/rows/{query}").json()
    names = [name if name != "lead_id" else "may" for name in gridrows.FIELDS]
    return [dict(zip(names, row, strict=True)) for row in answer["rows"]], answer


class TestRows:
    def test_all_rows_in_book_order_by_codes(self, client, coordinator, book):
        lead, helper = make_bureau("市商务局", code="commerce"), make_bureau(code="helper")
        make_task(book, code="1.1.10", lead=lead)
        make_task(book, code="1.1.9", lead=lead, units=(helper,), due=date(2026, 5, 1), weight="12.50")
        rows, answer = read(client)
        assert [row["code"] for row in rows] == ["1.1.9", "1.1.10"]
        first = rows[0]
        assert (first["lead"], first["units"], first["due"], first["weight"]) == (
            "commerce",
            ["helper"],
            "2026-05-01",
            12.5,
        )
        assert first["light"] == "red" and first["may"] == 1 and first["ver"] == 1
        assert answer["status"] == "draft" and answer["me"] == str(coordinator.pk)

    def test_since_tells_what_changed_and_what_is_gone(self, client, coordinator, book):
        old, changed, gone = (make_task(book) for _ in range(3))
        Task.objects.update(updated_at=timezone.now() - timedelta(hours=1))
        _rows, answer = read(client)
        Task.objects.filter(pk=changed.pk).update(version=2, updated_at=timezone.now())
        delete_task(task=gone, version=1, by=coordinator)
        rows, later = read(client, f"?since={answer['now'].replace('+', '%2B')}")
        assert [row["id"] for row in rows] == [str(changed.pk)] and later["gone"] == [str(gone.pk)]
        assert old.pk not in later["gone"]

    @pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01T00:00:00", "9999-99-99T00:00:00Z"])
    def test_a_since_that_is_no_time(self, client, coordinator, book, since):
        assert client.get(f"/books/jk/rows/?since={since}").status_code == 400

    def test_only_rows_one_sees_and_whether_one_may_edit_them(self, client, book):
        mine, other = make_bureau(), make_bureau()
        make_task(book, code="1.1.1", lead=mine), make_task(book, code="1.1.2", lead=other)
        client.force_login(
            make_user(Role.OFFICIAL, bureau=mine), backend="dalian_coop.accounts.backends.PasswordBackend"
        )
        assert [row["may"] for row in read(client)[0]] == [1, 0]
        sign_in(client, make_user(Role.OFFICIAL))
        assert client.get("/books/jk/rows/").status_code == 404

    def test_a_stranger_is_asked_to_sign_in_not_sent_away(self, client, book):
        assert client.get("/books/jk/rows/").status_code == 401
        assert patch(client, []).status_code == 401

    def test_statements_do_not_grow_with_the_rows(self, client, coordinator, book):
        def statements():
            with CaptureQueriesContext(connection) as queries:
                client.get("/books/jk/rows/")
            return len(queries)

        client.get("/books/jk/rows/")  # remembers the time of the first click

        make_task(book, units=(make_bureau(),))
        one = statements()
        for _ in range(20):
            make_task(book, units=(make_bureau(),))
        assert statements() == one <= 9

    def test_who_else_is_here(self, client, coordinator, book):
        task = make_task(book)
        other = Client()
        other.force_login(
            make_coordinator(display_name="李敏"), backend="dalian_coop.accounts.backends.PasswordBackend"
        )
        now = "2026-01-01T00:00:00Z"
        first = client.get(f"/books/jk/rows/?since={now}&row={task.pk}").json()
        assert first["here"] == []
        seen = other.get(f"/books/jk/rows/?since={now}").json()
        assert [(one["name"], one["row"]) for one in seen["here"]] == [(str(coordinator), str(task.pk))]
        again = client.get(f"/books/jk/rows/?since={now}&row={task.pk}&slot={first['slot']}").json()
        assert again["slot"] == first["slot"] and [one["name"] for one in again["here"]] == ["李敏"]
        stolen = other.get(f"/books/jk/rows/?since={now}&slot={first['slot']}").json()
        assert stolen["slot"] != first["slot"]


class TestSaving:
    def test_each_row_has_an_outcome_of_its_own(self, client, coordinator, book):
        good, stale, wrong, gone = (make_task(book) for _ in range(4))
        Task.objects.filter(pk=stale.pk).update(version=5, objective="theirs")
        delete_task(task=gone, version=1, by=coordinator)
        answer = patch(client, [
            edit(good, {"objective": "mine"}),
            edit(stale, {"objective": "mine"}),
            edit(wrong, {"progress": 300}),
            edit(gone, {"objective": "mine"}),
        ])  # fmt: skip
        assert answer.status_code == 207
        results = answer.json()["results"]
        assert [result["status"] for result in results] == ["saved", "conflict", "refused", "gone"]
        assert list(results[2]["errors"]) == ["progress"] and results[3]["row"] is None
        names = list(gridrows.FIELDS)
        assert results[0]["row"][names.index("ver")] == 2
        assert results[1]["row"][names.index("objective")] == "theirs"
        good.refresh_from_db(), stale.refresh_from_db()
        assert (good.objective, good.version, stale.objective) == ("mine", 2, "theirs")

    def test_a_conflict_names_who_and_when(self, client, coordinator, book):
        from planning.taskbooks.services import edit_task

        task = make_task(book)
        other = make_coordinator(display_name="李敏")
        edit_task(task=task, values={"objective": "theirs"}, version=1, by=other)
        answer = patch(client, [edit(task, {"objective": "mine"})])
        assert answer.status_code == 409
        result = answer.json()["results"][0]
        assert result["by"] == "李敏" and result["at"][:10] == timezone.now().date().isoformat()

    def test_sent_twice_it_is_saved_once(self, client, coordinator, book):
        task = make_task(book)
        same = edit(task, {"objective": "mine"}, edit="token-1")
        assert patch(client, [same]).json()["results"][0]["status"] == "saved"
        assert patch(client, [same]).json()["results"][0]["status"] == "same"
        task.refresh_from_db()
        assert task.version == 2 and task.events.count() == 2

    def test_a_lost_answer_does_not_undo_what_somebody_wrote_since(self, client, coordinator, book):
        task = make_task(book)
        same = edit(task, {"objective": "mine"}, edit="token-2")
        patch(client, [same])
        Task.objects.filter(pk=task.pk).update(version=3, objective="theirs")
        assert patch(client, [same]).json()["results"][0]["status"] == "same"
        task.refresh_from_db()
        assert task.objective == "theirs"

    def test_another_bureaus_row_is_403_and_an_issued_book_gives_the_reason(self, client, book):
        mine, other = make_bureau(), make_bureau()
        own, foreign = make_task(book, lead=mine), make_task(book, lead=other)
        client.force_login(
            make_user(Role.OFFICIAL, bureau=mine), backend="dalian_coop.accounts.backends.PasswordBackend"
        )
        answer = patch(client, [edit(foreign, {"objective": "x"})])
        assert answer.status_code == 403 and answer.json()["results"][0]["reason"]
        book.status = BookStatus.ISSUED
        book.save()
        result = patch(client, [edit(own, {"objective": "x"})]).json()["results"][0]
        assert result["status"] == "refused" and list(result["errors"]) == ["objective"]

    def test_numbers_taken_in_the_book_and_within_the_batch(self, client, coordinator, book):
        one, two, three = make_task(book, code="1.1.1"), make_task(book, code="1.1.2"), make_task(book, code="1.1.3")
        results = patch(client, [
            edit(one, {"code": "1.1.3"}), edit(two, {"code": "1.1.9"}), edit(three, {"code": "1.1.9"}),
        ]).json()["results"]  # fmt: skip
        assert [result["status"] for result in results] == ["refused", "saved", "refused"]

    def test_supporting_bureaus_regions_and_what_follows_from_others(self, client, coordinator, book):
        keep, gone, new = make_bureau(code="keep"), make_bureau(code="gone"), make_bureau(code="new")
        tasks = [make_task(book, units=(gone, keep)) for _ in range(3)]
        TaskUnit.objects.filter(bureau=keep).update(deliverable="报告")
        answer = patch(client, [edit(task, {"units": ["keep", "new"], "state": "completed"}) for task in tasks])
        assert answer.status_code == 200, answer.json()
        for task in tasks:
            units = list(TaskUnit.objects.filter(task=task).values_list("bureau__code", "deliverable", "order"))
            assert units == [("keep", "报告", 0), ("new", "", 1)]
            task.refresh_from_db()
            assert (task.progress, task.completed_on) == (100, timezone.localdate()) and new.pk

    @pytest.mark.parametrize("body", [
        b"", b"[]", b"{", b'{"edits": 3}', b'{"edits": [{}]}', b'{"edits": [{"id": "x", "ver": 1, "fields": {}}]}',
        b'{"edits": [{"id": "01a20e98-f920-736c-b007-1a61393a1d8c", "ver": "x", "fields": {}}]}',
        b'{"edits": [{"id": "01a20e98-f920-736c-b007-1a61393a1d8c", "ver": 1, "fields": {"content": "\\u0000"}}]}',
    ])  # fmt: skip
    def test_requests_that_cannot_be_read(self, client, coordinator, book, body):
        assert client.patch("/books/jk/rows/", body, content_type="application/json").status_code == 400

    def test_too_many_rows_and_unknown_fields(self, client, coordinator, book):
        task = make_task(book)
        assert patch(client, [edit(task, {})] * 501).status_code == 400
        result = patch(client, [edit(task, {"deleted_at": "x", "sort_key": [1]})]).json()["results"][0]
        assert result["status"] == "refused" and set(result["errors"]) == {"deleted_at", "sort_key"}

    def test_a_paste_of_200_rows_in_few_statements(self, client, coordinator, book):
        measure = make_measure(book.programme)
        lead, helper, new = make_bureau(), make_bureau(), make_bureau(code="new")
        tasks = [make_task(book, measure=measure, lead=lead, units=(helper,)) for _ in range(200)]
        client.get("/books/jk/rows/")  # remembers the time of the first click
        with CaptureQueriesContext(connection) as plain:
            answer = patch(client, [edit(task, {"objective": f"新{task.code}", "progress": 50}) for task in tasks])
        assert answer.status_code == 200
        assert counted(plain) <= 12 + 200
        for task in tasks:
            task.refresh_from_db()
        with CaptureQueriesContext(connection) as units:
            patch(client, [edit(task, {"units": ["new"], "lead": str(lead.pk)}) for task in tasks])
        assert counted(units) <= 12 + 200
        assert TaskUnit.objects.filter(bureau=new).count() == 200


class TestDescription:
    def test_every_column_is_described_and_editable_ones_are_known_to_the_services(self, coordinator, book):
        about = columns.describe(book, coordinator)
        names = [column["name"] for column in about["columns"]]
        assert set(names) <= set(gridrows.FIELDS) and set(about["orders"]["official"]) == set(names)
        from planning.taskbooks.services.inputs import Inputs

        editable = {column["name"]: "" for column in about["columns"] if column["editor"]}
        _typed, errors = Inputs(book.programme_id).read(editable)
        assert not [name for name, found in errors.items() if found[0].code == "unknown_field"]
        assert {c["name"]: c["max"] for c in about["columns"]}["content"] == 500

    def test_columns_say_why_they_are_locked(self, book):
        official = make_user(Role.OFFICIAL)
        locked = {c["name"] for c in columns.describe(book, official)["columns"] if c["locked"]}
        assert locked == {"code", "field", "measure", "lead"}
        book.status = BookStatus.ISSUED
        open_ones = {c["name"] for c in columns.describe(book, official)["columns"] if c["editor"] and not c["locked"]}
        assert open_ones == {"state", "progress", "progress_note"}

    def test_choices_are_found_by_initials_and_by_other_names(self, coordinator, book):
        make_bureau("市商务局", code="commerce", aliases=["商务局"])
        found = {code: more for code, *more in columns.choices(book)["lead"]}
        label, keys, names = found["commerce"]
        assert label == "市商务局" and keys.split()[0] == "sswj" and "商务局" in names


class TestSettings:
    def test_kept_with_the_person(self, client, coordinator, book):
        wish = {"order": ["due", "nonsense"], "hidden": ["weight"], "widths": {"due": 5000, "x": 1}, "height": 32}
        assert client.post("/books/jk/grid-settings/", {"settings": orjson.dumps(wish).decode()}).status_code == 204
        kept = User.objects.get(pk=coordinator.pk).preferences["grid"]
        assert kept == {"order": ["due"], "hidden": ["weight"], "widths": {"due": 900}, "height": 32}

    @pytest.mark.parametrize(
        "wish", ["", "[]", '{"order": 3}', '{"order": [], "hidden": [], "widths": [], "height": 1}']
    )
    def test_what_is_no_setting(self, client, coordinator, book, wish):
        assert client.post("/books/jk/grid-settings/", {"settings": wish}).status_code == 422


def test_asking_for_news_does_not_keep_a_session_alive(client, coordinator, book):
    session = client.session
    session["seen"] = 1_000_000
    session.save()
    assert client.get("/books/jk/rows/", headers={"Accept": "application/json"}).status_code == 401
    sign_in(client, coordinator)
    client.get("/books/jk/rows/")
    session = client.session
    session["seen"] -= 600
    session.save()
    seen = session["seen"]
    client.get("/books/jk/rows/?since=2026-01-01T00:00:00Z", headers={"X-Background": "1"})
    assert client.session["seen"] == seen
    client.get("/books/jk/rows/")
    assert client.session["seen"] > seen

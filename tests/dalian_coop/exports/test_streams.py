"""Full copies at once: formats, guards, snapshot, scope."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau
from dalian_coop.exports.services import streaming
from dalian_coop.history.services import stamp
from planning.taskbooks.models import Task
from tests.dalian_coop.history.copies import EVERYTHING, Copy, wide_token
from tests.factories import bearer, make_bureau, make_client_token, make_user
from tests.planning.factories import make_task

pytestmark = pytest.mark.django_db
HOSTILE = ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "＝1", "  =1", "'=1", 'a\r\nb,"c"', "\u202e反", "𠮷野家 한글"]


def fetch(name: str, token: str | None = None, client: Client | None = None, **headers):
    web = client or Client()
    return web.get(f"/api/v1/export/{name}", **(bearer(token) if token else {}), **headers)


def body(answer) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


@pytest.fixture
def token():
    return wide_token()


@pytest.fixture
def tasks():
    return [make_task(content=text, weight="12.50", units=(make_bureau(),)) for text in HOSTILE]


def test_ndjson_is_the_list_row_by_row(token, tasks, client):
    answer = fetch("tasks.ndjson", token)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tasks.ndjson"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    rows = [json.loads(line) for line in body(answer).split(b"\n")[:-1]]
    listed = client.get("/api/v1/tasks/", **bearer(token)).json()["items"]
    assert {row["content"] for row in rows} == set(HOSTILE) and answer.headers["X-Row-Count"] == str(len(HOSTILE))
    shown = [{k: v for k, v in row.items() if not k.startswith("light")} for row in listed]
    assert sorted(rows, key=lambda r: r["id"]) == sorted(shown, key=lambda r: r["id"])


def test_csv_opens_as_text_and_reads_back(token, tasks):
    raw = body(fetch("tasks.csv", token))
    assert raw.startswith(b"\xef\xbb\xbfid,version,") and raw.count(b"\r\n") >= len(tasks) + 1
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    cells = {row["id"]: row for row in rows}
    for task in tasks:
        row = cells[str(task.pk)]
        guarded = row["content"] != task.content
        assert row["content"] == ("'" + task.content if guarded else task.content)
        assert row["content"][0] not in "=+-@＝\t" and (row["weight"], row["objective"]) == ("12.5", "")
        assert json.loads(row["units"])[0]["bureau"] == task.units.get().bureau.code and row["countries"] == "[]"
    assert sum(row["content"].startswith("'") for row in rows) == 8


def test_a_workbook_has_text_cells_only_and_says_whose_view_it_is(token, tasks):
    answer = fetch("tasks.xlsx", token, HTTP_ACCEPT_LANGUAGE="zh-hans")
    book = load_workbook(io.BytesIO(body(answer)))
    sheet, notes = book.worksheets
    header = [cell.value for cell in sheet[1]]
    column = header.index("content")
    found = {row[column].value.replace("_x000D_", "\r") for row in sheet.iter_rows(min_row=2)}
    assert found == set(HOSTILE) and sheet.max_row == len(tasks) + 1
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert notes.title == "说明" and notes["B1"].value == "tasks"
    assert any("T" in str(row[1].value) and "+08:00" in str(row[1].value) for row in notes.iter_rows())


@pytest.mark.parametrize("kind", ["ndjson", "csv", "xlsx"])
def test_an_export_of_nothing_is_a_file(token, kind):
    raw = body(fetch(f"milestones.{kind}", token))
    if kind == "xlsx":
        assert load_workbook(io.BytesIO(raw)).worksheets[0].max_row == 1
    else:
        assert raw.count(b"\n") == (1 if kind == "csv" else 0)


def test_every_format_of_every_resource_is_offered_and_described(token, client):
    from dalian_coop.rest import exported

    schema = client.get("/api/v1/schema/", **bearer(token)).json()
    media = schema["paths"]["/api/v1/export/{resource}.{kind}"]["get"]["responses"]["200"]["content"]
    for name in exported.resources():
        for kind in ("ndjson", "csv", "xlsx"):
            answer = fetch(f"{name}.{kind}", token)
            assert answer.headers["Content-Type"].partition(";")[0] in media
            body(answer)


def test_the_rows_are_those_that_the_pages_show():
    mine, other = make_task(), make_task()
    person = Client()
    person.force_login(make_user(Role.OFFICIAL, bureau=mine.lead))
    office = make_client_token(make_bureau(seat_country="JP"), EVERYTHING)
    for answer, wanted in (
        (fetch("tasks.ndjson", make_client_token(mine.lead, EVERYTHING)), {str(mine.pk)}),
        (fetch("tasks.ndjson", client=person), {str(mine.pk)}),
        (fetch("tasks.ndjson", wide_token()), {str(mine.pk), str(other.pk)}),
        (fetch("tasks.ndjson", office), set()),
    ):
        assert {json.loads(line)["id"] for line in body(answer).splitlines()} == wanted


def test_who_may_not_read_a_resource_gets_no_file():
    token = make_client_token(make_bureau(), ["reference:read"])
    assert fetch("tasks.ndjson", token).status_code == 403
    assert fetch("tasks.ndjson").status_code == 401
    assert fetch("bureaus.ndjson", token).status_code == 200


@pytest.mark.parametrize("name", ["users.ndjson", "tasks.json", "tasks.zip", "tasks", "tasks.ndjson/", "../tasks.csv"])
def test_what_is_not_offered_is_not_there(token, name):
    assert fetch(name, token).status_code == 404


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("books=x", "books"), ("light=red", "light"), ("due__gte=soon", "due__gte"), ("fields=id,password", "fields"),
     ("fields=units", "fields"), ("state=draft&state=done", "state"), ("limit=5", "limit"), ("cursor=x", "cursor"),
     ("lead__full_name=x", "lead__full_name"), ("fields=", "fields")],
)  # fmt: skip
def test_parameters_are_refused_instead_of_ignored(token, query, parameter):
    answer = fetch(f"tasks.ndjson?{query}", token)
    assert answer.status_code == 400 and answer.json()["errors"][0]["parameter"] == parameter


def test_a_part_by_the_filters_and_columns_of_the_list(token, tasks):
    wanted = tasks[3]
    answer = fetch(f"tasks.ndjson?lead={wanted.lead.code}&fields=units,content,id", token)
    assert [json.loads(line) for line in body(answer).splitlines()] == [
        {"id": str(wanted.pk), "content": wanted.content, "units": [unit_of(wanted)]}
    ]
    assert answer.headers["X-Row-Count"] == "1" and "X-Sync-Cursor" not in answer.headers
    regions = fetch("bureaus.csv?fields=code&code__in=" + wanted.lead.code, token)
    assert body(regions) == f"\ufeffcode\r\n{wanted.lead.code}\r\n".encode()


def unit_of(task) -> dict:
    bureau = task.units.get().bureau
    return {"bureau": bureau.code, "bureau_name": bureau.name_zh}


def test_too_many_rows_are_sent_to_the_jobs(token, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_STREAMED", 1)
    make_bureau()
    answer = fetch("bureaus.csv", token, HTTP_ACCEPT="text/csv")
    assert answer.status_code == 413 and answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["exports_url"] == "http://testserver/api/v1/exports/"


@pytest.mark.django_db(transaction=True)
def test_a_client_that_goes_away_leaves_no_open_transaction(token):
    for _n in range(3):
        make_bureau()
    answer = fetch("bureaus.ndjson", token)
    next(iter(answer.streaming_content))
    answer.close()
    assert not connection.in_atomic_block
    Bureau.objects.update(full_name="still writable")


@pytest.mark.django_db(transaction=True)
def test_an_error_in_the_middle_breaks_the_stream_instead_of_ending_it(token, tasks, monkeypatch):
    from dalian_coop.rest import exported

    monkeypatch.setattr(exported, "CHUNK", 4)
    answer = fetch("tasks.csv", token)
    real = exported.attach_related
    monkeypatch.setattr(exported, "attach_related", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        b"".join(answer.streaming_content)
    assert not connection.in_atomic_block
    monkeypatch.setattr(exported, "attach_related", real)
    assert Task.objects.count() == len(HOSTILE) and len(Copy("tasks", token).full().rows) == len(HOSTILE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [1, 50])
def test_a_stream_costs_the_same_few_statements(token, count, django_assert_max_num_queries):
    book = make_task().book
    measure = book.tasks.get().measure
    for _n in range(count - 1):
        make_task(book, measure=measure)
    stamp()
    with django_assert_max_num_queries(20):
        assert len(body(fetch("tasks.ndjson", token)).splitlines()) == count

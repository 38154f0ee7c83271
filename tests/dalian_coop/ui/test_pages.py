"""Page or fragment, toasts, and the guard that a reading request writes nothing."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from dalian_coop.ui import pages


def request_with(**headers):
    request = RequestFactory().get("/x/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


@pytest.fixture
def templates(settings, tmp_path):
    (tmp_path / "page.html").write_text("whole {% include 'part.html' %}")
    (tmp_path / "part.html").write_text("part {{ n }}")
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path], "OPTIONS": {}},
    ]


def body(request, **more):
    return pages.render_page(request, "page.html", {"n": 1}, fragment="part.html", **more).content.decode()


def test_browser_gets_the_page_and_htmx_its_fragment(templates):
    assert body(request_with()) == "whole part 1"
    assert body(request_with(HX_Request="true")) == "part 1"


def test_boosted_link_and_restored_history_get_the_whole_page(templates):
    assert body(request_with(HX_Request="true", HX_Boosted="true")) == "whole part 1"
    assert body(request_with(HX_Request="true", HX_History_Restore_Request="true")) == "whole part 1"


def test_answer_varies_by_the_htmx_header_and_keeps_its_status(templates):
    response = pages.render_page(request_with(), "page.html", {"n": 1}, fragment="part.html", status=422)
    assert response.status_code == 422
    assert "HX-Request" in response["Vary"]


def test_toast_travels_in_a_header_of_ascii():
    response = pages.with_toast(HttpResponse(), "已删除 1.2", undo_url="/undo/", target="#row")
    assert response["HX-Trigger"].isascii()
    assert json.loads(response["HX-Trigger"])["toast"] == {
        "text": "已删除 1.2",
        "tone": "ok",
        "undo": "/undo/",
        "target": "#row",
    }


WRITES = [
    'INSERT INTO "x" VALUES (1)',
    '  update "x" SET a = 1',
    '/* why */ DELETE FROM "x"',
    "TRUNCATE x",
    "WITH n AS (INSERT INTO x VALUES (1) RETURNING a) SELECT * FROM n",
]


@pytest.mark.django_db
@pytest.mark.parametrize("sql", WRITES)
def test_reading_request_may_not_write(sql):
    with pytest.raises(pages.WriteInReadingRequest), pages.reading_only(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_reading_request_may_read_and_keep_its_session():
    with pages.reading_only():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 /* update */")
            assert cursor.fetchone() == (1,)
        assert Session.objects.filter(pk="none").update(session_data="") == 0


@pytest.mark.django_db
def test_guard_is_for_get_only():
    @pages.reads_only
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE written (a int)")
        return HttpResponse("done")

    assert view(RequestFactory().post("/")).content == b"done"
    with pytest.raises(pages.WriteInReadingRequest):
        view(RequestFactory().get("/"))

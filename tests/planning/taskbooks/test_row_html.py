"""The markup of a task's row: one source for the table and for the answers of a single row, escaped, translated."""

from datetime import date, timedelta
from html import escape

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dalian_coop.accounts.enums import Role
from dalian_coop.base.models import pick_name
from planning.taskbooks import selectors
from planning.taskbooks.enums import Light
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.views.row_html import select_html
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_task

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
NASTY = "<b onclick=\"a('x')\">港&口</b>{code}{0}%s"
TEXTS = (
    "content",
    "objective",
    "actions",
    "deliverable",
    "acceptance",
    "responsible",
    "due_text",
    "partners_text",
    "key_industries",
    "guarantees",
)


@pytest.fixture
def task():
    book = make_book(code="jk-2026-2030")
    return make_task(book, code="1.1.1", lead=make_bureau("市商务局", code="commerce"), content="开通仁川电商快线")


@pytest.fixture
def official(task):
    return make_user(Role.OFFICIAL, bureau=task.lead)


def page(view=""):
    return reverse("taskbooks:book", args=["jk-2026-2030"]) + (f"?view={view}" if view else "")


def row_page(view=""):
    return reverse("taskbooks:row", args=["jk-2026-2030", "1.1.1"]) + (f"?view={view}" if view else "")


@pytest.mark.parametrize("view", ["", "official"])
class TestBothOrders:
    def test_tags_quotes_and_braces_in_texts_are_shown_as_text(self, client, task, official, view):
        Task.objects.update(**dict.fromkeys(TEXTS, NASTY))
        task.measure.title = task.lead.name_zh = NASTY
        task.measure.save()
        task.lead.save()
        client.force_login(official)

        for text in (client.get(page(view)).content.decode(), client.get(row_page(view), **HTMX).content.decode()):
            assert "<b onclick" not in text
            assert escape(NASTY) in text
            assert text.count("onclick=&quot;a(&#x27;x&#x27;)&quot;") == text.count("onclick")

    def test_a_single_row_is_the_row_of_the_table(self, client, task, official, view):
        client.force_login(official)
        single = client.get(row_page(view), **HTMX).content.decode().strip()
        assert single.startswith('<tr class="task-row is-mine">')
        assert single in client.get(page(view)).content.decode()

    def test_heads_span_as_many_columns_as_a_row_has(self, client, task, official, view):
        client.force_login(official)
        text = client.get(page(view)).content.decode()
        columns = text.split("<thead>")[1].split("</thead>")[0].count("<th ")
        cells = client.get(row_page(view), **HTMX).content.decode()
        assert cells.count("<td ") + cells.count("<th ") == columns
        assert f'colspan="{columns - 1}"' in text

    def test_words_are_those_of_the_language_of_the_request(self, client, task, official, view):
        client.force_login(official)
        chinese = client.get(row_page(view), **HTMX).content.decode()
        client.cookies["django_language"] = "en"
        english = client.get(row_page(view), **HTMX).content.decode()
        del client.cookies["django_language"]
        assert 'data-label="牵头单位"' in chinese
        assert 'data-label="Lead bureau"' in english
        assert client.get(row_page(view), **HTMX).content.decode() == chinese


def test_selects_are_escaped_and_keep_what_was_chosen():
    html = select_html("lead", [("a", "<i>"), ('"b"', "乙")], '"b"', label='"领"', everything="全部")
    assert html == (
        '<select name="lead" aria-label="&quot;领&quot;"><option value="">全部</option><option value="a">&lt;i&gt;'
        '</option><option value="&quot;b&quot;" selected>乙</option></select>'
    )


def test_the_selects_offer_what_occurs(client, task, official):
    make_task(task.book, code="1.1.2", units=(make_bureau("市外办", code="foreign"),))
    make_task(make_book(code="other"), code="1.1.1", lead=make_bureau("别的局", code="elsewhere"))
    client.force_login(official)
    text = client.get(page() + "?country=JP").content.decode()
    assert '<option value="JP" selected>' in text
    assert '<option value="KR">' in text
    leads = text.split('name="lead"')[1].split("</select>")[0]
    supports = text.split('name="support"')[1].split("</select>")[0]
    assert 'value="commerce"' in leads
    assert 'value="foreign"' not in leads
    assert 'value="foreign"' in supports
    assert "elsewhere" not in text


def test_a_request_for_the_table_alone_does_not_pay_for_the_selects(
    client, task, official, django_assert_max_num_queries
):
    client.force_login(official)
    client.get(page())
    with django_assert_max_num_queries(9) as whole:
        client.get(page())
    with django_assert_max_num_queries(6) as table:
        client.get(page(), **HTMX)
    assert len(table) == len(whole) - 3


class TestReads:
    def test_within_a_book_one_sees_what_one_sees_anywhere(self, task):
        helper, office = make_bureau(), make_bureau(seat_country="KR")
        make_task(task.book, code="1.1.2", units=(helper,), countries=["KR"])
        make_task(task.book, code="1.1.3", countries=["JP"])
        gone = make_task(task.book, code="1.1.4", lead=office)
        Task.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        make_task(make_book(code="other"), code="1.1.1", lead=helper)
        wide = [make_user(role) for role in (Role.COORDINATOR, Role.LEADER, Role.ANALYST)]
        narrow = [make_user(Role.OFFICIAL, bureau=bureau) for bureau in (task.lead, helper, office)]
        for actor in [*wide, *narrow]:
            for book in TaskBook.objects.visible_to(actor):
                everywhere = Task.objects.visible_to(actor).filter(book=book)
                assert set(selectors.tasks_of_book(actor, book)) == set(everywhere), (actor, book)

    def test_rows_name_lights_and_bureaus_as_the_models_do(self, task):
        today = date(2026, 11, 24)
        bureaus = [make_bureau(name_en="Health", name_ja="衛生"), make_bureau(name_en="")]
        for number, shift in enumerate((-30, -8, -7, -1, 0, 7, 8, 90), 2):
            due = today + timedelta(days=shift)
            make_task(task.book, code=f"1.1.{number}", start=date(2026, 1, 1), due=due, units=bureaus)
        make_task(task.book, code="1.1.20", state="completed", progress=100)
        for language in ("zh-hans", "en", "ja", "ko"):
            with translation.override(language):
                rows = selectors.task_rows(Task.objects.alive().in_order(), today)
                for row, item in zip(rows, Task.objects.alive().with_light(today).in_order(), strict=True):
                    done = item.state == "completed"
                    assert row["light"] == item.light
                    assert row["light"] == light_for(start=item.start, due=item.due, completed=done, today=today)
                    assert (row["lead"], row["field"]) == (item.lead.name, item.field.name)
                    names = [
                        pick_name(u.bureau.name_zh, u.bureau.name_en, u.bureau.name_ja, u.bureau.name_ko)
                        for u in item.units.order_by("order")
                    ]
                    assert row["units"] == ("、" if language in ("zh-hans", "ja") else ", ").join(names)

    def test_one_statement_counts_everything(self, task, django_assert_num_queries):
        today = date(2026, 11, 24)
        for number, (shift, progress) in enumerate(((-30, 10), (-3, 20), (3, 30), (90, 40)), 2):
            due = today + timedelta(days=shift)
            make_task(task.book, code=f"1.1.{number}", start=date(2026, 1, 1), due=due, progress=progress)
        make_task(task.book, code="1.1.9", state="completed", progress=100, due=today - timedelta(days=9))
        tasks = Task.objects.alive()

        with django_assert_num_queries(1):
            found = selectors.tally(tasks, today, task.lead)

        for light in Light:
            assert found["lights"].get(light, 0) == tasks.with_light(today).filter(light=light).count()
        assert found["total"] == tasks.count() == 6
        assert found["overdue"] == tasks.overdue(today).count() == 2
        assert found["mine"] == tasks.filter(lead=task.lead).count()
        assert found["leads"] == set(tasks.values_list("lead", flat=True))
        assert found["bureaus"] == len(found["leads"])
        assert found["progress"] == pytest.approx(200 / 6)
        assert found["changed"] == max(tasks.values_list("updated_at", flat=True))

    def test_of_nothing_there_is_nothing_to_count(self, task):
        found = selectors.tally(Task.objects.none(), date(2026, 11, 24), None)
        assert (found["total"], found["overdue"], found["mine"], found["progress"]) == (0, 0, 0, None)
        assert selectors.filter_options(Task.objects.none(), found)["lead"] == []

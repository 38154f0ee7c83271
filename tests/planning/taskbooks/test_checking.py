"""The quality gate on real books: the page, the way to the cell, and what it keeps from being submitted."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import ValidationError
from planning.taskbooks import services
from planning.taskbooks.models import BookPart
from planning.taskbooks.quality import Finding, Rule
from planning.taskbooks.services.gate import check_book, check_task, sentence
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task

pytestmark = pytest.mark.django_db
WHOLE = {
    "content": "推动港口合作",
    "objective": "引进项目3个",
    "deliverable": "合同",
    "acceptance": "已备案",
    "due": date(2026, 11, 27),
}


@pytest.fixture
def book():
    return make_book(code="jk-2026-2030")


def page(level=""):
    return reverse("taskbooks:check", args=["jk-2026-2030"]) + (f"?level={level}" if level else "")


def test_blockers_keep_a_part_from_being_submitted_and_warnings_do_not(book):
    task = make_task(book, **WHOLE | {"deliverable": ""})
    coordinator = make_coordinator()
    with pytest.raises(ValidationError) as e:
        services.move_part(book=book, bureau=task.lead, move="submit", version=0, by=coordinator)
    assert e.value.codes == {"": ["blocked"]}
    assert not BookPart.objects.exists()

    values = {"deliverable": "合同", "objective": ""}
    services.edit_task(task=task, values=values, version=task.version, by=coordinator)
    assert [line["rule"] for line in check_book(book).lines] == ["vague", "objective_missing"]
    part = services.move_part(book=book, bureau=task.lead, move="submit", version=0, by=coordinator)
    assert BookPart.objects.get() == part
    assert part.status == "submitted"


def test_blockers_of_others_do_not_keep_a_bureau_but_keep_the_book(book):
    own = make_task(book, **WHOLE)
    make_task(book, **WHOLE | {"deliverable": "", "content": "开通航线"})
    coordinator = make_coordinator()
    assert services.move_part(book=book, bureau=own.lead, move="submit", version=0, by=coordinator)
    with pytest.raises(ValidationError) as e:
        services.move_book(book=book, move="assemble", version=book.version, by=coordinator)
    assert e.value.codes == {"": ["parts_open", "blocked"]}


def test_a_chinese_day_off_is_found_by_the_calendar_of_the_portal(book):
    task = make_task(book, **WHOLE | {"due": date(2026, 10, 1)})
    make_task(book, **WHOLE | {"due": date(2026, 10, 10), "content": "开通航线"})  # a Saturday that is worked
    assert [(line["rule"], line["code"]) for line in check_book(book).lines] == [("due_nonworking", task.code)]
    with translation.override("zh-hans"):
        assert check_task(task)[0]["text"] == "2026-10-01 不是工作日。请改为工作日。"


def test_the_page_leads_each_reader_to_the_cell(client, book):
    lead = make_bureau()
    own = make_task(book, code="1.1.1", lead=lead, **WHOLE | {"deliverable": ""})
    other = make_task(book, code="1.1.2", **WHOLE | {"acceptance": "", "content": "开通航线"})
    client.force_login(make_user(Role.OFFICIAL, bureau=lead))
    text = client.get(page()).content.decode()
    base = reverse("taskbooks:book", args=[book.code])
    assert f'href="{base}tasks/{own.code}/edit/#id_deliverable"' in text
    assert f'href="{base}tasks/{other.code}/"' in text
    assert 'id="id_deliverable"' in client.get(f"{base}tasks/{own.code}/edit/").content.decode()


def test_levels_filter_and_counts_equal_the_rows(client, book):
    make_task(book, **WHOLE | {"deliverable": "", "objective": ""})
    client.force_login(make_coordinator())
    assert client.get(page()).content.decode().count("<tr>") == 1 + 3  # vague, objective, deliverable
    assert client.get(page("block")).content.decode().count("<tr>") == 1 + 1
    assert client.get(page("warn")).content.decode().count("<tr>") == 1 + 2
    assert client.get(page("nonsense")).content.decode().count("<tr>") == 1 + 3


def test_an_overseas_office_reads_only_of_the_rows_it_sees(client, book):
    office = make_bureau(seat_country="JP")
    make_task(book, code="1.1.1", countries=["JP"], **WHOLE | {"deliverable": ""})
    make_task(book, code="1.1.2", countries=["KR"], **WHOLE | {"deliverable": "", "content": "开通仁川航线"})
    reader = make_user(Role.OFFICIAL, bureau=office)
    assert {line["code"] for line in check_book(book, reader=reader).lines} == {"1.1.1"}
    assert {line["code"] for line in check_book(book).lines} == {"1.1.1", "1.1.2"}


def test_as_many_statements_for_any_number_of_rows(book, django_assert_num_queries):
    for n in range(1, 3):
        make_task(book, code=f"1.1.{n}", **WHOLE)
    with django_assert_num_queries(3):
        check_book(book)
    for n in range(3, 30):
        make_task(book, code=f"1.1.{n}", **WHOLE)
    with django_assert_num_queries(3):
        check_book(book)


def test_every_rule_has_its_sentence_in_chinese():
    facts = {"day": date(2026, 10, 1), "verb": "推进", "field": "经贸", "sum": 99, "difference": -1, "other": "1.1.1"}
    with translation.override("zh-hans"):
        for rule in Rule:
            text = sentence(Finding(rule, facts=facts | {"measure": "1.2"}))
            assert any("\u4e00" <= c <= "\u9fff" for c in text), rule

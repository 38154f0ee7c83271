"""My work: each person finds the steps that are theirs, and the dates of their bureau."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from planning.dashboard.selectors import todo
from planning.taskbooks import services
from planning.taskbooks.models import Countersignature, TaskBook
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task
from tests.planning.roadmap.factories import make_stone

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def task(today):
    book = make_book(code="jk-2026-2030", title="任务书甲", parts_due=today - timedelta(days=1))
    values = {"objective": "3班", "deliverable": "协议", "acceptance": "已签订", "due_kind": "month_end"}
    return make_task(book, code="1.1.1", lead=make_bureau("市商务局"), due=today - timedelta(days=1), **values)


def test_a_part_to_hand_in_waits_for_its_bureau_until_it_is_handed_in(task, today):
    head, stranger = make_user(Role.HEAD, bureau=task.lead), make_user(Role.HEAD)
    found = todo(head, today).steps
    assert [(step.about, step.is_late) for step in found] == [("任务书甲", True)]
    assert todo(stranger, today).is_empty
    services.move_part(book=task.book, bureau=task.lead, move="submit", version=0, by=head)
    assert todo(head, today).steps == []
    coordinator = make_coordinator()
    services.move_part(book=task.book, bureau=task.lead, move="return", version=1, by=coordinator, reason="请补充")
    assert [step.note for step in todo(head, today).steps] == ["请补充"]


def test_signatures_objections_and_approval_wait_for_those_who_can_give_them(task, today):
    TaskBook.objects.update(status="countersign")
    one = Countersignature.objects.create(book=task.book, bureau=task.lead)
    head, official = make_user(Role.HEAD, bureau=task.lead), make_user(Role.OFFICIAL, bureau=task.lead)
    coordinator, leader = make_coordinator(), make_user(Role.LEADER)
    assert [len(todo(actor, today).steps) for actor in (head, official, coordinator, leader)] == [1, 0, 0, 1]
    Countersignature.objects.filter(pk=one.pk).update(state="objected", text="时限过紧")
    assert [step.note for step in todo(coordinator, today).steps] == [f"{task.lead.name}: 时限过紧"]
    assert [len(todo(actor, today).steps) for actor in (head, official)] == [0, 0]


def test_dates_of_the_own_bureau_by_urgency(task, today):
    lead, book = task.lead, task.book
    make_task(book, code="1.1.2", lead=lead, due=today)
    make_task(book, code="1.1.3", lead=lead, due=today + timedelta(days=30))
    make_task(book, code="1.1.4", lead=lead, due=today + timedelta(days=31))
    make_task(book, code="1.1.5", lead=lead, due=today, state="completed", progress=100)
    make_task(book, code="1.1.6", due=today)
    make_stone(task, due=today - timedelta(days=3), code="1.1.1-1")
    make_stone(task, due=today - timedelta(days=3), code="1.1.1-2", done_on=today)
    found = todo(make_user(Role.OFFICIAL, bureau=lead), today)
    assert [[t.code for t in rows] for _heading, _n, rows in found.tasks] == [["1.1.1"], ["1.1.2", "1.1.3"]]
    assert [[m.code for m in rows] for _heading, _n, rows in found.milestones] == [["1.1.1-1"]]


def test_as_many_statements_however_much_waits(task, today, django_assert_max_num_queries):
    head = make_user(Role.HEAD, bureau=task.lead)
    for n in range(2, 12):
        make_stone(make_task(task.book, code=f"1.1.{n}", lead=task.lead, due=today))
        make_task(make_book(), lead=task.lead, due=today)
    with django_assert_max_num_queries(10):
        found = todo(head, today)
    assert len(found.steps) == 11


def test_officials_land_here_and_leaders_on_the_dashboard(client, task):
    for role, page in ((Role.OFFICIAL, "my"), (Role.HEAD, "my"), (Role.COORDINATOR, "my"), (Role.LEADER, "dashboard")):
        client.force_login(make_user(role, bureau=task.lead))
        assert client.get("/").url == reverse(f"dashboard:{page}")
        response = client.get(reverse("dashboard:my"))
        assert response.status_code == 200
        assert reverse("taskbooks:task", args=[task.book.code, task.code]) in response.content.decode()

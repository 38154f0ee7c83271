"""What the road map's page fetches and posts: rows, filters, past days, earlier plans, previews, moves, undoing."""

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.history.selectors import timeline
from planning.plans.models import Plan
from planning.roadmap import services
from planning.roadmap.models import Milestone
from planning.roadmap.schedule import schedule
from planning.roadmap.selectors.network import book_network
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskRegion
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_field, make_measure, make_region, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
SPRING = [date(2027, 1, 22), date(2027, 1, 29), date(2027, 2, 12), date(2027, 2, 19), date(2027, 2, 26)]


@pytest.fixture
def lead():
    return make_user(Role.OFFICIAL, bureau=make_bureau("市商务局", code="commerce"))


@pytest.fixture
def book():
    book = make_book(code="jk", title="任务书（示例）")
    Plan.objects.create(programme=book.programme, horizon="short", first_year=2026, last_year=2027)
    return book


@pytest.fixture
def task(book, lead):
    return make_task(
        book, lead=lead.bureau, code="1.1.1", content="釜山航线", start=date(2026, 1, 5), due=date(2027, 12, 31),
        horizon="short", countries=["KR"], state="in_progress",
    )  # fmt: skip


@pytest.fixture
def chain(task):
    """Five milestones over the Spring Festival of 2027, five working days apart."""
    stones = [make_stone(task, day, code=f"M{n}", name=f"第{n}步") for n, day in enumerate(SPRING, 1)]
    for before, after in zip(stones, stones[1:], strict=False):
        make_link(before, after, lag_days=5)
    return stones


def fetch(client, **query) -> dict:
    answer = client.get(reverse("roadmap:data", args=["jk"]), query)
    assert answer.status_code == 200
    return answer.json()


def test_rows_milestones_links_and_places(client, lead, task, chain):
    TaskRegion.objects.create(task=task, region=make_region("KR-26", "釜山", "KR"))
    client.force_login(lead)
    data = fetch(client)
    (row,) = data["tasks"]
    assert (row["code"], row["start"], row["due"], row["edit"]) == ("1.1.1", "2026-01-05", "2027-12-31", True)
    assert data["places"]["KR-26"] == ["釜山", "KR"]
    assert [stone["due"] for stone in data["stones"]] == [day.isoformat() for day in SPRING]
    assert [(link["kind"], link["lag"]) for link in data["links"]] == [("FS", 5)] * 4
    assert data["years"] == [2026, 2030]


def test_the_critical_set_is_that_of_the_scheduling_engine(client, lead, book, task, chain):
    other = make_stone(task, date(2026, 3, 2))
    client.force_login(lead)
    found = {stone["id"] for stone in fetch(client)["stones"] if stone["critical"]}
    net = book_network(book)
    expected = {str(key) for key, row in schedule(net.items(), net.links).rows.items() if row.critical}
    assert found == expected
    assert str(chain[-1].pk) in found
    assert str(other.pk) not in found


def test_who_may_read_but_not_move_is_told_so(client, task, chain):
    client.force_login(make_user(Role.LEADER))
    assert fetch(client)["tasks"][0]["edit"] is False


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"light": "red"}, ["1.1.2"]),
        ({"lead": "commerce"}, ["1.1.1"]),
        ({"country": "JP"}, ["1.1.2"]),
        ({"horizon": "short"}, ["1.1.1"]),
        ({"q": "釜山 1.1"}, ["1.1.1"]),
        ({"overdue": "1"}, ["1.1.2"]),
        ({"q": "没有"}, []),
        ({"light": "purple"}, ["1.1.1", "1.1.2"]),
    ],
)
def test_the_filter_is_the_same_for_page_table_and_paper(client, book, task, query, codes):
    make_task(book, code="1.1.2", content="大阪", start=date(2020, 1, 1), due=date(2020, 2, 1), countries=["JP"])
    client.force_login(make_coordinator())
    data = fetch(client, **query)
    assert [row["code"] for row in data["tasks"]] == codes
    assert data["hidden"] == 2 - len(codes)
    table = client.get(reverse("roadmap:table", args=["jk"]), query).content.decode()
    assert table.count("<tr data-row>") == len(codes)
    drawing = client.get(reverse("roadmap:export-svg", args=["jk"]), query).content.decode()
    assert [code for code in ("1.1.1", "1.1.2") if f">{code}<" in drawing] == codes


def back_date(model, days: int) -> None:
    """Pretend that what the history knows of ``model`` was written some days ago."""
    table = model._meta.get_field("events").related_model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        statement = f"UPDATE {table} SET pgh_created_at = pgh_created_at - %s"  # noqa: S608 - a name of ours
        cursor.execute(statement, [timedelta(days=days)])
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_past_day_is_drawn_from_the_history(client, lead, task, chain):
    for model in (Task, Milestone):
        back_date(model, 10)
    Milestone.objects.filter(pk=chain[0].pk).update(due=date(2027, 1, 25), version=2)
    Task.objects.filter(pk=task.pk).update(content="改名", due=date(2026, 6, 30))
    Milestone.objects.filter(pk=chain[4].pk).update(deleted_at=timezone.now())
    client.force_login(lead)
    day = timezone.localdate() - timedelta(days=3)
    past, now = fetch(client, as_of=day.isoformat()), fetch(client)
    assert (past["live"], past["today"]) == (False, day.isoformat())
    assert past["tasks"][0]["name"] == "釜山航线"
    assert past["tasks"][0]["due"] == "2027-12-31"
    assert [stone["due"] for stone in past["stones"]] == [day.isoformat() for day in SPRING]
    assert now["tasks"][0]["name"] == "改名"
    assert [stone["due"] for stone in now["stones"]] == ["2027-01-25", *(day.isoformat() for day in SPRING[1:4])]
    before = day - timedelta(days=30)
    assert fetch(client, as_of=before.isoformat())["tasks"] == []


def test_a_day_in_the_future_is_told_and_today_shown(client, lead, task):
    client.force_login(lead)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert fetch(client, as_of=tomorrow)["live"] is True
    assert "as_of" in client.get(reverse("roadmap:map", args=["jk"]), {"as_of": tomorrow}).content.decode()


def test_an_overseas_office_sees_its_rows_only_of_the_past_as_well(client, book, task):
    make_task(book, code="1.1.2", countries=["JP"])
    back_date(Task, 10)
    client.force_login(make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR")))
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert [row["code"] for row in fetch(client, as_of=day)["tasks"]] == ["1.1.1"]


def test_dependencies_into_rows_one_may_not_see_are_counted(client, book, task, chain):
    hidden = make_stone(make_task(book, code="1.1.2", countries=["JP"]), SPRING[0])
    make_link(hidden, chain[2])
    client.force_login(make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR")))
    data = fetch(client)
    assert (len(data["links"]), data["restricted"]) == (4, 1)


def test_the_plan_of_a_past_day_lies_under_the_present_one(client, lead, task, chain):
    for model in (Task, Milestone):
        back_date(model, 10)
    Milestone.objects.filter(pk=chain[0].pk).update(due=date(2027, 1, 25))
    Task.objects.filter(pk=task.pk).update(due=date(2028, 1, 31))
    client.force_login(lead)
    assert fetch(client)["baseline"] is None
    data = fetch(client, baseline=(timezone.localdate() - timedelta(days=3)).isoformat())
    assert data["tasks"][0]["base"] == ["2026-01-05", "2027-12-31"]
    moved = next(stone for stone in data["stones"] if stone["code"] == "M1")
    assert (moved["due"], moved["base"]) == ("2027-01-25", "2027-01-22")


def test_the_plan_as_issued_is_the_usual_baseline(client, lead, book, task, chain):
    for model in (Task, Milestone):
        back_date(model, 10)
    book.status = BookStatus.ISSUED
    book.save()
    Milestone.objects.filter(pk=chain[0].pk).update(due=date(2027, 1, 25))
    client.force_login(lead)
    data = fetch(client)
    assert data["baseline"]
    assert next(stone for stone in data["stones"] if stone["code"] == "M1")["base"] == "2027-01-22"
    assert fetch(client, baseline="off")["baseline"] is None


def test_one_answer_from_a_fixed_number_of_statements(client, lead, book, task, chain):
    client.force_login(lead)
    fetch(client)
    with CaptureQueriesContext(connection) as few:
        fetch(client)
    measure = make_measure(book.programme, "9.1", field=make_field("领域九"))
    for n in range(40):
        more = make_task(book, lead=lead.bureau, measure=measure, code=f"9.1.{n}", due=date(2027, 1, 1))
        make_link(make_stone(more, SPRING[0]), make_stone(more, SPRING[1]))
    with CaptureQueriesContext(connection) as many:
        fetch(client)
    assert len(many) == len(few) <= 22


# --- Moving ---


def ask(client, stone, day, **more):
    values = {"kind": "milestone", "id": stone.pk, "due": day, "which": "due", "follow": "keep"}
    return client.post(reverse("roadmap:preview", args=["jk"]), values | more)


def form_of(answer) -> dict:
    """The hidden fields of the form that applies a preview."""
    text = answer.content.decode()
    return {n: unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text) if n != "csrf"}


def test_a_chain_of_five_over_the_spring_festival_previewed_applied_undone(client, lead, task, chain):
    client.force_login(lead)
    answer = ask(client, chain[0], "2027-02-03")
    assert answer.status_code == 200
    assert 'data-moves="5"' in answer.content.decode()
    assert [stone.due for stone in Milestone.objects.order_by("code")] == SPRING  # nothing is written yet
    expected = services.preview(
        book=task.book, changes=[services.Change(chain[0].pk, date(2027, 2, 3))], by=lead,
        today=timezone.localdate(), follow="keep",
    )  # fmt: skip
    applied = client.post(reverse("roadmap:apply", args=["jk"]), form_of(answer) | {"reason": "港口检修"})
    assert applied.status_code == 200
    assert applied["HX-Trigger"] == "roadmap-changed"
    assert {stone.pk: stone.due for stone in Milestone.objects.all()} == {m.id: m.new for m in expected.moves}
    assert all(timeline(stone)[0].reason == "港口检修" for stone in Milestone.objects.all())
    address = re.search(r'hx-post="([^"]*undo/)"', applied.content.decode())[1]
    undone = client.post(address)
    assert "data-undone" in undone.content.decode()
    assert [stone.due for stone in Milestone.objects.order_by("code")] == SPRING
    assert client.post(address).status_code == 422  # once


def test_a_reason_is_asked_for(client, lead, chain):
    client.force_login(lead)
    values = form_of(ask(client, chain[4], "2027-03-05"))
    answer = client.post(reverse("roadmap:apply", args=["jk"]), values | {"reason": " "})
    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()
    assert Milestone.objects.get(pk=chain[4].pk).due == SPRING[4]


def test_whoever_was_overtaken_sees_the_new_preview_and_may_apply_that(client, lead, chain):
    client.force_login(lead)
    values = form_of(ask(client, chain[4], "2027-03-05"))
    services.rename(milestone=chain[4], name="他人改名", version=1, by=lead)
    answer = client.post(reverse("roadmap:apply", args=["jk"]), values | {"reason": "检修"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "他人改名" in text
    assert "检修</textarea>" in text
    assert Milestone.objects.get(pk=chain[4].pk).due == SPRING[4]
    again = client.post(reverse("roadmap:apply", args=["jk"]), form_of(answer) | {"reason": "检修"})
    assert again.status_code == 200
    assert Milestone.objects.get(pk=chain[4].pk).due == date(2027, 3, 5)


def test_undoing_what_was_moved_again_takes_nothing_back(client, lead, chain):
    client.force_login(lead)
    values = form_of(ask(client, chain[4], "2027-03-05"))
    applied = client.post(reverse("roadmap:apply", args=["jk"]), values | {"reason": "检修"})
    stone = Milestone.objects.get(pk=chain[4].pk)
    services.reschedule(milestone=stone, due=date(2027, 3, 8), reason="再改", version=stone.version, by=lead)
    answer = client.post(re.search(r'hx-post="([^"]*undo/)"', applied.content.decode())[1])
    assert answer.status_code == 409
    assert Milestone.objects.get(pk=stone.pk).due == date(2027, 3, 8)


@pytest.mark.parametrize("day", ["", "2027-02-30", "9999-01-01", "昨天", "1999-12-31"])
def test_days_that_cannot_be_are_refused_with_a_sentence(client, lead, chain, day):
    client.force_login(lead)
    answer = ask(client, chain[0], day)
    assert answer.status_code == 422
    assert "notice-error" in answer.content.decode()


def test_29_february_is_a_day(client, lead, chain):
    client.force_login(lead)
    assert "2028-02-29" in ask(client, chain[4], "2028-02-29").content.decode()


def test_a_task_that_would_end_before_it_starts_is_refused(client, lead, task):
    client.force_login(lead)
    values = {"kind": "task", "id": task.pk, "start": "2026-05-01", "due": "2026-04-30", "which": "due"}
    answer = client.post(reverse("roadmap:preview", args=["jk"]), values | {"follow": "push"})
    assert answer.status_code == 422


def test_readers_may_look_but_not_apply(client, chain):
    client.force_login(make_user(Role.LEADER))
    answer = ask(client, chain[4], "2027-03-05")
    assert answer.status_code == 200
    assert "reason" not in form_of(answer)
    values = {"kind": "milestone", "id": chain[4].pk, "due": "2027-03-05", "which": "due", "follow": "push"}
    values |= {"versions": json.dumps({str(chain[4].pk): 1}), "reason": "试试"}
    assert client.post(reverse("roadmap:apply", args=["jk"]), values).status_code == 422
    assert Milestone.objects.get(pk=chain[4].pk).due == SPRING[4]


def test_a_milestone_of_another_book_is_unknown(client, lead, chain):
    other = make_stone(make_task(make_book(), lead=lead.bureau))
    client.force_login(lead)
    assert ask(client, other, "2027-03-05").status_code == 422


def test_a_dragged_date_opens_the_drawer_with_its_preview(client, lead, chain, task):
    client.force_login(lead)
    text = client.get(reverse("roadmap:drawer", args=["jk", chain[4].pk]), {"due": "2027-03-05"}).content.decode()
    assert 'value="2027-03-05"' in text
    assert 'data-moves="1"' in text
    text = client.get(reverse("roadmap:task-drawer", args=["jk", "1.1.1"]), {"due": "2028-01-31"}).content.decode()
    assert "2027-12-31" in text
    assert "2028-01-31" in text


def test_in_an_issued_book_the_drawer_moves_the_forecast(client, lead, book, chain):
    book.status = BookStatus.ISSUED
    book.save()
    client.force_login(lead)
    text = client.get(reverse("roadmap:drawer", args=["jk", chain[4].pk])).content.decode()
    assert 'name="which" value="forecast"' in text

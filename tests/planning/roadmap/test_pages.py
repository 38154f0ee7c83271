"""The pages of the road map: who sees what, what stands where, and what a save does."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from planning.plans.models import Plan
from planning.roadmap import services
from planning.roadmap.engine import Zoom, axis_for
from planning.roadmap.models import Milestone
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_field, make_measure, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@pytest.fixture
def book():
    book = make_book(code="jk", title="对日韩合作任务书")
    for horizon, first, last in (("short", 2026, 2026), ("medium", 2027, 2028), ("long", 2029, 2030)):
        Plan.objects.create(programme=book.programme, horizon=horizon, first_year=first, last_year=last)
    return book


@pytest.fixture
def task(book, lead):
    return make_task(
        book, lead=lead.bureau, code="1.1.1", start=date(2026, 1, 5), due=date(2026, 6, 30), content="精细化工配套",
        state="in_progress", progress=40,
    )  # fmt: skip


@pytest.fixture
def stone(task):
    return make_stone(task, date(2026, 3, 31), name="签订合同")


def page(client, name, *args, **query) -> str:
    """The page's text; of the map the drawing for browsers without scripts, since the other fetches its rows."""
    if name == "map":
        query["plain"] = "1"
    response = client.get(reverse(f"roadmap:{name}", args=args), query)
    assert response.status_code == 200, response
    return response.content.decode()


def test_map_draws_task_milestone_and_light(client, lead, book, task, stone):
    client.force_login(lead)
    text = page(client, "map", "jk")
    assert "精细化工配套" in text
    assert "签订合同" in text
    assert "light-red" in text
    assert f'href="milestones/{stone.pk}/"' in text
    assert f'href="{reverse("taskbooks:task", args=["jk", "1.1.1"])}"' in text


@pytest.mark.parametrize("zoom", ["quarter", "year", "phase", "fit"])
def test_each_bar_and_milestone_stands_within_a_pixel_of_its_date(client, lead, book, task, stone, zoom):
    client.force_login(lead)
    text = page(client, "map", "jk", zoom=zoom)
    axis = axis_for(first_year=2026, last_year=2030, dates=[], zoom=Zoom(zoom))
    bar = re.search(r'<rect class="rm-bar" x="([\d.]+)" y="\d+" width="([\d.]+)"', text)
    assert abs(float(bar[1]) - axis.x(date(2026, 1, 5))) < 1
    assert abs(float(bar[1]) + float(bar[2]) - axis.x(date(2026, 7, 1))) < 1
    diamond = re.search(r'<use href="#rm-missed" x="([\d.]+)%"', text)
    assert abs(float(diamond[1]) / 100 * axis.width - axis.middle(date(2026, 3, 31))) < 1


def test_today_stands_inside_the_range(client, lead, book, task):
    client.force_login(lead)
    text = page(client, "map", "jk")
    today = timezone.localdate()
    found = re.search(r'class="rm-now" x1="([\d.]+)%"', text)
    if date(2026, 1, 1) <= today <= date(2030, 12, 31):
        assert 0 <= float(found[1]) <= 100
    else:
        assert found is None


def test_bands_follow_the_plans(client, lead, book, task):
    client.force_login(lead)
    assert "2027—2028" in page(client, "map", "jk")
    Plan.objects.filter(programme=book.programme, horizon="medium").update(last_year=2027)
    Plan.objects.filter(programme=book.programme, horizon="long").update(first_year=2028)
    text = page(client, "map", "jk")
    assert "2028—2030" in text
    assert "2027—2028" not in text


def test_text_from_people_is_escaped_everywhere(client, lead, book, task):
    evil = '<script>alert(1)</script>"&'
    task.content = evil
    task.save()
    make_stone(task, date(2026, 5, 4), name=evil, deliverable=evil)
    client.force_login(lead)
    for name in ("map", "table", "print"):
        text = page(client, name, "jk")
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_no_style_attribute_and_no_inline_script(client, lead, book, task, stone):
    client.force_login(lead)
    for name in ("map", "table", "print"):
        text = page(client, name, "jk")
        assert " style=" not in text
        assert not re.search(r"\son\w+=", text)


def test_milestones_as_rows_and_folded_groups(client, lead, book, task, stone):
    client.force_login(lead)
    assert 'class="rm-stone-row"' in page(client, "map", "jk", stones="rows")
    text = page(client, "map", "jk", closed=task.field.code)
    assert "精细化工配套" not in text
    assert task.field.name_zh in text


def test_an_unknown_zoom_is_told_and_the_usual_view_shown(client, lead, book, task):
    client.force_login(lead)
    text = page(client, "map", "jk", zoom="decade")
    assert "zoom" in text
    assert "精细化工配套" in text


def test_tasks_without_dates_are_counted_and_listed(client, lead, book, task):
    make_task(book, lead=lead.bureau, code="1.1.2", content="持续推进")
    client.force_login(lead)
    assert f"{reverse('roadmap:table', args=['jk'])}?undated=1" in page(client, "map", "jk")
    text = page(client, "table", "jk", undated="1")
    assert 'data-rows="1"' in text
    assert "持续推进" in text
    assert "精细化工配套" not in text


def test_table_holds_what_the_drawing_holds(client, lead, book, task, stone):
    client.force_login(lead)
    text = page(client, "table", "jk")
    for expected in ("精细化工配套", "2026-06-30", "签订合同", "2026-03-31", "40%"):
        assert expected in text


def test_list_counts_what_one_sees(client, lead, book, task, stone):
    client.force_login(lead)
    text = page(client, "index")
    assert "对日韩合作任务书" in text
    assert f"{reverse('roadmap:milestones')}?book=jk" in text


def test_milestone_list_filters_by_window(client, lead, book, task, stone):
    today = timezone.localdate()
    for days in (0, 30, 31, -1):
        make_stone(task, today + timedelta(days=days))
    make_stone(task, today + timedelta(days=3), done_on=today)
    client.force_login(lead)
    assert 'data-rows="2"' in page(client, "milestones", within="30")
    assert 'data-rows="6"' in page(client, "milestones", book="jk")


def test_an_unknown_filter_value_is_404(client, lead, book, task):
    client.force_login(lead)
    assert client.get(reverse("roadmap:milestones"), {"light": "purple"}).status_code == 404


# --- Who ---


def test_a_stranger_gets_404(client, book, task, stone):
    client.force_login(make_user(Role.OFFICIAL))
    for name, args in (("map", ["jk"]), ("table", ["jk"]), ("print", ["jk"]), ("milestone", ["jk", stone.pk])):
        assert client.get(reverse(f"roadmap:{name}", args=args)).status_code == 404
    assert client.get(reverse("roadmap:task-milestones", args=["jk", "1.1.1"])).status_code == 404


@pytest.mark.parametrize("role", ADMINS)
def test_administrators_read_no_content(client, book, task, stone, role):
    client.force_login(make_user(role))
    for name, args in (("index", []), ("map", ["jk"]), ("milestones", []), ("milestone", ["jk", stone.pk])):
        assert client.get(reverse(f"roadmap:{name}", args=args)).status_code in (403, 404)


def test_who_is_not_signed_in_is_asked_to(client, book):
    response = client.get(reverse("roadmap:map", args=["jk"]))
    assert response.status_code == 302
    assert "next=" in response["Location"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.ANALYST])
def test_readers_see_a_milestone_but_no_form(client, book, task, stone, role):
    client.force_login(make_user(role))
    text = page(client, "milestone", "jk", stone.pk)
    assert 'name="due"' not in text
    response = client.post(reverse("roadmap:milestone", args=["jk", stone.pk]), form_of(stone))
    assert response.status_code == 403


def test_a_supporting_bureau_reads_but_does_not_write(client, book, lead, stone, task):
    other = make_user(Role.OFFICIAL)
    make_task(book, lead=other.bureau, code="1.1.9")
    client.force_login(other)
    assert client.post(reverse("roadmap:milestone", args=["jk", stone.pk]), form_of(stone)).status_code == 403
    assert client.get(reverse("roadmap:add-milestone", args=["jk", "1.1.1"])).status_code == 403


def test_an_overseas_office_sees_the_milestones_of_its_country_only(client, book, task, stone):
    korea = make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR"))
    seen = make_task(
        book, code="2.1.1", countries=["KR"], measure=make_measure(book.programme, "2.1"), content="釜山航线"
    )
    make_stone(seen, name="首航")
    client.force_login(korea)
    text = page(client, "map", "jk")
    assert "釜山航线" in text
    assert "首航" in text
    assert "精细化工配套" not in text
    assert "签订合同" not in text


# --- Writing ---


def form_of(stone, **changes) -> dict:
    values = {
        "name": stone.name,
        "due": stone.due.isoformat(),
        "deliverable": stone.deliverable,
        "version": stone.version,
    }
    return values | {"done_on": "", "reason": ""} | changes


def test_moving_a_milestone_keeps_the_reason(client, lead, stone):
    client.force_login(lead)
    address = reverse("roadmap:milestone", args=["jk", stone.pk])
    response = client.post(address, form_of(stone, due="2026-04-30", reason="港口改造"))
    assert response.status_code == 302
    text = page(client, "milestone", "jk", stone.pk)
    assert "港口改造" in text
    assert Milestone.objects.get(pk=stone.pk).due == date(2026, 4, 30)


def test_moving_without_reason_is_told_at_the_field_and_the_text_kept(client, lead, stone):
    client.force_login(lead)
    response = client.post(reverse("roadmap:milestone", args=["jk", stone.pk]), form_of(stone, due="2026-04-30"))
    assert response.status_code == 422
    assert 'value="2026-04-30"' in response.content.decode()
    assert "id_reason_error" in response.content.decode()


def test_a_bad_date_is_told_at_the_field(client, lead, stone):
    client.force_login(lead)
    response = client.post(reverse("roadmap:milestone", args=["jk", stone.pk]), form_of(stone, due="2026-02-30"))
    assert response.status_code == 422
    assert "id_due_error" in response.content.decode()


def test_two_saves_at_once_one_wins_and_the_other_sees_both(client, lead, stone):
    client.force_login(lead)
    services.rename(milestone=stone, name="他们的名称", version=1, by=lead)
    address = reverse("roadmap:milestone", args=["jk", stone.pk])
    response = client.post(address, form_of(stone, name="我的名称"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "他们的名称" in text
    assert "我的名称" in text
    again = re.search(r'name="version" value="(\d+)"', text)[1]
    assert client.post(address, form_of(stone, name="我的名称", version=again)).status_code == 302
    assert Milestone.objects.get(pk=stone.pk).name == "我的名称"


def test_adding_deleting_and_bringing_back(client, lead, task):
    client.force_login(lead)
    address = reverse("roadmap:add-milestone", args=["jk", "1.1.1"])
    assert client.post(address, {"name": "", "due": "2026-05-04"}).status_code == 422
    response = client.post(address, {"name": "投产", "due": "2026-05-04", "deliverable": "", "done_on": ""})
    assert response.status_code == 302
    stone = Milestone.objects.get(name="投产")
    response = client.post(reverse("roadmap:delete-milestone", args=["jk", stone.pk]), {"version": stone.version})
    assert response.status_code == 200
    assert client.get(reverse("roadmap:milestone", args=["jk", stone.pk])).status_code == 404
    assert client.post(reverse("roadmap:restore-milestone", args=["jk", stone.pk])).status_code == 302
    assert Milestone.objects.get(pk=stone.pk).deleted_at is None


def test_the_fragment_of_a_task_names_what_each_waits_for(client, lead, task, stone):
    later = make_stone(task, date(2026, 6, 1), name="投产")
    make_link(stone, later)
    client.force_login(lead)
    text = page(client, "task-milestones", "jk", "1.1.1")
    assert "<html" not in text
    assert stone.code in text
    assert reverse("roadmap:add-milestone", args=["jk", "1.1.1"]) in text


# --- Cost ---


def fill(book, lead, count):
    fields = [make_field(f"领域{n}") for n in range(3)]
    measures = [make_measure(book.programme, f"{n + 1}.1", field=field) for n, field in enumerate(fields)]
    before = None
    for n in range(count):
        task = make_task(
            book, lead=lead.bureau, measure=measures[n % 3], code=f"{n % 3 + 1}.1.{n + 10}",
            start=date(2026, 1, 1), due=date(2026, 12, 31),
        )  # fmt: skip
        stone = make_stone(task, date(2026, 6, 30))
        if before is not None:
            make_link(before, stone)
        before = stone


@pytest.mark.parametrize("name", ["map", "table", "print", "index", "milestones"])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, lead, book, name):
    client.force_login(lead)
    args = ["jk"] if name in ("map", "table", "print") else []
    fill(book, lead, 1)
    page(client, name, *args)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page(client, name, *args)
    fill_more(book, lead)
    with CaptureQueriesContext(connection) as fifty:
        page(client, name, *args)
    assert len(fifty) == len(one) <= (16 if name in ("table", "print") else 12)  # these need schedule and baseline too


def fill_more(book, lead):
    measure = make_measure(book.programme, "9.1", field=make_field("领域九"))
    tasks = [
        make_task(book, lead=lead.bureau, measure=measure, code=f"9.1.{n}", due=date(2027, 1, 1)) for n in range(1, 50)
    ]
    stones = [make_stone(task, date(2026, 9, 1)) for task in tasks]
    for before, after in zip(stones, stones[1:], strict=False):
        make_link(before, after)


def test_coordinators_change_milestones_of_any_bureau(client, book, stone):
    client.force_login(make_coordinator())
    assert 'name="due"' in page(client, "milestone", "jk", stone.pk)

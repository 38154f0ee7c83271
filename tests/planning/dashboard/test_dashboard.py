"""The dashboard: every number equals the rows it opens, for everybody who may look."""

import json
import re
from datetime import datetime, timedelta
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from partners.industries.enums import FieldRole
from partners.regions.enums import RegionRole
from planning.dashboard.selectors import Scope, overview, snapshot, trend
from planning.taskbooks.models import Task, TaskRegion
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_field, make_measure, make_region, make_task
from tests.planning.roadmap.factories import make_stone

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
# One task for every light: (start, due, state) in days from today.
LIGHTS = {
    "red": (-90, -30, "in_progress"),
    "yellow": (-90, -3, "in_progress"),
    "blue": (-90, 3, "in_progress"),
    "green": (-90, 60, "in_progress"),
    "grey": (10, 60, "not_started"),
    "done": (-90, -30, "completed"),
}


def day(offset):
    return TODAY + timedelta(days=offset)


@pytest.fixture
def book():
    """Two bureaus, three fields, two countries, two cities, every light at least once, milestones ahead and missed."""
    book = make_book(code="jk", title="对日韩合作任务书")
    make_region("CN-210200", "大连市", "CN", role=RegionRole.FOCUS, latitude=38.9, longitude=121.6)
    osaka = make_region("JP-27100", "大阪市", "JP", latitude=34.7, longitude=135.5)
    busan = make_region("KR-26", "釜山广域市", "KR", latitude=35.2, longitude=129.1)
    commerce, culture = make_bureau("市商务局", code="commerce"), make_bureau("市文化和旅游局", code="culture")
    fields = [make_field("经贸合作", code="trade", role=FieldRole.MAIN_AXIS), make_field("文化"), make_field("教育")]
    for n, (start, due, state) in enumerate([*LIGHTS.values(), *list(LIGHTS.values())[:3]]):
        field = fields[n % 2]
        task = make_task(
            book, lead=commerce if n % 3 else culture, code=f"{n % 2 + 1}.1.{n + 1}", start=day(start), due=day(due),
            state=state, progress=100 if state == "completed" else 30, countries=[["JP"], ["KR"], ["JP", "KR"]][n % 3],
            measure=make_measure(book.programme, f"{n % 2 + 1}.1", field=field),
        )  # fmt: skip
        TaskRegion.objects.create(task=task, region=osaka if n % 3 == 0 else busan)
        make_stone(task, day(10 * n - 20))
    make_task(book, lead=commerce, code="1.1.20", start=day(-10), measure=make_measure(book.programme, "1.1"))
    return book


def see(client, address="") -> str:
    response = client.get(address or reverse("dashboard:dashboard"))
    assert response.status_code == 200
    return response.content.decode()


def rows_behind(client, address) -> int:
    """How many rows a page shows: all its pages together."""
    text = see(client, address)
    if found := re.search(r'data-rows="(\d+)"', text):
        return int(found[1])
    return len(re.findall(r'<tr class="task-row', text))


def number_links(text) -> list[tuple[int, str]]:
    found = []
    for tag in re.findall(r"<a\b[^>]*data-count[^>]*>", text):
        address = re.search(r'href="([^"]+)"', tag)[1].replace("&amp;", "&")
        found.append((int(re.search(r'data-count="(\d+)"', tag)[1]), address))
    return found


@pytest.mark.parametrize("query", ["", "?country=JP", "?field=trade", "?country=KR&field=trade"])
def test_every_number_equals_the_rows_it_opens(client, book, query):
    client.force_login(make_coordinator())
    links = number_links(see(client, reverse("dashboard:dashboard") + query))
    assert len(links) > 20
    for count, address in dict.fromkeys(links):
        assert rows_behind(client, urljoin("/dashboard/", address)) == count, address


def test_every_number_equals_its_rows_for_an_overseas_office(client, book):
    client.force_login(make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR")))
    text = see(client)
    links = number_links(text)
    assert (max(count for count, _address in links)) == Task.objects.filter(countries__contains=["KR"]).count()
    for count, address in dict.fromkeys(links):
        assert rows_behind(client, urljoin("/dashboard/", address)) == count, address


def test_figures_equal_plain_sql(book):
    actor = make_coordinator()
    with snapshot() as as_of:
        found = overview(Scope(book), actor, TODAY, as_of)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'completed'),"
            " count(*) FILTER (WHERE due < %s AND state <> 'completed'),"
            " count(*) FILTER (WHERE due < %s - 7 AND state <> 'completed'),"
            " max(%s - due) FILTER (WHERE state <> 'completed') FROM taskbooks_task WHERE deleted_at IS NULL",
            [TODAY, TODAY, TODAY],
        )
        total, done, late, red, longest = cursor.fetchone()
    lights = found.whole.lights
    assert (found.whole.total, lights["done"], found.late_count, lights["red"]) == (total, done, late, red)
    assert found.longest == longest
    assert dict(lights) == {
        light: Task.objects.with_light(TODAY).filter(light=light).count() for light in set(lights.elements())
    }


def test_axis_and_supports_add_up_to_100_percent(client, book):
    client.force_login(make_coordinator())
    shares = [int(n) for n in re.findall(r'data-share="(\d+)"', see(client))]
    assert len(shares) == 3
    assert sum(shares) == 1000


def test_worst_bureau_comes_first(book):
    with snapshot() as as_of:
        found = overview(Scope(book), make_coordinator(), TODAY, as_of)
    reds = [part.lights["red"] for part in found.leads]
    assert reds == sorted(reds, reverse=True)
    assert sum(part.total for part in found.leads) == found.whole.total


def test_a_deleted_task_counts_nowhere(client, book):
    actor = make_coordinator()
    Task.objects.filter(code="1.1.1").update(deleted_at=timezone.now())
    with snapshot() as as_of:
        assert overview(Scope(book), actor, TODAY, as_of).whole.total == 9


def test_trend_ends_with_the_figures_of_today_and_has_gaps_before(client, book):
    actor = make_coordinator()
    months = trend(Scope(book), actor, TODAY)
    with snapshot() as as_of:
        found = overview(Scope(book), actor, TODAY, as_of)
    assert dict(months[-1].lights) == dict(found.whole.lights)
    assert all(month.lights is None for month in months[:-1])
    client.force_login(actor)
    data = json.loads(re.search(r'<script id="trend-data" type="application/json">(.*?)</script>', see(client))[1])
    assert {tuple(series["values"][:-1]) for series in data["series"]} == {(None,) * 11}


def test_as_of_is_the_moment_of_the_snapshot(client, book):
    client.force_login(make_coordinator())
    moment = re.search(r'<time datetime="([^"]+)"', see(client))[1]
    assert abs(datetime.fromisoformat(moment) - timezone.now()) < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_nothing_written_meanwhile_gets_into_the_snapshot():
    book = make_book()
    task = make_task(book)
    with snapshot():
        assert Task.objects.count() == 1
        other = connection.copy()
        other.ensure_connection()
        with other.cursor() as cursor:
            cursor.execute("UPDATE taskbooks_task SET deleted_at = now() WHERE id = %s", [task.pk])
        other.close()
        assert Task.objects.alive().count() == 1
    assert Task.objects.alive().count() == 0


# --- Who ---


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_are_refused(client, book, role):
    client.force_login(make_user(role))
    for name in ("dashboard", "wall", "print", "search"):
        assert client.get(reverse(f"dashboard:{name}")).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.HEAD, Role.COORDINATOR, Role.LEADER, Role.ANALYST])
def test_business_roles_read(client, book, role):
    client.force_login(make_user(role))
    for name in ("dashboard", "wall", "print", "search"):
        assert client.get(reverse(f"dashboard:{name}")).status_code == 200


def test_who_sees_a_part_only_is_told_so(client, book):
    client.force_login(make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR")))
    own = "dash-own"
    assert own in see(client)
    official = make_user(Role.OFFICIAL)
    make_task(book, lead=official.bureau)
    for user in (make_coordinator(), official):  # an official reads every row of a book in which he has a part
        client.force_login(user)
        assert own not in see(client)


def test_somebody_without_a_book_gets_a_sentence_not_zeros(client, book):
    client.force_login(make_user(Role.OFFICIAL))
    text = see(client)
    assert 'class="empty"' in text
    assert "data-count" not in text


def test_an_unknown_book_is_404(client, book):
    client.force_login(make_coordinator())
    for query in ("?book=nope", "?country=US", "?book=%00x"):
        assert client.get(reverse("dashboard:dashboard") + query).status_code in (400, 404)


def test_no_inline_code(client, book):
    client.force_login(make_coordinator())
    for name in ("dashboard", "wall", "print"):
        text = see(client, reverse(f"dashboard:{name}"))
        assert " style=" not in text
        assert not re.search(r"\son\w+=", text)


# --- Cost ---


@pytest.mark.parametrize("name", ["dashboard", "wall", "print"])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, book, name):
    client.force_login(make_coordinator())
    address = reverse(f"dashboard:{name}")
    see(client, address)
    with CaptureQueriesContext(connection) as few:
        see(client, address)
    region = make_region("KR-28", "仁川广域市", "KR", latitude=37.4, longitude=126.7)
    for n in range(50):
        task = make_task(book, code=f"1.1.{n + 100}", start=day(-50), due=day(n - 25))
        TaskRegion.objects.create(task=task, region=region)
        make_stone(task, day(n))
    with CaptureQueriesContext(connection) as many:
        see(client, address)
    assert len(many) == len(few) <= 30

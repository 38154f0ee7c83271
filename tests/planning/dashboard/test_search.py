"""Search: what is found, by what, for whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from partners.indicators.models import Indicator
from planning.dashboard.selectors import search
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_region, make_task
from tests.planning.roadmap.factories import make_stone

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make_coordinator()


@pytest.fixture
def book():
    book = make_book(code="jk")
    task = make_task(book, lead=make_bureau("市商务局"), code="1.1.10", content="开行釜山航线")
    make_stone(task, name="釜山航线首航", code="1.1.10-M1")
    make_region("KR-26", "釜山广域市", "KR", name_en="Busan", name_ko="부산광역시")
    Indicator.objects.create(
        code="port_throughput", name_zh="港口集装箱吞吐量", name_en="Container throughput", unit="TEU", category="port",
        direction="up",
    )  # fmt: skip
    return book


def kinds(actor, text) -> dict[str, int]:
    return {group.kind: group.count for group in search(actor, text)}


def test_one_word_finds_task_city_and_milestone(book, coordinator):
    assert kinds(coordinator, "釜山") == {"tasks": 1, "cities": 1, "milestones": 1}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("부산", "cities"), ("busan", "cities"), ("KR-26", "cities"), ("集装箱", "indicators"),
        ("throughput", "indicators"),
        ("商务", "bureaus"), ("swj", "bureaus"), ("SSWJ", "bureaus"), ("1.1.10", "tasks"), ("1.1.10-M1", "milestones"),
    ],
)  # fmt: skip
def test_found_by_name_in_any_language_number_or_initials(book, coordinator, text, kind):
    assert kind in kinds(coordinator, text)


@pytest.mark.parametrize("text", ["", "   ", "%", "%_%", "100%不存在", "'; DROP TABLE", "\\"])
def test_odd_texts_find_nothing_and_break_nothing(book, coordinator, text):
    assert kinds(coordinator, text) == {}


def test_a_stranger_finds_no_task_and_no_milestone(book):
    assert kinds(make_user(Role.OFFICIAL), "釜山") == {"cities": 1}


def test_an_overseas_office_finds_its_country_only(book):
    japan = make_user(Role.OFFICIAL, bureau=make_bureau("驻日本代表处", seat_country="JP"))
    assert kinds(japan, "釜山") == {}


def test_page_shows_groups_with_counts_and_links(client, book, coordinator):
    client.force_login(coordinator)
    text = client.get(reverse("dashboard:search"), {"q": "釜山"}).content.decode()
    for target in (
        reverse("taskbooks:task", args=["jk", "1.1.10"]), reverse("relations:city", args=["KR-26"]), 'id="milestones"',
    ):  # fmt: skip
        assert target in text
    assert len(re.findall("data-row", text)) == 3


def test_a_text_of_more_than_100_characters_is_refused_with_a_sentence(client, book, coordinator):
    client.force_login(coordinator)
    response = client.get(reverse("dashboard:search"), {"q": "釜" * 101})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_html_is_shown_as_text(client, book, coordinator):
    client.force_login(coordinator)
    text = client.get(reverse("dashboard:search"), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text


def test_many_hits_are_counted_and_the_first_shown(book, coordinator):
    for n in range(30):
        make_task(book, code=f"2.1.{n + 1}", content=f"开行航线{n}")
    group = search(coordinator, "开行航线")[0]
    assert (group.count, len(group.hits)) == (30, 10)
    assert group.more.endswith("q=%E5%BC%80%E8%A1%8C%E8%88%AA%E7%BA%BF")


def test_the_number_of_queries_does_not_grow_with_the_hits(client, book, coordinator):
    client.force_login(coordinator)
    address = reverse("dashboard:search") + "?q=釜山"
    lead = make_bureau("釜山事务所")
    for n in range(12):
        make_stone(make_task(book, lead=lead, code=f"3.1.{n + 1}", content=f"釜山{n}"), name=f"釜山{n}")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(50):
        make_stone(make_task(book, lead=lead, code=f"4.1.{n + 1}", content=f"釜山{n}"), name=f"釜山{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 20

"""The road map on paper: sheets of A3, the poster, SVG and PDF show what the page shows."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from dalian_coop.accounts.enums import Role
from planning.roadmap import services
from planning.roadmap.models import Milestone
from planning.roadmap.selectors.lanes import lanes_of
from planning.roadmap.selectors.page import road_map
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskRegion
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_field, make_measure, make_region, make_task
from tests.planning.roadmap.factories import make_link, make_stone
from tests.planning.roadmap.test_live import back_date

pytestmark = pytest.mark.django_db
MM = 72 / 25.4
DIAMOND_DASHED, EDGE_OF_CRITICAL = 'stroke-dasharray="3 2"', 'stroke="#17212b" stroke-width="2.5"'
BASE_BAR = re.compile(r'height="4\.0" fill="#97a3ad"')


@pytest.fixture
def lead():
    return make_user(Role.OFFICIAL, bureau=make_bureau("市商务局", code="commerce"))


@pytest.fixture
def book(lead):
    """Two tasks; the milestone of the second waits for that of the first and ends the book."""
    book = make_book(code="jk", title="对日韩合作任务书（示例）")
    measure = make_measure(book.programme, "1.1", field=make_field("经贸"))
    make = {"measure": measure, "start": date(2026, 1, 5), "due": date(2027, 12, 31), "state": "in_progress"}
    first = make_task(
        book, lead=lead.bureau, code="1.1.1", content="釜山航线", countries=["KR"], horizon="long", **make
    )
    second = make_task(
        book, lead=make_bureau("市文化局"), code="1.1.2", content="横滨交流", countries=["JP", "KR"], horizon="short",
        **make,
    )  # fmt: skip
    TaskRegion.objects.create(task=second, region=make_region("JP-14", "横滨", "JP"))
    make_link(make_stone(first, date(2027, 1, 29), name="开航"), make_stone(second, date(2030, 12, 31), name="互访"))
    return book


def got(client, name: str, **query) -> str:
    answer = client.get(reverse(f"roadmap:{name}", args=["jk"]), query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def issued(book) -> None:
    """Issue the book a day after its rows were written: in a test one moment serves for all."""
    for model in (Task, Milestone):
        back_date(model, 1)
    book.status = BookStatus.ISSUED
    book.save()


def moved(book, name: str, day: date, which: str = "due"):
    change = services.Change(id=Milestone.objects.get(name=name).pk, due=day, start=None, kind="milestone", which=which)
    by = make_coordinator()
    found = services.preview(book=book, changes=[change], by=by, today=timezone.localdate(), follow="push")
    services.apply(book=book, changes=[change], reason="港口检修", by=by, versions=found.versions, follow="push")


def test_baseline_critical_path_and_forecast_stand_on_every_paper(client, lead, book):
    issued(book)
    moved(book, "开航", date(2027, 3, 15), which="forecast")
    client.force_login(lead)
    for name in ("print", "export-svg"):
        text = got(client, name)
        assert "基线：第1版" in text
        assert len(BASE_BAR.findall(text)) == 3  # two tasks and the key of the legend
        assert EDGE_OF_CRITICAL in text
        assert text.count(DIAMOND_DASHED) == 2  # the milestone and the key
    plain = got(client, "export-svg", baseline="off", critical="off")
    assert "基线" not in plain
    assert not BASE_BAR.findall(plain)
    assert EDGE_OF_CRITICAL not in plain


def test_the_plan_moved_since_the_issue_keeps_its_old_place_beside_it(client, lead, book):
    issued(book)
    ends = 'stroke="#5f6d7a" stroke-width="1.2"'
    client.force_login(lead)
    assert ends not in got(client, "export-svg")
    Milestone.objects.filter(name="开航").update(due=date(2027, 2, 26))
    assert got(client, "export-svg").count(ends) == 1


def rows_of(text: str) -> list[str]:
    """The bold texts of the label column in order: lanes, their parts, and the numbers of tasks."""
    found = re.findall(r'font-weight="700" fill="#17212b">([^<]+)<', text)
    return found[found.index("任务 / 里程碑") + 1 :]


@pytest.mark.parametrize(
    ("lanes", "expected"),
    [
        ("field", ["经贸", "1.1 ", "1.1.1", "1.1.2"]),
        ("bureau", ["市商务局", "1.1.1", "市文化局", "1.1.2"]),
        ("horizon", ["近期", "1.1.2", "远期", "1.1.1"]),
        ("partner", ["韩国", "全国", "1.1.1", "1.1.2", "日本", "横滨", "1.1.2"]),
    ],
)
def test_lanes_on_paper_are_those_of_the_page(client, lead, book, lanes, expected):
    client.force_login(lead)
    found = rows_of(got(client, "export-svg", lanes=lanes))
    assert len(found) == len(expected)
    assert all(row.startswith(part) for row, part in zip(found, expected, strict=True)), found
    way = got(client, "map", lanes=lanes, plain="1")
    assert all(part.strip() in way for part in expected)


def test_a_folded_lane_stays_folded_on_paper(client, lead, book):
    client.force_login(lead)
    assert "釜山航线" not in got(client, "export-svg", lanes="bureau", closed="b-commerce")
    assert "横滨交流" in got(client, "export-svg", lanes="bureau", closed="b-commerce")


def test_a_task_of_several_partners_counts_in_each_lane(lead, book):
    found = lanes_of(road_map(book, lead, timezone.localdate(), with_places=True), "partner")
    assert {key: group.total for key, group in found.groups.items()} == {
        "c-KR": 2, "p-KR": 2, "c-JP": 1, "p-JP-14": 1,
    }  # fmt: skip


def test_sheets_of_a3_repeat_head_lane_and_legend(client, lead, book):
    for n in range(3, 62):
        make_task(book, lead=lead.bureau, code=f"1.1.{n}", measure=book.tasks.first().measure, due=date(2027, 1, 1))
    client.force_login(lead)
    text = got(client, "print")
    sheets = text.split('<div class="rm-sheet">')[1:]
    assert len(sheets) == 3  # 63 rows, thirty a sheet
    for number, sheet in enumerate(sheets, 1):
        assert f">{number} / 3<" in sheet
        assert "已完成里程碑" in sheet
        assert ('font-weight="700" fill="#17212b">续：经贸<' in sheet) == (number > 1)
        (width, height) = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', sheet).groups())
        assert height / width <= (297 - 24) / (420 - 24) + 0.001  # a page wide, and no higher than a page


@pytest.mark.parametrize(("paper", "size"), [("a3", (420, 297)), ("a1", (594, 841))])
def test_the_pdf_has_its_size_its_pages_and_text_that_can_be_searched(client, lead, book, paper, size):
    for n in range(3, 42):
        make_task(book, lead=lead.bureau, code=f"1.1.{n}", measure=book.tasks.first().measure, due=date(2027, 1, 1))
    client.force_login(lead)
    answer = client.get(reverse("roadmap:export-pdf", args=["jk"]), {"paper": paper})
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == (2 if paper == "a3" else 1)
    for page in pages:
        assert [round(float(side) / MM) for side in page.mediabox[2:]] == list(size)
    text = "".join(page.extract_text() for page in pages)
    for word in ("对日韩合作任务书（示例）", "釜山航线", "横滨交流", "1.1.41", "关键路径"):
        assert word in text


def test_a_past_day_on_paper_says_so_and_has_no_critical_path(client, lead, book):
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    client.force_login(lead)
    text = got(client, "export-svg", as_of=day)
    assert f"截至{day}" in text
    assert "釜山航线" not in text
    assert EDGE_OF_CRITICAL not in text.split("计划</text>")[0]


def test_strangers_get_no_paper(client, book):
    client.force_login(make_user(Role.OFFICIAL))
    for name in ("print", "export-svg", "export-pdf"):
        assert client.get(reverse(f"roadmap:{name}", args=["jk"])).status_code == 404


def test_the_table_says_what_the_drawing_shows(client, lead, book):
    issued(book)
    moved(book, "开航", date(2027, 3, 15), which="forecast")
    Milestone.objects.filter(name="互访").update(due=date(2030, 12, 30))
    client.force_login(lead)
    text = got(client, "table", lanes="bureau")
    for words in ("基线：第1版", "预计日期 2027-03-15", "基线 2030-12-31", "-1天", "关键路径", "前置里程碑"):
        assert words in text, words
    assert re.findall(r"colspan=\"9\">([^ <]+) <", text) == ["市商务局", "市文化局"]
    assert "基线 2030" not in got(client, "table", baseline="off")


# --- What moved, and why; days off behind the drawing ---


def test_what_moved_since_the_issue_stands_with_its_reason_and_can_be_undone(client, lead, book):
    client.force_login(make_coordinator())
    assert "任务书尚未下达" in got(client, "moved")
    issued(book)
    Milestone.objects.filter(name="互访").update(due=date(2030, 12, 30))
    moved(book, "开航", date(2027, 3, 15), which="forecast")
    text = got(client, "moved")
    assert 'data-changes="1"' in text
    assert "2030-12-31 → 2030-12-30" in text
    assert "2027-01-29 → 2027-03-15" in text  # expected later
    assert "港口检修" in text
    assert "全部撤销" in text
    client.force_login(make_user(Role.LEADER))
    assert "全部撤销" not in got(client, "moved")


def test_days_off_of_three_countries_are_sent_when_asked_for(client, lead, book):
    client.force_login(lead)
    assert client.get(reverse("roadmap:data", args=["jk"])).json()["holidays"] == []
    days = client.get(reverse("roadmap:data", args=["jk"]), {"holidays": "on"}).json()["holidays"]
    assert {day[0] for day in days} == {"CN", "JP", "KR"}
    names = {(country, name) for country, _first, _last, name, _sure in days if name}
    seasons = {"CN": ("春节", "国庆节假期"), "JP": ("黄金周", "盂兰盆节"), "KR": ("韩国春节", "韩国中秋节")}
    assert names == {(country, name) for country, both in seasons.items() for name in both}
    spring = next(day for day in days if day[0] == "CN" and day[3] == "春节" and day[1].startswith("2027"))
    assert spring[1] <= "2027-02-06" <= spring[2]
    assert all(first <= last for _country, first, last, _name, _sure in days)

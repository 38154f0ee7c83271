"""Road map, dashboard and search in the browser: rules of accessibility, both themes, phone, wall."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role
from planning.plans.models import Plan
from planning.taskbooks.models import TaskRegion
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_field, make_measure, make_region, make_task
from tests.planning.roadmap.factories import make_link, make_stone

PAGES = ("/roadmaps/", "/roadmaps/jk/?plain=1", "/roadmaps/jk/table/", "/milestones/", "/dashboard/", "/search/?q=航线")


@pytest.fixture
def person(transactional_db):
    """A coordinator, and a book with tasks of every light, milestones and dependencies."""
    book = make_book(code="jk", title="对日韩合作任务书")
    for horizon, first, last in (("short", 2026, 2026), ("medium", 2027, 2028), ("long", 2029, 2030)):
        Plan.objects.create(programme=book.programme, horizon=horizon, first_year=first, last_year=last)
    make_region("CN-210200", "大连市", "CN", role="focus", latitude=38.9, longitude=121.6)
    busan = make_region("KR-26", "釜山广域市", "KR", latitude=35.2, longitude=129.1)
    lead, today, before = make_bureau("市商务局"), timezone.localdate(), None
    measures = [
        make_measure(book.programme, f"{n}.1", field=make_field(name)) for n, name in ((1, "经贸"), (2, "文化"))
    ]
    for n, offset in enumerate((-60, -3, 3, 200, 500, 900)):
        task = make_task(
            book, lead=lead, measure=measures[n % 2], code=f"{n % 2 + 1}.1.{n + 1}", content=f"开行釜山航线第{n}期",
            start=min(date(2026, 1, 5), today + timedelta(days=offset)), due=today + timedelta(days=offset),
            state="in_progress", progress=15 * n, countries=["KR"],
        )  # fmt: skip
        TaskRegion.objects.create(task=task, region=busan)
        stone = make_stone(task, task.due, name=f"第{n}期开航", done_on=today if n == 1 else None)
        if before is not None:
            make_link(before, stone)
        before = stone
    make_task(book, lead=lead, measure=measures[0], code="1.1.90", start=date(2026, 3, 1))
    make_task(book, lead=lead, measure=measures[0], code="1.1.91")
    return make_user(Role.COORDINATOR, bureau=make_bureau("市发展改革委"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_obey_the_rules_of_accessibility(page, context, live_server, sign_in, axe, person, theme):
    sign_in(person)
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    for address in PAGES:
        page.goto(address)
        axe(page)


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_but_the_plot_scrolls_sideways_on_a_phone(phone, sign_in, person, width):
    sign_in(person)
    phone.set_viewport_size({"width": width, "height": 844})
    for address in PAGES:
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= width, address
    phone.goto("/roadmaps/jk/?plain=1&zoom=quarter")
    assert phone.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.rm'))")


def test_label_column_and_axis_stay_while_the_plot_scrolls(page, sign_in, person):
    sign_in(person)
    page.goto("/roadmaps/jk/?plain=1&zoom=quarter&stones=rows")
    plot = page.locator(".rm")
    plot.evaluate("e => e.scrollTo(400, 200)")
    edge = plot.bounding_box()
    corner = page.locator(".rm-corner").bounding_box()
    assert abs(corner["x"] - edge["x"]) <= 2
    assert abs(corner["y"] - edge["y"]) <= 2
    assert abs(page.locator(".rm-labels").bounding_box()["x"] - edge["x"]) <= 2


@pytest.mark.parametrize("zoom", ["quarter", "year", "phase", "fit"])
def test_today_and_the_label_rows_stand_where_the_bars_stand(page, sign_in, person, zoom):
    """The drawing is stretched by the browser: what it paints must still be within a pixel of the date."""
    sign_in(person)
    page.goto(f"/roadmaps/jk/?plain=1&zoom={zoom}")
    today = timezone.localdate()
    plot = page.locator(".rm-plot > svg").bounding_box()
    days = (date(2030, 12, 31) - date(2025, 12, 31)).days
    expected = plot["x"] + plot["width"] * ((today - date(2026, 1, 1)).days + 0.5) / days
    line = page.locator(".rm-now").bounding_box()
    assert abs(line["x"] + line["width"] / 2 - expected) <= 1
    rows = page.locator(".rm-labels > li").count()
    assert abs(plot["height"] - 36 * rows) <= 1
    bar = page.locator(".rm-bar").first.bounding_box()
    assert abs(bar["x"] - (plot["x"] + plot["width"] * 4 / days)) <= 1.5 or bar["x"] >= plot["x"]


def test_a_milestone_opens_from_the_keyboard(page, sign_in, person):
    sign_in(person)
    page.goto("/roadmaps/jk/?plain=1")
    page.locator(".rm-plot a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/milestones/**")


def test_the_wall_fits_one_screen(page, sign_in, person):
    sign_in(person)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto("/dashboard/wall/")
    sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert sizes == [1920, 1080]


def test_the_wall_fetches_its_figures_anew_after_five_minutes(page, sign_in, person):
    sign_in(person)
    page.clock.install()
    page.goto("/dashboard/wall/")
    before = page.locator("#wall-as-of").get_attribute("datetime")
    with page.expect_response("**/dashboard/wall/"):
        page.clock.run_for(301_000)
    expect(page.locator("#wall-as-of")).not_to_have_attribute("datetime", before)
    assert page.locator("#wall .tile").count() == 10


def test_numbers_of_the_dashboard_open_their_rows(page, sign_in, person):
    sign_in(person)
    page.goto("/dashboard/")
    tile = page.locator("a.tile[href*='light=red']")
    count = int(tile.get_attribute("data-count"))
    tile.click()
    page.wait_for_url("**/books/jk/**")
    assert page.locator("tr.task-row").count() == count == 1

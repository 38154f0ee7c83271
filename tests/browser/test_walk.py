"""Every page as people see it: each role walks it, wide and on a phone, light and dark, and axe finds nothing."""

import re

import pytest
from django.core.management import call_command

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau
from tests.factories import make_user

BUSINESS_PAGES = [
    "/dashboard/",
    "/books/",
    "/books/jk-2026-2030/",
    "/books/jk-2026-2030/?view=official",
    "/books/jk-2026-2030/tasks/1.1.2/",
    "/roadmaps/",
    "/roadmaps/jk-2026-2030/",
    "/roadmaps/jk-2026-2030/table/",
    "/gaps/",
    "/cities/",
    "/cities/JP-40100/",
    "/industries/",
    "/indicators/",
    "/indicators/gdp/",
    "/sources/",
    "/jobs/",
    "/search/?q=北九州",
]


@pytest.fixture
def real_data(transactional_db):
    """The reference data and the sample task book, loaded as ``make run`` loads them."""
    call_command("load_reference_data", verbosity=0)
    call_command("load_sample", verbosity=0)


def somebody(role: Role, bureau: str):
    return make_user(role, bureau=Bureau.objects.get(name_zh=bureau))


def walk(page, axe, addresses, *, theme: str) -> None:
    """Open each address, wait for its fragments, and look at it with axe and for sideways scrolling."""
    page.emulate_media(color_scheme=theme)
    for address in addresses:
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        assert answer.status == 200, f"{address}: {answer.status}"
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{address} scrolls sideways by {overflow} px"
        assert is_dark(page) == (theme == "dark"), f"{address} is not {theme}"
        axe(page)


def is_dark(page) -> bool:
    """Whether the ground of the page is dark."""
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (float(part) for part in re.findall(r"[0-9.]+", ground)[:3])
    return red + green + blue < 3 * 128


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_official_walks_every_page_on_a_wide_screen(page, sign_in, axe, real_data, theme):
    sign_in(somebody(Role.OFFICIAL, "市商务局"))
    walk(page, axe, BUSINESS_PAGES, theme=theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_leader_walks_every_page_on_a_phone(phone, sign_in, axe, real_data, theme):
    sign_in(somebody(Role.LEADER, "市政府办公室"))
    walk(phone, axe, BUSINESS_PAGES, theme=theme)


@pytest.mark.parametrize(
    ("role", "bureau", "open_pages", "closed_pages"),
    [
        (Role.HEAD, "市商务局", ["/dashboard/", "/books/jk-2026-2030/"], ["/admin/accounts/user/"]),
        (Role.COORDINATOR, "市发展改革委", ["/dashboard/", "/books/jk-2026-2030/import/"], ["/admin/accounts/user/"]),
        (Role.ANALYST, "市发展改革委", ["/gaps/", "/indicators/"], ["/admin/accounts/user/"]),
        (Role.OFFICIAL, "驻日本代表处", ["/books/", "/cities/JP-40100/"], ["/cities/KR-28/"]),
        (Role.SYSTEM_ADMIN, "市大数据局", ["/admin/", "/admin/accounts/user/"], ["/books/jk-2026-2030/"]),
        (Role.SECURITY_ADMIN, "市大数据局", ["/admin/", "/admin/accounts/apiclient/"], ["/books/jk-2026-2030/"]),
        (Role.AUDIT_ADMIN, "市大数据局", ["/admin/"], ["/books/jk-2026-2030/"]),
    ],
)
def test_each_role_reaches_its_pages_and_no_others(page, sign_in, real_data, role, bureau, open_pages, closed_pages):
    sign_in(somebody(role, bureau))
    for address in open_pages:
        assert page.goto(address).status == 200, address
    for address in closed_pages:
        assert page.goto(address).status in (403, 404), address


def test_nobody_who_is_not_signed_in_sees_a_page(page, real_data):
    for address in BUSINESS_PAGES:
        page.goto(address)
        assert "/accounts/sign-in/" in page.url, address


def test_english_pages_hold_no_chinese_interface_words(page, sign_in, context, live_server, real_data):
    sign_in(somebody(Role.ANALYST, "市发展改革委"))
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.goto("/dashboard/")
    assert page.locator("html").get_attribute("lang") == "en"
    navigation = page.locator("nav").first.inner_text()
    assert navigation.isascii(), navigation

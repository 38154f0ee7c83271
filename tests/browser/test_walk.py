"""Every page as people see it: each role walks it, wide and on a phone, light and dark, and axe finds nothing."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

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


def walk(page, axe, addresses) -> None:
    """Open each address, wait for its fragments, look for sideways scrolling, and ask axe in both themes."""
    faults = []
    for address in addresses:
        page.emulate_media(color_scheme="light")
        answer = page.goto(address)
        expect(page.locator("[hx-trigger=load], .htmx-request")).to_have_count(0)
        if answer.status != 200:
            faults.append(f"{address}: {answer.status}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            faults.append(f"{address} scrolls sideways by {overflow} px")
        light = background(page)
        faults += complaints(page, axe)
        page.emulate_media(color_scheme="dark")
        if background(page) == light:
            faults.append(f"{address} has no dark theme")
        faults += complaints(page, axe, "color-contrast")  # nothing else depends on the theme
    assert not faults, "\n".join(faults)


def background(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def complaints(page, axe, *rules: str) -> list[str]:
    try:
        axe(page, rules=rules)
    except AssertionError as found:
        return [str(found)]
    return []


def test_an_official_walks_every_page_on_a_wide_screen(page, sign_in, axe, real_data):
    sign_in(somebody(Role.OFFICIAL, "市商务局"))
    walk(page, axe, BUSINESS_PAGES)


def test_a_leader_walks_every_page_on_a_phone(phone, sign_in, axe, real_data):
    sign_in(somebody(Role.LEADER, "市政府办公室"))
    walk(phone, axe, BUSINESS_PAGES)


REACH = [
    # role, bureau, pages that open, pages that do not
    (Role.HEAD, "市商务局", ["/dashboard/", "/books/jk-2026-2030/"], ["/admin/accounts/user/"]),
    (Role.COORDINATOR, "市发展改革委", ["/dashboard/", "/books/jk-2026-2030/import/"], ["/admin/accounts/user/"]),
    (Role.ANALYST, "市发展改革委", ["/gaps/", "/indicators/"], ["/admin/accounts/user/"]),
    (Role.OFFICIAL, "驻日本代表处", ["/books/", "/cities/JP-40100/"], ["/cities/KR-28/"]),
    (Role.SYSTEM_ADMIN, "市大数据局", ["/admin/", "/admin/accounts/user/"], ["/books/jk-2026-2030/"]),
    (Role.SECURITY_ADMIN, "市大数据局", ["/admin/", "/admin/accounts/apiclient/"], ["/books/jk-2026-2030/"]),
    (Role.AUDIT_ADMIN, "市大数据局", ["/admin/"], ["/books/jk-2026-2030/"]),
]


def test_each_role_reaches_its_pages_and_no_others(page, context, sign_in, live_server, real_data):
    """One load of the data for everybody: strangers first, then each role, then the pages in English."""
    for address in BUSINESS_PAGES:
        page.goto(address)
        assert "/accounts/sign-in/" in page.url, address

    for role, bureau, open_pages, closed_pages in REACH:
        sign_in(somebody(role, bureau))
        for address in open_pages:
            assert page.goto(address).status == 200, f"{role}: {address}"
        for address in closed_pages:
            assert page.goto(address).status in (403, 404), f"{role}: {address}"

    sign_in(somebody(Role.ANALYST, "市发展改革委"))
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.goto("/dashboard/")
    assert page.locator("html").get_attribute("lang") == "en"
    navigation = page.locator("nav").first.inner_text()
    assert navigation.isascii(), navigation

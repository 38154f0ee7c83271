"""Chromium against the real application: a live server, a watch on every page, axe, and quick sign-in.

Tests use Playwright's ``page`` (Chinese, 1440×900) or ``context.new_page()``; ``phone`` gives a page of 390 px.
Whatever a page does in a test, three things make the test fail: a breach of the Content-Security-Policy, an error
in the console, and a request that leaves the host. ``watch.allow`` lists texts of console errors a test expects.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.browser import chromium
from tests.factories import make_user

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Playwright keeps an event loop in the test's thread, where Django would refuse queries; nothing here is concurrent.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    host: str
    allow: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def follow(self, page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _note(self, problem: str) -> None:
        if not any(text in problem for text in self.allow):
            self.problems.append(problem)

    def _console(self, message) -> None:
        # The answer's status is judged in _response: a form page may well be refused with 409 or 422.
        expected = ("Failed to load resource", "Response Status Error Code 4")
        if message.type == "error" and not message.text.startswith(expected):
            self._note(f"console: {message.text}")

    def _request(self, request) -> None:
        if urlsplit(request.url).netloc != self.host:
            self._note(f"request leaves the host: {request.url[:200]}")

    def _response(self, response) -> None:
        kind = response.request.resource_type
        limit = 500 if kind in ("document", "xhr", "fetch") else 400
        if response.status >= limit:
            self._note(f"{response.status} for {kind} {response.url}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium was found; `python -m tests.browser.chromium` installs one or says what to do.")
    return browser_type_launch_args | {"executable_path": path, "args": chromium.ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "viewport": {"width": 1440, "height": 900},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def watch(live_server):
    return Watch(host=urlsplit(live_server.url).netloc)


@pytest.fixture
def context(new_context, live_server, watch):
    """A browser context on the live server whose pages are all watched."""
    context = new_context(base_url=live_server.url)
    context.set_default_timeout(15_000)
    watched(context, watch)
    yield context
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def second_context(new_context, live_server, watch):
    """Another person's browser, for tests of two people at once."""
    context = new_context(base_url=live_server.url)
    context.set_default_timeout(15_000)
    watched(context, watch)
    return context


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def phone(context):
    """A page as wide as a phone."""
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def watched(context, watch: Watch) -> None:
    """Turn breaches of the policy into console errors, and follow every page of the context."""
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error("
        "`CSP: ${e.violatedDirective} blocked ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber} ${e.sample}`))"
    )
    context.on("page", watch.follow)


@pytest.fixture
def sign_in(context, client, live_server):
    """``sign_in(user)`` or ``sign_in("official")``: sign a person in without the form; returns the user."""

    def sign_in(who, into=None):
        user = who if hasattr(who, "pk") else make_user(who)
        client.force_login(user, backend="dalian_coop.accounts.backends.PasswordBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        entry = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}
        (into or context).add_cookies([entry])
        client.cookies.clear()
        return user

    return sign_in


@pytest.fixture
def axe():
    """``axe(page)``: fail on what breaks the accessibility rules; ``axe(page, "main")`` looks at a part only."""

    def run(page, part: str = "html") -> None:
        page.evaluate(AXE)
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        result = page.evaluate("([part, options]) => axe.run(part, options)", [part, options])
        found = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    "
            + "\n    ".join(n["html"][:200] for n in rule["nodes"])
            for rule in result["violations"]
        ]
        assert not found, f"{page.url}\n" + "\n".join(found)

    return run

"""The watch on every page sees what it is there to see; without this a silent page would prove nothing."""

import pytest


@pytest.fixture
def served(page):
    """Give the page a body of its own, with the portal's policy."""

    def serve(body: str, status: int = 200):
        page.route("**/planted", lambda route: route.fulfill(status=status, body=body, headers=headers))
        page.goto("/planted")
        page.wait_for_timeout(200)

    headers = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html; charset=utf-8"}
    return serve


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p style='color: red'>x", "CSP: style-src-attr"),
        ("<script>document.title = 'x'</script>", "CSP: script-src-elem"),
        ("<button onclick='x()'>x</button>", "CSP: script-src-attr"),
        ("<img src='https://example.invalid/a.png' alt=''>", "CSP: img-src"),
        ("<script src='/static/js/no-such-file.js'></script>", "404 for script"),
    ],
)
def test_breach_in_a_page_is_seen(served, watch, body, problem):
    served(f"<!doctype html><title>x</title>{body}")
    assert [text for text in watch.problems if problem in text]
    watch.problems.clear()


def test_request_to_another_host_is_seen(page, watch):
    page.route("https://example.invalid/**", lambda route: route.fulfill(status=200, body="<title>x</title>"))
    page.goto("https://example.invalid/")
    assert watch.problems == ["request leaves the host: https://example.invalid/"]
    watch.problems.clear()


def test_clean_page_gives_no_problem(served, watch):
    served("<!doctype html><html lang='en'><title>x</title><main><h1>x</h1></main>")
    assert watch.problems == []


def test_accessibility_rules_are_really_asked(served, page, axe):
    served("<!doctype html><title>x</title><main><h1>x</h1><input></main>")
    with pytest.raises(AssertionError) as caught:
        axe(page)
    assert "html-has-lang (serious)" in str(caught.value)
    assert "label (critical)" in str(caught.value)

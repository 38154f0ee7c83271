"""Tokens in the address, forged hosts, and the language in which errors are told."""

import io
import json
import logging

import pytest

from dalian_coop.base.logs import JsonFormatter
from tests.factories import bearer, make_bureau, make_client_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(db):
    return make_client_token(make_bureau(), ["reference:read"])


@pytest.fixture
def written():
    """What the logs of this test say, formatted as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "address",
    ["/api/v1/bureaus/?access_token={}", "/api/v1/bureaus/?name_zh={}", "/api/v1/bureaus/{}/", "/search/?q={}",
     "/api/v1/bureaus/?x=%64lp_{}"],
)  # fmt: skip
def test_a_token_in_the_address_is_refused_and_never_logged(client, token, written, address):
    secret = token.rsplit("_", 1)[1]
    shown = token.removeprefix("dlp_") if "%64" in address else token
    answer = client.get(address.format(shown), **bearer(token))
    assert answer.status_code == 400
    assert secret not in written.getvalue() and '"path"' in written.getvalue()
    if "/api/" in address:
        assert secret not in answer.content.decode()


def test_an_exception_that_shows_a_token_is_written_without_it(token, written):
    try:
        raise ValueError(f"cannot use {token}")
    except ValueError:
        logging.getLogger("anything").exception("failed with %s", token)
    assert token not in written.getvalue() and token.rsplit("_", 1)[0] in written.getvalue()


@pytest.mark.parametrize("host", ["evil.example", "localhost:80@evil.example", "evil.example:443"])
def test_a_forged_host_400_as_a_problem(client, token, host):
    answer = client.get("/api/v1/bureaus/", HTTP_HOST=host, **bearer(token))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json" and "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-CN", "请求无法读取"), ("en", "The request cannot be read"), ("ja,en;q=0.5", None), ("ko-KR", None),
     (None, "请求无法读取"), ("xx", "请求无法读取")],
)  # fmt: skip
def test_errors_in_the_language_asked_for(client, token, language, title):
    headers = {"HTTP_ACCEPT_LANGUAGE": language} if language else {}
    by_view = client.get("/api/v1/bureaus/?limit=0", **headers, **bearer(token)).json()
    early = client.get("/api/v1/bureaus/?name_zh=%00", **headers, **bearer(token)).json()
    host = client.get("/api/v1/bureaus/", HTTP_HOST="evil.example", **headers, **bearer(token)).json()
    assert by_view["title"] == early["title"] == host["title"]
    if title:
        assert by_view["title"] == title
    else:
        assert by_view["title"] not in ("The request cannot be read", "请求无法读取")
    assert json.dumps(by_view) and by_view["type"] == "/api/v1/docs/#problem-malformed"

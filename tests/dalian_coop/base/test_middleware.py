"""Request ids, and the guard in front of every text that comes in."""

import json
import logging

import pytest

from dalian_coop.base.logs import JsonFormatter, request_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/cities/%00/",
        "/cities/%ff/",
        "/search/?q=%00",
        "/search/?q=a%ffb",
        "/search/?q=%ed%a0%80",
        "/search/?%00=a",
        "/accounts/sign-in/?next=%07",
    ],
)
def test_bad_characters_in_an_address_get_a_page_that_says_so(client, path):
    answer = client.get(path, RAW_URI=path)  # as gunicorn hands it over
    assert answer.status_code == 400 and "<html" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/v1/tasks/%00/", "/api/v1/tasks/?lead=%00", "/api/v1/%ff/", "/api/v1/?a=%ed%a0%80"]
)
def test_below_the_interface_they_get_a_problem(client, path):
    answer = client.get(path, RAW_URI=path, HTTP_X_REQUEST_ID="req-11111111", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 400 and answer.json()["request_id"] == "req-11111111"


@pytest.mark.parametrize("text", ["a\x00b", "\x07", "a\x1bb"])
def test_bad_characters_in_a_form_are_refused_before_any_view(client, text):
    assert client.post("/accounts/sign-in/", {"username": text, "password": "x"}).status_code in (400, 422)
    encoded = client.post(
        "/accounts/sign-in/", f"username=a%{ord(text[-2:][0]):02x}", content_type="application/x-www-form-urlencoded"
    )
    assert encoded.status_code in (400, 422)


def test_text_of_all_scripts_passes(client):
    answer = client.get("/accounts/sign-in/", {"next": "/search/?q=大连 東京 서울 𠮷 😀"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-DEF_1.23", True), ("short", False), ("a b c d e f", False), ("x" * 65, False)]
)
def test_plain_request_ids_are_kept_and_others_replaced(client, given, kept):
    answer = client.get("/healthz", HTTP_X_REQUEST_ID=given)
    assert (answer["X-Request-ID"] == given) == kept and len(answer["X-Request-ID"]) >= 8


def test_log_line_is_one_json_object_with_the_request_id():
    token = request_id.set("req-42424242")
    try:
        record = logging.LogRecord("x", logging.INFO, "f", 1, "商务 %s", ("局\n2",), None)
        record.status = 200
        line = JsonFormatter().format(record)
    finally:
        request_id.reset(token)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["message"], entry["request_id"], entry["status"], entry["level"]) == (
        "商务 局\n2",
        "req-42424242",
        200,
        "INFO",
    )


def test_request_is_logged_without_its_query_and_headers(client, caplog):
    with caplog.at_level(logging.INFO, "dalian_coop.requests"):
        client.get("/healthz?token=dlp_secret", HTTP_AUTHORIZATION="Bearer dlp_secret")
    assert caplog.records and "dlp_secret" not in "".join(
        str(r.__dict__) for r in caplog.records if r.name == "dalian_coop.requests"
    )

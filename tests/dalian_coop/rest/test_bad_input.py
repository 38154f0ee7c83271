"""Hostile bodies and addresses: refused with one sentence, quickly, and nothing is written."""

import json
import time

import pytest

from dalian_coop.accounts.models import Bureau
from dalian_coop.rest.parsers import MAX_BYTES, loads
from dalian_coop.rest.problems import BadRequest
from tests.dalian_coop.rest.conftest import URLCONF

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]
URL = "/api/v1/editable/sswj/"

BAD_BODIES = {
    "no JSON": b"full_name=x",
    "cut off": b'{"full_name": "x"',
    "empty": b"",
    "not UTF-8": '{"full_name": "商务"}'.encode("gb18030"),
    "byte order mark": b'\xef\xbb\xbf{"full_name": "x"}',
    "NaN": b'{"full_name": NaN}',
    "Infinity": b'{"full_name": -Infinity}',
    "1e400": b'{"full_name": 1e400}',
    "integer of 5,000 digits": b'{"full_name": ' + b"9" * 5000 + b"}",
    "NUL": b'{"full_name": "a\\u0000b"}',
    "NUL in a key": b'{"full\\u0000name": "a"}',
    "lone surrogate": b'{"full_name": "\\ud800"}',
    "lone surrogate in a list": b'{"full_name": ["\\udfff"]}',
    "control character": b'{"full_name": "\\u0007"}',
    "raw control character": b'{"full_name": "a\x01b"}',
    "duplicate keys": b'{"full_name": "a", "full_name": "b"}',
    "duplicate keys inside": b'{"full_name": {"a": 1, "a": 2}}',
    "33 deep": b'{"full_name": ' + b"[" * 33 + b"]" * 33 + b"}",
    "100,000 deep": b"[" * 100_000,
    "2,001 keys": json.dumps({f"k{n}": n for n in range(2001)}).encode(),
    "nothing to change": b"{}",
    "a list": b"[]",
    "a text": b'"full_name"',
    "null": b"null",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_body_400_and_nothing_written(client, token, body):
    answer = client.patch(URL, body, content_type="application/json", HTTP_IF_MATCH='"1"', **token)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] and answer.json()["detail"]
    assert Bureau.objects.get(code="sswj").version == 1


def test_body_over_2_mb_413(client, token):
    body = json.dumps({"full_name": "x" * MAX_BYTES})
    answer = client.patch(URL, body, content_type="application/json", HTTP_IF_MATCH='"1"', **token)
    assert answer.status_code == 413


def test_text_of_10000_characters_422_at_the_field(client, token):
    body = json.dumps({"full_name": "长" * 10_000})
    answer = client.patch(URL, body, content_type="application/json", HTTP_IF_MATCH='"1"', **token)
    assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"] == "/full_name"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_other_content_types_415(client, token, kind):
    answer = client.patch(URL, b"full_name=x", content_type=kind, HTTP_IF_MATCH='"1"', **token)
    assert answer.status_code == 415


def test_four_byte_characters_markup_and_line_breaks_come_back_exactly(client, token):
    text = "𠮷㐂 한글 <b>&amp;</b>\n\t‮ 😀"
    body = json.dumps({"full_name": text})
    answer = client.patch(URL, body, content_type="application/json", HTTP_IF_MATCH='"1"', **token)
    assert answer.json()["full_name"] == text == Bureau.objects.get(code="sswj").full_name


def test_method_override_is_ignored(client, token):
    answer = client.post(URL, b"{}", content_type="application/json", HTTP_X_HTTP_METHOD_OVERRIDE="PATCH", **token)
    assert answer.status_code == 405 and "PATCH" in answer["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/bureaus/nobody/", "/api/v1/editable/x'%20OR%201=1/"])
def test_unknown_addresses_404_in_the_one_error_shape(client, token, path):
    answer = client.get(path, **token)
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"


def test_a_programming_error_says_nothing_but_the_request_id(client, token):
    answer = client.get("/api/v1/broken/", HTTP_X_REQUEST_ID="req-9876543", **token)
    assert answer.status_code == 500 and answer.json()["request_id"] == "req-9876543"
    assert b"secret" not in answer.content and b"RuntimeError" not in answer.content


def test_an_unacceptable_format_406(client, token):
    assert client.get("/api/v1/bureaus/", HTTP_ACCEPT="text/csv", **token).status_code == 406


@pytest.mark.parametrize("hostile", ['{"' + '\\"' * 400_000, "[" + '"a' * 300_000, '{"a": "' + "\\" * 500_001])
def test_hostile_quoting_costs_no_time(hostile):
    start = time.perf_counter()
    with pytest.raises(BadRequest):
        loads(hostile.encode())
    assert time.perf_counter() - start < 2


def test_brackets_inside_strings_are_not_depth():
    assert loads(json.dumps({"a": "[" * 100 + '\\"{{'}).encode()) == {"a": "[" * 100 + '\\"{{'}


@pytest.mark.parametrize(
    ("moment", "status"),
    [("0497-06-05T06:10:05.05-20:51", 200), ("0001-01-01T00:00:00%2B10:00", 400), ("9999-12-31T23:59:59-10:00", 400)],
)
def test_instants_at_the_ends_of_time_and_odd_offsets(client, token, moment, status):
    assert client.get(f"/api/v1/editable/?updated_at__gte={moment}", **token).status_code == status

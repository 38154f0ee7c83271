"""One parser in front of all JSON: what it lets through can be stored, and is small enough to look at."""

import json
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from dalian_coop.base.text import has_bad_characters
from dalian_coop.rest.problems import BadRequest, TooLarge

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_KEYS = 2000
# A whole string (possessive, so that it never backtracks), or a bracket.
_TOKENS = re.compile(r'"(?:\\.|[^"\\])*+"?|[\[\]{}]', re.DOTALL)


class _Refused(ValueError):
    """Raised inside json.loads; the text is shown to the client."""


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise TooLarge(_("The body is larger than 2 MB."))
        return loads(raw)


def loads(raw: bytes) -> Any:
    """Parse UTF-8 JSON. Raises ``BadRequest`` for anything that is not plain, finite and storable."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(_("The body is not UTF-8.")) from None
    _check_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_KeyCounter(), parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
    except _Refused as refused:
        raise BadRequest(refused) from None
    except ValueError:
        raise BadRequest(_("The body is not valid JSON.")) from None
    if _has_bad_text(value):
        raise BadRequest(_("The body contains characters that cannot be stored (NUL, control or lone surrogate)."))
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for match in _TOKENS.finditer(text):
        piece = match.group()
        if piece in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise BadRequest(_("The body is nested more than 32 deep."))
        elif piece in "]}":
            depth -= 1


class _KeyCounter:
    """Counts keys over the whole body and refuses a key that stands twice in one object."""

    def __init__(self):
        self.keys = 0

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict:
        self.keys += len(pairs)
        if self.keys > MAX_KEYS:
            raise _Refused(_("The body has more than 2,000 keys."))
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _Refused(_("A key stands twice in one object."))
        return found


def _no_constant(name: str):
    raise _Refused(_("NaN and Infinity are no JSON numbers."))


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _Refused(_("A number is too large."))
    return value


def _whole(text: str) -> int:
    if len(text) > 40:
        raise _Refused(_("A number is too large."))
    return int(text)


def _has_bad_text(value: Any) -> bool:
    if isinstance(value, str):
        return has_bad_characters(value)
    if isinstance(value, dict):
        return any(has_bad_characters(key) or _has_bad_text(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(_has_bad_text(inner) for inner in value)
    return False

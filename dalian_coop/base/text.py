"""Text from outside: what no field may hold."""

import unicodedata

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from dalian_coop.base.errors import Error

_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def has_bad_characters(value: str) -> bool:
    """NUL, lone surrogates, control characters but tab and line breaks: PostgreSQL or XML would refuse them."""
    return any(ord(c) < 32 and c not in "\t\n\r" or 0xD800 <= ord(c) <= 0xDFFF for c in value)


def text_errors(value: str, *, max_length: int) -> list[Error]:
    """What is wrong with a text that is to be stored, as a list of errors (empty when it is fine)."""
    found = []
    if has_bad_characters(value):
        found.append(
            Error("bad_characters", _("The text contains characters that cannot be stored. Please retype it."))
        )
    if len(value) > max_length:
        found.append(
            Error(
                "too_long",
                ngettext_lazy(
                    "The text is longer than %(limit)d character. Please shorten it.",
                    "The text is longer than %(limit)d characters. Please shorten it.",
                    max_length,
                )
                % {"limit": max_length},
            )
        )
    return found


def identifier(value: str) -> str:
    """A name or code in canonical form (NFKC, no direction marks), so that two that look alike are alike."""
    return "".join(c for c in unicodedata.normalize("NFKC", value) if c not in _BIDI).strip()

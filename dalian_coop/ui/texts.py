"""Texts that scripts need: every call of ``gettext`` in static/js, translated and handed to the page as JSON."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

_CALL = re.compile(r"""\bgettext\(\s*(?P<q>["'])(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)""")


@cache
def script_messages() -> tuple[str, ...]:
    """The messages in the scripts, read once per process."""
    found = set()
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder, "js").glob("**/*.js")):
            for match in _CALL.finditer(path.read_text("utf-8")):
                found.add(match["text"].replace("\\" + match["q"], match["q"]))
    return tuple(sorted(found))


def script_texts() -> dict[str, str]:
    """{message: its translation into the active language}, without those that stay as they are."""
    pairs = ((message, gettext(message)) for message in script_messages())
    return {message: text for message, text in pairs if text != message}

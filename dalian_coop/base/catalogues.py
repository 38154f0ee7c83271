"""Translation catalogues without the gettext programs: collect, merge, compile and check with Babel.

Messages are English in the code. ``locale/<language>/LC_MESSAGES/django.po`` holds the translations; ``en`` is the
identity. Plural forms have one form in zh, ja and ko.
"""

import fcntl
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = {"zh_Hans": "zh_Hans", "en": "en", "ja": "ja", "ko": "ko"}
COMPLETE = ("zh_Hans", "en")  # the others may lag behind
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SCRIPT_CALL = re.compile(r"""\bgettext\(\s*(?P<q>["'])(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)""")
CODE_FOLDERS = ("dalian_coop", "partners", "planning", "templates", "static/js")


def messages(root: Path) -> Iterator[tuple[tuple | str, str | None, str]]:
    """(message or (singular, plural), context, place) for every message in code, templates and scripts."""
    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if "migrations" in path.parts or "vendor" in path.parts:
                continue
            place = str(path.relative_to(root))
            if path.suffix == ".py":
                yield from _python(path.read_bytes(), place)
            elif path.suffix in (".html", ".txt") and folder == "templates":
                code = templatize(path.read_text("utf-8"), origin=place)
                # Python's tokenizer would stumble over the indentation of the template.
                yield from _python("\n".join(line.lstrip() for line in code.splitlines()).encode(), place)
            elif path.suffix == ".js":
                for match in SCRIPT_CALL.finditer(path.read_text("utf-8")):
                    yield match["text"].replace("\\" + match["q"], match["q"]), None, place


def _python(source: bytes, place: str) -> Iterator[tuple[tuple | str, str | None, str]]:
    for _line, message, _comments, context in extract("python", io.BytesIO(source), KEYWORDS):
        yield message, context, place


class Catalogues:
    """The catalogues below ``root / "locale"``."""

    def __init__(self, root: Path):
        self.root = root
        self.folder = root / "locale"

    def path(self, language: str) -> Path:
        return self.folder / language / "LC_MESSAGES" / "django.po"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time."""
        self.folder.mkdir(exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self, language: str) -> Catalog:
        path = self.path(language)
        if not path.exists():
            return _empty(language)
        with path.open("rb") as file:
            return read_po(file, locale=LANGUAGES[language])

    def write(self, language: str, catalogue: Catalog) -> None:
        path = self.path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(
                file, catalogue, sort_output=True, width=0, omit_header=False, include_lineno=False, no_location=True
            )

    def extract(self) -> int:
        """Bring every catalogue up to the code: new messages in, unused ones out. Returns the number of messages."""
        found = list(messages(self.root))
        for language in LANGUAGES:
            old = self.read(language)
            new = _empty(language)
            new.creation_date = new.revision_date = (
                old.creation_date if self.path(language).exists() else new.creation_date
            )
            for message, context, _place in found:
                known = old.get(message, context)
                new.add(message, known.string if known else _identity(message, language), context=context)
            self.write(language, new)
        return len({(m, c) for m, c, _ in found})

    def merge(self, translations: dict[str, dict[str, str]]) -> list[str]:
        """Set translations: ``{msgid: {"zh": …, "ja": …, "ko": …}}``; a context is written ``context|msgid``.

        Returns the msgids that no code uses.
        """
        names = {"zh": "zh_Hans", "ja": "ja", "ko": "ko", "en": "en"}
        unknown = []
        catalogues = {language: self.read(language) for language in LANGUAGES}
        for msgid, texts in translations.items():
            hit = False
            for short, text in texts.items():
                catalogue = catalogues[names[short]]
                for message in catalogue:
                    single = message.id[0] if isinstance(message.id, tuple) else message.id
                    if single and msgid == (f"{message.context}|{single}" if message.context else single):
                        forms = catalogue.num_plurals
                        message.string = tuple([text] * forms) if isinstance(message.id, tuple) else text
                        hit = True
            if not hit:
                unknown.append(msgid)
        for language, catalogue in catalogues.items():
            self.write(language, catalogue)
        return unknown

    def compile(self) -> None:
        """Write the .mo file beside each .po file."""
        for language in LANGUAGES:
            with self.path(language).with_suffix(".mo").open("wb") as file:
                write_mo(file, self.read(language))

    def missing(self) -> list[str]:
        """What keeps ``COMPLETE`` languages from being complete: "language: message" lines."""
        found = []
        for language in COMPLETE:
            catalogue = self.read(language)
            for message, context, place in messages(self.root):
                entry = catalogue.get(message, context)
                texts = entry.string if entry and isinstance(entry.string, tuple) else (entry.string if entry else "",)
                if not all(texts):
                    found.append(f"{language}: {place}: {message if isinstance(message, str) else message[0]!r}")
        return list(dict.fromkeys(found))


def _empty(language: str) -> Catalog:
    header = f"# {language} translations of the portal; kept by `manage.py messages`."
    people = "Dalian Coop <i18n@localhost>"
    return Catalog(
        locale=LANGUAGES[language],
        header_comment=header,
        project="dalian_coop",
        version="1",
        msgid_bugs_address="",
        last_translator=people,
        language_team=people,
        fuzzy=False,
    )


def _identity(message: tuple | str, language: str) -> tuple | str:
    if language == "en":
        return message
    return ("",) if isinstance(message, tuple) else ""

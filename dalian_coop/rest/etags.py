"""Conditional requests (RFC 9110): the entity tag of an object is its version, that of a list the state of the log."""

import hashlib
import json
import re
from functools import cache

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dalian_coop.rest.columns import as_column
from dalian_coop.rest.problems import BadRequest, VersionRequired

_TAG = re.compile(r'\s*(?:W/)?"(\d{1,9})"\s*')


def etag(version: int) -> str:
    return f'"{version}"'


def not_modified(request, version: int) -> bool:
    """Whether ``If-None-Match`` names this version (weak comparison, as RFC 9110 wants it for GET)."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or str(version) in _TAG.findall(given)


def expected_version(request, body: dict) -> int:
    """The version on which a change is based: ``If-Match``, or ``version`` in the body.

    A proxy that compresses answers weakens the tag (``W/"7"``); it still names one version, so it is accepted.
    Raises ``VersionRequired`` (428) when neither is given and ``BadRequest`` when they cannot be read or differ.
    """
    header, inside = request.headers.get("If-Match"), body.get("version")
    if header is None and inside is None:
        raise VersionRequired(
            _('Send the version you have read as If-Match: "<version>", or as "version" in the body.')
        )
    found = set()
    if header is not None:
        match = _TAG.fullmatch(header)
        if match is None:
            raise BadRequest(_('If-Match must be one version such as "7".'))
        found.add(int(match[1]))
    if inside is not None:
        if not isinstance(inside, int) or isinstance(inside, bool) or inside < 0:
            raise BadRequest(_("The version must be a whole number."))
        found.add(inside)
    if len(found) > 1:
        raise BadRequest(_("If-Match and the version in the body differ."))
    return found.pop()


def list_etag(request, view) -> str:
    """Entity tag of a list, weak: it changes with every change of the data that the portal knows of, by anybody.

    It is a hash of what is asked, by whom, in which language, on which day (lights depend on it), and of how far the
    change log has come. Numbers of the log are given after commit, so the greatest of them together with what is
    committed but not yet numbered never stands still when something changes. "" where the rows, or something they
    show, are not in the change log. Call it before the rows are read: then it may be too old, never too new.
    """
    if not covered(type(view)):
        return ""
    actor = request.user
    facts = [
        request.get_full_path(),
        str(actor.pk),
        get_language(),
        timezone.localdate().isoformat(),
        [*view.columns, *view.related],
        _log_position(),
    ]
    return f'W/"{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]}"'


def list_not_modified(request, tag: str) -> bool:
    """Whether ``If-None-Match`` names this list's tag."""
    given = [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
    return bool(tag) and tag.removeprefix("W/") in given


def _log_position() -> list:
    """[greatest number, how many rows wait for one, the last of these]: the end of an index, a few rows of another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(seq) FROM change_log), count(*), max(id) FROM change_log WHERE seq IS NULL")
        return list(cursor.fetchone())


@cache
def covered(view_class: type) -> bool:
    """Whether the change log hears of the rows of this list and of everything that its columns read."""
    models = {view_class.model} | _on_the_way(view_class.model, view_class.columns)
    for related in view_class.related.values():
        models |= {related.model} | _on_the_way(related.model, related.columns)
    return all(any(t.name == "change_log_u" for t in getattr(m._meta, "triggers", [])) for m in models)


def _on_the_way(model, columns: dict) -> set:
    """Models between ``model`` and the values of its columns."""
    found = set()
    for column in columns.values():
        for path in as_column(model, column).paths:
            reached = model
            for step in path.split("__")[:-1]:
                reached = reached._meta.get_field(step).related_model
                found.add(reached)
    return found

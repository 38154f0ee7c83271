"""Conditional requests (RFC 9110): the entity tag of an object is its version."""

import re

from django.utils.translation import gettext_lazy as _

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

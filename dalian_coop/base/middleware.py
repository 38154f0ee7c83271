"""Request identity, and the guard in front of every text that comes in."""

import logging
import re
import time
from urllib.parse import quote, unquote, unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.keys import uuid7
from dalian_coop.base.logs import has_secret, masked, request_id
from dalian_coop.base.text import has_bad_characters

log = logging.getLogger("dalian_coop.requests")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestId:
    """Gives each request an id (the caller's own if it is a plain one), logs it, and returns it as a header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _GIVEN.fullmatch(given) else uuid7().hex
        token = request_id.set(request.request_id)
        start = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.request_id
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "ms": round((time.monotonic() - start) * 1000, 1),
                    "actor": str(getattr(request, "actor_label", "") or ""),
                },
            )
            return response
        finally:
            request_id.reset(token)


class RefuseBadText:
    """Answers 400 to NUL, lone surrogates and bytes that are no UTF-8 in path, query or form fields, and to tokens in
    the address, which proxies and browsers write down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._bad_address(request) or self._bad_form(request):
            return bad_request(request, detail=_("The address contains characters that cannot be read."))
        if has_secret(unquote(request.get_full_path())) or self._names_a_token(request):
            text = _(
                "A token does not belong into the address, where it is written down on the way. "
                "Send it in the header Authorization; if this one is real, have it revoked."
            )
            return bad_request(request, detail=text)
        return self.get_response(request)

    @staticmethod
    def _names_a_token(request: HttpRequest) -> bool:
        return request.path.startswith("/api/") and any(name in request.GET for name in ("token", "access_token"))

    @staticmethod
    def _bad_address(request: HttpRequest) -> bool:
        for raw in (request.META.get("RAW_URI") or request.get_full_path(), request.META.get("QUERY_STRING", "")):
            try:
                if has_bad_characters(unquote_to_bytes(raw).decode()):
                    return True
            except UnicodeDecodeError:
                return True
        return has_bad_characters(request.path)

    @staticmethod
    def _bad_form(request: HttpRequest) -> bool:
        if request.content_type != "application/x-www-form-urlencoded":
            return False  # multipart fields are checked by the forms, JSON by the parser
        return any(has_bad_characters(v) for _name, values in request.POST.lists() for v in values)


def bad_request(request: HttpRequest, exception: Exception | None = None, *, detail="") -> HttpResponse:
    """400 as a page for people; below ``/api/`` with the members that REST's problems have (RFC 9457).

    Also what Django answers with when the host is not one of ours (``handler400``). No language is chosen yet where
    this is needed, so it is done here.
    """
    with translation.override(translation.get_language_from_request(request)):
        if not request.path.startswith("/api/"):
            return render(request, "400.html", status=400)
        problem = {
            "type": "/api/v1/docs/#problem-malformed",
            "title": gettext("The request cannot be read"),
            "status": 400,
            "detail": str(detail or _("The address, the host or a header cannot be accepted.")),
            "instance": masked(quote(request.path, errors="replace")),
            "request_id": getattr(request, "request_id", ""),
        }
    return JsonResponse(problem, status=400, content_type="application/problem+json")

"""Request identity, and the guard in front of every text that comes in."""

import logging
import re
import time
from urllib.parse import quote, unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from dalian_coop.base.keys import uuid7
from dalian_coop.base.logs import request_id
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
    """Answers 400 to NUL, lone surrogates and bytes that are no UTF-8 in path, query or form fields."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._bad_address(request) or self._bad_form(request):
            return self._refusal(request)
        return self.get_response(request)

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse:
        """A page for people; below ``/api/`` the members that REST's problems have (RFC 9457)."""
        if not request.path.startswith("/api/"):
            return render(request, "400.html", status=400)
        problem = {
            "type": "/api/v1/docs/#problem-malformed",
            "title": gettext("The request cannot be read"),
            "status": 400,
            "detail": gettext("The address contains characters that cannot be read."),
            "instance": quote(request.path, errors="replace"),
            "request_id": getattr(request, "request_id", ""),
        }
        return JsonResponse(problem, status=400, content_type="application/problem+json")

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
        return any(has_bad_characters(v) for _, values in request.POST.lists() for v in values)

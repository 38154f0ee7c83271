"""Limits of a session, who asks (for the log), and the account of what client systems were given."""

import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from dalian_coop.accounts import services
from dalian_coop.accounts.backends import client_address

REMEMBER_EVERY = 60  # seconds between two writes of the time of the last click


class SessionLimits:
    """Ends a session after 30 idle minutes or 12 hours in all, and tells htmx to load the sign-in page whole."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "_auth_user_id" in request.session and self._is_over(request):
            logout(request)
            if not self._wants_data(request):
                return self._to_sign_in(request, ended=True)
        response = self.get_response(request)
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            request.actor_label = user.pk
        if response.status_code == 302 and self._is_htmx(request) and self._leads_to_sign_in(response):
            return self._to_sign_in(request, ended=False)
        return response

    @staticmethod
    def _wants_data(request: HttpRequest) -> bool:
        """A program, or a script of a page: it gets a 401 from the view, a sign-in page would not help it."""
        return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"

    @staticmethod
    def _asks_by_itself(request: HttpRequest) -> bool:
        """A page that asks for news: nobody clicked, so it keeps no session alive."""
        return request.headers.get("X-Background") == "1"

    @classmethod
    def _is_over(cls, request: HttpRequest) -> bool:
        """Counts from the last click remembered; writes the session once a minute at most."""
        now, session = int(time.time()), request.session
        since, seen = session.setdefault("since", now), session.get("seen", now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - since > settings.SESSION_COOKIE_AGE:
            return True
        if "seen" not in session or (now - seen >= REMEMBER_EVERY and not cls._asks_by_itself(request)):
            session["seen"] = now
        return False

    @staticmethod
    def _is_htmx(request: HttpRequest) -> bool:
        return request.headers.get("HX-Request") == "true"

    @staticmethod
    def _leads_to_sign_in(response: HttpResponse) -> bool:
        return urlsplit(response.get("Location", "")).path == resolve_url(settings.LOGIN_URL)

    def _to_sign_in(self, request: HttpRequest, *, ended: bool) -> HttpResponse:
        here = request.get_full_path()
        if self._is_htmx(request):
            current = urlsplit(request.headers.get("HX-Current-URL", ""))
            here = current.path + (f"?{current.query}" if current.query else "")
        elif request.method != "GET":
            here = urlsplit(request.headers.get("Referer", "")).path
        query = {"next": here or "/"} | ({"ended": "1"} if ended else {})
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}"
        if self._is_htmx(request):
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


class AuditPulls:
    """Writes down every answer that a client system got: which resource, which question, how many rows and bytes.

    Of a streamed answer the account is written when the last byte is sent, or when the client hangs up. Answers that
    hand nothing over because the client has it already (304) or asks too often (429) are in the log only.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "api_token", None) is None or response.status_code in (304, 429):
            return response
        if response.streaming:
            response.streaming_content = self._counted(request, response.status_code, response.streaming_content)
        else:
            self._note(request, response.status_code, len(response.content))
        return response

    def _counted(self, request: HttpRequest, status: int, parts):
        size = 0
        try:
            for part in parts:
                size += len(part)
                yield part
        finally:
            if hasattr(parts, "close"):
                parts.close()
            self._note(request, status, size)

    @staticmethod
    def _note(request: HttpRequest, status: int, size: int) -> None:
        match, token = request.resolver_match, request.api_token
        name = (match.url_name or "") if match else ""
        services.note_pull(
            client=token.client,
            key_id=token.key_id,
            method=request.method,
            resource=name.removesuffix("-list").removesuffix("-detail"),
            query=request.META.get("QUERY_STRING", ""),
            status=status,
            rows=getattr(request, "rows_sent", 0),
            size=size,
            address=client_address(request),
            request_id=getattr(request, "request_id", ""),
        )

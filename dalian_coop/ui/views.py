"""The door, the theme, and the page shown when a form's protection has run out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from dalian_coop.ui import navigation
from dalian_coop.ui.context_processors import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """``/``: to the first page this person may open, or to the sign-in."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    if url := navigation.home_for(request.user):
        return redirect(url)
    return render(request, "403.html", status=403)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or system in a cookie, so that the next page is drawn in it from the start."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest()
    response = redirect(_back(request))
    response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere; says what to do (settings.CSRF_FAILURE_VIEW)."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def _back(request: HttpRequest) -> str:
    """The page to return to, if it is one of ours."""
    for url in (request.POST.get("next", ""), request.META.get("HTTP_REFERER", "")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return url
    return "/"

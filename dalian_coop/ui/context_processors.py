"""What every page of the shell needs."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from dalian_coop.ui import navigation

THEMES = ("light", "dark", "system")
THEME_COOKIE = "theme"


def theme_of(request) -> str:
    """The person's choice, as the cookie has it; anything else means: follow the system."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else "system"


def shell(request) -> dict:
    """``shell``: theme, navigation, who is signed in. Built only when a template asks for it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request)), "portal_name": settings.PORTAL_NAME}


def _shell(request) -> dict:
    user = getattr(request, "user", None)
    items = navigation.items_for(user, request.path)
    return {
        "theme": theme_of(request),
        "items": [item for item in items if not item.group],
        "management": [item for item in items if item.group],
        "bottom": [item for item in items if item.short][:5],
        "signed_in": bool(getattr(user, "is_authenticated", False)),
        "bureau": getattr(user, "bureau", None),
        "roles": [role.label for role in sorted(getattr(user, "roles", ()), key=str)],
        "search_url": _url("dashboard:search"),
        "sign_out_url": _url("accounts:sign-out"),
        "account_url": _url("accounts:profile"),
        "sign_in_url": _url("accounts:sign-in"),
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

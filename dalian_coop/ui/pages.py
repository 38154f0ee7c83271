"""Answers: a whole page or, for htmx, its fragment; a short notice; a guard that a GET writes nothing."""

import re
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import trigger_client_event

_WRITES = re.compile(r"\s*(?:/\*.*?\*/\s*)*(insert|update|delete|truncate|merge|copy|alter|create|drop)\b", re.I | re.S)
_WRITES_IN_WITH = re.compile(r"\s*with\b.*?\(\s*(insert\s+into|update|delete\s+from|merge\s+into)\b", re.I | re.S)
# Bookkeeping of Django that a reading request may do.
_ALLOWED = re.compile(r'"django_session"')


class WriteInReadingRequest(RuntimeError):
    """A request that only reads tried to change the database."""


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render ``template``; for a request of htmx render ``fragment`` instead, if there is one.

    Both come from the same address, so the answer varies by the header that tells them apart. A boosted link asks
    for a whole page.
    """
    partial = fragment is not None and is_partial(request)
    response = render(request, fragment if partial else template, context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def is_partial(request: HttpRequest) -> bool:
    """True when htmx asks for a piece of a page."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def notify(request: HttpRequest, text: Any, *, tone: str = "success", undo_url: str = "") -> None:
    """Show ``text`` on the next page, with a button that posts to ``undo_url`` if there is one."""
    level = {"success": messages.SUCCESS, "info": messages.INFO, "warning": messages.WARNING, "error": messages.ERROR}
    messages.add_message(request, level[tone], str(text), extra_tags=f"undo:{undo_url}" if undo_url else "")


def with_toast(
    response: HttpResponse, text: Any, *, tone: str = "ok", undo_url: str = "", target: str = ""
) -> HttpResponse:
    """Let htmx show ``text`` when it receives ``response``.

    The undo button posts to ``undo_url``: into ``target`` (a CSS selector) if given, else as a form that loads a page.
    """
    detail = {"text": str(text), "tone": tone}
    if undo_url:
        detail |= {"undo": undo_url, "target": target}
    return trigger_client_event(response, "toast", detail)


@contextmanager
def reading_only():
    """Inside, every statement that would change the database raises ``WriteInReadingRequest``."""

    def refuse_writes(execute, sql, params, many, context):
        text = str(sql)
        if (_WRITES.match(text) or _WRITES_IN_WITH.match(text)) and not _ALLOWED.search(text):
            raise WriteInReadingRequest(f"A reading request must not write: {text[:120]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_writes):
        yield


def reads_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for a view: its GET and HEAD write nothing."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        with reading_only():
            return view(request, *args, **kwargs)

    return guarded


class ReadOnlyGet:
    """Mixin for class-based views: ``reads_only`` for the whole view."""

    def dispatch(self, request, *args, **kwargs):
        return reads_only(super().dispatch)(request, *args, **kwargs)

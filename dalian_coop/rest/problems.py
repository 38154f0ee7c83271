"""Errors as RFC 9457 ``application/problem+json``: one shape for everything that can go wrong."""

import logging
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response

from dalian_coop.base import errors

log = logging.getLogger("dalian_coop.rest")
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/v1/docs/#problem-"

# What each status means, in the words of the answer's ``title``; the docs page lists them too.
TITLES = {
    400: _("The request cannot be read"),
    401: _("Sign in or send a valid token"),
    403: _("This is not allowed"),
    404: _("There is nothing here for you"),
    405: _("This method is not offered here"),
    406: _("This format is not offered"),
    409: _("The state does not allow this"),
    410: _("This cannot be continued; load a full copy"),
    412: _("The object was changed in the meantime"),
    413: _("The request is too large"),
    415: _("Send application/json"),
    422: _("The content breaks a rule"),
    428: _("Name the version that you have read"),
    429: _("Too many requests"),
    500: _("The portal made an error"),
    503: _("The portal is not available for a moment"),
}
CODES = {
    400: "malformed",
    401: "not-authenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    410: "gone",
    412: "stale",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    428: "version-required",
    429: "too-many-requests",
    500: "internal",
    503: "unavailable",
}


class Problem(exceptions.APIException):
    """An answer other than success, raised by the plumbing itself."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, detail: Any = "", *, errors: list[dict] | None = None, **extra):
        super().__init__(str(detail))
        self.errors, self.extra = errors, extra


class BadRequest(Problem):
    """Syntax: a body or parameter that cannot be understood."""


class BadParameter(BadRequest):
    """A query parameter that is unknown, repeated or has a bad value."""

    def __init__(self, name: str, code: str, detail: Any):
        super().__init__(detail, errors=[{"parameter": name, "code": code, "detail": str(detail)}])


class Gone(Problem):
    """A cursor or a file that has come to its end; ``resync_url`` in ``extra`` says where to begin anew."""

    status_code = status.HTTP_410_GONE


class TooLarge(Problem):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class Unprocessable(Problem):
    """Content that breaks a rule, with one entry per field in ``errors``."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class VersionRequired(Problem):
    """A change without ``If-Match``."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED


class Stale(Problem):
    """A change based on an old version; the body carries the object as it now stands."""

    status_code = status.HTTP_412_PRECONDITION_FAILED


class StateConflict(Problem):
    status_code = status.HTTP_409_CONFLICT


def exception_handler(exc: Exception, context: dict) -> Response:
    """DRF's hook: turn whatever was raised into a problem answer (no view runs in a transaction of the request)."""
    problem = _as_problem(exc)
    request, view = context.get("request"), context.get("view")
    if problem.status_code >= 500:
        log.error("REST request failed", exc_info=exc)
    body = describe(request, problem.status_code, problem.detail)
    if (found := getattr(problem, "errors", None)) is not None:
        body["errors"] = found
    body |= getattr(problem, "extra", {})
    return Response(body, problem.status_code, headers=_headers(problem, request, view), content_type=MEDIA_TYPE)


def describe(request, code: int, detail: Any) -> dict:
    """The members that every problem has."""
    return {
        "type": TYPE_PREFIX + CODES.get(code, "malformed"),
        "title": str(TITLES.get(code, detail)),
        "status": code,
        "detail": str(detail),
        "instance": getattr(request, "path", ""),
        "request_id": getattr(request, "request_id", ""),
    }


@csrf_exempt  # nothing is written here, and a system that mistyped an address shall read that
def not_found(request, path: str = "") -> HttpResponse:
    """Every address below ``/api/v1/`` that no room offers."""
    body = orjson.dumps(describe(request, 404, _("There is no such address in this interface.")))
    return HttpResponse(body, status=404, content_type=MEDIA_TYPE)


def _as_problem(exc: Exception) -> exceptions.APIException:
    """The exception that carries status, detail and errors."""
    match exc:
        case exceptions.ValidationError():
            return Unprocessable(
                _("Some fields cannot be accepted."), errors=list(_flatten(exc.get_full_details(), ""))
            )
        case exceptions.APIException():
            return exc
        case errors.ValidationError():
            return Unprocessable(_("Some fields cannot be accepted."), errors=service_errors(exc))
        case errors.Conflict():
            return Stale(_("Somebody changed or removed this object after you read it."))
        case errors.NotAllowed():
            return exceptions.PermissionDenied(str(exc) or None)
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied(str(exc) or None)
        case OperationalError():
            return _unavailable()
    internal = exceptions.APIException(_("Nothing was changed. Please report the request id."))
    internal.status_code = 500
    return internal


def _unavailable() -> exceptions.APIException:
    problem = exceptions.APIException(_("Please try again in a few seconds."))
    problem.status_code = 503
    problem.wait = 5
    return problem


def service_errors(exc: errors.ValidationError) -> list[dict]:
    """``errors`` of a service's refusal: a JSON pointer per field, the service's own codes and sentences."""
    return [
        {"pointer": f"/{name}" if name else "", "code": error.code, "detail": str(error.message)}
        for name, found in exc.errors.items()
        for error in found
    ]


def _flatten(details: Any, pointer: str):
    """DRF's nested error details as a flat list."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield {"pointer": pointer, "code": details["code"], "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flatten(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for inner in details:
            yield from _flatten(inner, pointer)


def _headers(problem: exceptions.APIException, request, view) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", **getattr(problem, "headers", {})}
    if problem.status_code == 401:
        headers["WWW-Authenticate"] = getattr(problem, "auth_header", None) or 'Bearer realm="api"'
    if wait := getattr(problem, "wait", None):
        headers["Retry-After"] = str(max(1, int(wait + 0.999)))
    if problem.status_code == 405 and view is not None:
        headers["Allow"] = ", ".join(view.allowed_methods)
    return headers

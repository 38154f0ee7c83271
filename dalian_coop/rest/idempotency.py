"""``Idempotency-Key`` on POST (an IETF draft): a request sent twice is done once.

The key, a hash of the request and the answer are written in the transaction of the work itself. A second request with
the same key that comes while the first is at work waits in the database for it (the unique index makes it), and then
finds its answer; if the first fails, nothing of it is kept and the second does the work. A process that dies in
between leaves neither object nor answer.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import orjson
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from dalian_coop.rest.models import StoredAnswer
from dalian_coop.rest.problems import BadRequest, StateConflict, Unprocessable
from dalian_coop.rest.renderers import plain

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST_KEY = 200
PATIENCE = "10s"  # how long a request waits for another one with the same key
_HEADERS = ("Location", "ETag")


def once(request, handler: Callable[..., Response]) -> Callable[..., Response]:
    """``handler`` done once for the key of ``request``; ``handler`` itself where there is none.

    Raises 400 for a key that is none, 422 for a key that was used for another request, 409 when the other request
    with this key does not come to its end.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return handler
    key = _key(given)

    def run(*args, **kwargs) -> Response:
        with transaction.atomic():
            claim, fresh = _claim(request, key)
            if not fresh:
                return _again(claim, _fingerprint(request))
            response = handler(*args, **kwargs)
            _keep(claim, response)
            return response

    return run


def purge() -> int:
    """Forget the answers of yesterday; returns how many."""
    return StoredAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _key(given: str) -> str:
    """The key without the quotes that the draft's syntax puts around it."""
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST_KEY):
        raise BadRequest(_("Idempotency-Key is 1 to 200 printable ASCII characters."))
    return key


def _claim(request, key: str) -> tuple[StoredAnswer, bool]:
    """(row, whether it is ours to do). Waits for another transaction that has claimed this key and is not done."""
    now = timezone.now()
    actor = f"{type(request.user).__name__}:{request.user.pk}"
    StoredAnswer.objects.filter(actor=actor, key=key, created_at__lt=now - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
    try:
        with transaction.atomic():
            return StoredAnswer.objects.get_or_create(
                actor=actor, key=key, defaults={"fingerprint": _fingerprint(request), "created_at": now}
            )
    except OperationalError:
        raise StateConflict(_("Another request with this Idempotency-Key is still at work. Ask again later.")) from None


def _fingerprint(request) -> str:
    """Hash of what is asked; the same content written with other blanks is the same request."""
    facts = [request.method, request.get_full_path(), request.data]
    return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS, default=plain)).hexdigest()


def _again(claim: StoredAnswer, fingerprint: str) -> Response:
    if claim.fingerprint != fingerprint:
        detail = _("This Idempotency-Key was used for another request. Take a new key for a new request.")
        error = {"parameter": HEADER, "code": "key_reused", "detail": str(detail)}
        raise Unprocessable(detail, errors=[error])
    body = orjson.loads(bytes(claim.body)) if claim.body else None
    return Response(body, claim.status, headers=claim.headers | {"Idempotency-Replayed": "true"})


def _keep(claim: StoredAnswer, response: Response) -> None:
    claim.status = response.status_code
    claim.body = b"" if response.data is None else orjson.dumps(response.data, default=plain)
    claim.headers = {name: response[name] for name in _HEADERS if response.has_header(name)}
    claim.save(update_fields=["status", "body", "headers"])

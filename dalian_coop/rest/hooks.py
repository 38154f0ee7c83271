"""What rooms above want to know of a request that rest has authenticated (they register in ``AppConfig.ready``)."""

from collections.abc import Callable

_after_authentication: list[Callable] = []


def after_authentication(hook: Callable) -> None:
    """``hook(request, actor)`` is called once it is known who asks."""
    if hook not in _after_authentication:
        _after_authentication.append(hook)


def authenticated(request, actor) -> None:
    for hook in _after_authentication:
        hook(request, actor)


def sent(request, rows: int) -> None:
    """Say how many rows an answer hands over; what is said several times in one request adds up.

    A streamed answer may say it until its last byte: whoever keeps the account reads it then.
    """
    inner = request._request if hasattr(request, "_request") else request
    inner.rows_sent = getattr(inner, "rows_sent", 0) + rows

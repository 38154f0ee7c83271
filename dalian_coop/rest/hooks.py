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

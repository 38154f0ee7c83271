"""What feed and export are asked for: resources, and numbers within bounds."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied

from dalian_coop.rest import exported
from dalian_coop.rest.problems import BadParameter


def asked_resources(request, text: str | None) -> list[exported.Exported]:
    """The resources named in ``text`` (comma between them), all that the actor may read if there is none.

    Raises 400 for a name that is not exported, 403 for one the actor may not read, or if he may read none.
    """
    if text is None:
        found = [resource for resource in exported.resources().values() if request.user.has_perm(resource.perm)]
        if not found:
            raise PermissionDenied
        return found
    names = list(dict.fromkeys(text.split(",")))
    if unknown := unknown_names(names):
        detail = _("There is no such resource to export.")
        raise BadParameter("resource", "unknown_resource", f"{detail} {', '.join(unknown)[:80]}")
    return readable(request, names)


def readable(request, names: Iterable[str]) -> list[exported.Exported]:
    """The resources, in the one order that feed and files have. Raises 403 if the actor may not read one of them."""
    wanted = set(names)
    found = [resource for name, resource in exported.resources().items() if name in wanted]
    if not all(request.user.has_perm(resource.perm) for resource in found):
        raise PermissionDenied
    return found


def unknown_names(names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in exported.resources()]


def whole_number(request, name: str, default: int, most: int) -> int:
    """A parameter that is a whole number from 1 to ``most``."""
    raw = request.query_params.get(name)
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(most)) and 1 <= int(raw) <= most):
        raise BadParameter(name, "bad_value", _("This must be a whole number from 1 to %(most)d.") % {"most": most})
    return int(raw)

"""Deny by default: a view says for each action which permission it needs, or nobody may do it."""

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission

ANYONE_SIGNED_IN = "*"


class DeclaredAccess(BasePermission):
    """Reads ``perms`` of the view: ``{"list": Perm.X, …}``. An action that is not in it is refused."""

    def has_permission(self, request, view) -> bool:
        actor = request.user
        if not getattr(actor, "is_authenticated", False):
            return False
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(request.method)
        needed = self._needed(view)
        return needed == ANYONE_SIGNED_IN or (needed is not None and actor.has_perm(needed))

    def has_object_permission(self, request, view, obj) -> bool:
        needed = self._needed(view)
        return needed == ANYONE_SIGNED_IN or (needed is not None and request.user.has_perm(needed, obj))

    @staticmethod
    def _needed(view) -> str | None:
        action = getattr(view, "action", None) or view.request.method.lower()
        return getattr(view, "perms", {}).get(action)

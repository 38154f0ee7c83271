"""Who sets objectives: the coordinators."""

from typing import Any

from dalian_coop.accounts.permissions import Perm


def may_arrange(actor: Any) -> bool:
    """Whether ``actor`` may add, change and take away objectives."""
    return actor.has_perm(Perm.EDIT_PLAN)

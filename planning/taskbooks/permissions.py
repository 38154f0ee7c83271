"""Who may do what with a task: role first (``accounts.permissions``), then the object."""

from dataclasses import dataclass

import rules

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.permissions import Perm, holds


def _arranges(actor) -> bool:
    """Coordinators, and systems of the coordinating bureau."""
    if getattr(actor, "scopes", None) is not None:
        return actor.owner.coordinates
    return Role.COORDINATOR in actor.roles


@rules.predicate
def coordinates(actor, obj=None):
    return _arranges(actor)


@rules.predicate
def leads(actor, task=None):
    """The actor's bureau leads the task; without a task the question is only whether the role can edit at all."""
    return task is None or task.lead_id in actor.bureau_ids


@dataclass(frozen=True)
class EditScope:
    """Which rows of a list an actor may edit, worked out once and not per row: the rule of ``EDIT_TASK``."""

    may: bool
    everything: bool
    bureau_ids: frozenset

    @classmethod
    def of(cls, actor) -> "EditScope":
        return cls(actor.has_perm(Perm.EDIT_TASK), _arranges(actor), frozenset(actor.bureau_ids))

    def covers(self, lead_id) -> bool:
        return self.may and (self.everything or lead_id in self.bureau_ids)


# Replace the entries that need nothing but the role.
rules.set_perm(str(Perm.EDIT_TASK), holds(Perm.EDIT_TASK) & (coordinates | leads))
rules.set_perm(str(Perm.ADD_TASK), holds(Perm.ADD_TASK) & coordinates)
rules.set_perm(str(Perm.DELETE_TASK), holds(Perm.DELETE_TASK) & coordinates)
rules.set_perm(str(Perm.IMPORT_BOOK), holds(Perm.IMPORT_BOOK) & coordinates)

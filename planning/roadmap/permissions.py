"""Who may change a milestone: the coordinators, and whoever works for the bureau that leads its task."""

from dataclasses import dataclass

import rules

from dalian_coop.accounts.permissions import Perm, holds
from planning.taskbooks.permissions import coordinates, leads


@rules.predicate
def leads_task_of(actor, milestone=None):
    """The actor's bureau leads the task; a task may be given instead (to add a milestone to it)."""
    return leads(actor, getattr(milestone, "task", milestone))


@dataclass(frozen=True)
class MilestoneScope:
    """Of which tasks an actor may move the dates, worked out once and not per row: the rule of ``EDIT_MILESTONE``."""

    may: bool
    everything: bool
    bureau_ids: frozenset

    @classmethod
    def of(cls, actor) -> "MilestoneScope":
        return cls(bool(holds(Perm.EDIT_MILESTONE)(actor)), bool(coordinates(actor)), frozenset(actor.bureau_ids))

    def covers(self, lead_id) -> bool:
        return self.may and (self.everything or lead_id in self.bureau_ids)


rules.set_perm(str(Perm.EDIT_MILESTONE), holds(Perm.EDIT_MILESTONE) & (coordinates | leads_task_of))

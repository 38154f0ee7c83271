"""Who may change a milestone: the coordinators, and whoever works for the bureau that leads its task."""

import rules

from dalian_coop.accounts.permissions import Perm, holds
from planning.taskbooks.permissions import coordinates, leads


@rules.predicate
def leads_task_of(actor, milestone=None):
    """The actor's bureau leads the task; a task may be given instead (to add a milestone to it)."""
    return leads(actor, getattr(milestone, "task", milestone))


rules.set_perm(str(Perm.EDIT_MILESTONE), holds(Perm.EDIT_MILESTONE) & (coordinates | leads_task_of))

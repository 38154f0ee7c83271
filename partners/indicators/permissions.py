"""Who may judge an indicator: role first (``accounts.permissions``), then the indicator."""

import rules

from dalian_coop.accounts.permissions import Perm, holds
from partners.indicators.querysets import arranges


@rules.predicate
def judges(actor, indicator=None):
    """The actor arranges, or the own bureau owns the indicator."""
    if arranges(actor):
        return True
    return indicator is not None and indicator.owner_id is not None and indicator.owner_id in actor.bureau_ids


rules.set_perm(str(Perm.JUDGE_INDICATOR), holds(Perm.JUDGE_INDICATOR) & judges)

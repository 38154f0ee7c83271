"""Who answers an error report: the bureau that owns the record, or the coordinating office."""

import rules

from dalian_coop.accounts.permissions import Perm, holds
from dalian_coop.accounts.scope import sees_every_bureau


@rules.predicate
def owns(actor, correction=None):
    return correction is None or correction.owner_id in actor.bureau_ids or sees_every_bureau(actor)


rules.set_perm(str(Perm.ANSWER_CORRECTIONS), holds(Perm.ANSWER_CORRECTIONS) & owns)

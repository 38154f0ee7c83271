"""Reads of error reports that compose."""

from django.db import models
from django.db.models import Q

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import sees_every_bureau
from dalian_coop.corrections.enums import CorrectionState


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Those that one's bureau has made or must answer; the coordinating office sees all."""
        if not (getattr(actor, "is_authenticated", False) and actor.has_perm(Perm.REPORT_CORRECTIONS)):
            return self.none()
        if sees_every_bureau(actor):
            return self
        return self.filter(Q(bureau__in=actor.bureau_ids) | Q(owner__in=actor.bureau_ids))

    def open(self):
        """Not answered yet."""
        return self.filter(state=CorrectionState.OPEN)

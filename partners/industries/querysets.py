"""Reads of industries and fields of cooperation that compose."""

from django.db import models

from dalian_coop.accounts.permissions import Perm


class ReadableQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The classifications are the same for everybody who may read them."""
        allowed = getattr(actor, "is_authenticated", False) and actor.has_perm(Perm.READ_INDUSTRIES)
        return self if allowed else self.none()

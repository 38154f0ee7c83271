"""Reads of agreements that compose."""

from django.db import models

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Overseas offices see the agreements with their own country."""
        if not getattr(actor, "is_authenticated", False) or not actor.has_perm(Perm.READ_AGREEMENTS):
            return self.none()
        seat = country_limit(actor)
        return self.filter(country=seat) if seat else self

"""Reads of regions that compose."""

from django.db import models

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit


class RegionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Overseas offices see their own country and China; everybody else who may read regions sees all."""
        if not getattr(actor, "is_authenticated", False) or not actor.has_perm(Perm.READ_REGIONS):
            return self.none()
        seat = country_limit(actor)
        return self.filter(country__in=["CN", seat]) if seat else self

    def partner_cities(self):
        """Japanese and Korean regions below the country itself."""
        return self.filter(country__in=["JP", "KR"], role="partner")

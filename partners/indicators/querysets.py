"""Reads of observations that compose."""

from django.db import models

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit

WHOLE_PERIODS = ("A", "fixed")


class ObservationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """As the regions they belong to."""
        if not getattr(actor, "is_authenticated", False) or not actor.has_perm(Perm.READ_INDICATORS):
            return self.none()
        seat = country_limit(actor)
        return self.filter(region__country__in=["CN", seat]) if seat else self

    def comparable(self):
        """Whole years and fixed values of the preferred source: what may stand side by side."""
        return self.filter(preferred=True, period__in=WHOLE_PERIODS)

"""Reads of indicators and observations that compose."""

from django.db import models

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit
from partners.indicators.enums import WHOLE_PERIODS


def may_read(actor) -> bool:
    """Whether the actor reads indicators at all."""
    return bool(getattr(actor, "is_authenticated", False)) and actor.has_perm(Perm.READ_INDICATORS)


def arranges(actor) -> bool:
    """Coordinators and analysts: they name the bureau that owns an indicator and say what can be compared."""
    return bool({Role.COORDINATOR, Role.ANALYST} & set(getattr(actor, "roles", ())))


class DataSourceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Sources are no secret to anybody who may read indicators."""
        return self if may_read(actor) else self.none()


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The list of indicators is the same for everybody who may read it; their figures are limited."""
        return self if may_read(actor) else self.none()


class ObservationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """As the regions they belong to."""
        if not may_read(actor):
            return self.none()
        seat = country_limit(actor)
        return self.filter(region__country__in=["CN", seat]) if seat else self

    def comparable(self):
        """Whole years and fixed values of the preferred source: what may stand side by side."""
        return self.filter(preferred=True, period__in=WHOLE_PERIODS)

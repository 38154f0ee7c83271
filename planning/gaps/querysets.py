"""Reads of gap analysis that compose."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit


def _may_read(actor) -> bool:
    return bool(getattr(actor, "is_authenticated", False)) and actor.has_perm(Perm.READ_GAPS)


class BenchmarkSetQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Overseas offices see the sets made of Chinese regions and those of their own country."""
        if not _may_read(actor):
            return self.none()
        seat = country_limit(actor)
        return self.exclude(Exists(_foreign(seat, OuterRef("pk")))) if seat else self


class IndicatorSetQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The sets are the same for everybody who may read gap reports."""
        return self if _may_read(actor) else self.none()


class GapRunQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """As the benchmark set that was compared."""
        if not _may_read(actor):
            return self.none()
        seat = country_limit(actor)
        return self.exclude(Exists(_foreign(seat, OuterRef("benchmark_set_id")))) if seat else self

    def computed(self):
        """Those that have their result."""
        return self.filter(computed_at__isnull=False)


def _foreign(seat: str, benchmark_set):
    return (
        apps.get_model("gaps.BenchmarkRegion")
        .objects.filter(benchmark_set=benchmark_set)
        .exclude(region__country__in=["CN", seat])
    )

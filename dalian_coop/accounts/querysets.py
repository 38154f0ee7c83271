"""Reads of accounts that compose."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class BureauQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The list of bureaus is no secret among those who work here."""
        return self if getattr(actor, "is_authenticated", False) else self.none()


class MembershipQuerySet(models.QuerySet):
    def in_force(self, day=None):
        """Held on ``day`` (today in Shanghai by default)."""
        day = day or timezone.localdate()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class ApiTokenQuerySet(models.QuerySet):
    def live(self, now=None):
        """Neither expired nor revoked, of a client that is still allowed."""
        now = now or timezone.now()
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=now, client__disabled_at__isnull=True, client__expires_at__gt=now
        )


class ApiPullQuerySet(models.QuerySet):
    def since(self, moment):
        """After ``moment``."""
        return self.filter(at__gte=moment)

"""Reads of webhooks that compose."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from dalian_coop.webhooks.enums import DeliveryState


class EndpointQuerySet(models.QuerySet):
    def live(self, now=None):
        """Not stopped, of a client that is still admitted."""
        now = now or timezone.now()
        return self.filter(stopped_at=None, client__disabled_at=None, client__expires_at__gt=now)


class SecretQuerySet(models.QuerySet):
    def live(self, now=None):
        """Those that sign at present, the newest first."""
        now = now or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("-created_at")


class DeliveryQuerySet(models.QuerySet):
    def due(self, now=None):
        """To be sent now: the oldest of each object only, so that a receiver gets them in order."""
        now = now or timezone.now()
        before = self.model._base_manager.filter(
            endpoint=OuterRef("endpoint"), object_id=OuterRef("object_id"), state=DeliveryState.WAITING,
            seq__lt=OuterRef("seq"),
        )  # fmt: skip
        waiting = self.filter(state=DeliveryState.WAITING, next_at__lte=now)
        return waiting.filter(~Exists(before)).order_by("seq")

    def dead(self):
        """Given up."""
        return self.filter(state=DeliveryState.DEAD)

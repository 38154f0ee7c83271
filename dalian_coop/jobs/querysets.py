"""Reads of jobs that compose."""

from django.db import models
from django.db.models import Q

from dalian_coop.accounts.scope import sees_every_bureau


class JobQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own jobs; those who see every bureau see all."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        if sees_every_bureau(actor):
            return self
        if getattr(actor, "scopes", None) is not None:
            return self.filter(client=actor)
        return self.filter(created_by=actor)

    def unsent(self, before):
        """Waiting, and not handed to the broker since ``before``."""
        return self.filter(state="queued").filter(Q(sent_at__isnull=True) | Q(sent_at__lt=before))

    def lost(self, now):
        """Running, but the lease has run out: the worker is gone."""
        return self.filter(state="running", lease_until__lt=now)

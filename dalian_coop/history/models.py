"""The change log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.history.fields import Xid8Field


class Change(models.Model):
    """One row per changed object, written by a trigger inside the changing transaction (``base.tracking``).

    ``seq`` is given after commit by ``services.stamp``: neither ``id`` nor ``at`` orders commits, and a reader that
    pages by them loses changes for good. ``xid`` is kept for diagnosis. ``op`` is I, U or D for a write of the object
    itself, and E when something that its representation embeds was written.
    """

    xid = Xid8Field(_("transaction"))
    resource = models.CharField(_("record"), max_length=80)
    object_id = models.CharField(_("object"), max_length=64)
    version = models.IntegerField(_("version"), null=True)
    op = models.CharField(_("operation"), max_length=1)
    at = models.DateTimeField(_("time"))
    seq = models.BigIntegerField(_("number"), null=True, unique=True)

    class Meta:
        db_table = "change_log"
        verbose_name = _("change")
        verbose_name_plural = _("change log")
        indexes = [
            models.Index(fields=["id"], name="change_unstamped", condition=models.Q(seq__isnull=True)),
            models.Index(fields=["resource", "seq"], name="change_feed"),
        ]

    def __str__(self):
        return f"{self.op} {self.resource} {self.object_id} v{self.version}"


class FeedEpoch(models.Model):
    """How often the office has declared all cursors void (after a restore that the server cannot see); one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counter = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="feed_epoch_one_row")]

    def __str__(self):
        return str(self.counter)

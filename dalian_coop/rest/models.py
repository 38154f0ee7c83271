"""What the plumbing itself keeps: answers to POST requests that carried an ``Idempotency-Key``."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredAnswer(models.Model):
    """The answer to one POST, kept for a day so that a client that lost it may ask again.

    The row is inserted at the beginning of the transaction that does the work and gets its answer at the end of it:
    either both are there, the object and the answer, or neither. ``actor`` is text, because this room knows nobody.
    """

    actor = models.CharField(_("actor"), max_length=64)
    key = models.CharField(_("key"), max_length=200)
    fingerprint = models.CharField(_("hash of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"), default=b"")
    created_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="stored_answer_age")]

    def __str__(self):
        return f"{self.actor} {self.key}"

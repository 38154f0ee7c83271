"""Reports of errors."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from dalian_coop.corrections.enums import CorrectionState
from dalian_coop.corrections.querysets import CorrectionQuerySet


@tracked
class Correction(Keyed, Versioned):
    """One error in one record, as a bureau sees it, and what the bureau that owns the record says to it.

    The record is named by resource and key, as the interface names it; ``record`` and ``present`` are what its name
    and the field said when the report was made.
    """

    resource = models.CharField(_("resource"), max_length=40)
    object_id = models.UUIDField(_("record"))
    record = models.CharField(_("record"), max_length=200)
    field = models.CharField(_("field"), max_length=60, blank=True)
    present = models.TextField(_("as it stood"), blank=True)
    message = models.TextField(_("what is wrong"))
    proposed = models.TextField(_("what it should say"), blank=True)
    bureau = models.ForeignKey(
        "accounts.Bureau", models.PROTECT, related_name="corrections_made", verbose_name=_("reported by")
    )
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_client = models.ForeignKey("accounts.ApiClient", models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        "accounts.Bureau", models.PROTECT, related_name="corrections_to_answer", verbose_name=_("answered by")
    )
    state = models.CharField(_("state"), max_length=12, choices=CorrectionState.choices, default=CorrectionState.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by_user__isnull=False) ^ models.Q(by_client__isnull=False),
                name="correction_by_a_person_or_a_system",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CorrectionState.OPEN, answered_at__isnull=True)
                | (~models.Q(state=CorrectionState.OPEN) & models.Q(answered_at__isnull=False)),
                name="correction_answered_with_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], name="correction_to_answer"),
            models.Index(fields=["resource", "object_id"], name="correction_of_record"),
        ]

    def __str__(self):
        return self.record

    @property
    def reporter(self):
        """The person or the system."""
        return self.by_user or self.by_client

"""Links under which a calendar program fetches milestones."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from dalian_coop.calendars.enums import Country


@tracked
class CalendarLink(Keyed, Versioned):
    """A person's feed of milestones: of a bureau, or without one of all rows the person's bureaus work on.

    The address carries a signature, not a secret of this row; ``revoked_at`` ends it. What it shows is what the owner
    may see at that moment. ``holidays`` are the countries whose days off it shows too.
    """

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="calendar_links")
    bureau = models.ForeignKey(
        "accounts.Bureau", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bureau")
    )
    holidays = ArrayField(models.CharField(max_length=2, choices=Country.choices), default=list, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        constraints = [
            models.CheckConstraint(
                condition=Q(holidays__contained_by=list(Country.values)), name="calendar_link_countries_known"
            )
        ]

    def __str__(self):
        return f"{self.owner_id} {self.bureau_id or ''}"

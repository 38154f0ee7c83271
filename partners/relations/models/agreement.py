"""Agreements between cities."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from partners.regions.enums import Country
from partners.relations.enums import AgreementKind, DatePrecision
from partners.relations.querysets import AgreementQuerySet


@tracked
class Agreement(Keyed, Versioned):
    """A pair of cities that signed something. ``partner`` is empty when the partner is not in our list of regions.

    ``signed_on`` is the first day of what the source tells; ``precision`` says how much of it is known.
    """

    code = models.SlugField(max_length=20, unique=True)
    city = models.ForeignKey("regions.Region", models.PROTECT, related_name="agreements_as_city")
    city_part = models.CharField(
        max_length=80, blank=True, help_text=_("a district of the city, where it is the party")
    )
    partner = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, blank=True, related_name="agreements_as_partner"
    )
    partner_name_zh = models.CharField(max_length=120)
    partner_name_local = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, choices=Country.choices)
    kind = models.CharField(max_length=12, choices=AgreementKind.choices)
    signed_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=DatePrecision.choices)
    source = models.ForeignKey("indicators.DataSource", models.PROTECT, related_name="agreements")
    note = models.CharField(max_length=400, blank=True)
    note_zh = models.CharField(max_length=400, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["signed_on", "code"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on=None, precision="unknown")
                | (Q(signed_on__isnull=False) & ~Q(precision="unknown")),
                name="agreement_date_or_unknown",
            )
        ]

    def __str__(self):
        return self.code

    @property
    def signed_text(self) -> str:
        """The date as precise as the source tells it; "date unknown" where it tells none."""
        if self.signed_on is None:
            return str(_("date unknown"))
        return self.signed_on.isoformat()[: {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}.get(self.precision, 10)]

    @property
    def partner_lang(self) -> str:
        """HTML language tag of ``partner_name_local``."""
        return {Country.JAPAN: "ja", Country.KOREA: "ko"}.get(self.country, "zh-Hans")

    @property
    def note_text(self) -> str:
        """The note in Chinese or English."""
        return pick_name(self.note_zh, self.note, "", "")

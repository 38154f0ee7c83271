"""Special days of a country."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from dalian_coop.calendars.enums import Country, DayKind


@tracked
class Holiday(Keyed, Versioned):
    """A day off, or a make-up working day, by decree. It overrides what the package ``holidays`` says of that day."""

    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=200, help_text=_("English, as in international lists"))
    name_local = models.CharField(_("name in the country's language"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=DayKind.choices)
    source = models.CharField(_("source"), max_length=200, help_text=_("decree or list that says so"))

    class Meta:
        ordering = ["-date", "country"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.UniqueConstraint(fields=["country", "date"], name="special_day_once"),
            models.CheckConstraint(condition=models.Q(country__in=Country.values), name="special_day_country_known"),
            models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="special_day_kind_known"),
        ]

    def __str__(self):
        return f"{self.country} {self.date} {self.name_local or self.name}"

"""Observations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from partners.indicators.engine import figure_text
from partners.indicators.enums import WHOLE_PERIODS, ObservationStatus
from partners.indicators.querysets import ObservationQuerySet


@tracked
class Observation(Keyed, Versioned):
    """One figure of one region. Where sources differ all are kept; ``preferred`` marks the one to use."""

    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="observations")
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, related_name="observations")
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=20, help_text=_("A: whole year; fixed: does not change; else months"))
    value = models.DecimalField(max_digits=30, decimal_places=10)
    preferred = models.BooleanField(default=True)
    status = models.CharField(max_length=12, choices=ObservationStatus.choices, default=ObservationStatus.FIGURE)
    source = models.ForeignKey("indicators.DataSource", models.PROTECT, related_name="observations")
    note = models.CharField(max_length=400, blank=True)
    note_zh = models.CharField(max_length=400, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        indexes = [models.Index(fields=["indicator", "year"], name="observation_indicator_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "indicator", "year", "period", "source"], name="observation_once"
            ),
            models.UniqueConstraint(
                fields=["region", "indicator", "year", "period"],
                condition=Q(preferred=True),
                name="observation_one_preferred",
            ),
            models.CheckConstraint(condition=Q(year__range=(1900, 2100)), name="observation_year_in_range"),
        ]

    def __str__(self):
        return f"{self.region} {self.indicator} {self.year}"

    @property
    def text(self) -> str:
        """The value as pages show it: grouped, rounded to what can be read. REST gives all digits."""
        return figure_text(self.value)

    @property
    def whole_year(self) -> bool:
        """Whether the figure may stand beside whole years of other regions."""
        return self.period in WHOLE_PERIODS

    @property
    def when(self) -> str:
        """The year, or the months where the figure covers only a part of the year."""
        if self.period == "fixed":
            return str(_("fixed"))
        return str(self.year) if self.period == "A" else self.period.replace("/", "–")

    @property
    def note_text(self) -> str:
        """The note in Chinese or English."""
        return pick_name(self.note_zh, self.note, "", "")

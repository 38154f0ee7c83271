"""Indicators."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from partners.indicators.enums import CONTROL, UNITS, Category, Comparability, Direction
from partners.indicators.querysets import IndicatorQuerySet
from partners.regions.enums import Country


@tracked
class Indicator(Keyed, Versioned, Named):
    """Something measured of regions, with its unit and definition. ``scope`` names the countries it exists for.

    ``controllability`` says how far the city can move it (0 not at all, 1 fully), as judged by the bureau that owns
    the indicator; None means that nobody has judged it yet.
    """

    code = models.SlugField(max_length=60, unique=True)
    category = models.CharField(max_length=40, choices=Category.choices)
    unit = models.CharField(max_length=60, help_text=_("as in the source, in English; shown translated"))
    direction = models.CharField(max_length=8, choices=Direction.choices)
    scope = models.CharField(max_length=20, blank=True)
    definition = models.CharField(max_length=800, blank=True)
    definition_zh = models.CharField(max_length=800, blank=True)
    comparability = models.CharField(
        max_length=12,
        choices=Comparability.choices,
        blank=True,
        help_text=_("China, Japan and Korea; empty: not examined"),
    )
    comparability_note = models.CharField(max_length=400, blank=True)
    comparability_note_zh = models.CharField(max_length=400, blank=True)
    controllability = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True, choices=CONTROL)
    owner = models.ForeignKey("accounts.Bureau", models.PROTECT, null=True, blank=True, related_name="+")

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["category", "code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                condition=Q(controllability=None) | Q(controllability__range=(0, 1)),
                name="indicator_controllability_is_share",
            ),
        ]

    @property
    def unit_label(self) -> str:
        """The unit, translated."""
        return str(UNITS.get(self.unit, self.unit))

    @property
    def scope_label(self) -> str:
        """Countries it exists for, in words."""
        return "、".join(str(Country(code).label) for code in self.scope.split())

    @property
    def definition_text(self) -> str:
        """The definition in Chinese or English."""
        return pick_name(self.definition_zh, self.definition, "", "")

    @property
    def comparability_text(self) -> str:
        """The note on definitions in Chinese or English."""
        return pick_name(self.comparability_note_zh, self.comparability_note, "", "")

    @property
    def name_lang(self) -> str:
        """HTML language tag of ``name``."""
        return next((tag for tag, name in self.names if name == self.name), "zh-Hans")

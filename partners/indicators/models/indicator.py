"""Indicators."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned
from dalian_coop.base.tracking import tracked
from partners.indicators.enums import Direction


@tracked
class Indicator(Keyed, Versioned, Named):
    """Something measured of regions, with its unit and definition. ``scope`` names the countries it exists for."""

    code = models.SlugField(max_length=60, unique=True)
    category = models.CharField(max_length=40)
    unit = models.CharField(max_length=60, help_text=_("as in the source, in English; shown translated"))
    direction = models.CharField(max_length=8, choices=Direction.choices)
    scope = models.CharField(max_length=20, blank=True)
    definition = models.CharField(max_length=800, blank=True)

    class Meta:
        ordering = ["category", "code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

"""Sources."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from partners.indicators.enums import SourceQuality


@tracked
class DataSource(Keyed, Versioned):
    """Where a figure or a fact was read: title, publisher, place, licence, quality."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=400)
    publisher = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=600, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    quality = models.CharField(max_length=24, choices=SourceQuality.choices)
    retrieved = models.DateField()
    note = models.CharField(max_length=800, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.title

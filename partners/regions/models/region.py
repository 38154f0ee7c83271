"""The tree of regions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned
from dalian_coop.base.tracking import tracked
from partners.regions.engine import great_circle_km
from partners.regions.enums import Country, RegionLevel, RegionRole
from partners.regions.querysets import RegionQuerySet


@tracked
class Region(Keyed, Versioned, Named):
    """A country, province, prefecture or city. ``sources`` names codes of ``indicators.DataSource``."""

    code = models.CharField(max_length=20, unique=True, help_text=_("for example CN-210200 or JP-40100"))
    level = models.CharField(max_length=30, choices=RegionLevel.choices)
    country = models.CharField(max_length=2, choices=Country.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    role = models.CharField(max_length=12, choices=RegionRole.choices)
    official_code = models.CharField(max_length=20, blank=True)
    code_scheme = models.CharField(max_length=40, blank=True)
    iso3166_2 = models.CharField(max_length=10, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    point = models.CharField(
        max_length=10, blank=True, help_text=_("place: the settlement; inside: a point inside the area")
    )
    population = models.PositiveBigIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=40, blank=True)
    pinyin = models.CharField(max_length=400, editable=False)
    sources = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__range=(-90, 90)), name="region_latitude_in_range"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__range=(-180, 180)), name="region_longitude_in_range"
            ),
            models.UniqueConstraint(fields=["role"], condition=Q(role="focus"), name="one_own_city"),
        ]

    @property
    def other_names(self) -> list[tuple[str, str]]:
        """(HTML language tag, name) of the other languages, each spelling once."""
        seen, found = {self.name}, []
        for tag, name in self.names:
            if name not in seen:
                seen.add(name)
                found.append((tag, name))
        return found

    @property
    def local_name(self) -> tuple[str, str]:
        """(HTML language tag, name) in the language of the region's own country; without one the active name."""
        tag, name = {"JP": ("ja", self.name_ja), "KR": ("ko", self.name_ko)}.get(
            self.country, ("zh-Hans", self.name_zh)
        )
        return (tag, name) if name else (self.name_lang, self.name)

    @property
    def population_text(self) -> str:
        """The population with groups of three digits."""
        return "" if self.population is None else f"{self.population:,}"

    @property
    def name_lang(self) -> str:
        """HTML language tag of ``name``."""
        return next((tag for tag, name in self.names if name == self.name), "zh-Hans")

    def distance_km(self, other: "Region") -> float | None:
        """Great-circle distance to ``other``; None where one of the two has no position."""
        if None in (self.latitude, self.longitude, other.latitude, other.longitude):
            return None
        return great_circle_km(
            float(self.latitude), float(self.longitude), float(other.latitude), float(other.longitude)
        )

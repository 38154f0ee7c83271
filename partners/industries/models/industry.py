"""Industries of three classifications, and our own table between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from partners.industries.enums import IndustryLevel, Scheme
from partners.industries.querysets import ReadableQuerySet


@tracked
class Industry(Keyed, Versioned):
    """One entry of a classification. ISIC and HS come in English only, GB/T 4754 in Chinese only: shown as they are.

    The sections of ISIC and HS have Chinese names of our own (``own_translation``), which pages mark as such.
    """

    code = models.CharField(max_length=20, unique=True, help_text=_("scheme:code, for example GBT4754:C"))
    scheme = models.CharField(max_length=10, choices=Scheme.choices)
    level = models.CharField(max_length=10, choices=IndustryLevel.choices)
    scheme_code = models.CharField(max_length=8)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_zh = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    own_translation = models.BooleanField(default=False, help_text=_("the Chinese name is ours, not official"))
    source = models.CharField(max_length=40)
    note = models.CharField(max_length=400, blank=True)
    note_zh = models.CharField(max_length=400, blank=True)

    objects = ReadableQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "scheme_code"]
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        constraints = [
            models.CheckConstraint(condition=~(models.Q(name_zh="") & models.Q(name_en="")), name="industry_has_a_name")
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language where the classification has one, else the one it has."""
        return pick_name(self.name_zh, self.name_en, "", "")

    @property
    def name_lang(self) -> str:
        """HTML language tag of ``name``."""
        return "zh-Hans" if self.name == self.name_zh else "en"

    @property
    def note_text(self) -> str:
        """The note in Chinese or English."""
        return pick_name(self.note_zh, self.note, "", "")


@tracked
class IndustryLink(Keyed, Versioned):
    """Correspondence of two entries; our own work by comparing names, many-to-many and incomplete."""

    origin = models.ForeignKey(Industry, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Industry, models.CASCADE, related_name="links_in")
    status = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    note = models.CharField(max_length=400, blank=True)
    note_zh = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("industry correspondence")
        verbose_name_plural = _("industry correspondences")
        constraints = [models.UniqueConstraint(fields=["origin", "target"], name="industry_link_once")]

    def __str__(self):
        return f"{self.origin_id} → {self.target_id}"

    @property
    def note_text(self) -> str:
        """The note in Chinese or English."""
        return pick_name(self.note_zh, self.note, "", "")

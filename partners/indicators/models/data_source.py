"""Sources."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned, pick_name
from dalian_coop.base.tracking import tracked
from partners.indicators.enums import LICENCES, OWN_WORDS, OtherUse, SourceQuality
from partners.indicators.querysets import DataSourceQuerySet


def page_lang() -> str:
    """HTML language tag of the active language."""
    return {"zh-hans": "zh-Hans"}.get(get_language() or "", get_language() or "zh-Hans")


@tracked
class DataSource(Keyed, Versioned):
    """Where a figure or a fact was read: title, publisher, place, licence, quality."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=400)
    title_lang = models.CharField(max_length=8, default="en", help_text=_("HTML language tag of the title"))
    publisher = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=600, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    quality = models.CharField(max_length=24, choices=SourceQuality.choices)
    retrieved = models.DateField()
    other_use = models.CharField(max_length=16, choices=OtherUse.choices, blank=True)
    note = models.CharField(max_length=800, blank=True)
    note_zh = models.CharField(max_length=800, blank=True)

    objects = DataSourceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.title

    @property
    def licence_label(self) -> str:
        """The licence, translated."""
        return str(LICENCES.get(self.licence, self.licence))

    @property
    def shown_title(self) -> str:
        """The title as it stands in the source; only titles of our own are translated."""
        return str(OWN_WORDS.get(self.title, self.title))

    @property
    def shown_lang(self) -> str:
        """HTML language tag of ``shown_title``."""
        return page_lang() if self.title in OWN_WORDS else self.title_lang

    @property
    def shown_publisher(self) -> str:
        """The publisher as the source names it; only words of our own are translated."""
        return str(OWN_WORDS.get(self.publisher, self.publisher))

    @property
    def publisher_lang(self) -> str:
        """HTML language tag of ``shown_publisher``."""
        if self.publisher in OWN_WORDS:
            return page_lang()
        return "en" if self.publisher.isascii() else self.title_lang if self.title_lang != "en" else "zh-Hans"

    @property
    def note_text(self) -> str:
        """The note in Chinese or English."""
        return pick_name(self.note_zh, self.note, "", "")

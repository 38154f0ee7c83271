"""Abstract models that rooms build on."""

from django.db import models
from django.utils.translation import get_language

from dalian_coop.base.keys import uuid7


class Keyed(models.Model):
    """A thing with a key that is never used again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A thing that people edit: every write counts ``version`` up (see ``base.locking``)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Named(models.Model):
    """A thing with a name in four languages; Chinese is always there, the others where a source gives them."""

    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    name_ja = models.CharField(max_length=200, blank=True)
    name_ko = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language; without one the Chinese, then the English."""
        return pick_name(self.name_zh, self.name_en, self.name_ja, self.name_ko)

    @property
    def names(self) -> list[tuple[str, str]]:
        """(HTML language tag, name) for every language that has a name."""
        pairs = [("zh-Hans", self.name_zh), ("en", self.name_en), ("ja", self.name_ja), ("ko", self.name_ko)]
        return [(tag, name) for tag, name in pairs if name]


def pick_name(zh: str, en: str, ja: str, ko: str) -> str:
    """The name in the active language, else Chinese, else English (for rows that came as plain values)."""
    wanted = {"en": en, "ja": ja, "ko": ko}.get((get_language() or "zh")[:2], zh)
    return wanted or zh or en

"""Fields of cooperation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned
from dalian_coop.base.tracking import tracked
from partners.industries.enums import FieldRole
from partners.industries.querysets import ReadableQuerySet


@tracked
class CooperationField(Keyed, Versioned, Named):
    """What cooperation is about: trade and economy as the one main axis, six supporting fields beside it."""

    code = models.SlugField(max_length=40, unique=True)
    role = models.CharField(max_length=12, choices=FieldRole.choices)
    order = models.PositiveSmallIntegerField()
    aliases = models.JSONField(default=list, blank=True, help_text=_("spellings in task books"))

    objects = ReadableQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        verbose_name = _("field of cooperation")
        verbose_name_plural = _("fields of cooperation")
        constraints = [
            models.UniqueConstraint(fields=["role"], condition=models.Q(role="main_axis"), name="one_main_axis")
        ]

"""Bureaus and other organisations that lead or support work."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.enums import BureauKind, SeatCountry
from dalian_coop.accounts.querysets import BureauQuerySet
from dalian_coop.base.models import Keyed, Named, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Bureau(Keyed, Versioned, Named):
    """An organisation of the city, or one it works with. ``name_zh`` is the short name used in task books."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=BureauKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("superior bureau")
    )
    seat_country = models.CharField(_("country of its seat"), max_length=2, choices=SeatCountry.choices, blank=True)
    aliases = ArrayField(models.CharField(max_length=200), verbose_name=_("aliases"), default=list, blank=True)
    pinyin = models.CharField(max_length=400, editable=False, help_text=_("sort key"))
    initials = models.CharField(max_length=60, editable=False)
    coordinates = models.BooleanField(_("coordinates"), default=False, help_text=_("the coordination office sits here"))
    preferences = models.JSONField(_("preferences"), default=dict, blank=True, editable=False)

    objects = BureauQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin"]
        verbose_name = _("bureau")
        verbose_name_plural = _("bureaus")
        constraints = [
            models.UniqueConstraint(fields=["name_zh"], name="bureau_name_once"),
            models.UniqueConstraint(
                fields=["coordinates"], condition=models.Q(coordinates=True), name="one_coordinating_bureau"
            ),
        ]

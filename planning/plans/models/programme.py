"""Programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Named, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Programme(Keyed, Versioned, Named):
    """A piece of work of several years under one heading, with plans for the short, medium and long term."""

    code = models.SlugField(max_length=40, unique=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

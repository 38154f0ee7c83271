"""Application entry of plans."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "planning.plans"
    label = "plans"
    verbose_name = _("Plans")

"""Application entry of roadmap."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadMapConfig(AppConfig):
    name = "planning.roadmap"
    label = "roadmap"
    verbose_name = _("Road map")

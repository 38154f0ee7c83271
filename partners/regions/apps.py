"""Application entry of regions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    name = "partners.regions"
    label = "regions"
    verbose_name = _("Regions")

    def ready(self):
        from dalian_coop.base import reference
        from partners.regions import services

        reference.register("regions", services.load_regions, order=20)

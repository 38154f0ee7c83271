"""Application entry of industries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndustriesConfig(AppConfig):
    name = "partners.industries"
    label = "industries"
    verbose_name = _("Industries")

    def ready(self):
        from dalian_coop.base import reference
        from partners.industries import services

        reference.register("industries", services.load_industries, order=30)

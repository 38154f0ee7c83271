"""Application entry of indicators."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "partners.indicators"
    label = "indicators"
    verbose_name = _("Indicators")

    def ready(self):
        from dalian_coop.base import reference
        from partners.indicators import services

        reference.register("indicators", services.load_indicators, order=40)

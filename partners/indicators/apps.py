"""Application entry of indicators."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "partners.indicators"
    label = "indicators"
    verbose_name = _("Indicators")

    def ready(self):
        from dalian_coop.base import reference
        from partners.indicators import permissions, services  # noqa: F401 - the rules are set when they are read

        reference.register("indicators", services.load_indicators, order=40)

"""Application entry of corrections."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectionsConfig(AppConfig):
    name = "dalian_coop.corrections"
    label = "corrections"
    verbose_name = _("Error reports")

    def ready(self):
        from dalian_coop.corrections import permissions  # noqa: F401 - registers its rules
        from dalian_coop.ui import navigation

        navigation.register(
            navigation.Item(
                _("Error reports"), "corrections:list", "flag", "corrections.report", group=navigation.MANAGEMENT
            )
        )

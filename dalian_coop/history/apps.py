"""Application entry of history."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "dalian_coop.history"
    label = "history"
    verbose_name = _("History")

    def ready(self):
        from dalian_coop.history.context import name_actor
        from dalian_coop.rest import hooks
        from dalian_coop.ui import navigation

        hooks.after_authentication(name_actor)
        navigation.register(
            navigation.Item(
                _("Audit"), "history:audit", "shield-check", "history.read_audit", group=navigation.MANAGEMENT
            )
        )

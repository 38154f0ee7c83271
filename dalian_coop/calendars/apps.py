"""Application entry of calendars."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "dalian_coop.calendars"
    label = "calendars"
    verbose_name = _("Calendars")

    def ready(self):
        from dalian_coop.base import reference
        from dalian_coop.calendars import services

        reference.register("holidays", services.load_holidays, order=60)
        checks.register(decree_is_known, "calendars", deploy=True)


def decree_is_known(app_configs, databases=None, **kwargs) -> list[checks.CheckMessage]:
    """Warn when China's working days of a year that has come near are not known.

    Seen with ``check --deploy --database default``.
    """
    from django.utils import timezone

    from dalian_coop.calendars import selectors

    if not databases:
        return []
    return [
        checks.Warning(
            f"The working days of China in {year} are not known.",
            hint="Enter the State Council's notice under special days in the administration.",
            id="calendars.W001",
        )
        for year in selectors.missing_decrees(timezone.localdate())
    ]

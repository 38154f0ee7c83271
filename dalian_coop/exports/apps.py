"""Application entry of exports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "dalian_coop.exports"
    label = "exports"
    verbose_name = _("Exports")

    def ready(self):
        from dalian_coop.exports import selectors
        from dalian_coop.jobs.selectors import register_kind

        register_kind(selectors.KIND, task="exports.run", label=_("Full copy for another system"),
                      result=selectors.file_url)  # fmt: skip

"""Application entry of gaps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GapsConfig(AppConfig):
    name = "planning.gaps"
    label = "gaps"
    verbose_name = _("Gap analysis")

    def ready(self):
        from dalian_coop.base import reference
        from dalian_coop.jobs.selectors import register_kind
        from planning.gaps import selectors, services

        reference.register("gaps", services.load_gaps, order=80)
        register_kind("gap_run", task="gaps.run", label=_("Gap analysis"), result=selectors.report_url_of_job)

"""Application entry of jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "dalian_coop.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

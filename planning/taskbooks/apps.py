"""Application entry of taskbooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskBooksConfig(AppConfig):
    name = "planning.taskbooks"
    label = "taskbooks"
    verbose_name = _("Task books")

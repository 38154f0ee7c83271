"""Application entry of taskbooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskBooksConfig(AppConfig):
    name = "planning.taskbooks"
    label = "taskbooks"
    verbose_name = _("Task books")

    def ready(self):
        from planning.taskbooks import permissions  # noqa: F401 - registers the rules about tasks

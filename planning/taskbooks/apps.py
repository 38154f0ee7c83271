"""Application entry of taskbooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskBooksConfig(AppConfig):
    name = "planning.taskbooks"
    label = "taskbooks"
    verbose_name = _("Task books")

    def ready(self):
        from django.urls import reverse
        from django.utils.timezone import localdate

        from dalian_coop.corrections.selectors import register_owner
        from partners.relations.selectors import register_city_tasks
        from planning.taskbooks import permissions, selectors  # noqa: F401 - permissions registers its rules

        register_city_tasks(lambda actor: selectors.tasks_by_region(actor, localdate()))
        register_owner(
            "tasks",
            owner=lambda task: task.lead,
            page=lambda task: reverse("taskbooks:task", args=[task.book.code, task.code]),
        )
        register_owner("task-books", page=lambda book: reverse("taskbooks:book", args=[book.code]))

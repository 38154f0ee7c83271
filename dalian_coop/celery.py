"""The Celery application; its settings are the ``CELERY_*`` names of settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dalian_coop.settings")

app = Celery("dalian_coop", task_cls="dalian_coop.history.messages:HistoryTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

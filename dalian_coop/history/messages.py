"""Carries the audit context from the sender of a Celery message into the task (message header ``history``)."""

import pghistory
from celery.contrib.django.task import DjangoTask
from celery.signals import before_task_publish
from pghistory.runtime import _tracker

from dalian_coop.base.logs import request_id


@before_task_publish.connect
def add_context(headers=None, **kwargs):
    """Put what is known of the sender on the message."""
    context = getattr(_tracker, "value", None)
    if context is not None and headers is not None:
        headers.setdefault("history", dict(context.metadata))


class HistoryTask(DjangoTask):
    """Base of every task: its writes carry the sender's identity, its log lines the sender's request id."""

    abstract = True

    def __call__(self, *args, **kwargs):
        given = getattr(self.request, "history", None) or {}
        token = request_id.set(given.get("request_id", ""))
        try:
            # The sender may have been a task itself (the sweeper): its own name must not stand in the way.
            with pghistory.context(**{**given, "task": self.name, "task_id": self.request.id}):
                return super().__call__(*args, **kwargs)
        finally:
            request_id.reset(token)

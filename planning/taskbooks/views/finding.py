"""Which object: a stranger gets 404, as if it were not there."""

from typing import Any

from django.http import Http404

from dalian_coop.accounts.permissions import Perm
from planning.taskbooks import selectors
from planning.taskbooks.models import Task, TaskBook


def find_book(actor: Any, code: str) -> TaskBook:
    book = TaskBook.objects.visible_to(actor).filter(code=code).first()
    if book is None:
        raise Http404("no such task book for this person")
    return book


def find_task(actor: Any, code: str, no: str) -> Task:
    task = selectors.visible_task(actor, code, no)
    if task is None:
        raise Http404("no such task for this person")
    return task


def find_deleted(actor: Any, code: str, key: Any) -> Task:
    """A deleted task, for those who may restore it."""
    book = find_book(actor, code)
    task = selectors.deleted_tasks(book).filter(pk=key).first() if actor.has_perm(Perm.DELETE_TASK, book) else None
    if task is None:
        raise Http404("no such deleted task for this person")
    return task

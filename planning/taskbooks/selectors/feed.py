"""What the change feed asks: which books and tasks somebody sees, and which they may have seen before."""

from django.db.models import Q, QuerySet

from dalian_coop.accounts.scope import country_limit, row_limit, sees_every_bureau
from dalian_coop.history.selectors import ever
from planning.taskbooks.models import Task, TaskBook, TaskUnit


def visible_books(actor) -> list[str]:
    """Keys of the books one sees, where that hangs on the tasks in them."""
    if sees_every_bureau(actor) and not row_limit(actor):
        return []
    return _keys(TaskBook.objects.visible_to(actor))


def own_books(actor) -> list[str]:
    """Keys of the books of which somebody bound to a bureau sees every row: they come and go with one task."""
    if sees_every_bureau(actor) or country_limit(actor):
        return []
    return _keys(TaskBook.objects.filter(tasks__in=Task.objects.alive().involving(actor.bureau_ids)).distinct())


def _keys(books: QuerySet) -> list[str]:
    return sorted(str(key) for key in books.order_by().values_list("pk", flat=True))


def tasks_seen(actor, keys: set) -> set:
    """Which of these tasks, not visible now, the actor may have seen: by the book, its bureaus or its countries."""
    if limit := row_limit(actor):
        keys = _once_worked_on(keys, limit)
    if sees_every_bureau(actor):
        return keys
    if seat := country_limit(actor):
        return ever(Task, keys, Q(countries__contains=[seat])) | _once_worked_on(keys, actor.bureau_ids)
    return ever(Task, keys, Q(book__in=own_books(actor)))


def _once_worked_on(keys: set, bureaus) -> set:
    supported = ever(TaskUnit, keys, Q(bureau__in=bureaus), key="task_id")
    return ever(Task, keys, Q(lead__in=bureaus)) | supported

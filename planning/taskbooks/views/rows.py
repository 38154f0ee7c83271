"""One row: shown, edited in place or on its own page, added, deleted, brought back."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from dalian_coop.ui.pages import is_partial, notify, reads_only, render_page
from partners.regions.enums import RegionRole
from planning.taskbooks import selectors, services
from planning.taskbooks.forms import TaskForm, VersionForm, values_of
from planning.taskbooks.models import Task
from planning.taskbooks.views.conflicts import differences, resolved
from planning.taskbooks.views.finding import find_book, find_deleted, find_task
from planning.taskbooks.views.row_html import rows_html
from planning.taskbooks.views.table import decorate, row_context, view_of

CHANGED = "task-changed"  # the figures above the table listen to it


@login_required
@require_GET
@reads_only
def task(request: HttpRequest, code: str, no: str) -> HttpResponse:
    found = find_task(request.user, code, no)
    rows = selectors.task_rows(Task.objects.filter(pk=found.pk), timezone.localdate())
    decorate(rows, request.user)
    context = row_context(found.book) | {
        "task": found,
        "row": rows[0],
        "regions": found.regions.exclude(role=RegionRole.COUNTRY).order_by("code"),
        "may_edit": request.user.has_perm(Perm.EDIT_TASK, found),
        "entries": selectors.task_timeline(found),
    }
    return render(request, "taskbooks/task.html", context)


@login_required
@require_GET
@reads_only
def row(request: HttpRequest, code: str, no: str) -> HttpResponse:
    return _row(request, find_task(request.user, code, no))


@login_required
@require_GET
@reads_only
def history(request: HttpRequest, code: str, no: str) -> HttpResponse:
    """Every change of the row, below it in the table or on a page of its own."""
    found = find_task(request.user, code, no)
    context = {"book": found.book, "task": found, "entries": selectors.task_timeline(found)}
    return render_page(request, "taskbooks/history.html", context, fragment="taskbooks/includes/history_row.html")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_only
def edit(request: HttpRequest, code: str, no: str) -> HttpResponse:
    found = find_task(request.user, code, no)
    if not request.user.has_perm(Perm.EDIT_TASK, found):
        raise PermissionDenied(_("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    form = TaskForm(request.POST if request.method == "POST" else None, actor=request.user, book=found.book, task=found)
    if request.method != "POST":
        return _form(request, found, form)
    form.is_valid()
    return _save(request, found, form, form.values, request.POST)


@login_required
@require_POST
def resolve(request: HttpRequest, code: str, no: str) -> HttpResponse:
    """The answers of the conflict form: per field mine or theirs."""
    found = find_task(request.user, code, no)
    if not request.user.has_perm(Perm.EDIT_TASK, found):
        raise PermissionDenied(_("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    values, undecided = resolved(request.POST, found)
    if undecided:
        mine = {
            n: request.POST.getlist(f"mine_{n}") if n == "units" else request.POST.get(f"mine_{n}") for n in undecided
        }
        return _conflict(request, found, values | mine, _version(request.POST), undecided=undecided)
    form = TaskForm(actor=request.user, book=found.book, task=found)
    return _save(request, found, form, values, request.POST)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_only
def add(request: HttpRequest, code: str) -> HttpResponse:
    found = find_book(request.user, code)
    if not request.user.has_perm(Perm.ADD_TASK, found):
        raise PermissionDenied(_("Only the coordinating bureau adds tasks."))
    form = TaskForm(request.POST or None, actor=request.user, book=found)
    if request.method == "POST" and form.is_valid():
        try:
            task = services.add_task(book=found, values=form.values, by=request.user)
        except ValidationError as e:
            form.add_service_errors(e)
        else:
            notify(request, _("Task %(code)s was added.") % {"code": task.code})
            return redirect("taskbooks:task", found.code, task.code)
    return render(request, "taskbooks/add.html", {"book": found, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def delete(request: HttpRequest, code: str, no: str) -> HttpResponse:
    found = find_task(request.user, code, no)
    try:
        gone = services.delete_task(task=found, version=_version(request.POST), by=request.user)
    except NotAllowed as e:
        raise PermissionDenied(str(e)) from e
    except (ValidationError, Conflict) as e:
        return _refused(request, found, e)
    undo = f"{reverse('taskbooks:restore', args=[code, gone.pk])}?version={gone.version}"
    if is_partial(request):
        context = {"task": gone, "undo": undo}
        return _announced(render(request, "taskbooks/includes/deleted_row.html", context))
    notify(request, _("Task %(code)s was deleted.") % {"code": gone.code}, undo_url=undo)
    return redirect("taskbooks:book", code)


@login_required
@require_GET
@reads_only
def deleted(request: HttpRequest, code: str) -> HttpResponse:
    """What was taken out of the book, to be brought back."""
    found = find_book(request.user, code)
    if not request.user.has_perm(Perm.DELETE_TASK, found):
        raise PermissionDenied(_("Only the coordinating bureau restores tasks."))
    return render(request, "taskbooks/deleted.html", {"book": found, "tasks": selectors.deleted_tasks(found)})


@login_required
@require_POST
def restore(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    found = find_deleted(request.user, code, key)
    version = _version(request.GET) or _version(request.POST)
    try:
        task = services.restore_task(task=found, version=version, by=request.user)
    except (ValidationError, Conflict) as e:
        text = str(e) if isinstance(e, Conflict) else " ".join(str(x) for es in e.errors.values() for x in es)
        notify(request, text, tone="error")
        return redirect("taskbooks:deleted", code)
    if is_partial(request):
        return _announced(_row(request, find_task(request.user, code, task.code)))
    notify(request, _("Task %(code)s is back.") % {"code": task.code})
    return redirect("taskbooks:task", code, task.code)


# --- pieces ---


def _save(request: HttpRequest, found: Task, form: TaskForm, values: dict[str, Any], posted: Any) -> HttpResponse:
    """Save the row and answer: the row or its page, the form with its errors, or both texts."""
    version, reason = _version(posted), posted.get("change_reason", "")[:400]
    try:
        saved = services.edit_task(task=found, values=values, version=version, by=request.user, reason=reason)
    except NotAllowed as e:
        raise PermissionDenied(str(e)) from e
    except Conflict as e:
        return _conflict(request, e.current or found, values, version)
    except ValidationError as e:
        if not form.is_bound:  # a choice between two texts that together break a rule: show them in the form
            form = TaskForm(values_of(found) | values, actor=request.user, book=found.book, task=found)
            form.is_valid()
        form.add_service_errors(e)
        return _form(request, found, form, status=422)
    if is_partial(request):
        return _announced(_row(request, find_task(request.user, found.book.code, saved.code), changed=True))
    notify(request, _("Task %(code)s was saved.") % {"code": saved.code})
    return redirect("taskbooks:task", found.book.code, saved.code)


def _row(request: HttpRequest, found: Task, *, changed: bool = False) -> HttpResponse:
    """The row as it stands in the table."""
    rows = selectors.task_rows(Task.objects.filter(pk=found.pk), timezone.localdate())
    decorate(rows, request.user)
    html = rows_html(rows, row_context(found.book), view=view_of(request), changed=changed)
    return HttpResponse(html)


def _form(request: HttpRequest, found: Task, form: TaskForm, status: int = 200) -> HttpResponse:
    seen = _version(request.POST) if form.is_bound else found.version
    context = row_context(found.book) | {
        "task": found,
        "form": form,
        "version": seen or found.version,
        "may_delete": request.user.has_perm(Perm.DELETE_TASK, found),
        "view": view_of(request),
    }
    fragment = "taskbooks/includes/edit_row.html"
    return render_page(request, "taskbooks/edit.html", context, fragment=fragment, status=status)


def _conflict(
    request: HttpRequest, current: Task, mine: dict[str, Any], seen: int, *, undecided: list[str] | None = None
) -> HttpResponse:
    """Both texts, field by field (409)."""
    context = row_context(current.book) | {
        "task": current,
        "differences": differences(current, mine, seen),
        "last": next(iter(selectors.task_timeline(current)), None),
        "undecided": undecided or [],
        "seen": seen,
    }
    fragment = "taskbooks/includes/conflict_row.html"
    return render_page(request, "taskbooks/conflict.html", context, fragment=fragment, status=409)


def _refused(request: HttpRequest, found: Task, error: ValidationError | Conflict) -> HttpResponse:
    """A deletion that did not happen, with the reason, in the form."""
    form = TaskForm(actor=request.user, book=found.book, task=found)
    text = _("Somebody changed this task in the meantime; it was not deleted. This is how it stands now.")
    if isinstance(error, ValidationError):
        text = " ".join(str(item) for errors in error.errors.values() for item in errors)
    form.warning = text
    return _form(request, found, form, status=409 if isinstance(error, Conflict) else 422)


def _version(data: Any) -> int:
    """The version somebody saw; 0 (which no row has) when it is missing or no number."""
    form = VersionForm(data)
    return form.cleaned_data["version"] if form.is_valid() else 0


def _announced(response: HttpResponse) -> HttpResponse:
    response["HX-Trigger"] = CHANGED
    return response

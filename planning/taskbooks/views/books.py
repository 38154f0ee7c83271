"""Pages of whole books: the list, the table, print, downloads."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dalian_coop.accounts.permissions import Perm
from dalian_coop.ui.pages import is_partial, reads_only, render_page
from planning.taskbooks import selectors, workflow
from planning.taskbooks.services import exporting, layout
from planning.taskbooks.views import grid
from planning.taskbooks.views.finding import find_book
from planning.taskbooks.views.table import Table, decorate, row_context


@login_required
@require_GET
@reads_only
def book_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(Perm.READ_BOOKS):
        raise PermissionDenied
    context = {
        "cards": selectors.book_cards(request.user, timezone.localdate()),
        "may_import": request.user.has_perm(Perm.IMPORT_BOOK),
    }
    return render(request, "taskbooks/book_list.html", context)


@login_required
@require_GET
@reads_only
def book(request: HttpRequest, code: str) -> HttpResponse:
    found = find_book(request.user, code)
    table = Table(request, found)
    context = table.context() | {
        "is_open": workflow.rows_may_come_and_go(found.status),
        "may_add": request.user.has_perm(Perm.ADD_TASK, found) and workflow.rows_may_come_and_go(found.status),
        "may_import": request.user.has_perm(Perm.IMPORT_BOOK, found),
        "may_restore": request.user.has_perm(Perm.DELETE_TASK, found),
    }
    if not is_partial(request):
        context |= grid.page_context(found, request.user)
    return render_page(request, "taskbooks/book.html", context, fragment="taskbooks/includes/table.html")


@login_required
@require_GET
@reads_only
def counts(request: HttpRequest, code: str) -> HttpResponse:
    """The figures above the table, fetched again after a row was changed in place."""
    table = Table(request, find_book(request.user, code))
    return render(request, "taskbooks/includes/counts_again.html", table.figures())


@login_required
@require_GET
@reads_only
def print_book(request: HttpRequest, code: str) -> HttpResponse:
    found = find_book(request.user, code)
    table = Table(request, found)
    rows = selectors.task_rows(table.filter.ordered(), table.today)
    decorate(rows, request.user)
    context = row_context(found) | {"rows": rows, "filter": table.filter, "printed_at": timezone.localtime()}
    context["columns"] = layout.COLUMNS
    return render(request, "taskbooks/print.html", context)


@login_required
@require_GET
def export_workbook(request: HttpRequest, code: str) -> HttpResponse:
    found = find_book(request.user, code)
    content = exporting.export_workbook(book=found, by=request.user)
    return FileResponse(content, as_attachment=True, filename=exporting.file_name(found, "xlsx"), content_type=_XLSX)


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def export_csv(request: HttpRequest, code: str) -> HttpResponse:
    return exporting.export_csv(book=find_book(request.user, code), by=request.user)


@login_required
@require_GET
@reads_only
def city_tasks(request: HttpRequest, code: str) -> HttpResponse:
    """The tasks that name a region, as a piece of the region's own page."""
    if not request.user.has_perm(Perm.READ_BOOKS):
        raise Http404
    rows = selectors.task_rows(selectors.tasks_of_region(request.user, code), timezone.localdate())
    books = {row["book__code"] for row in rows}
    context = {"rows": rows, "region_code": code, "book_code": books.pop() if len(books) == 1 else ""}
    return render(request, "taskbooks/includes/city_tasks.html", context)

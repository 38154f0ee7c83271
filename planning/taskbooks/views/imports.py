"""A file comes in: choose it, look at what it would do, then do exactly that."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalian_coop.base.errors import ValidationError
from dalian_coop.documents.uploads import discard, keep, kept, upload_bytes
from dalian_coop.documents.writing import XLSX_TYPE, as_download, safe_name
from dalian_coop.ui.pages import notify
from planning.taskbooks.forms import ImportForm
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services import exporting, importing
from planning.taskbooks.views import office_files
from planning.taskbooks.views.importing import choose, target

SHOWN_ROWS = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, code: str = "") -> HttpResponse:
    """Choose a file; its dry run is the answer. Without ``code`` the file makes a book of its own."""
    found = target(request, code)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return choose(request, found, form)
    upload = form.cleaned_data["file"]
    try:
        data = upload_bytes(upload)
        if not importing.is_own_layout(data=data, name=upload.name):
            return office_files.show(request, found, data=data, name=upload.name)
        report = importing.preview(data=data, name=upload.name, book=found, by=request.user)
    except ValidationError as e:
        form.add_service_errors(e)
        return choose(request, found, form)
    token = "" if report.errors or report.writes_nothing else keep(data=data, name=upload.name, by=request.user)
    return _report(request, found, report, name=upload.name, token=token)


@login_required
@require_POST
def apply_file(request: HttpRequest, code: str = "") -> HttpResponse:
    """Do what the report said; if that has changed since, show the new report instead."""
    found = target(request, code)
    token = request.POST.get("token", "")
    try:
        data, name = kept(token=token, by=request.user)
        report = importing.apply(
            data=data, name=name, book=found, by=request.user, expected=request.POST.get("digest", "")
        )
    except ValidationError as e:
        form = ImportForm({}, {})
        form.errors.clear()
        form.add_service_errors(e)
        return choose(request, found, form)
    if not report.applied:
        return _report(request, found, report, name=name, token="")
    discard(token=token, by=request.user)
    words = _("Imported: %(new)d new, %(changed)d changed, %(same)d unchanged.")
    notify(request, words % {"new": report.new, "changed": report.changed, "same": report.same})
    if report.conflicts:
        sheet = exporting.conflict_workbook(report=report, by=request.user).getvalue()
        return _report(request, report.book, report, name=name, token=keep(data=sheet, name=name, by=request.user))
    return redirect("taskbooks:book", report.book.code)


@login_required
@require_GET
def conflicts(request: HttpRequest, code: str) -> HttpResponse:
    """The conflict sheet of an import that was just done: both texts of every cell that both sides changed."""
    found = target(request, code)
    try:
        data, _name = kept(token=request.GET.get("token", ""), by=request.user)
    except ValidationError as e:
        raise Http404("no such conflict sheet") from e
    name = safe_name(_("%(title)s conflicts") % {"title": found.title}, "xlsx")
    return as_download(HttpResponse(data, content_type=XLSX_TYPE), name)


def _report(request: HttpRequest, found: TaskBook | None, report, *, name: str, token: str) -> HttpResponse:
    context = {
        "book": found,
        "report": report,
        "name": name,
        "token": token,
        "rows": report.rows[:SHOWN_ROWS],
        "more": max(0, len(report.rows) - SHOWN_ROWS),
    }
    return render(request, "taskbooks/import_report.html", context, status=422 if report.errors else 200)

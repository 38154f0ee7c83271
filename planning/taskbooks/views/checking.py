"""The page of the quality gate: what stands between a book and its submission, each with the way to its cell."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalian_coop.ui.pages import reads_only
from planning.taskbooks import selectors
from planning.taskbooks.permissions import EditScope
from planning.taskbooks.quality import Level
from planning.taskbooks.services.gate import check_book
from planning.taskbooks.views.finding import find_book
from planning.taskbooks.views.table import WORDS
from planning.taskbooks.workflow import rows_may_come_and_go


@login_required
@require_GET
@reads_only
def check(request: HttpRequest, code: str) -> HttpResponse:
    """All findings, or with ``?level=block|warn`` those of one level."""
    book = find_book(request.user, code)
    report = check_book(book, reader=request.user)
    level = request.GET.get("level", "")
    lines = [line for line in report.lines if level not in tuple(Level) or line["level"] == level]
    leads = dict(selectors.tasks_of_book(request.user, book).values_list("code", "lead_id"))
    scope = EditScope.of(request.user)
    for line in lines:
        line["column_word"] = WORDS.get(line["column"], "")
        line["url"] = _way(book, line, rows_may_come_and_go(book.status) and scope.covers(leads.get(line["code"])))
    context = {"book": book, "report": report, "lines": lines, "level": level, "tasks": len(leads)}
    return render(request, "taskbooks/check.html", context)


def _way(book, line: dict, may_edit: bool) -> str:
    """The form of the task with the field in focus for those who may mend it, else its page."""
    if not line["code"]:
        return ""
    page = reverse("taskbooks:edit" if may_edit else "taskbooks:task", args=[book.code, line["code"]])
    return f"{page}#id_{line['column']}" if may_edit and line["column"] else page

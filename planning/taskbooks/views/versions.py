"""Issued versions of a book: read one, compare two."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from dalian_coop.ui.pages import reads_only
from planning.taskbooks import selectors
from planning.taskbooks.models import BookVersion, TaskBook
from planning.taskbooks.services import versions as service
from planning.taskbooks.services.layout import BY_FIELD, COLUMNS
from planning.taskbooks.views.finding import find_book

NOW = "now"
KINDS = {
    "added": (_("Added"), "green"),
    "dropped": (_("Dropped"), "red"),
    "moved": (_("Renumbered"), "grey"),
    "changed": (_("Changed"), "amber"),
}


@login_required
@require_GET
@reads_only
def version(request: HttpRequest, code: str, edition: str) -> HttpResponse:
    """A version as it was issued, in the decreed order of columns."""
    book = find_book(request.user, code)
    found = BookVersion.objects.filter(book=book, edition=edition).first()
    if found is None:
        raise Http404
    rows = selectors.version_rows(found, request.user)
    columns = COLUMNS[1:]  # the number heads the row
    table = [(row["code"], [(column.title, row.get(column.field, "")) for column in columns]) for row in rows]
    context = {"book": book, "version": found, "columns": columns, "table": table}
    return render(request, "taskbooks/version.html", context)


@login_required
@require_GET
@reads_only
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """``?before=1.0&after=now``: what was added, dropped, renumbered or changed, cell by cell."""
    book = find_book(request.user, code)
    before, after, editions = two_versions(request, book)
    differences = service.compare(rows_of(book, before, request.user), rows_of(book, after, request.user))
    lines = [
        {
            "kind": KINDS[d.kind][0],
            "tone": KINDS[d.kind][1],
            "row": d.row,
            "cells": [(BY_FIELD[name].title, old, new) for name, old, new in d.cells],
        }
        for d in differences
    ]
    counts = [(label, sum(d.kind == kind for d in differences)) for kind, (label, _tone) in KINDS.items()]
    context = {"book": book, "editions": editions, "before": before, "after": after, "lines": lines, "counts": counts}
    return render(request, "taskbooks/compare.html", context)


def two_versions(request: HttpRequest, book: TaskBook) -> tuple[str, str, list[str]]:
    """(before, after, all editions) of ``?before=&after=``; without them the last version and the present state."""
    editions = list(BookVersion.objects.filter(book=book).order_by("created_at").values_list("edition", flat=True))
    if not editions:
        raise Http404
    return request.GET.get("before") or editions[-1], request.GET.get("after") or NOW, editions


def rows_of(book: TaskBook, edition: str, reader) -> list[dict[str, str]]:
    """The rows of an edition, or as they stand with ``NOW``, that ``reader`` may see. Raises ``Http404``."""
    if edition == NOW:
        seen = set(map(str, selectors.tasks_of_book(reader, book).values_list("id", flat=True)))
        return [row for row in service.rows_now(book) if row["id"] in seen]
    found = BookVersion.objects.filter(book=book, edition=edition).first()
    if found is None:
        raise Http404
    return selectors.version_rows(found, reader)

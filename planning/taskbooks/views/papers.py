"""Word and PDF of a task book, of a bureau's responsibility list, of a comparison."""

import io

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from dalian_coop.accounts.models import Bureau
from dalian_coop.documents.paper import Paper
from dalian_coop.ui.pages import reads_only
from planning.taskbooks.models import BookVersion
from planning.taskbooks.services import papers, versions
from planning.taskbooks.views.finding import find_book
from planning.taskbooks.views.versions import NOW, rows_of, two_versions

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@login_required
@require_GET
@reads_only
def book_paper(request: HttpRequest, code: str, kind: str) -> FileResponse:
    """``?edition=1.0`` (the version in force without it, ``now`` for the present state) and ``?lead=`` a bureau."""
    book = find_book(request.user, code)
    edition = request.GET.get("edition") or book.edition or NOW
    bureau = get_object_or_404(Bureau, code=request.GET["lead"]).name_zh if request.GET.get("lead") else ""
    version = None if edition == NOW else BookVersion.objects.filter(book=book, edition=edition).first()
    rows = rows_of(book, edition, request.user)
    return _answer(papers.book_paper(book, rows, version, timezone.localdate(), bureau), kind)


@login_required
@require_GET
@reads_only
def comparison_paper(request: HttpRequest, code: str, kind: str) -> FileResponse:
    """``?before=1.0&after=now`` as on the page."""
    book = find_book(request.user, code)
    before, after, _editions = two_versions(request, book)
    found = versions.compare(rows_of(book, before, request.user), rows_of(book, after, request.user))
    return _answer(papers.comparison_paper(book, _called(before), _called(after), found), kind)


def _called(edition: str) -> str:
    return "当前内容" if edition == NOW else f"{edition} 版"


def _answer(paper: Paper, kind: str) -> FileResponse:
    # Imported when asked for: the two libraries cost every web process half a second and 40 MB otherwise.
    if kind == "pdf":
        from dalian_coop.documents.pdf import write_pdf as write
    elif kind == "docx":
        from dalian_coop.documents.word import write_word as write
    else:
        raise Http404
    return FileResponse(
        io.BytesIO(write(paper)), as_attachment=True, filename=f"{paper.title}.{kind}", content_type=_TYPES[kind]
    )

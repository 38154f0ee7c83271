"""An office's own workbook: what was understood of it, the questions that are open, and the import at last."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dalian_coop.base.errors import ValidationError
from dalian_coop.documents.uploads import discard, keep, kept
from dalian_coop.ui.pages import notify
from planning.taskbooks.forms import ImportForm
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services import office_files
from planning.taskbooks.services.office_files import OfficeImport
from planning.taskbooks.services.taking_over import ROLE_NAMES, Answers
from planning.taskbooks.views.importing import choose, target
from planning.taskbooks.views.reading_page import page_of

_LONGEST = 200


def show(request: HttpRequest, found: TaskBook | None, *, data: bytes, name: str) -> HttpResponse:
    """The first look at a file that was just uploaded. Raises ``ValidationError`` if it cannot be read."""
    answers = Answers()
    seen = office_files.look(data=data, name=name, book=found, answers=answers, by=request.user, today=localdate())
    return _page(request, found, seen, answers, name=name, token=keep(data=data, name=name, by=request.user))


@login_required
@require_POST
def read(request: HttpRequest, code: str = "") -> HttpResponse:
    """Read the kept file again with the answers given, and import it if that was asked and nothing is open."""
    found = target(request, code)
    token, answers, today = request.POST.get("token", ""), answers_of(request.POST), localdate()
    try:
        data, name = kept(token=token, by=request.user)
        seen = _carried_out(request, data=data, name=name, book=found, answers=answers, today=today)
    except ValidationError as e:
        form = ImportForm({}, {})
        form.errors.clear()
        form.add_service_errors(e)
        return choose(request, found, form)
    if not seen.report.applied:
        return _page(request, found, seen, answers, name=name, token=token)
    discard(token=token, by=request.user)
    words = _("Imported: %(new)d new, %(changed)d changed, %(same)d unchanged.")
    counts = seen.report.counts["tasks"]
    notify(request, words % {"new": counts.new, "changed": counts.changed, "same": counts.same})
    return redirect("taskbooks:book", seen.report.book.code)


def _carried_out(request: HttpRequest, *, today: date, **given: Any) -> OfficeImport:
    if request.POST.get("do") == "import":
        expected = request.POST.get("digest", "")
        return office_files.take(by=request.user, today=today, expected=expected or "none", **given)
    return office_files.look(by=request.user, today=today, **given)


def answers_of(post: QueryDict) -> Answers:
    """The answers in a posted form: fields named ``heading:…``, ``unit:…``, ``theme:…``, ``ok:…``."""

    def given(prefix: str) -> dict[str, str]:
        found = ((name.removeprefix(prefix), value) for name, value in post.items() if name.startswith(prefix))
        return {name[:_LONGEST]: value for name, value in found if value != "?"}

    headings = {
        label: role
        for label, role in given("heading:").items()
        if (role in ROLE_NAMES or not role) and role != post.get(f"was:{label}")
    }
    return Answers(
        headings=headings,
        units=given("unit:"),
        themes=given("theme:"),
        lead=post.get("lead", ""),
        number="number" in post,
        confirmed=frozenset(given("ok:")),
    )


def _page(
    request: HttpRequest, found: TaskBook | None, seen: OfficeImport, answers: Answers, *, name: str, token: str
) -> HttpResponse:
    context = page_of(seen, answers) | {"book": found, "name": name, "token": token}
    status = 200 if seen.may_be_written or request.POST.get("do") != "import" else 422
    return render(request, "taskbooks/import_reading.html", context, status=status)

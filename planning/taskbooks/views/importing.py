"""What the pages of the import share: into which book, and the page to choose a file."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from planning.taskbooks.forms import ImportForm
from planning.taskbooks.models import TaskBook
from planning.taskbooks.views.finding import find_book


def target(request: HttpRequest, code: str) -> TaskBook | None:
    found = find_book(request.user, code) if code else None
    if not request.user.has_perm(Perm.IMPORT_BOOK, found):
        raise PermissionDenied(_("Only the coordinating bureau imports task books."))
    return found


def choose(request: HttpRequest, found: TaskBook | None, form: ImportForm) -> HttpResponse:
    context = {"book": found, "form": form}
    return render(request, "taskbooks/import.html", context, status=422 if form.errors else 200)

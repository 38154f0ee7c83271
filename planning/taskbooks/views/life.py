"""The life of a book: one page of parts, signatures and versions, and a page for each step that somebody takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, ValidationError
from dalian_coop.ui.pages import notify, reads_only
from planning.taskbooks import selectors, services, workflow
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.forms import MoveForm, PartsDueForm
from planning.taskbooks.models import BookPart, Countersignature, TaskBook
from planning.taskbooks.selectors.life import Life, Part
from planning.taskbooks.services.gate import check_book
from planning.taskbooks.services.parts import may_move, own_codes
from planning.taskbooks.services.signing import may_sign
from planning.taskbooks.views.finding import find_book

MOVE_WORDS = {
    "assemble": _("Assemble the book"),
    "countersign": _("Start the countersigning"),
    "return": _("Return the book"),
    "approve": _("Approve"),
    "issue": _("Issue"),
    "amend": _("Start an amendment"),
    "close": _("Close the book"),
}
PART_WORDS = {"submit": _("Submit"), "recall": _("Recall"), "accept": _("Accept"), "return": _("Return")}
ALL_PARTS = {"submit": _("Submit all for the bureaus"), "accept": _("Accept all that were submitted")}
SIGN_WORDS = {"sign": _("Sign"), "object": _("Object"), "settle": _("Settle the objection")}


@login_required
@require_GET
@reads_only
def life(request: HttpRequest, code: str) -> HttpResponse:
    book = find_book(request.user, code)
    found = selectors.life_of(book, timezone.localdate())
    roles = request.user.roles
    arranges = request.user.has_perm(Perm.IMPORT_BOOK, book) and book.status in workflow.OPEN
    context = {
        "book": book,
        "life": found,
        "is_open": book.status in workflow.OPEN,
        "all_parts": _for_all(found) if arranges else [],
        "moves": [(m.name, MOVE_WORDS[m.name]) for m in workflow.moves_from(book.status, roles)],
        "parts": [(part, _part_moves(request.user, book, part)) for part in found.parts],
        "signatures": [(one, _sign_moves(request.user, book, one)) for one in found.signatures],
        "due_form": PartsDueForm(initial={"parts_due": book.parts_due, "version": book.version}) if arranges else None,
    }
    return render(request, "taskbooks/life.html", context)


def _for_all(found: Life) -> list[tuple[str, Any]]:
    """Steps that at least one part can take."""
    can = {name: sum(found.counts[s] for s in workflow.PART_MOVES[name].sources) for name in ALL_PARTS}
    return [(name, words) for name, words in ALL_PARTS.items() if can[name]]


def _part_moves(actor: Any, book: TaskBook, part: Part) -> list[tuple[str, Any]]:
    if book.status not in workflow.OPEN:
        return []
    steps = workflow.moves_from(part.status, actor.roles, workflow.PART_MOVES)
    return [(step.name, PART_WORDS[step.name]) for step in steps if may_move(actor, part.bureau, step)]


def _sign_moves(actor: Any, book: TaskBook, one: Countersignature) -> list[tuple[str, Any]]:
    if book.status != BookStatus.COUNTERSIGN:
        return []
    steps = workflow.moves_from(one.state, actor.roles, workflow.SIGN_MOVES)
    return [(step.name, SIGN_WORDS[step.name]) for step in steps if may_sign(actor, one.bureau, step)]


@login_required
@require_POST
def parts_due(request: HttpRequest, code: str) -> HttpResponse:
    """Set the day by which the bureaus hand in their parts."""
    book = find_book(request.user, code)
    if not request.user.has_perm(Perm.IMPORT_BOOK, book):
        raise PermissionDenied(str(_("Only the coordinating bureau sets this day.")))
    form = PartsDueForm(request.POST)
    if not form.is_valid():
        notify(request, _("This is not a day. Nothing was changed."), tone="warning")
        return redirect("taskbooks:life", book.code)
    values = form.cleaned_data
    try:
        services.set_parts_due(book=book, day=values["parts_due"], version=values["version"], by=request.user)
    except ValidationError as e:
        notify(request, e.errors["parts_due"][0].message, tone="warning")
    except Conflict:
        notify(request, _CONFLICT, tone="warning")
    return redirect("taskbooks:life", book.code)


@login_required
@require_POST
def all_parts(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Submit or accept all parts that can be; what is refused is named with its reason."""
    book = find_book(request.user, code)
    if name not in ALL_PARTS:
        raise Http404
    if not request.user.has_perm(Perm.IMPORT_BOOK, book):
        raise PermissionDenied(str(_("Your role does not take this step now.")))
    done, refused = services.move_all_parts(book=book, move=name, by=request.user)
    notify(request, _("%(step)s: %(n)s parts") % {"step": ALL_PARTS[name], "n": done})
    for bureau, error in refused:
        message = "".join(str(e.message) for errors in error.errors.values() for e in errors)
        notify(request, f"{bureau.name}: {message}", tone="warning")
    return redirect("taskbooks:life", book.code)


@dataclass
class Step:
    """One step as its page shows it and takes it: ``take`` calls the service with the form's values."""

    book: TaskBook
    move: workflow.Move
    words: Any
    about: Any
    version: int
    take: Callable[..., Any]
    findings: list[dict[str, Any]]
    bureaus: Any = None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_only
def move(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A step of the whole book."""
    book = find_book(request.user, code)
    step = workflow.MOVES.get(name)
    if step is None:
        raise Http404
    if step not in workflow.moves_from(book.status, request.user.roles):
        raise PermissionDenied(str(_("Your role does not take this step now.")))
    findings = check_book(book).lines if step.needs_check else []
    leads = Bureau.objects.filter(led_tasks__book=book, led_tasks__deleted_at=None).distinct()

    def take(**values):
        services.move_book(book=book, move=name, by=request.user, **values)

    return _step(request, Step(book, step, MOVE_WORDS[name], book.title, book.version, take, findings, leads))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_only
def part(request: HttpRequest, code: str, bureau: str, name: str) -> HttpResponse:
    """A step of one bureau's part; before a submission its findings are shown."""
    book = find_book(request.user, code)
    owner = get_object_or_404(Bureau, code=bureau)
    found = BookPart.objects.filter(book=book, bureau=owner).first() or BookPart(book=book, bureau=owner, version=0)
    step = workflow.PART_MOVES.get(name)
    codes = own_codes(book, owner)
    if step is None or not codes:
        raise Http404
    if book.status not in workflow.OPEN or found.status not in step.sources or not may_move(request.user, owner, step):
        raise PermissionDenied(str(_("Your role does not take this step now.")))
    findings = [line for line in check_book(book).lines if line["code"] in codes] if step.needs_check else []

    def take(**values):
        services.move_part(book=book, bureau=owner, move=name, by=request.user, **values)

    return _step(request, Step(book, step, PART_WORDS[name], owner.name, found.version, take, findings))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_only
def signature(request: HttpRequest, code: str, bureau: str, name: str) -> HttpResponse:
    """Sign, object, or settle an objection."""
    book = find_book(request.user, code)
    one = get_object_or_404(Countersignature.objects.select_related("bureau", "book"), book=book, bureau__code=bureau)
    step = workflow.SIGN_MOVES.get(name)
    if step is None:
        raise Http404
    may = book.status == BookStatus.COUNTERSIGN and one.state in step.sources
    if not may or not may_sign(request.user, one.bureau, step):
        raise PermissionDenied(str(_("Your role does not take this step now.")))

    def take(version, reason=""):
        services.move_signature(signature=one, move=name, version=version, by=request.user, text=reason)

    return _step(request, Step(book, step, SIGN_WORDS[name], one.bureau.name, one.version, take, []))


def _step(request: HttpRequest, step: Step) -> HttpResponse:
    form = MoveForm(request.POST or None, step=step.move, bureaus=step.bureaus, initial={"version": step.version})
    if request.method == "POST" and form.is_valid() and _taken(request, form, step):
        return redirect("taskbooks:life", step.book.code)
    context = {"book": step.book, "form": form, "step": step}
    return render(request, "taskbooks/move.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, form: MoveForm, step: Step) -> bool:
    """Whether there is nothing left to ask; what was refused stands in ``form``."""
    try:
        step.take(**form.cleaned_data)
    except ValidationError as e:
        form.add_service_errors(e)
        return False
    except Conflict:
        notify(request, _CONFLICT, tone="warning")
        return True
    notify(request, _("Done: %(step)s") % {"step": step.words})
    return True


_CONFLICT = _("Somebody was faster; please look at the status as it is now.")

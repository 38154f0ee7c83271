"""Moving dates from the drawer: what would move, doing it with a reason, taking it back. All answers are fragments."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Conflict, NotAllowed, ServiceError, ValidationError
from planning.roadmap import services
from planning.roadmap.forms import ApplyForm, MoveForm
from planning.roadmap.models import Shift
from planning.roadmap.views.pages import ReaderView
from planning.taskbooks.models import TaskBook

PREVIEW = "roadmap/includes/preview.html"


def preview_context(book: TaskBook, form: MoveForm, by: Any) -> dict[str, Any]:
    """The preview of a valid form, or what stands in its way."""
    data = form.cleaned_data
    context: dict[str, Any] = {"book": book, "move": data, "versions": "{}"}
    try:
        found = services.preview(
            book=book, changes=[form.change()], by=by, today=timezone.localdate(), follow=data["follow"]
        )
    except ValidationError as refused:
        return context | {"refused": sentences(refused)}
    return context | {"preview": found, "versions": json.dumps(found.versions)}


def sentences(refused: ServiceError) -> list[str]:
    """What a service refused, as sentences."""
    if isinstance(refused, ValidationError):
        return [str(error) for errors in refused.errors.values() for error in errors]
    return [str(refused)]


class MoveView(ReaderView):
    def fragment(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return render(self.request, PREVIEW, context, status=status)


class Preview(MoveView):
    """What a change of dates would move and which lights would turn; writes nothing, so readers may ask too."""

    def post(self, request: HttpRequest, book: str) -> HttpResponse:
        found, form = self.book(book), MoveForm(request.POST)
        if not form.is_valid():
            refused = [error for errors in form.errors.values() for error in errors]
            return self.fragment({"book": found, "refused": refused}, 422)
        context = preview_context(found, form, request.user)
        return self.fragment(context, 422 if "refused" in context else 200)


class Apply(MoveView):
    """Makes the moves of a preview, all or none; whoever was overtaken gets the new preview to look at."""

    def post(self, request: HttpRequest, book: str) -> HttpResponse:
        found, form = self.book(book), ApplyForm(request.POST)
        if not form.is_valid():
            refused = [error for errors in form.errors.values() for error in errors]
            return self.fragment({"book": found, "refused": refused}, 422)
        data = form.cleaned_data
        try:
            shift = services.apply(
                book=found, changes=[form.change()], reason=data["reason"], by=request.user,
                versions=data["versions"], follow=data["follow"],
            )  # fmt: skip
        except Conflict:
            context = preview_context(found, form, request.user)
            return self.fragment(context | {"overtaken": True, "reason": data["reason"]}, 409)
        except (ValidationError, NotAllowed) as refused:
            context = preview_context(found, form, request.user)
            return self.fragment(context | {"refused": sentences(refused), "reason": data["reason"]}, 422)
        answer = render(request, "roadmap/includes/applied.html", {"book": found, "shift": shift})
        answer["HX-Trigger"] = "roadmap-changed"
        return answer


class Undo(MoveView):
    """Takes one piece of rescheduling back, all of it or nothing."""

    def post(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        found = self.book(book)
        shift = get_object_or_404(Shift, pk=pk, book=found)
        context: dict[str, Any] = {"book": found, "shift": shift}
        try:
            context["shift"] = services.undo(shift=shift, by=request.user)
        except Conflict:
            text = _("A date was changed again meanwhile, so nothing was taken back. Move it by hand if need be.")
            return render(request, "roadmap/includes/applied.html", context | {"refused": [text]}, status=409)
        except (ValidationError, NotAllowed) as refused:
            context |= {"refused": sentences(refused)}
            status = 403 if isinstance(refused, NotAllowed) else 422
            return render(request, "roadmap/includes/applied.html", context, status=status)
        answer = render(request, "roadmap/includes/applied.html", context)
        answer["HX-Trigger"] = "roadmap-changed"
        return answer

"""Asking for another date in an issued book, and deciding on it with the consequences in view."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.roadmap import services
from planning.roadmap.forms import DecisionForm, ExtensionForm, StateForm
from planning.roadmap.models import ExtensionRequest, Milestone
from planning.roadmap.selectors.life import day_notes
from planning.roadmap.services import Change
from planning.roadmap.views.milestones import StoneView
from planning.roadmap.views.pages import ReaderView
from planning.taskbooks.permissions import coordinates


class Ask(StoneView):
    """The request; ``step=look`` shows what the date would drag along without sending anything."""

    def get(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        return self.page(self.allowed(book, pk), ExtensionForm())

    def post(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone, form = self.allowed(book, pk), ExtensionForm(request.POST)
        look = request.POST.get("step") == "look"
        if look:
            form.fields["reason"].required = False
        if not form.is_valid():
            return self.page(stone, form, 422)
        try:
            if look:
                return self.page(stone, form, preview=self.preview(stone, form))
            services.request_extension(milestone=stone, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_service_errors(_at_field(refused))
            return self.page(stone, form, 422)
        messages.success(request, _("The request is sent to the coordinating office; until it decides the date stays."))
        return redirect("roadmap:milestone", book, pk)

    def preview(self, stone: Milestone, form: ExtensionForm):
        change = Change(stone.pk, form.cleaned_data["new_due"])
        book, by = stone.task.book, self.request.user
        return services.preview(book=book, changes=[change], by=by, today=timezone.localdate())

    def allowed(self, book: str, pk) -> Milestone:
        stone = self.stone(book, pk)
        if not self.may_edit(stone):
            raise PermissionDenied
        return stone

    def page(self, stone: Milestone, form: ExtensionForm, status: int = 200, **more) -> HttpResponse:
        context = {"stone": stone, "book": stone.task.book, "form": form, "notes": day_notes(stone)}
        return render(self.request, "roadmap/extension_ask.html", context | more, status=status)


def _at_field(refused: ValidationError) -> ValidationError:
    """The preview speaks of ``due``; here the field is the new date."""
    return ValidationError({"new_due" if name == "due" else name: es for name, es in refused.errors.items()})


class Decide(ReaderView):
    """One request: what approving would move, and the answer. Whoever asked may withdraw it here."""

    def get(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        return self.page(self.one(book, pk))

    def post(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        one, step = self.one(book, pk), request.POST.get("step", "")
        if not self.may(one, step):
            raise PermissionDenied
        form = (StateForm if step == "withdraw" else DecisionForm)(request.POST)
        if not form.is_valid():
            return self.page(one, form, 422)
        try:
            messages.success(request, self.take(one, step, form.cleaned_data))
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(one, form, 422)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except Conflict:
            messages.warning(request, _("Dates or the request changed meanwhile; nothing was decided. Look again."))
            return self.page(self.one(book, pk), status=409)
        return redirect("roadmap:milestone", book, one.milestone_id)

    def take(self, one: ExtensionRequest, step: str, data: dict[str, Any]) -> str:
        """Take the step and say what was done."""
        by, version = self.request.user, data["version"]
        if step == "withdraw":
            services.withdraw_extension(request=one, version=version, by=by)
            return _("The request is withdrawn.")
        if step == "approve":
            services.approve_extension(
                request=one, versions=data["versions"], answer=data["answer"], version=version, by=by
            )
            return _("Approved: the dates are moved and the plan has a new version.")
        services.refuse_extension(request=one, answer=data["answer"], version=version, by=by)
        return _("Refused; the date stays.")

    def may(self, one: ExtensionRequest, step: str) -> bool:
        if step == "withdraw":
            return self.request.user.has_perm(str(Perm.EDIT_MILESTONE), one.milestone)
        return step in ("approve", "refuse") and coordinates(self.request.user)

    def one(self, book: str, pk) -> ExtensionRequest:
        rows = ExtensionRequest.objects.visible_to(self.request.user)
        rows = rows.select_related("milestone__task__book", "milestone__task__lead", "asked_bureau")
        return get_object_or_404(rows, pk=pk, milestone__task__book__code=book)

    def page(self, one: ExtensionRequest, form: Any = None, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"one": one, "stone": one.milestone, "book": one.milestone.task.book, "versions": {}}
        context["is_open"] = one.state == "asked"
        if context["is_open"]:
            context |= self.consequences(one)
        decides = services.may_decide(one, self.request.user)
        if decides and not isinstance(form, DecisionForm):
            form = DecisionForm(initial={"version": one.version, "versions": context["versions"]})
        context |= {"form": form, "decides": decides}
        context["withdraws"] = context["is_open"] and self.may(one, "withdraw")
        return render(self.request, "roadmap/extension.html", context, status=status)

    def consequences(self, one: ExtensionRequest) -> dict[str, Any]:
        try:
            found = services.consequences(request=one, by=self.request.user)
        except ValidationError as refused:
            return {"impossible": [str(e) for errors in refused.errors.values() for e in errors]}
        return {"preview": found, "versions": found.versions}

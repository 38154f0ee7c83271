"""Steps in the life of a milestone, each taken by a form of its page."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.roadmap import forms, services
from planning.roadmap.models import Evidence, Milestone, MilestonePart
from planning.roadmap.selectors.life import linkable
from planning.roadmap.services.evidence import MOST_BYTES, TOO_BIG
from planning.roadmap.views.milestones import StoneView
from planning.roadmap.views.stone import bureaus_of, stone_context

OVERTAKEN = gettext_lazy("Somebody changed this meanwhile; nothing was saved. This is how it stands now.")


class StepView(StoneView, ABC):
    """What is refused is shown at the form, with what was typed; a person without the right gets 403 before that."""

    form_name = ""
    form_class: type = forms.StateForm
    done: Any = ""
    anchor = ""

    def post(self, request: HttpRequest, book: str, pk, **more) -> HttpResponse:
        stone = self.stone(book, pk)
        if not self.may(stone, **more):
            raise PermissionDenied
        form = self.make_form(stone)
        if form.is_valid():
            try:
                self.take(stone, form.cleaned_data, **more)
            except ValidationError as refused:
                form.add_service_errors(refused)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused
            except Conflict:
                return self.overtaken(stone)
            else:
                messages.success(request, str(self.done))
                return redirect(reverse("roadmap:milestone", args=[book, pk]) + self.anchor)
        return self.refused(stone, form)

    def make_form(self, stone: Milestone):
        return self.form_class(self.request.POST, self.request.FILES)

    def may(self, stone: Milestone, **more) -> bool:
        return self.may_edit(stone)

    @abstractmethod
    def take(self, stone: Milestone, data: dict[str, Any], **more) -> None:
        """Call the room's service. Raises ``Conflict``, ``NotAllowed`` and ``ValidationError``."""

    def overtaken(self, stone: Milestone) -> HttpResponse:
        messages.warning(self.request, str(OVERTAKEN))
        context = stone_context(self.request, self.stone(stone.task.book.code, stone.pk))
        return render(self.request, "roadmap/milestone.html", context, status=409)

    def refused(self, stone: Milestone, form) -> HttpResponse:
        bound = {self.form_name: form} if self.form_name else {}
        if not self.form_name:
            messages.error(self.request, "；".join(str(e) for errors in form.errors.values() for e in errors))
        context = stone_context(self.request, stone, bound)
        return render(self.request, "roadmap/milestone.html", context, status=422)


class AddEvidence(StepView):
    """A file that shows that the milestone was reached."""

    form_name, form_class, anchor = "evidence_form", forms.EvidenceForm, "#evidence"
    done = gettext_lazy("The file is kept.")

    def may(self, stone, **more):
        return services.may_contribute(stone, self.request.user)

    def take(self, stone, data, **more):
        file = data["file"]
        if file.size > MOST_BYTES:  # said before it is read into memory
            raise ValidationError({"file": [TOO_BIG]})
        services.add_evidence(
            milestone=stone, name=file.name, data=file.read(), note=data["note"], by=self.request.user
        )


class EvidenceFile(StoneView):
    """The file itself: for whoever sees the milestone, to save and never to run in the browser."""

    def get(self, request: HttpRequest, book: str, pk, key) -> HttpResponse:
        file = get_object_or_404(Evidence, pk=key, milestone=self.stone(book, pk))
        try:
            content = file.file.open("rb")
        except FileNotFoundError:
            raise Http404(_("The file is no longer in the store.")) from None
        answer = FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["Cache-Control"] = "private, no-store"
        return answer


class RemoveEvidence(StepView):
    """Takes a file away as long as nobody has verified the milestone."""

    done, anchor = gettext_lazy("The file is taken away."), "#evidence"

    def may(self, stone, **more):
        return services.may_contribute(stone, self.request.user)

    def take(self, stone, data, **more):
        file = get_object_or_404(Evidence, pk=more["key"], milestone=stone)
        services.remove_evidence(evidence=file, version=data["version"], by=self.request.user)


class Report(StepView):
    """Says that the milestone was reached; another bureau looks at it then."""

    form_name, form_class, anchor = "report_form", forms.ReportForm, "#reached"
    done = gettext_lazy("Reported. A bureau other than yours verifies it now.")

    def take(self, stone, data, **more):
        services.report_done(milestone=stone, by=self.request.user, **data)


class Verify(StepView):
    """Confirms what another bureau reported."""

    done, anchor = gettext_lazy("Verified: the milestone is done."), "#reached"

    def may(self, stone, **more):
        return services.may_verify(stone, self.request.user)

    def take(self, stone, data, **more):
        services.verify_done(milestone=stone, by=self.request.user, **data)


class SendBack(StepView):
    """Does not confirm it and says what is missing."""

    form_name, form_class, anchor = "back_form", forms.BackForm, "#reached"
    done = gettext_lazy("Sent back with what is missing.")

    def may(self, stone, **more):
        return services.may_verify(stone, self.request.user)

    def take(self, stone, data, **more):
        services.send_back(milestone=stone, by=self.request.user, **data)


class SetPart(StepView):
    """Gives a bureau a part of a shared milestone; an empty text takes it away."""

    form_name, anchor = "part_form", "#parts"
    done = gettext_lazy("The parts are saved.")

    def make_form(self, stone):
        return forms.PartForm(self.request.POST, bureaus=bureaus_of(stone), auto_id="part_%s")

    def take(self, stone, data, **more):
        parts = {part.bureau: part.content for part in stone.parts.select_related("bureau")}
        parts.pop(data["bureau"], None)
        if data["content"].strip():
            parts[data["bureau"]] = data["content"]
        services.set_parts(milestone=stone, parts=parts, by=self.request.user)


class FinishPart(StepView):
    """A bureau says that its part is done."""

    form_class, anchor = forms.FinishForm, "#parts"
    done = gettext_lazy("The part is saved.")

    def part(self, stone: Milestone, key) -> MilestonePart:
        return get_object_or_404(MilestonePart, pk=key, milestone=stone)

    def may(self, stone, **more):
        return services.may_finish(self.part(stone, more["key"]), self.request.user)

    def take(self, stone, data, **more):
        services.finish_part(part=self.part(stone, more["key"]), by=self.request.user, **data)


class SetRules(StepView):
    """Place of work and limits of the date."""

    form_name, form_class, anchor = "rules_form", forms.RulesForm, "#rules"
    done = gettext_lazy("Saved.")

    def take(self, stone, data, **more):
        services.set_rules(milestone=stone, by=self.request.user, **data)


class AddLink(StepView):
    """Lets the milestone wait for another one."""

    form_name, anchor = "link_form", "#links"
    done = gettext_lazy("The dependency is added.")

    def make_form(self, stone):
        return forms.LinkForm(self.request.POST, milestones=linkable(stone, self.request.user), auto_id="link_%s")

    def take(self, stone, data, **more):
        services.link_milestones(successor=stone, by=self.request.user, **data)


class RemoveLink(StepView):
    """Ends such a dependency."""

    anchor = "#links"
    done = gettext_lazy("The dependency is removed.")

    def take(self, stone, data, **more):
        other = get_object_or_404(Milestone.objects.visible_to(self.request.user), pk=more["key"])
        services.unlink_milestones(predecessor=other, successor=stone, by=self.request.user)


class SetEstimate(StepView):
    """Three points for the task of the milestone."""

    form_name, form_class, anchor = "estimate_form", forms.EstimateForm, "#estimate"
    done = gettext_lazy("The estimate is saved.")

    def may(self, stone, **more):
        return self.request.user.has_perm(str(Perm.EDIT_MILESTONE), stone.task)

    def take(self, stone, data, **more):
        services.set_estimate(task=stone.task, by=self.request.user, **data)

"""The tree of horizons and the lists behind its numbers."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dalian_coop.accounts.permissions import Perm
from planning.plans.enums import Horizon
from planning.plans.models import Programme
from planning.roadmap.selectors.horizons import NONE, Tree
from planning.roadmap.views.pages import ReaderView
from planning.taskbooks.models import TaskBook


class ProgrammeView(ReaderView):
    """A programme of which the person sees a task book."""

    def tree(self, code: str) -> Tree:
        books = TaskBook.objects.visible_to(self.request.user)
        programme = get_object_or_404(Programme, code=code, pk__in=books.values("programme_id"))
        return Tree(programme, self.request.user, timezone.localdate())


class Horizons(ProgrammeView):
    """Programme → plans → objectives → measures → tasks → milestones."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        tree = self.tree(code)
        context = {
            "programme": tree.programme,
            "root": tree.root(),
            "loose": tree.loose(),
            "may_edit": request.user.has_perm(str(Perm.EDIT_PLAN)),
            "today": timezone.localdate(),
        }
        return render(request, "roadmap/horizons.html", context)


class RowsForm(forms.Form):
    """The query string of a list behind a number."""

    horizon = forms.ChoiceField(choices=[*Horizon.choices, (NONE, NONE)], required=False)
    objective = forms.RegexField(rf"^({NONE}|[0-9a-f-]{{36}})$", required=False)
    measure = forms.CharField(max_length=20, required=False)
    loose = forms.BooleanField(required=False)
    show = forms.ChoiceField(choices=[("tasks", "tasks"), ("milestones", "milestones")], required=False)


class HorizonRows(ProgrammeView):
    """The tasks, or with ``?show=milestones`` the milestones, that a number of the tree counts."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        form = RowsForm(request.GET)
        if not form.is_valid():
            raise Http404
        wanted = form.cleaned_data
        stones = wanted.pop("show") == "milestones"
        tree = self.tree(code)
        lines = tree.rows(**wanted)
        context = {
            "programme": tree.programme,
            "lines": lines,
            "stones": [(line, stone) for line in lines for stone in line.stones] if stones else [],
            "show_stones": stones,
            "wanted": wanted,
        }
        return render(request, "roadmap/horizon_rows.html", context)

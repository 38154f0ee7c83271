"""Pages that show and change indicator sets and benchmark sets."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from partners.regions.models import Region
from planning.gaps import services
from planning.gaps.forms import BenchmarkSetForm, IndicatorSetForm, MemberForms, NodeForms
from planning.gaps.forms.sets import TEXTS, indicator_choices
from planning.gaps.models import BenchmarkSet, IndicatorSet
from planning.gaps.selectors import sets as reads

MOST_ROWS = 400


class SetPage(PermissionRequiredMixin, View):
    """A set to read; for those who may, to change. Without ``code`` a new one, copied from ``?from=``."""

    permission_required = Perm.READ_GAPS
    model: type
    template_name: str
    kind: str
    words: dict

    def get(self, request, code=None):
        found = self.find(request, code)
        source = found or self.source(request)
        return self.page(request, found, *self.forms(source, fresh=found is None))

    def post(self, request, code=None):
        if not request.user.has_perm(Perm.RUN_GAPS):
            raise PermissionDenied
        found = self.find(request, code)
        form, rows = self.bound()
        if not (form.is_valid() and rows.is_valid()):
            return self.page(request, found, form, rows, status=422)
        try:
            saved = self.save(found, form, rows)
        except ValidationError as error:
            form.add_service_errors(error)
            return self.page(request, found, form, rows, status=422)
        except Conflict:
            return self.page(request, self.find(request, code), form, rows, status=409, conflict=True)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        return redirect(f"gaps:{self.kind}-set", code=saved.code)

    def find(self, request, code):
        if code is None:
            return None
        return get_object_or_404(self.model.objects.visible_to(request.user), code=code)

    def source(self, request):
        if not request.user.has_perm(Perm.RUN_GAPS):
            raise PermissionDenied
        return self.model.objects.visible_to(request.user).filter(code=request.GET.get("from", "")).first()

    def page(self, request, found, form, rows, status: int = 200, **extra):
        words = self.words | {"add": reverse(f"gaps:new-{self.kind}-set")}
        may_edit = request.user.has_perm(Perm.RUN_GAPS)
        context = {"set": found, "form": form, "rows": rows, "may_edit": may_edit, "words": words}
        return render(request, self.template_name, context | self.context(found) | extra, status=status)

    def new_code(self, form) -> str:
        return self.request.POST.get("new_code", "")


def texts_of(found, fresh: bool) -> dict:
    """Initial values of the texts; a copy has no version yet."""
    if found is None:
        return {}
    return {name: getattr(found, name) for name in TEXTS} | {"version": 0 if fresh else found.version}


class IndicatorSetPage(SetPage):
    model = IndicatorSet
    template_name = "gaps/indicator_set.html"
    kind = "indicator"
    words = {
        "new": _("New indicator set"),
        "rows": _("Tree of weights"),
        "about": _("a weight counts relative to its siblings; a run keeps its own copy"),
    }

    def context(self, found) -> dict:
        if found is None:
            return {}
        return {"versions": reads.versions_of(found), "tree": reads.named_tree(found)}

    def choices(self, nodes) -> dict:
        parents = [(n["code"], n["name_zh"]) for n in nodes if not n["indicator"]]
        return {"parents": parents, **indicator_choices()}

    def forms(self, source, fresh: bool):
        nodes = reads.tree_rows(source)
        form = IndicatorSetForm(initial=texts_of(source, fresh))
        return form, NodeForms(initial=nodes, form_kwargs=self.choices(nodes), prefix="nodes")

    def bound(self):
        data = self.request.POST
        fields = ("code", "name_zh", "indicator")
        rows = [{name: data.get(f"nodes-{i}-{name}", "") for name in fields} for i in range(MOST_ROWS)]
        form = IndicatorSetForm(data)
        return form, NodeForms(data, form_kwargs=self.choices([r for r in rows if r["code"]]), prefix="nodes")

    def save(self, found, form, rows):
        return services.save_indicator_set(
            texts=form.texts(),
            nodes=rows.nodes(),
            indicator_set=found,
            version=form.cleaned_data["version"],
            code=self.new_code(form),
            note=form.cleaned_data["note"],
            by=self.request.user,
        )


class BenchmarkSetPage(SetPage):
    model = BenchmarkSet
    template_name = "gaps/benchmark_set.html"
    kind = "benchmark"
    words = {
        "new": _("New benchmark set"),
        "rows": _("Regions"),
        "about": _("each with the reason why it is comparable"),
    }

    def context(self, found) -> dict:
        return {"members": reads.members_of(found) if found else []}

    def choices(self) -> dict:
        return {"regions": list(Region.objects.visible_to(self.request.user).order_by("pinyin"))}

    def forms(self, source, fresh: bool):
        initial = texts_of(source, fresh) | ({"own": source.own_id} if source else {})
        members = reads.member_rows(source)
        form = BenchmarkSetForm(initial=initial, actor=self.request.user)
        return form, MemberForms(initial=members, form_kwargs=self.choices(), prefix="members")

    def bound(self):
        form = BenchmarkSetForm(self.request.POST, actor=self.request.user)
        return form, MemberForms(self.request.POST, form_kwargs=self.choices(), prefix="members")

    def save(self, found, form, rows):
        return services.save_benchmark_set(
            texts=form.texts(),
            own=form.cleaned_data["own"],
            members=rows.members(),
            benchmark_set=found,
            version=form.cleaned_data["version"],
            code=self.new_code(form),
            by=self.request.user,
        )

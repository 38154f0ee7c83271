"""Pages of indicators, figures and sources."""

from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, ValidationError
from dalian_coop.history.selectors import timeline
from dalian_coop.ui.pages import notify, reads_only
from partners.indicators import selectors, services
from partners.indicators.enums import CREDITS
from partners.indicators.forms import IndicatorFilter, JudgementForm, SourceFilter
from partners.indicators.models import Indicator, Observation
from partners.indicators.querysets import arranges
from partners.regions.enums import Country


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_INDICATORS, raise_exception=True)
def indicator_list(request):
    """Every indicator with what is known of it."""
    form = IndicatorFilter(request.GET)
    values = form.values()
    groups = selectors.indicator_groups(request.user, **values)
    context = {"form": form, "values": values, "groups": groups, "total": sum(len(g.indicators) for g in groups)}
    return render(request, "indicators/indicator_list.html", context)


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_INDICATORS, raise_exception=True)
def indicator(request, code: str):
    """One indicator: all regions by year."""
    found = get_object_or_404(Indicator.objects.visible_to(request.user), code=code)
    wanted = request.GET.get("year", "")
    every_year = wanted == "all"
    year = None if every_year or not wanted else _year(wanted)
    labels = {"own": _("Dalian and benchmark cities"), **{c.value: c.label for c in Country}}
    table = selectors.indicator_table(found, request.user, year=year, every_year=every_year, labels=labels)
    if year and year not in table.years:
        raise Http404
    context = {"indicator": found, "table": table, "year": year, "every_year": every_year}
    context["may_judge"] = request.user.has_perm(Perm.JUDGE_INDICATOR, found)
    return render(request, "indicators/indicator.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reads_only
@login_required
@permission_required(Perm.READ_INDICATORS, raise_exception=True)
def judgement(request, code: str):
    """How far the city can move an indicator, and whether it can be compared across countries."""
    found = get_object_or_404(Indicator.objects.visible_to(request.user).select_related("owner"), code=code)
    if not request.user.has_perm(Perm.JUDGE_INDICATOR, found):
        raise PermissionDenied
    if request.method != "POST":
        return _judgement_page(request, found, _judgement_form(request, found))
    form = JudgementForm(request.POST, arranges=arranges(request.user))
    if form.is_valid():
        try:
            services.judge_indicator(
                indicator=found, values=form.values(), version=form.cleaned_data["version"], by=request.user
            )
        except ValidationError as error:
            form.add_service_errors(error)
        except Conflict:
            return _judgement_page(request, Indicator.objects.get(pk=found.pk), form, status=409, conflict=True)
        else:
            notify(request, _("Saved."))
            return redirect("indicators:indicator", code=found.code)
    return _judgement_page(request, found, form, status=422)


def _judgement_form(request, found: Indicator) -> JudgementForm:
    control = found.controllability
    names = ("comparability", "comparability_note_zh", "comparability_note", "version")
    initial = {name: getattr(found, name) for name in names} | {"owner": found.owner_id}
    initial["controllability"] = "" if control is None else str(control)
    return JudgementForm(initial=initial, arranges=arranges(request.user))


def _judgement_page(request, found: Indicator, form: JudgementForm, status: int = 200, **more):
    return render(request, "indicators/judgement.html", {"indicator": found, "form": form} | more, status=status)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Http404
    return int(text)


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_INDICATORS, raise_exception=True)
def observation(request, code: str, key):
    """One figure: where it comes from and what became of it."""
    found = Observation.objects.visible_to(request.user).select_related("region", "indicator", "source")
    one = get_object_or_404(found, pk=key, indicator__code=code)
    context = {"figure": one, "siblings": selectors.same_figure(one), "entries": timeline(one)}
    return render(request, "indicators/observation.html", context)


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_INDICATORS, raise_exception=True)
def source_list(request):
    """Data and sources: every source with licence, quality and what rests on it."""
    form = SourceFilter(request.GET)
    values = form.values()
    context = {
        "form": form,
        "values": values,
        "sources": selectors.sources_with_use(request.user, **values),
        "totals": selectors.source_totals(request.user),
        "credits": CREDITS,
    }
    return render(request, "indicators/source_list.html", context)

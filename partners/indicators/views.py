"""Pages of indicators, figures and sources."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dalian_coop.accounts.permissions import Perm
from dalian_coop.history.selectors import timeline
from dalian_coop.ui.pages import reads_only
from partners.indicators import selectors
from partners.indicators.enums import CREDITS
from partners.indicators.forms import IndicatorFilter, SourceFilter
from partners.indicators.models import Indicator, Observation
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
    return render(request, "indicators/indicator.html", context)


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

"""Pages of partner cities and agreements."""

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from dalian_coop.accounts.permissions import Perm
from dalian_coop.history.selectors import timeline
from dalian_coop.ui.pages import reads_only
from partners.regions.enums import RegionRole
from partners.regions.models import Region
from partners.relations import selectors
from partners.relations.forms import CityFilter
from partners.relations.models import Agreement

PAGE_SIZE = 30


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_REGIONS, raise_exception=True)
def city_list(request):
    """Map and list of partner cities; the filters stand in the query string."""
    form = CityFilter(request.GET)
    values = form.values()
    rows = selectors.city_rows(
        request.user,
        country=values["country"],
        kind=values["kind"],
        only_own=values["scope"] != "all",
        query=values["q"],
    )
    context = {
        "form": form,
        "values": values,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "summary": (summary := selectors.agreement_summary(request.user)),
        "first_signed": summary.signed,
        "sea": selectors.city_map(rows, selectors.own_city()),
        "distance_source": selectors.distance_source(),
    }
    return render(request, "relations/city_list.html", context)


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_REGIONS, raise_exception=True)
def city(request, code: str):
    """One region: names, agreements, figures, position, tasks."""
    regions = Region.objects.visible_to(request.user).exclude(role=RegionRole.COUNTRY).select_related("parent")
    page = selectors.city_page(get_object_or_404(regions, code=code), request.user)
    context = {
        "page": page,
        "region": page.region,
        "sea": selectors.locator(page),
        "tasks_url": optional_url("taskbooks:city-tasks", code),
    }
    return render(request, "relations/city.html", context)


def optional_url(name: str, *args) -> str:
    """Address of a page of an upper room; "" where the room is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_AGREEMENTS, raise_exception=True)
def agreement(request, code: str):
    """One agreement with its history."""
    found = Agreement.objects.visible_to(request.user).select_related("city", "partner", "source")
    one = get_object_or_404(found, code=code)
    return render(request, "relations/agreement.html", {"agreement": one, "entries": timeline(one)})

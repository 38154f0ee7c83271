"""Page of fields of cooperation and industries."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dalian_coop.accounts.permissions import Perm
from dalian_coop.ui.pages import reads_only
from partners.industries import selectors
from partners.industries.forms import IndustryFilter


@require_safe
@reads_only
@login_required
@permission_required(Perm.READ_INDUSTRIES, raise_exception=True)
def industry_list(request):
    """The axis and its supports, and the three classifications with their correspondence."""
    form = IndustryFilter(request.GET)
    values = form.values()
    context = {
        "form": form,
        "values": values,
        "fields": selectors.cooperation_fields(request.user),
        "trees": selectors.industry_trees(request.user, values["q"]),
    }
    return render(request, "industries/industry_list.html", context)

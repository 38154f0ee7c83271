"""Addresses of the portal; each room brings its own."""

from django.contrib import admin
from django.urls import include, path

from dalian_coop.accounts.views.signing_in import set_language

urlpatterns = [
    path("", include("dalian_coop.ui.urls")),
    path("", include("dalian_coop.jobs.urls")),
    path("accounts/", include("dalian_coop.accounts.urls")),
    path("webhooks/", include("dalian_coop.webhooks.urls")),
    path("corrections/", include("dalian_coop.corrections.urls")),
    path("audit/", include("dalian_coop.history.urls")),
    path("", include("partners.relations.urls")),
    path("", include("partners.industries.urls")),
    path("", include("partners.indicators.urls")),
    path("", include("planning.plans.urls")),
    path("", include("planning.taskbooks.urls")),
    path("", include("planning.roadmap.urls")),
    path("", include("planning.gaps.urls")),
    path("", include("planning.dashboard.urls")),
    path("api/v1/", include("dalian_coop.rest.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
]

# A forged Host, and whatever else Django itself cannot read.
handler400 = "dalian_coop.base.middleware.bad_request"

"""Addresses of the portal; each room brings its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("dalian_coop.ui.urls")),
    path("", include("dalian_coop.jobs.urls")),
    path("accounts/", include("dalian_coop.accounts.urls")),
    path("", include("partners.relations.urls")),
    path("", include("partners.industries.urls")),
    path("", include("partners.indicators.urls")),
    path("", include("planning.taskbooks.urls")),
    path("", include("planning.roadmap.urls")),
    path("", include("planning.gaps.urls")),
    path("", include("planning.dashboard.urls")),
    path("api/v1/", include("dalian_coop.rest.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

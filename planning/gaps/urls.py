"""Addresses of gap analysis."""

from django.urls import path

from planning.gaps import views

app_name = "gaps"
urlpatterns = [
    path("gaps/", views.ReportList.as_view(), name="report-list"),
    path("gaps/<uuid:pk>/", views.ReportPage.as_view(), name="report"),
]

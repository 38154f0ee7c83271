"""Addresses of jobs."""

from django.urls import path

from dalian_coop.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.JobList.as_view(), name="list"),
    path("jobs/<uuid:pk>/", views.JobPage.as_view(), name="job"),
    path("jobs/<uuid:pk>/progress/", views.progress, name="progress"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

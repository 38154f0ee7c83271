"""Addresses of the dashboard, of one's own work and of the search."""

from django.urls import path

from planning.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("dashboard/", views.Dashboard.as_view(), name="dashboard"),
    path("dashboard/wall/", views.Wall.as_view(), name="wall"),
    path("dashboard/print/", views.Print.as_view(), name="print"),
    path("my/", views.My.as_view(), name="my"),
    path("search/", views.Search.as_view(), name="search"),
]

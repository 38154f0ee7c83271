"""Addresses of history, below ``/audit/``."""

from django.urls import path

from dalian_coop.history import views

app_name = "history"
urlpatterns = [path("", views.Audit.as_view(), name="audit")]

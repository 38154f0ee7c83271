"""Addresses of error reports, below ``/corrections/``."""

from django.urls import path

from dalian_coop.corrections import views

app_name = "corrections"
urlpatterns = [
    path("", views.CorrectionList.as_view(), name="list"),
    path("<uuid:pk>/", views.CorrectionPage.as_view(), name="correction"),
]

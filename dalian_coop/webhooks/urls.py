"""Addresses of webhooks, below ``/webhooks/``."""

from django.urls import path

from dalian_coop.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("clients/<uuid:pk>/", views.OfClient.as_view(), name="of-client"),
    path("<uuid:pk>/rotate/", views.Rotate.as_view(), name="rotate"),
    path("<uuid:pk>/stop-or-resume/", views.StopOrResume.as_view(), name="stop-or-resume"),
    path("dead/", views.DeadLetters.as_view(), name="dead"),
]

"""Addresses of the shell itself."""

from django.urls import path

from dalian_coop.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.home, name="home"),
    path("ui/theme/", views.set_theme, name="set-theme"),
]

"""Application entry of ui."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dalian_coop.ui"
    label = "ui"

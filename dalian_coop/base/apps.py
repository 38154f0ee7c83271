"""Application entry, so that base's management commands are found."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "dalian_coop.base"
    label = "base"

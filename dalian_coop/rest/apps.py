"""Application entry of rest: finds every room's ``api`` module, where viewsets register their routes."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "dalian_coop.rest"
    label = "rest"

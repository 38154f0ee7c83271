"""The router of ``/api/v1/`` and how the rooms' endpoints get into it.

A room's ``api`` module calls ``router.register("tasks", TaskViewSet, basename="tasks")``. Where ``api`` is a package
its endpoints stand in ``api/endpoints.py`` (accounts: its ``__init__`` must stay free of viewsets, because the settings
name its authentication class, which REST framework imports while it defines its first view).
"""

from collections.abc import Callable
from importlib import import_module

from django.apps import apps
from django.urls import URLPattern, path
from django.utils.module_loading import module_has_submodule
from rest_framework.routers import SimpleRouter

router = SimpleRouter(trailing_slash=True)
paths: list[URLPattern] = []


def add(route: str, view: Callable, name: str) -> None:
    """An address that is no list of objects: ``add("changes/", ChangesView.as_view({"get": "read"}), "changes")``."""
    if not any(found.name == name for found in paths):
        paths.append(path(route, view, name=name))


def find_endpoints() -> None:
    """Import every installed room's endpoints, in the order of ``INSTALLED_APPS``."""
    for config in apps.get_app_configs():
        if config.name.startswith("rest_framework") or not module_has_submodule(config.module, "api"):
            continue
        module = import_module(f"{config.name}.api")
        if hasattr(module, "__path__"):
            import_module(f"{config.name}.api.endpoints")

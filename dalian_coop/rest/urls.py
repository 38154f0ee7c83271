"""``/api/v1/``: every room's endpoints, their description, and a 404 in the one error shape."""

from django.urls import path, re_path

from dalian_coop.rest import docs
from dalian_coop.rest.problems import not_found
from dalian_coop.rest.routing import find_endpoints, paths, router

find_endpoints()

app_name = "rest"
urlpatterns = [
    path("", docs.IndexView.as_view({"get": "list"}), name="index"),
    path("schema/", docs.SchemaView.as_view({"get": "retrieve"}), name="schema"),
    path("docs/", docs.page, name="docs"),
    *router.urls,
    *paths,
    re_path(r"^[\s\S]*$", not_found, name="unknown"),
]

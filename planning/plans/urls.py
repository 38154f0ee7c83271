"""Addresses of plans."""

from django.urls import path

from planning.plans import views

app_name = "plans"
urlpatterns = [
    path("programmes/<slug:code>/objectives/new/", views.AddObjective.as_view(), name="add-objective"),
    path("programmes/<slug:code>/objectives/<uuid:pk>/", views.EditObjective.as_view(), name="objective"),
    path(
        "programmes/<slug:code>/objectives/<uuid:pk>/delete/", views.DeleteObjective.as_view(), name="delete-objective"
    ),
]

"""Addresses of the road map."""

from django.urls import path

from planning.roadmap import views

app_name = "roadmap"
urlpatterns = [
    path("roadmaps/", views.BookList.as_view(), name="index"),
    path("milestones/", views.StoneList.as_view(), name="milestones"),
    path("calendar/", views.Links.as_view(), name="calendar-links"),
    path("calendar/milestones.ics", views.Feed.as_view(), name="calendar"),
    path("calendar/<uuid:pk>/end/", views.Revoke.as_view(), name="calendar-revoke"),
    path("programmes/<slug:code>/", views.Horizons.as_view(), name="horizons"),
    path("programmes/<slug:code>/rows/", views.HorizonRows.as_view(), name="horizon-rows"),
    path("roadmaps/<slug:book>/", views.Map.as_view(), name="map"),
    path("roadmaps/<slug:book>/data/", views.Data.as_view(), name="data"),
    path("roadmaps/<slug:book>/table/", views.Table.as_view(), name="table"),
    path("roadmaps/<slug:book>/print/", views.Print.as_view(), name="print"),
    path("roadmaps/<slug:book>/milestones/<uuid:pk>/", views.Edit.as_view(), name="milestone"),
    path("roadmaps/<slug:book>/milestones/<uuid:pk>/delete/", views.Delete.as_view(), name="delete-milestone"),
    path("roadmaps/<slug:book>/milestones/<uuid:pk>/restore/", views.Restore.as_view(), name="restore-milestone"),
    path("roadmaps/<slug:book>/milestones/<uuid:pk>/drawer/", views.StoneDrawer.as_view(), name="drawer"),
    path("roadmaps/<slug:book>/tasks/<str:code>/drawer/", views.TaskDrawer.as_view(), name="task-drawer"),
    path("roadmaps/<slug:book>/preview/", views.Preview.as_view(), name="preview"),
    path("roadmaps/<slug:book>/apply/", views.Apply.as_view(), name="apply"),
    path("roadmaps/<slug:book>/shifts/<uuid:pk>/undo/", views.Undo.as_view(), name="undo"),
    path("roadmaps/<slug:book>/export.svg", views.ExportSvg.as_view(), name="export-svg"),
    path("roadmaps/<slug:book>/tasks/<str:code>/milestones/", views.TaskMilestones.as_view(), name="task-milestones"),
    path("roadmaps/<slug:book>/tasks/<str:code>/milestones/add/", views.Add.as_view(), name="add-milestone"),
]

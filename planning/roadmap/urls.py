"""Addresses of the road map."""

from django.urls import path

from planning.roadmap import views

app_name = "roadmap"
_STONE = "roadmaps/<slug:book>/milestones/<uuid:pk>/"
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
    path(f"{_STONE}evidence/", views.AddEvidence.as_view(), name="add-evidence"),
    path(f"{_STONE}evidence/<uuid:key>/", views.EvidenceFile.as_view(), name="evidence-file"),
    path(f"{_STONE}evidence/<uuid:key>/remove/", views.RemoveEvidence.as_view(), name="remove-evidence"),
    path(f"{_STONE}report/", views.Report.as_view(), name="report"),
    path(f"{_STONE}verify/", views.Verify.as_view(), name="verify"),
    path(f"{_STONE}send-back/", views.SendBack.as_view(), name="send-back"),
    path(f"{_STONE}parts/", views.SetPart.as_view(), name="set-part"),
    path(f"{_STONE}parts/<uuid:key>/done/", views.FinishPart.as_view(), name="finish-part"),
    path(f"{_STONE}rules/", views.SetRules.as_view(), name="set-rules"),
    path(f"{_STONE}links/", views.AddLink.as_view(), name="add-link"),
    path(f"{_STONE}links/<uuid:key>/remove/", views.RemoveLink.as_view(), name="remove-link"),
    path(f"{_STONE}estimate/", views.SetEstimate.as_view(), name="set-estimate"),
    path(f"{_STONE}risk/", views.StoneRisk.as_view(), name="stone-risk"),
    path(f"{_STONE}extension/", views.Ask.as_view(), name="ask-extension"),
    path("roadmaps/<slug:book>/extensions/<uuid:pk>/", views.Decide.as_view(), name="extension"),
    path("roadmaps/<slug:book>/versions/", views.Versions.as_view(), name="versions"),
    path("roadmaps/<slug:book>/review/", views.Review.as_view(), name="review"),
    path("roadmaps/<slug:book>/start/", views.Start.as_view(), name="start"),
    path("roadmaps/<slug:book>/preview/", views.Preview.as_view(), name="preview"),
    path("roadmaps/<slug:book>/apply/", views.Apply.as_view(), name="apply"),
    path("roadmaps/<slug:book>/shifts/<uuid:pk>/undo/", views.Undo.as_view(), name="undo"),
    path("roadmaps/<slug:book>/moved/", views.Moved.as_view(), name="moved"),
    path("roadmaps/<slug:book>/export.svg", views.ExportSvg.as_view(), name="export-svg"),
    path("roadmaps/<slug:book>/export.pdf", views.ExportPdf.as_view(), name="export-pdf"),
    path("roadmaps/<slug:book>/tasks/<str:code>/milestones/", views.TaskMilestones.as_view(), name="task-milestones"),
    path("roadmaps/<slug:book>/tasks/<str:code>/milestones/add/", views.Add.as_view(), name="add-milestone"),
]

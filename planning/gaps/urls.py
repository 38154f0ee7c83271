"""Addresses of gap analysis."""

from django.urls import path

from planning.gaps import views

app_name = "gaps"
urlpatterns = [
    path("gaps/", views.ReportList.as_view(), name="report-list"),
    path("gaps/compare/", views.ComparePage.as_view(), name="compare"),
    path("gaps/indicator-sets/", views.IndicatorSetPage.as_view(), name="new-indicator-set"),
    path("gaps/indicator-sets/<slug:code>/", views.IndicatorSetPage.as_view(), name="indicator-set"),
    path("gaps/benchmark-sets/", views.BenchmarkSetPage.as_view(), name="new-benchmark-set"),
    path("gaps/benchmark-sets/<slug:code>/", views.BenchmarkSetPage.as_view(), name="benchmark-set"),
    path("gaps/<uuid:pk>/", views.ReportPage.as_view(), name="report"),
    path("gaps/<uuid:pk>/print/", views.PrintPage.as_view(), name="print"),
    path("gaps/<uuid:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("gaps/<uuid:pk>/again/", views.Repeat.as_view(), name="again"),
    path("gaps/<uuid:pk>/case.json", views.CaseFile.as_view(), name="case"),
    path("gaps/<uuid:pk>/result.json", views.ResultFile.as_view(), name="result"),
    path("gaps/<uuid:pk>/tables.xlsx", views.TablesFile.as_view(), name="tables"),
    path("gaps/<uuid:pk>/report.<slug:form>", views.DocumentFile.as_view(), name="document"),
    path("gaps/<uuid:pk>/indicators/<slug:code>/", views.TraceIndicator.as_view(), name="trace"),
    path("gaps/<uuid:pk>/scores/<str:region>/", views.TraceScore.as_view(), name="trace-score"),
    path("gaps/<uuid:pk>/what-if/", views.WhatIfPage.as_view(), name="what-if"),
    path("gaps/<uuid:pk>/what-if/scores/", views.WhatIfScores.as_view(), name="what-if-scores"),
]

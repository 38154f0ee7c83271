"""Addresses of indicators and sources."""

from django.urls import path

from partners.indicators import views

app_name = "indicators"
urlpatterns = [
    path("indicators/", views.indicator_list, name="indicator-list"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("indicators/<str:code>/judgement/", views.judgement, name="judgement"),
    path("indicators/<str:code>/figures/<uuid:key>/", views.observation, name="observation"),
    path("sources/", views.source_list, name="source-list"),
]

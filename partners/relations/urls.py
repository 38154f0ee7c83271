"""Addresses of partner cities and agreements."""

from django.urls import path

from partners.relations import views

app_name = "relations"
urlpatterns = [
    path("cities/", views.city_list, name="city-list"),
    path("cities/<str:code>/", views.city, name="city"),
    path("agreements/<str:code>/", views.agreement, name="agreement"),
]

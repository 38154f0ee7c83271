"""Address of industries."""

from django.urls import path

from partners.industries import views

app_name = "industries"
urlpatterns = [path("industries/", views.industry_list, name="industry-list")]

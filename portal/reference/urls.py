from django.urls import path

from portal.reference import views

urlpatterns = [
    path("api/v1/reference/", views.reference, name="reference"),
    path("problems/<slug:kind>", views.problem, name="problem"),
]

from django.urls import path

from sls.what_if import views

urlpatterns = [path("settings/security/what-if/", views.what_if, name="what_if")]

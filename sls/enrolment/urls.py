from django.urls import path

from sls.enrolment import views

urlpatterns = [
    path("activate/", views.activate, name="activate"),
    path("activate/resend/", views.resend, name="activate_resend"),
    path("activate/<str:token>/password/", views.password, name="activation_password"),
    path("activate/<str:token>/number/", views.number, name="activation_number"),
]

from django.urls import path

from accounts.callers import views

urlpatterns = [
    path("verify-caller/", views.verify_caller, name="verify_caller"),
    path("verify-caller/report/", views.report, name="verify_caller_report"),
]

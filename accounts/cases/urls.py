from django.urls import path

from accounts.cases import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("cases/", views.cases, name="cases"),
    path("cases/<str:reference>/", views.case, name="case"),
]

from django.urls import path

from portal.asked import views

urlpatterns = [
    path("settings/security/requests/", views.requests, name="support_requests"),
    path("settings/security/requests/<int:pk>/approve/", views.approve, name="support_approve"),
    path("settings/security/requests/<int:pk>/refuse/", views.refuse, name="support_refuse"),
]

from django.urls import path

from sls.ib_key import views

PHONE = "settings/security/sls/ib-key/"

urlpatterns = [
    path(PHONE, views.activate, name="ib_key"),
    path(f"{PHONE}notifications/", views.notifications, name="ib_key_notifications"),
    path(f"{PHONE}notifications/test/", views.test, name="ib_key_notify"),
    path(f"{PHONE}requests/", views.requests, name="ib_key_requests"),
    path("ib-key/pushes/<uuid:push_id>/", views.push_state, name="push_state"),
]

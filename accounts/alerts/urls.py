from django.urls import path

from accounts.alerts import phrase_views, views

ALERTS = "settings/communication/alerts/"

urlpatterns = [
    path(ALERTS, views.alerts_settings, name="alerts_settings"),
    path(f"{ALERTS}on/", views.more, name="alerts_more"),
    path("settings/communication/phrase/", phrase_views.phrase, name="phrase"),
    path("inbox/", views.inbox_page, name="inbox"),
    path("inbox/read/", views.read, name="inbox_read"),
]

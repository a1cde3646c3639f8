from django.urls import path

from portal.activity import views

urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/export/", views.take_along, name="activity_export"),
    path("activity/record/", views.record, name="record"),
    path("activity/record/entries/", views.record_entries, name="record_entries"),
]

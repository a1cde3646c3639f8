from django.urls import path

from sls.travel import views

LIST = "settings/security/travel/"
ONE = f"{LIST}<int:pk>/"

urlpatterns = [
    path(LIST, views.notices, name="travel"),
    path(f"{LIST}new/", views.new, name="travel_new"),
    path(ONE, views.notice, name="travel_notice"),
    path(f"{ONE}end/", views.end, name="travel_end"),
]
